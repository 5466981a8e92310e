"""What is said about the person's own editor: asked for by a screen, made ready by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    import io

    from omk_tui.core.review.file_place import FilePlace


class EditorMessage(Message):
    """What concerns the person's own editor."""


@dataclass
class TextEditAsked(EditorMessage):
    """The text of the open dialog is to be edited, as a file of this name, at a line (from 1)."""

    name: str
    text: str
    line: int


@dataclass
class FileEditAsked(EditorMessage):
    """A file is to be opened at a line."""

    place: FilePlace


@dataclass
class EditFileReady(EditorMessage):
    """A file that was asked for: its absolute path, or a file of the goal open for reading; else why there is none."""

    goal_id: str
    place: FilePlace
    file: str | io.FileIO | None
    why: str = ""
