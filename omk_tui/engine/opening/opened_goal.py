"""What is asked of opening, and what came of it for each branch."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from omk_tui.core.judgement.oracle import Oracle
    from omk_tui.core.records.intake import Intake


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What is to be opened from the folder one stands in; see `omk-tui open --help`.

    `text` is the goal's text if it was given. `again` replaces the intake of an undecided goal, `dry_run` writes
    nothing.
    """

    folder: str
    words: tuple[str, ...] = ()
    base: str | None = None
    text: str | None = None
    text_from: str = "--goal"
    again: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class OpenedGoal:
    """One branch and its goal. `created` is false where the goal was there; `state` says what it is now.

    `files` are the paths that were or would be written, with their sizes in bytes.
    """

    intake: Intake
    text: str
    oracle: Oracle
    created: bool
    state: Literal["open", "accepted", "rejected", "merged"] = "open"
    files: tuple[tuple[str, int], ...] = ()
    superseded: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedBranch:
    """A branch that was not opened beside others that were, and why; `named`: by itself, not by a pattern."""

    branch: str
    why: str
    named: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of opening: at least one goal, and the branches that could not be opened."""

    goals: tuple[OpenedGoal, ...]
    skipped: tuple[SkippedBranch, ...] = ()
