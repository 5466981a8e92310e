"""The rows of the goals list, and the facts about the lit one. Pure: a goal line in, contents out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from textual.content import Content

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.verdict import WORDS, Verdict
from omk_tui.core.review.pictures import bar
from omk_tui.core.text.age import age
from omk_tui.core.text.words import first_line, plural
from omk_tui.light.dataclass import dataclass, replace
from omk_tui.text import State, cut_left, ending, ours, outside, sign
from omk_tui.widgets.columns import Cell, Column, Columns
from omk_tui.widgets.fact_sheet import Heading, Item, facts_of_lines
from omk_tui.widgets.line_list import Line
from omk_tui.widgets.panes import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.judgement.verdict import Tone

_COLUMNS = (
    Column("VERDICT", 16),
    Column("GATES", 5, right=True, least=66),
    Column("ORCL", 4, right=True, least=66),
    Column("", 3, least=110),
    Column("WALL", 4, right=True, least=66),
    Column("", 6, least=110),
    Column("CONF", 4, right=True, least=66),
    Column("AGE", 4, right=True),
    Column("ID", 8, least=56),
)
COLUMNS = Columns((*_COLUMNS, Column("GOAL")))
COLUMNS_WITH_PROJECT = Columns((*_COLUMNS, Column("PROJECT", 12, least=96), Column("GOAL")))
"""The columns of a list whose goals are of several projects."""

_MOST_WHYS = 4
"""Rows that the reasons of a verdict take below the list."""

_STYLES: dict[Tone, str] = {"asks": "$accent", "plain": "$foreground", "quiet": "$skipped"}


def verdict_style(verdict: Verdict) -> str:
    """The style of a verdict; the words alone say it too."""
    style = _STYLES.get(verdict.tone, f"${verdict.tone}")
    return f"bold {style}" if verdict.needs_you else style


def verdict_words(verdict: Verdict, warnings: int, *, spelled: bool = False) -> Content:
    """`acceptable +2`: the verdict, `spelled` out where there is room, and how many other warnings there are."""
    words = ours((verdict.words if spelled else str(verdict), verdict_style(verdict)))
    return words + ours((f" +{warnings}", "$missing")) if warnings else words


def goal_row(line: GoalLine, now: float, columns: Columns = COLUMNS) -> Line:
    """The row of one goal; `now` is Unix time in seconds."""
    name = line.project_name
    texts = (line.verdict.words, line.status, line.goal_id, line.branch, line.goal, line.problem, name, *line.blocks)
    search = " ".join(filter(None, texts))
    return Line(line.goal_id, _DrawnWhenSeen(line, now, columns), search=search)


@dataclass(frozen=True, slots=True)
class _DrawnWhenSeen:
    """A row's content, made when it comes on screen: of ten thousand rows a few dozen ever do."""

    line: GoalLine
    now: float
    columns: Columns

    def __call__(self, width: int) -> Content:
        cells = _cells(self.line, self.now)
        if self.columns is COLUMNS_WITH_PROJECT:
            cells = (*cells[:-1], outside(self.line.project_name, "$label", limit=60), cells[-1])
        return self.columns.row(cells, width)


def _cells(line: GoalLine, now: float) -> tuple[Cell, ...]:
    """The cells of `COLUMNS`."""
    waived = line.verdict.waived_count
    verdict = verdict_words(replace(line.verdict, waived_count=0), line.warnings)
    return (
        ours(verdict, " ", sign(State.WAIVED)) if waived else verdict,
        _gates(line),
        _tally(line.oracle),
        _strip(line.oracle, 3),
        _tally(line.wall),
        _strip(line.wall, 6),
        _conflicts(line.conflicts),
        _age(line.created_at, now),
        (ending(line.goal_id), "$label"),
        _goal_text(line),
    )


def note_key(number: int) -> str:
    """The key of a note's row; no goal id has a NUL in it."""
    return f"\0note {number}"


def note_rows(notes: Iterable[str]) -> list[Line]:
    """Where directory and database disagree, as rows below the goals."""
    return [
        Line(note_key(number), ours(("[i] ", "$accent"), outside(note, "$label"))) for number, note in enumerate(notes)
    ]


def note_facts(note: str) -> list[Item]:
    """A note in full."""
    return [
        Fact("NOTE", outside(note)),
        Fact("NEXT", ours("nothing has to be done for it; the goal's own files are what is believed")),
    ]


def _goal_text(line: GoalLine) -> Content:
    if line.problem:
        return outside(line.problem, "$failed", limit=512)
    return outside(first_line(line.goal or ""), limit=512)


def _gates(line: GoalLine) -> Cell:
    """`1/2!` where a required gate failed."""
    cell = _tally(line.gates)
    return (f"{cell[0]}!", "bold $failed") if line.failing and isinstance(cell, tuple) else cell


def _tally(tally: Tally | None) -> Cell:
    if tally is None:
        return ("-", "$label")
    return (f"{tally.good}/{tally.all}", "" if tally.good == tally.all else "$missing")


def _strip(tally: Tally | None, width: int) -> Cell:
    """How much of it holds, as a strip; where more than the strip can show is asked for, the first of it."""
    if tally is None or not tally.all:
        return ""
    return (bar(tally.good, tally.all, min(tally.all, width)), "$label")


def _conflicts(number: int | None) -> Cell:
    if number is None:
        return ("-", "$label")
    return (f"{number}!", "bold $failed") if number else ("0", "$label")


def _age(at: Timestamp | None, now: float) -> Cell:
    return ("-", "$label") if at is None else (age(now - at.seconds), "$label")


_LONGEST_BRANCH = 28
"""Cells of a branch's name where a goal is told in one line; the end of a longer one is shown."""


