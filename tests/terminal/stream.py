"""What a program wrote to its terminal, taken apart: text, single controls and whole escape sequences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CSI = "\x1b\\[[0-?]*[ -/]*[@-~]"
_STRING = "\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)"  # OSC, DCS, SOS, PM, APC
_SHORT = "\x1b[ -/]*[0-OQ-WYZ`-~]"
_TOKEN = re.compile(
    f"(?P<escape>{_CSI}|{_STRING}|{_SHORT})|(?P<control>[\x00-\x1a\x1c-\x1f\x7f-\x9f])|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
_UNFINISHED = re.compile("\x1b(?:\\[[0-?]*[ -/]*|[\\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?\\Z")

OPENING = {
    f"\x1b[{mode}"
    for mode in ("?1049h", "?1000h", "?1003h", "?1015h", "?1006h", "?1004h", "?2004h", "?7l", "?2048h", "?1016h")
} | {"\x1b[>25u", "\x1b[?2026$p", "\x1b[?2048$p"}
"""What Textual says once, when it takes the terminal: alternate screen, mouse, focus, paste, keys, two questions."""
CLOSING = {
    f"\x1b[{mode}" for mode in ("?1049l", "?1000l", "?1003l", "?1015l", "?1006l", "?1004l", "?2004l", "?7h", "?2048l")
} | {"\x1b[<u"}
"""What Textual says once, when it gives the terminal back."""
DRAWING = {"\x1b[?2026h", "\x1b[?2026l", "\x1b[?25l", "\x1b[?25h"}
"""A frame begins and ends; the cursor is hidden and shown."""
POINTERS = {f"\x1b]22;{shape}\x07" for shape in ("default", "text", "pointer", "ew-resize", "ns-resize", "grabbing")}
"""The shapes that Textual gives to the mouse pointer."""
_SGR = re.compile("\x1b\\[([0-9;]*)m")
_MOVE = re.compile("\x1b\\[([0-9]+);([0-9]+)H")
_ATTRIBUTES = {"", "0", "1", "2", "3", "4", "7", "9"}  # never 5, 6 (blinking) or 8 (hidden)
_COLOURS = {str(number) for number in (*range(30, 38), 39, *range(40, 48), 49, *range(90, 98), *range(100, 108))}
_BLANK_LETTERS = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0e\ufe0f\u034f"
"""Printable by their category, and nothing to see."""
_MOST_MARKS = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: `kind` is text, control or escape."""

    kind: str
    text: str


class Tokens:
    """Takes pieces of a stream as they arrive; an escape sequence that is cut in two waits for its rest."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> Iterator[Token]:
        """Every whole token of what has arrived."""
        text, at = self._rest + piece, 0
        while at < len(text):
            if match := _TOKEN.match(text, at):
                yield Token(match.lastgroup or "", match.group())
                at = match.end()
            elif _UNFINISHED.match(text, at):
                break
            else:
                yield Token("control", text[at])
                at += 1
        self._rest = text[at:]


def tokens(text: str) -> list[Token]:
    """The tokens of a finished stream; an unfinished escape sequence at its end is a control."""
    reader = Tokens()
    found = list(reader.feed(text))
    return found + [Token("control", character) for character in reader._rest]


def wrong(token: Token, *, modes: bool) -> bool:
    """Whether the TUI may not write this; `modes` while it takes the terminal or gives it back."""
    if token.kind == "text":
        return hidden(token.text) != ""
    if token.kind == "control":
        return token.text not in "\r\n"
    if token.text in DRAWING | POINTERS or (modes and token.text in OPENING | CLOSING):
        return False
    if match := _SGR.fullmatch(token.text):
        return not _known_style(match[1].split(";"))
    return _MOVE.fullmatch(token.text) is None


def hidden(text: str) -> str:
    """The characters of `text` that a person could not see, or that would be piled upon one another."""
    found = [character for character in text if not character.isprintable() or character in _BLANK_LETTERS]
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            found.append(character)
    return "".join(found)


def _known_style(parameters: list[str]) -> bool:
    at = 0
    while at < len(parameters):
        if parameters[at] in ("38", "48"):
            length = {"2": 5, "5": 3}.get(parameters[at + 1] if at + 1 < len(parameters) else "", 0)
            if not length or at + length > len(parameters):
                return False
            at += length
        elif parameters[at] in _ATTRIBUTES or parameters[at] in _COLOURS:
            at += 1
        else:
            return False
    return True


def coloured(token: Token) -> bool:
    """Whether the token chooses a colour other than the terminal's own."""
    match = _SGR.fullmatch(token.text) if token.kind == "escape" else None
    chosen = (_COLOURS - {"39", "49"}) | {"38", "48"}
    return match is not None and not chosen.isdisjoint(match[1].split(";"))
