"""What is said on any screen: sentences, where to go, what to copy, and what went wrong."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message

from omk_tui.light.dataclass import dataclass


@dataclass
class Said(Message):
    """Something happened, or a key could not act: one line for the footer's last line."""

    words: Content


@dataclass
class SectionAsked(Message):
    """A section of the review was asked for by its number, 1 to 8."""

    number: int


@dataclass
class GoalOpened(Message):
    """A goal was chosen; its review is to be shown, at the section of this number."""

    goal_id: str
    section: int = 1


@dataclass
class GoalStepAsked(Message):
    """The next (1) or previous (-1) goal in the list's order was asked for."""

    step: int


@dataclass
class ReviewLeft(Message):
    """The review was left; nothing of that goal needs to be read any more."""


@dataclass
class ReadAgainAsked(Message):
    """What is on screen is to be read again."""


@dataclass
class NextGoalAsked(Message):
    """The next goal of the list that needs a person was asked for."""


@dataclass(frozen=True)
class Copyable:
    """Something to copy: the letter that chooses it, what it is, and its text, which is clean."""

    key: str
    what: str
    text: str


@dataclass
class CopyAsked(Message):
    """Something is to be copied: one of these, whichever the person chooses."""

    copyables: tuple[Copyable, ...]


@dataclass
class Trouble(Message):
    """Something went wrong that nobody foresaw and that changes nothing on screen; `why` is clean text."""

    why: str
