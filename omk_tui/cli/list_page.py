"""The list of goals as text: one aligned line a goal."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.cli.page import Page, Piece, outside, padded, width
from omk_tui.cli.verdict_style import verdict_style
from omk_tui.core.format.timestamp import Timestamp, elapsed_seconds
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.text.age import age
from omk_tui.core.text.printable import printable

_TITLES = ("VERDICT", "GATES", "ORACLE", "WALL", "CONF", "AGE", "ID", "GOAL")
_GOAL_LIMIT = 240


def list_page(goals: Sequence[GoalLine], now: Timestamp, *, titled: bool) -> Page:
    """One line for each goal, in the given order; `titled` puts the columns' names above them."""
    page = Page()
    titles, *rows = _aligned([_TITLES, *(_cells(goal, now) for goal in goals)])
    if titled and rows:
        page.add(*(Piece(title, "title") for title in titles), fit="row")
    for goal, row in zip(goals, rows, strict=True):
        page.add(Piece(row[0], verdict_style(goal.verdict)), *row[1:], fit="row")
    return page


def list_titles(goals: Sequence[GoalLine], now: Timestamp) -> str:
    """The columns' names, aligned as `list_page` aligns these goals."""
    return "".join(_aligned([_TITLES, *(_cells(goal, now) for goal in goals)])[0])


def _aligned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells padded to the width of their column; the last column is left as it is."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [[*(f"{padded(row[i], widths[i])}  " for i in range(len(row) - 1)), row[-1]] for row in rows]


def verdict_text(goal: GoalLine) -> str:
    """The verdict with the number of warnings: ``acceptable +2``."""
    return f"{goal.verdict} +{goal.warnings}" if goal.warnings else str(goal.verdict)


def _age(goal: GoalLine, now: Timestamp) -> str:
    since = goal.created_at or goal.updated_at
    return age(elapsed_seconds(since, now)) if since else "-"


def _cells(goal: GoalLine, now: Timestamp) -> tuple[str, ...]:
    return (
        verdict_text(goal),
        _tally(goal.gates),
        _tally(goal.oracle),
        _tally(goal.wall),
        "-" if goal.conflicts is None else str(goal.conflicts),
        _age(goal, now),
        printable(goal.goal_id),
        _subject(goal),
    )


def _subject(goal: GoalLine) -> str:
    """What the goal is about, and what is wrong with it if something is."""
    said = [outside(text, limit=_GOAL_LIMIT).text for text in (goal.goal, goal.problem) if text]
    return "  ! ".join(said) if goal.goal else " ".join(f"! {text}" for text in said)


def _tally(tally: Tally | None) -> str:
    return "-" if tally is None else f"{tally.good}/{tally.all}"
