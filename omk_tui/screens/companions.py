"""What stands beside a section on a large screen: the checklist or the other goals, and the goal in pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from omk_tui.core.review.file_now import last_patches
from omk_tui.core.review.pictures import budget_lines, diff_lines, gate_lines, task_lines
from omk_tui.core.review.reading import Reading
from omk_tui.light.dataclass import dataclass
from omk_tui.screens.goal_rows import goal_row
from omk_tui.screens.state import Goals
from omk_tui.sections.view import SectionView, picture_line
from omk_tui.text import ours
from omk_tui.widgets.fact_sheet import Heading, Item
from omk_tui.widgets.line import Line

_WIDTH = 75
"""Cells of a row in the column of the rows (styles/review.tcss), beside its gutters and scroll bar."""
_MOST_GOALS = 100
_SHORT_SECTIONS = (1, 2, 8)
"""Sections (checklist, oracle, timeline) whose details are a few facts, never a file, a diff or a plan."""


@dataclass(frozen=True)
class Companion:
    """A pane to look at only: its title, and what it holds."""

    title: str
    items: tuple[Item, ...]


def below_rows(number: int, views: Sequence[SectionView], goals: Goals, goal_id: str, now: float) -> Companion:
    """What stands below the rows of section `number`: the checklist, where it is another one, and the list of goals."""
    at = next((at for at, line in enumerate(goals.lines) if line.goal_id == goal_id), 0)
    first = max(min(at - _MOST_GOALS // 2, len(goals.lines) - _MOST_GOALS), 0)
    goals_title = "the goals: J next, K previous"
    rows: list[Item] = [] if number == 1 else [*_drawn(views[0].rows), Heading(goals_title)]
    for line in goals.lines[first : first + _MOST_GOALS]:
        mark = (">", "bold $accent") if line.goal_id == goal_id else " "
        rows += [ours(mark, row) for row in _drawn([goal_row(line, now)])]
    return Companion(goals_title if number == 1 else "1 Checklist", tuple(rows))


def below_detail(number: int, reading: Reading) -> Companion | None:
    """What stands below the detail: the goal in pictures, or nothing where the evidence needs the room."""
    if number not in _SHORT_SECTIONS:
        return None
    graph, stored = reading.review.facts.graph, reading.review.facts.stored
    pictures: tuple[tuple[str, Iterable[str]], ...] = (
        ("gates, by the time that they took", gate_lines(stored.proof.gates) if stored else ()),
        ("changes, by file", diff_lines(tuple(last_patches(reading.diff).values()))),
        ("budget at the last checkpoint", budget_lines(reading.timeline.checkpoints)),
        ("tasks, each below what it waits for", task_lines(graph.tasks) if graph else ()),
    )
    items: list[Item] = []
    for title, lines in pictures:
        drawn = list(map(picture_line, lines))
        items += [Heading(title), *drawn] if drawn else []
    return Companion("the goal in pictures", tuple(items)) if items else None


def _drawn(lines: Iterable[Line]) -> Iterable[Content]:
    return (line.content(_WIDTH - 1) if callable(line.content) else line.content for line in lines)
