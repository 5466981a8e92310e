"""ShownGoals: which goals of the list have a row, which are folded away, and how many there are of each verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from omk_tui.core.judgement.goal_line import GoalLine, has_several_projects
from omk_tui.core.judgement.verdict import WORDS
from omk_tui.screens.base import AGES_CHANGE_EVERY
from omk_tui.screens.goal_rows import COLUMNS, COLUMNS_WITH_PROJECT, goal_row
from omk_tui.widgets.line_list import Line

_FOLDED = ("merged", "superseded")
"""Verdicts of goals that are folded away: there is nothing left to decide."""


class _Shown(NamedTuple):
    """A goal's line, the step of its age, and the row that was made of both."""

    line: GoalLine
    age_step: int
    row: Line


class ShownGoals:
    """The goals of a list with their rows. `unfolded` shows also those in which nothing is left to decide.

    Times are Unix seconds. An `awaited` goal, by its id, is never folded away.
    """

    def __init__(self) -> None:
        self.unfolded = False
        self.verdicts: Counter[str] = Counter()
        """How many goals have a verdict, by its word, folded or not."""
        self.columns = COLUMNS
        """The columns of the rows: with one for projects where there are several."""
        self._shown: dict[str, _Shown] = {}
        self._folded: dict[str, GoalLine] = {}

    def line_of(self, goal_id: str | None) -> GoalLine | None:
        """The line of a goal that has a row; None for every other."""
        shown = self._shown.get(goal_id) if goal_id is not None else None
        return None if shown is None else shown.line

    def in_order(self, rows: Sequence[Line]) -> list[str]:
        """The ids of the goals among these rows, in their order."""
        return [row.key for row in rows if row.key in self._shown]

    def successor(self, goal_id: str | None) -> str | None:
        """The goal with the later work of a folded one that is superseded; None for every other, or without a row.

        It is that of the same branch in the same project: opening a branch again supersedes all its earlier goals.
        """
        line = self._folded.get(goal_id) if goal_id is not None else None
        if line is None or line.verdict.word != "superseded" or not line.branch:
            return None
        branch = (line.branch, line.project)
        return next((key for key, (later, *_) in self._shown.items() if (later.branch, later.project) == branch), None)

    @property
    def folded_count(self) -> int:
        """How many goals are folded away."""
        return len(self._folded)

    @property
    def waiting_count(self) -> int:
        """How many goals need a person."""
        return sum(number for word, number in self.verdicts.items() if WORDS[word].needs_you)

    def show(self, lines: Sequence[GoalLine], now: float, awaited: str | None) -> list[Line]:
        """The rows of these goals; one that would read the same is the row that it was."""
        rows: list[Line] = []
        columns = COLUMNS_WITH_PROJECT if has_several_projects(lines) else COLUMNS
        before = self._shown if columns is self.columns else {}
        self.columns, self._shown, self._folded = columns, {}, {}
        self.verdicts = Counter(line.verdict.word for line in lines)
        for line in lines:
            if self._folds(line, awaited):
                self._folded[line.goal_id] = line
                continue
            shown = before.get(line.goal_id)
            if shown is None or shown.line is not line or shown.age_step != _age_step(line, now):
                shown = _Shown(line, _age_step(line, now), goal_row(line, now, self.columns))
            self._shown[line.goal_id] = shown
            rows.append(shown.row)
        return rows

    def change(self, lines: Sequence[GoalLine], now: float, awaited: str | None) -> list[Line] | None:
        """The new rows of goals whose lines have changed; None where that folds or unfolds one: show all anew."""
        if any(self._folds(line, awaited) != (line.goal_id in self._folded) for line in lines):
            return None
        rows: list[Line] = []
        for line in lines:
            before = self._folded.get(line.goal_id) or self._shown[line.goal_id].line
            self.verdicts[before.verdict.word] -= 1
            self.verdicts[line.verdict.word] += 1
            if line.goal_id in self._folded:
                self._folded[line.goal_id] = line
                continue
            shown = _Shown(line, _age_step(line, now), goal_row(line, now, self.columns))
            self._shown[line.goal_id] = shown
            rows.append(shown.row)
        return rows

    def _folds(self, line: GoalLine, awaited: str | None) -> bool:
        return not self.unfolded and line.verdict.word in _FOLDED and line.goal_id != awaited


def _age_step(line: GoalLine, now: float) -> int:
    """A number that changes whenever the row's age may read differently."""
    return 0 if line.created_at is None else int((now - line.created_at.seconds) // AGES_CHANGE_EVERY)
