"""Columns: rows of a table as contents, aligned by cells, one column taking the room that is left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content, Span

from omk_tui.light.dataclass import dataclass
from omk_tui.text import fit_text

Cell = str | tuple[str, str] | Content
"""Clean text, clean text with a style of ours, or a content (from `text.outside`, for example)."""


@dataclass(frozen=True)
class Column:
    """One column: its title, its width in cells (0: whatever is left), and whether its text stands at the right.

    `least` is the width of the table below which the column is left out.
    """

    title: str
    width: int = 0
    right: bool = False
    least: int = 0


@dataclass(frozen=True)
class Columns:
    """The columns of a table; `gap` blanks between two of them."""

    columns: tuple[Column, ...]
    gap: int = 1

    def header(self, width: int) -> Content:
        """The titles, laid out as the rows are."""
        return self.row([column.title for column in self.columns], width)

    def row(self, cells: Sequence[Cell], width: int) -> Content:
        """One row in at most `width` cells; `cells` belong to the columns in order."""
        fitting = [(column, cell) for column, cell in zip(self.columns, cells, strict=True) if width >= column.least]
        fixed = sum(column.width for column, _ in fitting) + self.gap * (len(fitting) - 1)
        flexible = sum(1 for column, _ in fitting if not column.width)
        room = max(width - fixed, 0) // max(flexible, 1)
        text = ""
        spans: list[Span] = []
        for number, (column, cell) in enumerate(fitting):
            if number:
                text += " " * self.gap
            start = len(text)
            text += _placed(cell, column, column.width or room, spans, start)
        return Content(text, spans)


def _placed(cell: Cell, column: Column, width: int, spans: list[Span], start: int) -> str:
    """The cell's text in exactly `width` cells; its styles go to `spans`."""
    if isinstance(cell, Content):
        plain, style, inner = cell.plain, "", list(cell.spans)
    elif isinstance(cell, tuple):
        (plain, style), inner = cell, []
    else:
        plain, style, inner = cell, "", []
    cells = cell_len(plain)
    before = max(width - cells, 0) if column.right else 0
    shown = " " * before + fit_text(plain, width - before)
    if style:
        spans.append(Span(start + before, start + len(shown), style))
    shift = start + before
    end = start + len(shown)
    for span in inner:
        if span.start + shift < end:
            spans.append(Span(span.start + shift, min(span.end + shift, end), span.style))
    return shown


@dataclass(frozen=True)
class TableRow:
    """A row for `LineList`: equal values are equal rows, and the width comes when it is drawn."""

    columns: Columns
    cells: tuple[Cell, ...]

    def __call__(self, width: int) -> Content:
        return self.columns.row(self.cells, width)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TableRow):
            return NotImplemented
        return (
            self.columns == other.columns
            and len(self.cells) == len(other.cells)
            and all(_same(mine, theirs) for mine, theirs in zip(self.cells, other.cells, strict=True))
        )

    def __hash__(self) -> int:
        return hash((self.columns, len(self.cells)))


def _same(mine: Cell, theirs: Cell) -> bool:
    if isinstance(mine, Content) and isinstance(theirs, Content):
        return mine.is_same(theirs)
    return type(mine) is type(theirs) and mine == theirs
