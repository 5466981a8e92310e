"""How words become something Textual can draw: `Content`, never markup.

What comes from outside (goal text, gate output, diffs, names of files) goes through `outside()` and nothing else; words
of our own go through `ours()`. Widths are terminal cells, so wide characters keep the columns straight.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from itertools import accumulate

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from omk_tui.core.text.printable import NARROW_CHARACTERS, printable, printable_lines

ELLIPSIS = "…"
_BEFORE_OPTION = re.compile(r" (?=--?[a-z])")
LINE_LIMIT = 4096
"""The most characters of one outside line that are shown."""

NOTHING = Content("")

_ALL_NARROW = re.compile(f"[{NARROW_CHARACTERS}]*+")
"""Texts in which every character takes one cell, as far as that is cheap to see."""
_cells = cache(cell_len)


class State(Enum):
    """The eight things a fact can be: its sign, the word that always goes with it, and the style (a theme variable)."""

    MET = ("[x]", "met", "$met")
    MISSING = ("[ ]", "missing", "$missing")
    FAILED = ("[!]", "failed", "$failed")
    STALE = ("[~]", "stale", "$stale")
    WAIVED = ("[w]", "waived", "$skipped")
    SKIPPED = ("[-]", "skipped", "$skipped")
    UNREADABLE = ("[?]", "unreadable", "$failed")
    NOTE = ("[i]", "for you", "$accent")

    def __init__(self, sign: str, word: str, style: str) -> None:
        self.sign = sign
        self.word = word
        self.style = style


def outside(text: str, style: str = "", limit: int = LINE_LIMIT) -> Content:
    """One line of text from outside: cleaned, cut at `limit` characters, drawn literally."""
    return styled(printable(text, limit), style)


def outside_lines(text: str) -> tuple[Content, ...]:
    """The lines of a text from outside, each cleaned and drawn literally."""
    return tuple(Content(line) for line in printable_lines(text))


def styled(text: str, style: str = "") -> Content:
    """Clean text in one style; `style` is ours: words such as `bold`, theme variables such as `$met`."""
    return Content.styled(text, style) if style and text else Content(text)


def ours(*parts: str | Content | tuple[str, str]) -> Content:
    """Words of our own joined into one line: plain strings, `(text, style)` pairs, and contents made by `outside()`."""
    return Content.assemble(*parts)


def sign(state: State) -> Content:
    """The three-character sign of a state, in its colour."""
    return Content.styled(state.sign, state.style)


def fit(content: Content, width: int) -> Content:
    """Exactly `width` cells: cut with an ellipsis, or padded with blanks on the right."""
    return content.truncate(max(width, 0), ellipsis=True, pad=True)


def cut_left(content: Content, width: int) -> Content:
    """At most `width` cells: the beginning is cut, the end is kept (`…porter to Rust`)."""
    if content.cell_length <= width:
        return content
    if width <= 0:
        return Content("")
    plain = content.plain
    start = len(plain)
    room = width - 1
    while start > 0 and (cells := cell_len(plain[start - 1])) <= room:
        room -= cells
        start -= 1
    return Content(ELLIPSIS) + content[start : len(plain)]


def fit_text(text: str, width: int) -> str:
    """`fit` for a clean string."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + ELLIPSIS


def between(left: Content, right: Content, width: int) -> Content:
    """One line with `left` at the left and `right` at the right; `left` gives way."""
    right = right.truncate(max(width, 0), ellipsis=True)
    room = width - right.cell_length
    if room < 2:
        return fit(right, width)
    return Content.assemble(fit(left, room - 1), " ", right)


def wrap_points(plain: str, width: int) -> list[int]:
    """Where each display row of a line begins: after the last blank that fits, else in the middle of a word.

    The first is always 0. `plain` is clean text; a row never takes more than `width` cells.
    """
    width = max(width, 1)
    if plain.isascii() or _ALL_NARROW.fullmatch(plain):
        return _wrap_narrow(plain, width)
    ends = list(accumulate(map(_cells, plain), initial=0))  # where each character begins, in cells
    points = [0]
    start = 0
    while (over := bisect_right(ends, ends[start] + width, start) - 1) < len(plain):
        over = max(over, start + 1)  # a character that is wider than the row has a row of its own
        if over >= len(plain):
            break
        blank = plain.rfind(" ", start, over)
        start = blank + 1 if blank >= 0 else over
        points.append(start)
    return points


