"""What of a pasted text is text: its letters and lines in order, without what would steer a terminal."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\n]*(?:\x07|\x9c|\x1b\\)?"  # OSC, DCS: up to their end, or the line's
    r"|\x1b[ -/]*[0-~]"  # two-character sequences
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as one C1 character
)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def without_sequences(text: str) -> str:
    """The text without the escape sequences of terminals; every other character stays."""
    return _SEQUENCE.sub("", text)


def pasted_text(text: str) -> str:
    """The text of a paste: no escape sequences, no control characters but tabs and newlines, which end every line."""
    lines = without_sequences(text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", lines)
