"""What the app holds and the screens show: immutable values, one for each thing that can change by itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from omk_tui.light.dataclass import dataclass
from omk_tui.text import ours

if TYPE_CHECKING:  # the list is on screen before any of this is loaded
    from omk_tui.core.decision.outcome import Failed, Refused
    from omk_tui.core.decision.plan import DecisionPlan
    from omk_tui.core.judgement.goal_line import GoalLine
    from omk_tui.core.records.verb import Verb
    from omk_tui.core.review.draft import Draft
    from omk_tui.core.review.file_now import FileNow
    from omk_tui.core.review.goal_review import Review
    from omk_tui.core.review.last_look import Look
    from omk_tui.core.review.live_merge import LiveMerge
    from omk_tui.core.review.reading import Reading


@dataclass(frozen=True)
class Place:
    """Where goals are looked for: the label for the header, the full path, who named it. All three are clean text."""

    label: str
    path: str
    origin: str


@dataclass(frozen=True)
class Goals:
    """The list as far as it has been read, newest first; `notes` come when all of it has been.

    Where `base` is the `lines` before, these are the same but for those at the places `changed`.
    """

    lines: tuple[GoalLine, ...] = ()
    notes: tuple[str, ...] = ()
    reading: bool = True
    base: tuple[GoalLine, ...] | None = None
    changed: tuple[int, ...] = ()

    def find(self, goal_id: str) -> GoalLine | None:
        """The line of a goal, if it has been read."""
        return next((line for line in self.lines if line.goal_id == goal_id), None)


@dataclass(frozen=True)
class Opened:
    """The goal on the desk: `reading` is None until it has been read.

    `merges` are what the merges of its conflicts came to when they were tried last, `files` what the project had of the
    files of its diffs; None until its project has been looked at. `look` is the last look at the goal before this one,
    `drafts` the texts of decisions that were begun before it was opened.
    """

    goal_id: str = ""
    reading: Reading | Failed | None = None
    merges: tuple[LiveMerge, ...] | None = None
    files: Mapping[str, FileNow] | None = None
    look: Look | None = None
    drafts: Mapping[Verb, Draft] | None = None

    @property
    def review(self) -> Review | None:
        """The review, when there is one."""
        from omk_tui.core.review.reading import Reading

        return self.reading.review if isinstance(self.reading, Reading) else None


@dataclass(frozen=True)
class Preview:
    """What the text of an open dialog would write, on one snapshot."""

    verb: Verb
    snapshot: str
    text: str
    plan: DecisionPlan | Refused | Failed


@dataclass(frozen=True)
class Waiting:
    """The dialog that waits while the evidence is looked at: what it decides, and the snapshot it is bound to."""

    verb: Verb
    snapshot: str


@dataclass(frozen=True)
class Live:
    """How changes are noticed: by the watcher, or by polling only; `read_at` is the last reading, in Unix seconds.

    `size` are the bytes of the open goal that a slow reading has read so far; None while nothing slow is read.
    """

    watching: bool = False
    read_at: float | None = None
    size: int | None = None

    @property
    def mark(self) -> Content:
        """`* live 14:02:07`, `- polled 14:02:07` when nothing can be watched, or `reading 48 MiB`."""
        if self.size is not None:
            return ours(("reading ", "$label"), f"{self.size >> 20} MiB")
        if self.read_at is None:
            return ours(("reading", "$label"))
        at = time.strftime("%H:%M:%S", time.localtime(self.read_at))
        return ours(("* ", "$met"), f"live {at}") if self.watching else ours(("- ", "$missing"), f"polled {at}")
