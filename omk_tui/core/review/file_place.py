"""A line of a file that is being read, as a person's editor can be sent there."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.review.diff import DiffLine
from omk_tui.core.review.diff_stream import Part
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file by its path below the project's work tree, or below the goal directory, and a line (from 1) of it.

    `line` is None where it is not known.
    """

    below: Literal["project", "goal"]
    path: str
    line: int | None = None


def place_in_part(part: Part, at: int) -> FilePlace | str:
    """Where a line (by its number in `part.lines`; -1 for what stands above them) is in the file after the change.

    A removed line is where the next one of the new file is. A sentence where there is no such file.
    """
    if part.kind != "file":
        return "this is no file: { } go to the next one, and e opens it"
    if part.patch is not None and part.patch.change == "deleted":
        return "this change deletes the file: there is nothing to open"
    return FilePlace("project", part.title if part.patch is None else part.patch.path, _new_line(part.lines, at))


def _new_line(lines: Sequence[DiffLine], at: int) -> int | None:
    """The number in the new file of a line, of the next that has one, or of the last before it."""
    if at < 0:
        changed = (line.new for line in lines if line.kind == "added" and line.new is not None)
        return next(changed, next((line.new for line in lines if line.new is not None), None))
    after = (line.new for line in lines[at:] if line.new is not None)
    return next(after, next((line.new for line in reversed(lines[:at]) if line.new is not None), None))
