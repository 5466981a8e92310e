"""What is said of reviews that are kept from a file, and of briefs for the agent."""

from __future__ import annotations

from textual.message import Message

from omk_tui.light.dataclass import dataclass


class EvidenceMessage(Message):
    """What concerns reviews and briefs."""


@dataclass
class ReviewFileAsked(EvidenceMessage):
    """A review of the open goal that stands in a file is to be kept."""


@dataclass
class ReviewKept(EvidenceMessage):
    """What became of a review, in words; `done` when it is kept."""

    goal_id: str
    words: str
    done: bool = False


@dataclass
class BriefAsked(EvidenceMessage):
    """What the agent of a goal has to know is to be shown."""

    goal_id: str


@dataclass
class BriefMade(EvidenceMessage):
    """The brief of a goal, or why there is none."""

    goal_id: str
    text: str
    why: str = ""
