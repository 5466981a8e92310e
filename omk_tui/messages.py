"""What is said inside the user interface: small values that go up from widgets to screens and the app."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message


@dataclass
class Said(Message):
    """Something happened, or a key could not act: one line for the footer's last line."""

    words: Content


@dataclass
class SectionAsked(Message):
    """A section of the review was asked for by its number, 1 to 8."""

    number: int
