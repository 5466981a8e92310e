"""Text from outside, made safe to show: nothing that a terminal could obey survives, and nothing hides.

Control characters become their pictures; everything else that has no shape of its own becomes visible, as in
``⟨U+202E⟩``. The output of each function comes back unchanged when it is cleaned again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from omk_tui.light.pattern import pattern

LINE_LIMIT = 4096
TAB_STOP = 8
MARKS_PER_BASE = 4
"""The most combining marks that one character carries when it is shown."""

NARROW_CHARACTERS = (
    " -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u2319\u2400-\u2426\u2500-\u25fc"
)
"""Scripts and symbols, as the ranges of a regular expression, whose every character has a shape, takes one cell of its
own and has been assigned for long."""
# The same, and those that may take two cells.
_PLAIN = pattern(
    f"[{NARROW_CHARACTERS}\u231a-\u23ff\u2460-\u24ff\u25fd-\u27ff\u2900-\u2b73\u3001-\u3029\u3041-\u3096\u30a0-\u30ff"
    "\u3400-\u4db5\u4e00-\u9fd5\uac00-\ud7a3\uff01-\uff9f\U0001f300-\U0001f64f\U0001f680-\U0001f6c5\U0001f900-\U0001f9ff]*+"
)
# Characters that Python calls printable although they draw nothing.
_BLANK_SHAPES = pattern(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001d159"
    "\U000e0100-\U000e01ef]"
)
_PICTURES = {**{code: 0x2400 + code for code in range(0x20)}, 0x7F: 0x2421}
_PRESENTATION = "\ufe0e\ufe0f"


def printable(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` as one safe line of at most `limit` characters.

    What is too long is cut and ends in `` …(+N chars)``, N counting the characters of `text` that are not shown
    (a limit too small for that gets a plain ``…``). A base carries at most four combining marks; the others are
    counted. A presentation selector right after a symbol goes without a trace.
    """
    if len(text) <= limit and is_plain(text):
        return text
    head = text[:limit]
    if not (plain := is_plain(head)):
        head = head.translate(_PICTURES)
        plain = is_plain(head)
    if plain and len(text) <= limit:
        return head
    if plain:
        return _plain_cut_to(limit, head, len(text))
    pieces = list(_pieces(head))
    if len(text) <= limit and sum(len(piece) for piece, _ in pieces) <= limit:
        return "".join([piece for piece, _ in pieces])
    return _cut_to(limit, pieces, len(text))


def printable_lines(text: str, limit: int = LINE_LIMIT) -> list[str]:
    """The lines of `text`, each safe and at most `limit` characters; tabs become spaces up to the next eighth column.

    Lines end at a newline, before which one carriage return is dropped; nothing comes after a final newline.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [_safe_line(line, limit) for line in lines]


def printable_block(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` with its newlines kept and each line made safe as by `printable_lines`."""
    return "\n".join([_safe_line(line, limit) for line in text.split("\n")])


def _safe_line(line: str, limit: int) -> str:
    line = line.removesuffix("\r")
    if "\t" in line:
        # What lies behind the limit is never shown: its tabs need no room.
        line = line[:limit].expandtabs(TAB_STOP) + line[limit:]
    return printable(line, limit)


def _plain_cut_to(limit: int, head: str, length: int) -> str:
    """As `_cut_to`, for the first `limit` characters of a text where each stands for itself."""
    room = limit - len(_missing(length))
    return head[:room] + _missing(length - room) if room >= limit // 2 else head[: max(limit - 1, 0)] + "…"


def _cut_to(limit: int, pieces: list[tuple[str, int]], length: int) -> str:
    """As many `pieces` of a text of `length` characters as leave room for saying how much is missing."""
    room = limit - len(_missing(length))
    counted = room >= limit // 2
    room = room if counted else limit - 1
    clean = []
    for piece, stands_for in pieces:
        room -= len(piece)
        if room < 0:
            break
        clean.append(piece)
        length -= stands_for
    return "".join(clean) + (_missing(length) if counted else "…")


def _missing(count: int) -> str:
    return f" …(+{count} chars)"


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """What is shown for `text`, piece by piece, and how many of its characters each piece stands for."""
    carried = MARKS_PER_BASE  # a mark without a base before it would sit on whatever is shown there
    after_symbol = False
    at = 0
    while at < len(text):
        character = text[at]
        if is_mark(character):
            if at == 0:
                yield _visible(character), 1
                carried = 0
            elif carried < MARKS_PER_BASE:
                yield character, 1
                carried += 1
            else:
                run = _marks_from(text, at)
                yield f"⟨+{run} marks⟩", run
                at += run - 1
        elif character in _PRESENTATION and after_symbol:
            yield "", 1
        else:
            yield (character if has_shape(character) else _visible(character)), 1
            carried = 0
        after_symbol = _is_symbol(character)
        at += 1


def _marks_from(text: str, at: int) -> int:
    """How many marks stand in a row from `at` on."""
    end = at
    while end < len(text) and is_mark(text[end]):
        end += 1
    return end - at


def is_plain(text: str) -> bool:
    """Whether every character is known to have a shape and a place of its own; cheap, and on the safe side."""
    return text.isprintable() if text.isascii() else _PLAIN.fullmatch(text) is not None


def has_shape(character: str) -> bool:
    """Whether something is drawn for the character."""
    return character.isprintable() and not _BLANK_SHAPES.match(character)


def is_mark(character: str) -> bool:
    """Whether the character is drawn onto the one before it; the later parts of a Hangul syllable are."""
    if character < "\u0300":
        return False
    if "\u1160" < character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff":
        return character.isprintable()
    return unicodedata.category(character)[0] == "M" and not _BLANK_SHAPES.match(character)


def _is_symbol(character: str) -> bool:
    return character in "#*0123456789" or unicodedata.category(character) in ("So", "Sm", "Po")


def _visible(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"
