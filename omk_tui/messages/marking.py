"""What is said of marks for files that were read: a mark that is asked for, and what the marks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    from omk_tui.core.review.read_marks import ChangedFile, MarkChanges, Marks
    from omk_tui.core.review.reading import Reading


class MarkingMessage(Message):
    """What concerns marks for files that were read."""


@dataclass
class MarkAsked(MarkingMessage):
    """A changed file of a goal, by its key, is read in the patch of this digest; None takes its mark back."""

    goal_id: str
    key: str
    digest: str | None


@dataclass
class MarksRead(MarkingMessage):
    """The changed files of a goal as it was read, what their marks are kept under, and the marks; or why not."""

    goal_id: str
    reading: Reading
    files: tuple[ChangedFile, ...]
    subject: tuple[str, ...]
    marks: Marks
    why: str = ""


@dataclass
class MarksWritten(MarkingMessage):
    """These changes to marks are kept, beside what other desks have set; or why they are not."""

    subject: tuple[str, ...]
    changes: MarkChanges
    marks: Marks
    why: str = ""
