"""One row of the goals list."""

from __future__ import annotations

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.verdict import Verdict
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of how many."""

    good: int
    all: int


SortKey = tuple[bool, int, int, str]
"""Whether a goal is dated, seconds and nanoseconds of its making, and its id."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """What the list shows of one goal; None for what could not be read.

    `warnings` is the number of warnings that the verdict does not say itself, `conflicts` the number of open ones.
    `why` and `next` are for the detail
    pane: what is missing or wrong, and the next full command. `source` says where the goal was found: its directory,
    or only a row of omk.db (a ghost). `problem` is one sentence when something could not be read. `branch` is what an
    opened goal was opened from, as people say it; `failing` are the names of required gates that failed. `project` is
    the folder of the project that the goal's own record names, empty where it names none; goals of a project share it.
    """

    goal_id: str
    status: str | None
    phase: str | None
    goal: str | None
    created_at: Timestamp | None
    updated_at: Timestamp | None
    verdict: Verdict
    warnings: int
    problem: str | None
    gates: Tally | None = None
    oracle: Tally | None = None
    wall: Tally | None = None
    conflicts: int | None = None
    why: tuple[str, ...] = ()
    next: str = ""
    head: str = ""
    source: Literal["directory", "row"] = "directory"
    branch: str = ""
    failing: tuple[str, ...] = ()
    project: str = ""

    @property
    def blocks(self) -> tuple[str, ...]:
        """What of the evidence speaks against the goal, in a few words each: ``gate unit failed``, ``merge conflict``.

        Outside text, not cleaned.
        """
        number = len(self.failing)
        gates = (f"gate {self.failing[0]} failed",) if number == 1 else (f"{number} gates failed",) if number else ()
        return (*gates, *(("merge conflict",) if self.conflicts else ()))

    @property
    def project_name(self) -> str:
        """The project by the last part of its path. Outside text, not cleaned."""
        return self.project.rstrip("/").rpartition("/")[2]

    @property
    def sort_key(self) -> SortKey:
        """Sorts ascending; the list shows the reverse: newest first by `created_at`, then id; undated ones last."""
        at = self.created_at
        return (at is not None, at.seconds if at else 0, at.nanos if at else 0, self.goal_id)


@dataclass(frozen=True, slots=True)
class Listing:
    """The whole list, newest first, and notes on where directory and omk.db disagree or where was looked.

    `problem` says why there is no list at all: the folder of goals cannot be read.
    """

    goals: tuple[GoalLine, ...]
    notes: tuple[str, ...] = ()
    problem: str = ""


def has_several_projects(lines: Iterable[GoalLine]) -> bool:
    """Whether goals of more than one project are among these."""
    projects = (line.project for line in lines if line.project)
    first = next(projects, None)
    return any(project != first for project in projects)