def _wrap_narrow(plain: str, width: int) -> list[int]:
    points = [0]
    start = 0
    length = len(plain)
    while length - start > width:
        blank = plain.rfind(" ", start, start + width + 1)
        start = blank + 1 if blank > start else start + width
        if start >= length:
            break
        points.append(start)
    return points


def wrapped(content: Content, width: int) -> list[Content]:
    """The display rows of one line, styles kept."""
    plain = content.plain
    points = wrap_points(plain, width)
    if len(points) == 1:
        return [content if cell_len(plain) <= width else content.rstrip()]
    ends = [*points[1:], len(plain)]
    return [content[start:end].rstrip() for start, end in zip(points, ends, strict=True)]


def wrapped_command(content: Content, width: int, hang: int = 2) -> list[Content]:
    """The display rows of a command: broken before an option where it can be, further rows `hang` cells further in."""
    plain = content.plain
    if cell_len(plain) <= width or width < 3 * hang:
        return wrapped(content, width)
    starts = [0, *(match.start() + 1 for match in _BEFORE_OPTION.finditer(plain))]
    rows: list[Content] = []
    begin = end = 0
    for start, stop in zip(starts, [*starts[1:], len(plain)], strict=True):
        room = width - (hang if rows else 0)
        if end > begin and cell_len(plain[begin:stop].rstrip()) > room:
            rows += _first_wider(content[begin:end].rstrip(), room, width - hang)
            begin = start
        end = stop
    rows += _first_wider(content[begin:end], width - (hang if rows else 0), width - hang)
    return [row if number == 0 else Content(" " * hang) + row for number, row in enumerate(rows)]


def _first_wider(content: Content, first: int, further: int) -> list[Content]:
    """The display rows of one line: the first of at most `first` cells, the others of at most `further`."""
    points = wrap_points(content.plain, first)
    if len(points) == 1:
        return wrapped(content, first)
    return [content[: points[1]].rstrip(), *wrapped(content[points[1] : len(content.plain)], further)]


def ending(goal_id: str) -> str:
    """The last eight characters of an id, cleaned: how a goal is called where its full id is one key away."""
    return printable(goal_id[-8:])


def size(amount: int) -> str:
    """A number of bytes in words: `812 B`, `14 KiB`, `1.5 MiB`."""
    if amount < 1024:
        return f"{amount} B"
    value = float(amount)
    units = iter(("KiB", "MiB", "GiB", "TiB"))
    unit = "B"
    while value >= 1024 and (next_unit := next(units, None)):
        value, unit = value / 1024, next_unit
    return f"{value:.1f} {unit}" if value < 10 else f"{value:,.0f} {unit}"


def count(number: int) -> str:
    """A number with its thousands apart: `4,812`."""
    return f"{number:,}"


def matches(text: str, words: Sequence[str]) -> bool:
    """Whether every word (casefolded) is somewhere in `text` (casefolded)."""
    return all(word in text for word in words)


def search_words(text: str) -> tuple[str, ...]:
    """What a person typed into a filter, as casefolded words."""
    return tuple(text.casefold().split())


def highlighted(content: Content, needles: Iterable[str], style: str) -> Content:
    """`content` with every occurrence of each needle (any case) in `style`."""
    plain = content.plain
    folded = plain.casefold()
    if len(folded) != len(plain):
        folded = plain.lower() if len(plain.lower()) == len(plain) else plain
    for needle in needles:
        at = folded.find(needle) if needle else -1
        while at >= 0:
            content = content.stylize(style, at, at + len(needle))
            at = folded.find(needle, at + len(needle))
    return content


def marked_spans(content: Content, spans: Iterable[tuple[int, int]], style: str) -> Content:
    """`content` with these places, each with its end, in `style`."""
    for start, end in spans:
        content = content.stylize(style, start, end)
    return content
