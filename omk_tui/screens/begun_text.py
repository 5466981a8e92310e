"""The text of a dialog that was begun earlier, and the quiet words that say from when it is."""

from __future__ import annotations

import time

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Begun:
    """A text as it was left in a dialog, and from when it is in words; both empty where none was begun.

    `is_unread` says that it is of another run of the desk: nobody has looked at it in this one.
    """

    text: str = ""
    age: str = ""
    is_unread: bool = False


def draft_age(at: Timestamp, now: float) -> str:
    """``draft of 14:02`` by the local clock within a day, then ``draft, 2 days old``; `now` is in Unix seconds."""
    age = int(now) - at.seconds
    if age < _DAY:
        return f"draft of {time.strftime('%H:%M', time.localtime(at.seconds))}"
    return f"draft, {plural(age // _DAY, 'day')} old"
