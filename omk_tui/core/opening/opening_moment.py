"""The instant that opened goals are dated by: `latest` has to mean the same by it for omk.db and for the files."""

from __future__ import annotations

from collections.abc import Iterable

from omk_tui.core.format.timestamp import Timestamp, TimestampError

MOST_AHEAD = 60
"""Seconds by which goals may be dated ahead of the clock; where a clock was set back the order is not mended."""


def opening_moment(now: Timestamp, earlier: Iterable[str]) -> Timestamp:
    """The whole second that a command dates its goals by, given when `earlier` goals were opened.

    omk.db keeps whole seconds, and of goals of one second both omk and this program call the one with the greatest id
    the newest. So goals opened at once have one second, and what is opened by a later command has a later one.
    """
    newest = max((second for text in earlier if (second := _second(text)) <= now.seconds + MOST_AHEAD), default=0)
    return Timestamp(max(now.seconds, newest + 1), 0)


def _second(text: str) -> int:
    try:
        return Timestamp.parse(text).seconds
    except TimestampError:
        return 0
