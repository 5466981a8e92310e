"""The rows of the goals list, and the facts about the lit one. Pure: a goal line in, contents out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.verdict import Tone, Verdict
from omk_tui.core.review.pictures import bar
from omk_tui.core.text.age import age
from omk_tui.core.text.words import first_line
from omk_tui.dataclass import dataclass
from omk_tui.text import ending, ours, outside, plural
from omk_tui.widgets.columns import Cell, Column, Columns
from omk_tui.widgets.fact_sheet import Heading, Item
from omk_tui.widgets.line_list import Line
from omk_tui.widgets.panes import Fact

COLUMNS = Columns(
    (
        Column("VERDICT", 14),
        Column("GATES", 5, right=True, least=66),
        Column("ORCL", 4, right=True, least=66),
        Column("", 3, least=110),
        Column("WALL", 4, right=True, least=66),
        Column("", 6, least=110),
        Column("CONF", 4, right=True, least=66),
        Column("AGE", 4, right=True),
        Column("ID", 8, least=56),
        Column("GOAL"),
    )
)

_STYLES: dict[Tone, str] = {"asks": "$accent", "plain": "$foreground", "quiet": "$skipped"}


def verdict_style(verdict: Verdict) -> str:
    """The style of a verdict; the words alone say it too."""
    style = _STYLES.get(verdict.tone, f"${verdict.tone}")
    return f"bold {style}" if verdict.needs_you else style


def verdict_words(verdict: Verdict, warnings: int) -> Content:
    """`acceptable +2`: the verdict, and how many other warnings there are."""
    words = ours((str(verdict), verdict_style(verdict)))
    return words + ours((f" +{warnings}", "$missing")) if warnings else words


def goal_row(line: GoalLine, now: float) -> Line:
    """The row of one goal; `now` is Unix time in seconds."""
    search = f"{line.verdict} {line.status or ''} {line.goal_id} {line.goal or ''} {line.problem or ''}"
    return Line(line.goal_id, _DrawnWhenSeen(line, now), search=search)


@dataclass(frozen=True, slots=True)
class _DrawnWhenSeen:
    """A row's content, made when it comes on screen: of ten thousand rows a few dozen ever do."""

    line: GoalLine
    now: float

    def __call__(self, width: int) -> Content:
        return COLUMNS.row(_cells(self.line, self.now), width)


def _cells(line: GoalLine, now: float) -> tuple[Cell, ...]:
    return (
        verdict_words(line.verdict, line.warnings),
        _tally(line.gates),
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
    return (str(number), "bold $failed" if number else "$label")


def _age(at: Timestamp | None, now: float) -> Cell:
    return ("-", "$label") if at is None else (age(now - at.seconds), "$label")


def title(line: GoalLine) -> Content:
    """The goal in one line: the end of its id, and its text."""
    return ours((ending(line.goal_id), "bold"), "  ", outside(first_line(line.goal or line.problem or ""), limit=512))


def short_facts(line: GoalLine) -> list[Item]:
    """What a row cannot say, for the pane below the list: why, what next, which repository."""
    facts: list[Item] = [Fact("WHY" if number == 0 else "", why) for number, why in enumerate(_why(line))]
    facts += [Fact("NEXT" if number == 0 else "", step) for number, step in enumerate(_next(line))]
    if line.head:
        facts.append(Fact("REPO", outside(line.head)))
    return facts


def full_facts(line: GoalLine, now: float) -> list[Item]:
    """Everything that the list knows of a goal, for the pane beside it."""
    facts: list[Item] = [
        Fact("GOAL", outside(line.goal or "(not readable)")),
        Fact("ID", outside(line.goal_id)),
        Fact("STATUS", ours(outside(line.status or "-"), ("  phase ", "$label"), outside(line.phase or "-"))),
    ]
    facts += [
        Fact(label, ours(_moment(at), (f"  {age(now - at.seconds)} ago", "$label")))
        for label, at in (("MADE", line.created_at), ("UPDATE", line.updated_at))
        if at is not None
    ]
    if line.source == "row":
        facts.append(Fact("WHERE", ours("only a row of omk.db; there is no goal directory")))
    facts.append(Heading("judgement"))
    facts.append(Fact("STATE", verdict_words(line.verdict, 0)))
    facts += [
        Fact(label, ours(f"{tally.good} of {tally.all}", "" if tally.good == tally.all else ("  not all", "$missing")))
        for label, tally in (("GATES", line.gates), ("ORACLE", line.oracle), ("WALL", line.wall))
        if tally is not None
    ]
    if line.conflicts:
        facts.append(Fact("CONF", ours((plural(line.conflicts, "open conflict"), "$failed"))))
    if line.warnings:
        facts.append(Fact("WARN", ours((plural(line.warnings, "warning"), "$missing"), " that omk would let pass")))
    facts.append(Heading("what to do"))
    return [*facts, *short_facts(line)]


def _moment(at: Timestamp) -> str:
    """An instant to the second."""
    return re.sub(r"\.\d+", "", at.human())


def _why(line: GoalLine) -> list[Content]:
    if line.problem:
        return [outside(line.problem, "$failed")]
    if line.why:
        return [outside(why) for why in line.why]
    return [ours("nothing is missing")]


def _next(line: GoalLine) -> list[Content]:
    return [outside(step) for step in re.split("\n+", line.next) if step]
