"""Draws a document on a terminal, with rich; imported only when there is one."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from omk_tui.cli.page import Line, Page, Piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from omk_tui.cli.page import Style

_ROOM_FOR_LAST = 24

_STYLES: dict[Style, str] = {
    "": "",
    "title": "bold",
    "met": "green",
    "missing": "yellow",
    "failed": "bold red",
    "warning": "yellow",
    "quiet": "dim",
    "command": "cyan",
}


def draw(page: Page, stream: TextIO) -> None:
    """Draw every line so that it fits the terminal's width."""
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for line in page.lines:
        match line.fit:
            case "whole":
                console.print(Text(" " * line.indent) + _joined(line.pieces), soft_wrap=True)
            case "row":
                _draw_row(line, console)
            case "flow":
                _draw_flowing(line, console)
    stream.flush()


def _draw_row(line: Line, console: Console) -> None:
    """One line when there is room for a good part of the last piece, else the last but one goes below the others.

    The pieces before the last are equally long in all rows, so all rows of a list come out alike.
    """
    *head, below, last = line.pieces
    rows = [_joined(line.pieces)]
    if sum(cell_len(piece.text) for piece in (*head, below)) + _ROOM_FOR_LAST > console.width:
        rows = [_joined((*head, last)), Text("    ") + _joined((below,))]
    for row in rows:
        console.print(row, no_wrap=True, overflow="ellipsis")


def _draw_flowing(line: Line, console: Console) -> None:
    """As many lines as it takes; all but the first begin below the text that the first begins with."""
    text = _joined(line.pieces)
    margin = line.indent + line.hang
    if line.indent + text.cell_len <= console.width or margin > console.width // 2:
        console.print(Text(" " * line.indent) + text)
        return
    head, rest = text[: line.hang], text[line.hang :]
    for number, row in enumerate(rest.wrap(console, console.width - margin)):
        row.rstrip()
        console.print(Text(" " * line.indent) + head + row if number == 0 else Text(" " * margin) + row)


def _joined(pieces: Iterable[Piece]) -> Text:
    text = Text.assemble(*((piece.text, _STYLES[piece.style]) for piece in pieces))
    text.rstrip()
    return text
