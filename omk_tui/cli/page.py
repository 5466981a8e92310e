"""A document as lines of styled pieces, before anybody knows whether a terminal or a file gets it.

Texts from outside enter by `outside()`; words of ours are plain strings. `text()` is the plain form.
"""

from __future__ import annotations

import unicodedata

from omk_tui.core.text.printable import printable, printable_lines
from omk_tui.light.dataclass import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    Style = Literal["", "title", "met", "missing", "failed", "warning", "quiet", "command"]
    Fit = Literal["flow", "whole", "row"]

LABEL = 10

MET, MISSING, FAILED, WARNING = "[x]", "[ ]", "[!]", "[~]"
NOTE, WAIVED, SKIPPED, UNREADABLE = "[i]", "[w]", "[-]", "[?]"


@dataclass(frozen=True, slots=True)
class Piece:
    """A clean text in one style."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `indent` blanks, then the pieces.

    On a terminal that is too narrow a line that may `flow` is broken at blanks and goes on `hang` cells behind its
    indent, a `whole` one is left to the terminal so that it can be copied, and of a `row` the last piece but one goes
    below the others, while the last is cut.
    """

    pieces: tuple[Piece, ...] = ()
    indent: int = 0
    fit: Fit = "flow"
    hang: int = 0

    @property
    def text(self) -> str:
        """The plain form, without trailing blanks."""
        return (" " * self.indent + "".join(piece.text for piece in self.pieces)).rstrip()


@dataclass(slots=True)
class Page:
    """A document that grows line by line."""

    lines: list[Line] = field(default_factory=list)

    def add(self, *pieces: str | Piece, indent: int = 0, fit: Fit = "flow", hang: int = 0) -> None:
        """One line of pieces; plain strings are our own words."""
        parts = tuple([piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces])
        self.lines.append(Line(parts, indent, fit, hang))

    def fact(self, label: str, *pieces: str | Piece, indent: int = 0) -> None:
        """A label of ours in a column of ten cells, and what it labels behind it."""
        self.add(padded(label, LABEL), *pieces, indent=indent, hang=LABEL)

    def block(self, lines: Iterable[str], indent: int, style: Style = "", fit: Fit = "flow") -> None:
        """Clean lines, one below the other."""
        for line in lines:
            self.add(Piece(line, style), indent=indent, fit=fit)

    def gap(self) -> None:
        """An empty line."""
        self.lines.append(Line())

    def heading(self, title: str, *rest: str | Piece) -> None:
        """The title of a part, with an empty line before it."""
        self.gap()
        self.add(Piece(title, "title"), *(("  ", *rest) if rest else ()))

    def text(self) -> str:
        """The whole document in plain form; ends with a newline unless it is empty."""
        return "".join(f"{line.text}\n" for line in self.lines)


def outside(text: str, style: Style = "", limit: int = 4096) -> Piece:
    """One clean line of a text from outside."""
    return Piece(printable(text, limit), style)


def outside_lines(text: str) -> list[str]:
    """The clean lines of a text from outside."""
    return printable_lines(text)


def width(text: str) -> int:
    """How many cells of a terminal a clean text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def padded(text: str, cells: int) -> str:
    """`text` with blanks up to `cells` cells."""
    return text.ljust(cells) if text.isascii() else text + " " * max(0, cells - width(text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