def title(line: GoalLine) -> Content:
    """The goal in one line: the end of its id, its branch, and its text."""
    return named(line.goal_id, line.branch, line.goal or line.problem or "")


def named(goal_id: str, branch: str, text: str, style: str = "bold") -> Content:
    """A goal by the end of its id, the branch it was opened from if it was, and the first line of its text."""
    name = ours(cut_left(outside(branch, "$accent"), _LONGEST_BRANCH), "  ") if branch else ""
    return ours((ending(goal_id), style), "  ", name, outside(first_line(text), limit=512))


def short_facts(line: GoalLine) -> list[Item]:
    """What a row cannot say, for the low pane below the list: what blocks, why, what next, which repository.

    Where there are many reasons each takes one row, and only the first ones are there: what comes next has to be seen.
    """
    return [*_blocks(line), *_whys_that_fit(line), *_what_next(line)]


def _blocks(line: GoalLine) -> list[Item]:
    words = ", ".join(line.blocks)
    return [Fact("BLOCKS", ours(sign(State.FAILED), " ", outside(words, "$failed")), "line")] if words else []


def _whys_that_fit(line: GoalLine) -> list[Item]:
    whys = _why(line)
    if len(whys) < _MOST_WHYS:
        return _labelled("WHY", whys)
    shown = whys if len(whys) == _MOST_WHYS else whys[: _MOST_WHYS - 1]
    facts: list[Item] = [Fact("" if number else "WHY", why, "line") for number, why in enumerate(shown)]
    if len(shown) < len(whys):
        facts.append(Fact("", ours((f"and {len(whys) - len(shown)} more: Enter", "$label"))))
    return facts


def _labelled(label: str, lines: Iterable[Content], form: Literal["text", "command"] = "text") -> list[Item]:
    return [Fact("" if number else label, line, form) for number, line in enumerate(lines)]


def _what_next(line: GoalLine) -> list[Item]:
    facts = _labelled("NEXT", _next(line), "command")
    return [*facts, Fact("REPO", outside(line.head))] if line.head else facts


def full_facts(line: GoalLine, now: float) -> list[Item]:
    """Everything that the list knows of a goal, for the pane beside it."""
    return [*known_facts(line, now), Heading("what to do"), *what_to_do(line)]


def what_to_do(line: GoalLine) -> list[Item]:
    """Why a goal is as it is, each reason in full, and what comes next."""
    return [*_blocks(line), *_labelled("WHY", _why(line)), *_what_next(line)]


def all_goals(counts: Mapping[str, int]) -> list[Item]:
    """How many goals have which verdict, as bars, those that need a person first."""
    most = max(counts.values(), default=0)
    if not most:
        return []
    words = sorted(
        (word for word in counts if counts[word]), key=lambda word: (not WORDS[word].needs_you, -counts[word], word)
    )
    return [
        Heading("all goals, by verdict"),
        *(
            ours(
                (f"{word:<12}", verdict_style(Verdict(word))),
                f"{counts[word]:>6,}  ",
                (bar(counts[word], most, 24), "$label"),
            )
            for word in words
        ),
    ]


def known_facts(line: GoalLine, now: float) -> list[Item]:
    """What a goal is, and what its evidence came to."""
    facts: list[Item] = [
        *facts_of_lines("GOAL", (line.goal or "(not readable)").rstrip()),
        Fact("ID", outside(line.goal_id)),
        *((Fact("BRANCH", outside(line.branch)),) if line.branch else ()),
        *((Fact("FOLDER", outside(line.project)),) if line.project else ()),
        Fact(
            "STATUS",
            ours(
                outside(line.verdict.status_words(line.status or "nothing")),
                ("; phase ", "$label"),
                outside(line.phase or "-"),
            ),
        ),
    ]
    facts += [
        Fact(label, ours(_moment(at), (f"  {age(now - at.seconds)} ago", "$label")))
        for label, at in (("MADE", line.created_at), ("UPDATE", line.updated_at))
        if at is not None
    ]
    if line.source == "row":
        facts.append(Fact("WHERE", ours("only a row of omk.db; there is no goal directory")))
    facts.append(Heading("judgement"))
    facts.append(Fact("STATE", verdict_words(line.verdict, 0, spelled=True)))
    facts += [
        Fact(label, ours(f"{tally.good} of {tally.all}", "" if tally.good == tally.all else ("  not all", "$missing")))
        for label, tally in (("GATES", line.gates), ("ORACLE", line.oracle), ("WALL", line.wall))
        if tally is not None
    ]
    if len(line.failing) > 1:
        facts.append(Fact("FAILED", outside(", ".join(line.failing), "$failed")))
    if line.conflicts:
        facts.append(Fact("CONF", ours((plural(line.conflicts, "open conflict"), "$failed"))))
    if line.warnings:
        facts.append(Fact("WARN", ours((plural(line.warnings, "warning"), "$missing"), " that omk would let pass")))
    return facts


def _moment(at: Timestamp) -> str:
    """An instant to the second."""
    return re.sub(r"\.\d+", "", at.human())


def _why(line: GoalLine) -> list[Content]:
    if line.problem:
        return [outside(line.problem, "$failed")]
    if line.why:
        waived = line.verdict.waived_count
        words = f"{plural(waived, 'requirement is', 'requirements are')} waived by .omk/desk.toml of the base"
        return [*(outside(why) for why in line.why), *([ours((words, "$skipped"))] if waived else [])]
    return [ours("nothing is missing")]


def _next(line: GoalLine) -> list[Content]:
    return [outside(step) for step in re.split("\n+", line.next) if step]
