"""What is said of the list of goals: rows that were read, and that something on disk has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    from omk_tui.core.judgement.goal_line import GoalLine


@dataclass
class LinesRead(Message):
    """Some rows of the list were read, in no order."""

    lines: tuple[GoalLine, ...]


@dataclass
class ListRead(Message):
    """The whole list has been read: exactly these goals are there; notes say where directory and database differ."""

    goal_ids: frozenset[str]
    notes: tuple[str, ...]


@dataclass
class FoldersChanged(Message):
    """Something happened in watched folders; these paths were named. It is a hint, nothing more."""

    paths: tuple[str, ...]


@dataclass
class WatchEnded(Message):
    """Folders cannot be watched any more, and why."""

    why: str
