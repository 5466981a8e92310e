"""What is said of gates that are to run, and that run."""

from __future__ import annotations

from textual.message import Message

from omk_tui.light.dataclass import dataclass


class GatingMessage(Message):
    """What concerns the running of gates."""


@dataclass
class GatesAsked(GatingMessage):
    """The gates of the open goal are to run."""


@dataclass
class GatesPlanned(GatingMessage):
    """What would run: the commit, the gates with their command lines, and what is round them.

    `merged_tree` is that of merging it into `base`; `warnings` say what to know before. Each may be empty.
    """

    goal_id: str
    commit: str
    gates: tuple[tuple[str, str], ...]
    isolation: str
    base: str
    merged_tree: str
    warnings: tuple[str, ...] = ()


@dataclass
class GatesGoOn(GatingMessage):
    """A gate of a goal has begun, or ended: then in words how."""

    goal_id: str
    words: str


@dataclass
class GatesEnded(GatingMessage):
    """The gates of a goal have ended, or could not run, in words."""

    goal_id: str
    words: str
