"""The screen of a terminal as far as Textual uses one: it puts text somewhere, and nothing scrolls."""

from __future__ import annotations

import re

from rich.cells import cell_len

from tests.terminal.stream import Token

_MOVE = re.compile("\x1b\\[([0-9]+);([0-9]+)H")


class Picture:
    """Rows of cells; a wide character leaves an empty string in the second of its cells."""

    def __init__(self, width: int, height: int) -> None:
        self._row = self._column = 0
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Another size: everything is drawn anew by the program."""
        self.width, self.height = width, height
        self._cells = [[" "] * width for _ in range(height)]

    def draw(self, token: Token) -> None:
        """What a token changes."""
        if token.kind == "text":
            for character in token.text:
                self._put(character)
        elif token.text == "\n":
            self._row = min(self._row + 1, self.height - 1)
        elif token.text == "\r":
            self._column = 0
        elif match := _MOVE.fullmatch(token.text):
            self._row, self._column = int(match[1]) - 1, int(match[2]) - 1
        elif token.text == "\x1b[?1049h":
            self.resize(self.width, self.height)

    def _put(self, character: str) -> None:
        cells = cell_len(character)
        if cells == 0 or self._row >= self.height or self._column + cells > self.width:
            return
        row = self._cells[self._row]
        row[self._column : self._column + cells] = [character, *[""] * (cells - 1)]
        self._column += cells

    def rows(self) -> list[str]:
        """The rows as text, without blanks at their ends."""
        return ["".join(row).rstrip() for row in self._cells]
