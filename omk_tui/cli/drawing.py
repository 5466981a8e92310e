"""Draws a document on a terminal, with rich; imported only when there is one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from omk_tui.cli.page import Line, Page, Piece, Style

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
        text = _joined(line.pieces)
        if line.fit == "whole":
            console.print(Text(" " * line.indent) + text, soft_wrap=True)
        elif line.fit == "row":
            _draw_row(line, text, console)
        else:
            console.print(Padding(text, (0, 0, 0, min(line.indent, console.width // 2)), expand=False))
    stream.flush()


def _draw_row(line: Line, text: Text, console: Console) -> None:
    """One line when it fits, else the last piece below the others, cut where the terminal ends."""
    if text.cell_len <= console.width:
        rows = [text]
    else:
        *head, last = line.pieces
        rows = [_joined(head), Text("    ") + _joined([last])]
    for row in rows:
        console.print(row, no_wrap=True, overflow="ellipsis")


def _joined(pieces: Iterable[Piece]) -> Text:
    text = Text.assemble(*((piece.text, _STYLES[piece.style]) for piece in pieces))
    text.rstrip()
    return text
