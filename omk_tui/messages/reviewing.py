"""What is said of the goal on the desk: what is asked for of its evidence and its project, and what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    import io
    from collections.abc import Mapping

    from omk_tui.core.decision.outcome import Failed
    from omk_tui.core.records.verb import Verb
    from omk_tui.core.review.diff_stream import Part
    from omk_tui.core.review.draft import Draft
    from omk_tui.core.review.file_now import FileNow
    from omk_tui.core.review.last_look import Look
    from omk_tui.core.review.live_merge import LiveMerge
    from omk_tui.core.review.reading import Reading


@dataclass
class ProjectAsked(Message):
    """The open goal's project is to be looked at again: the merges of its slices, and its files."""


@dataclass
class UnfoldAsked(Message):
    """The file as it was before a change is needed, to show what the fold at `at` of this part stands for."""

    part: Part
    at: int


@dataclass
class ColoursAsked(Message):
    """Code that is on screen: the name of its file, the part, the numbers of its lines, and the text of both sides."""

    part_key: str
    file_name: str
    lines: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]


@dataclass
class ReviewRead(Message):
    """A goal was read, with all that its sections show; at the first time with the last `look` before and `drafts`."""

    goal_id: str
    reading: Reading | Failed
    signature: object
    look: Look | None = None
    drafts: Mapping[Verb, Draft] | None = None


@dataclass
class ProjectSeen(Message):
    """A goal's project was looked at: the merges in the order of the review's conflicts, and its files by path."""

    goal_id: str
    merges: tuple[LiveMerge, ...]
    files: Mapping[str, FileNow]


@dataclass
class ReadingGoesOn(Message):
    """A goal is still being read: so many bytes of it so far."""

    goal_id: str
    size: int


@dataclass
class FileOpened(Message):
    """A file that a section (by its number) asked for: open for reading, or a sentence why it cannot be."""

    goal_id: str
    section: int
    path: str
    file: io.FileIO | str


@dataclass
class FileBeforeRead(Message):
    """The text of a file as it was before a change, or why it cannot be read."""

    goal_id: str
    asked: UnfoldAsked
    text: str | Failed


@dataclass
class CodeColoured(Message):
    """The classes of words in code that was asked about: a list of spans for each line of each piece."""

    asked: ColoursAsked
    spans: list[list[list[tuple[int, int, str]]]]


@dataclass
class SignatureRead(Message):
    """The open goal was looked at: equal signatures mean that nothing changed."""

    goal_id: str
    signature: object
