"""One line of a diff as content: signs and tints, numbers, changed words brighter, code coloured weakly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content, Span

from omk_tui.core.review.diff import DiffLine
from omk_tui.core.review.diff_stream import counterpart
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass
from omk_tui.text import LINE_LIMIT, ours, wrap_points

_COMPARED = 600
"""The longest lines in which changed words are looked for."""
_CUT = re.compile(r" …\(\+\d+ chars\)\Z")
"""How `printable` ends a line that is too long to be shown whole."""
_STYLES = {
    "header": "$label",
    "hunk": "$accent",
    "added": "$added",
    "removed": "$removed",
    "context": "",
    "note": "$label",
    "stray": "$stale",
    "fold": "$label",
}
NUMBER_STYLES = {"added": "$added", "removed": "$removed"}
"""The style of the numbers of a changed line: that of other numbers does not read on its ground everywhere."""
GROUNDS = {"added": "added-ground", "removed": "removed-ground"}
"""The theme's colour behind the whole row of a changed line."""

Spans = Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Numbering:
    """How many cells the line numbers of a part take; 0 leaves them out."""

    digits: int = 0

    @classmethod
    def of(cls, lines: Sequence[DiffLine]) -> Numbering:
        """As wide as the highest number."""
        highest = max((line.new or line.old or 0 for line in lines), default=0)
        return cls(max(len(str(highest)), 3))

    def both(self, line: DiffLine) -> str:
        """The numbers in the old and in the new file."""
        return f"{self._cell(line.old)} {self._cell(line.new)} " if self.digits else ""

    def single(self, number: int | None) -> str:
        """The number in one of the files."""
        return f"{self._cell(number)} " if self.digits else ""

    def _cell(self, number: int | None) -> str:
        return f"{'' if number is None else number:>{self.digits}}"


def plain_text(line: DiffLine) -> str:
    """The line, sign included, as it is drawn and searched."""
    if line.kind == "fold":
        words = plural(int(line.text), "unchanged line") if line.text else "the rest of the file"
        return f"~~~~ {words} ~~~~"
    # The carriage return of a line that did not change says nothing; of others it may be all that changed.
    text = line.text if line.kind in ("added", "removed") else line.text.removesuffix("\r")
    return printable(text.expandtabs(8) if "\t" in text else text, LINE_LIMIT)


def cut_note(plain: str, end: int, room: int) -> str:
    """How much of a line is never shown, for a line that is cut and whose own note lies beyond the cell `end`.

    Empty for any other line; in few words where the note has less `room` than it needs.
    """
    if len(plain) < LINE_LIMIT // 2 or (match := _CUT.search(plain)) is None or cell_len(plain) <= end:
        return ""
    return match[0] if len(match[0]) <= room else " …"


def line_height(line: DiffLine, room: int) -> int:
    """How many rows of `room` cells the line takes where it is wrapped."""
    text = line.text
    if len(text) <= room and text.isascii() and text.isprintable() and line.kind != "fold":
        return 1  # nearly every line of a long diff: drawn as it is
    return len(wrap_points(plain_text(line), room))


def line_content(lines: Sequence[DiffLine], at: int, code: Mapping[int, Spans]) -> Content:
    """A line without its numbers; `code` has the spans of the lines of which they are known."""
    line = lines[at]
    text = plain_text(line)
    spans = [Span(0, len(text), _STYLES[line.kind])] if text and _STYLES[line.kind] else []
    # Spans count the characters of the code, one less than the line's; after a tab or a picture they do not fit.
    if line.kind in ("added", "removed", "context") and text == line.text:
        for start, end, name in code.get(at, ()):
            if start < min(end, len(text) - 1):
                spans.append(Span(start + 1, min(end + 1, len(text)), f"$syntax-{name}"))
    other = counterpart(lines, at)
    if other >= 0:
        start, end = changed_span(text, plain_text(lines[other]))
        if end > start:
            spans.append(Span(start, end, "bold underline"))
    content = Content(text, spans)
    return ours(("? ", "$stale"), content) if line.kind == "stray" else content


def changed_span(text: str, other: str) -> tuple[int, int]:
    """Where in `text` (a line with its sign) the difference to `other` lies; empty when little is the same."""
    if max(len(text), len(other)) > _COMPARED:
        return 0, 0
    most = min(len(text), len(other))
    start = 1
    while start < most and text[start] == other[start]:
        start += 1
    tail = 0
    while tail < most - start and text[-1 - tail] == other[-1 - tail]:
        tail += 1
    end = len(text) - tail
    same = start - 1 + tail
    if same < 4 or end <= start:
        return 0, 0
    while start > 1 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
