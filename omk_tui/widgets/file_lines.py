"""The lines of a file of any size, in bounded memory, without knowing them all.

The file is seen as cells of 64 KiB. A cell's rows are the lines that begin in it; a cell in which no line begins (it
lies inside one huge line) is one row that continues the line. Each cell can be read alone, so any part of the file can
be shown at once, and counting newlines per cell is all the index there is.
"""

from __future__ import annotations

import re
from array import array
from collections import OrderedDict
from collections.abc import AsyncIterator

from omk_tui.core.text.printable import printable
from omk_tui.core.text.search import LONGEST_LINE, Search
from omk_tui.light.dataclass import dataclass
from omk_tui.text import LINE_LIMIT
from omk_tui.widgets.file_windows import Windows

CELL = 64 * 1024
"""Bytes in a cell."""
REACH = 16 * 1024
"""Bytes of a line that are read at most: enough for the longest line that is shown."""
CELLS_AT_ONCE = 16
"""Cells that are counted or searched with one read (1 MiB)."""
CELLS_KEPT = 16
GOES_ON = " … the line goes on"

_COLOURS = re.compile("\x1b\\[[0-9;:]*m")


@dataclass(frozen=True, order=True)
class Place:
    """A row of a file: the number of its cell, and its number in the cell."""

    cell: int = 0
    row: int = 0


@dataclass(frozen=True)
class Row:
    """A row as it is shown: the offset of its first byte, and its clean text."""

    start: int
    text: str
    continues: bool = False


class FileLines:
    """Rows by place, counted progressively. Everything may raise the OSError of its windows."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self.size = 0
        self._cells: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._rows_before = array("Q", [0])
        self._lines_before = array("Q", [0])

    # Size and count

    async def open(self) -> None:
        """Learn the size."""
        self.size = await self._windows.size()

    async def look_again(self) -> bool:
        """Whether the size changed; what is known of a part that grew is kept, a file that shrank is counted anew."""
        size = await self._windows.size()
        if size == self.size:
            return False
        keep = max(min(self.size, size) - REACH, 0) // CELL if size > self.size else 0
        self._cells = OrderedDict((cell, rows) for cell, rows in self._cells.items() if cell < keep)
        del self._rows_before[keep + 1 :]
        del self._lines_before[keep + 1 :]
        self.size = size
        return True

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return -(-self.size // CELL)

    @property
    def counted_cells(self) -> int:
        """How many cells, from the beginning, are counted."""
        return len(self._rows_before) - 1

    @property
    def complete(self) -> bool:
        """Whether every line is counted."""
        return self.counted_cells >= self.cells

    @property
    def line_count(self) -> int:
        """The lines that are counted so far."""
        return self._lines_before[-1]

    async def count(self) -> AsyncIterator[None]:
        """Count on to the end; gives way after each MiB."""
        while not self.complete:
            first = self.counted_cells
            begin = first * CELL
            end = min(begin + CELLS_AT_ONCE * CELL, self.size)
            base = max(begin - 1, 0)
            data = await self._windows.read(base, end - 1 - base)
            if first != self.counted_cells:
                continue
            for cell in range(first, -(-end // CELL)):
                low, high = cell * CELL, min((cell + 1) * CELL, self.size)
                starts = data.count(b"\n", max(low - 1, 0) - base, high - 1 - base) + (cell == 0)
                self._rows_before.append(self._rows_before[-1] + _rows_of(starts, high - low))
                self._lines_before.append(self._lines_before[-1] + starts)
            yield

    # Rows

    async def rows_of(self, cell: int) -> tuple[Row, ...]:
        """The rows of a cell, from memory or read."""
        if (rows := self._cells.get(cell)) is not None:
            self._cells.move_to_end(cell)
            return rows
        begin, end = cell * CELL, min((cell + 1) * CELL, self.size)
        base = max(begin - 1, 0)
        data = await self._windows.read(base, end - base + REACH)
        rows = tuple(_rows_in(data, base, begin, end, base + len(data) >= self.size))
        self._cells[cell] = rows
        while len(self._cells) > CELLS_KEPT:
            self._cells.popitem(last=False)
        return rows

    async def page(self, top: Place, height: int) -> list[tuple[Place, Row]]:
        """At most `height` rows from `top` on."""
        page: list[tuple[Place, Row]] = []
        cell, first = top.cell, top.row
        while len(page) < height and cell < self.cells:
            rows = await self.rows_of(cell)
            fitting = rows[first : first + height - len(page)]
            page.extend((Place(cell, first + number), row) for number, row in enumerate(fitting))
            cell, first = cell + 1, 0
        return page

    async def moved(self, place: Place, amount: int) -> Place:
        """The place `amount` rows further (negative: back), or the first or last one."""
        cell, row = place.cell, place.row + amount
        while row < 0 and cell > 0:
            cell -= 1
            row += len(await self.rows_of(cell))
        if row < 0:
            return Place()
        while cell < self.cells:
            rows = len(await self.rows_of(cell))
            if row < rows:
                return Place(cell, row)
            if cell + 1 >= self.cells:
                break
            row -= rows
            cell += 1
        return await self.last()

    async def last(self) -> Place:
        """The place of the last row."""
        for cell in range(self.cells - 1, -1, -1):
            if rows := await self.rows_of(cell):
                return Place(cell, len(rows) - 1)
        return Place()

    async def place_at(self, offset: int) -> Place:
        """The row that holds a byte."""
        cell = min(max(offset, 0) // CELL, max(self.cells - 1, 0))
        while cell >= 0:
            rows = await self.rows_of(cell)
            before = [number for number, row in enumerate(rows) if row.start <= offset]
            if before:
                return Place(cell, before[-1])
            cell -= 1
        return Place()

    async def place_of_row(self, number: int) -> Place:
        """The place of a row by its number from 0; past what is counted it is judged by the bytes."""
        if number < self._rows_before[-1]:
            low, high = 0, self.counted_cells
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self._rows_before[middle] <= number else (low, middle)
            return Place(low, number - self._rows_before[low])
        cell = min(self.counted_cells + int((number - self._rows_before[-1]) / self._density()), max(self.cells - 1, 0))
        rows = await self.rows_of(cell)
        return Place(cell, 0) if rows else await self.last()

    # Numbers

    def row_number(self, place: Place) -> int:
        """The number of a row from 0: exact where it is counted, else judged by the bytes."""
        if place.cell <= self.counted_cells:
            return self._rows_before[place.cell] + place.row
        return self._rows_before[-1] + int((place.cell - self.counted_cells) * self._density()) + place.row

    @property
    def row_count(self) -> int:
        """The number of rows: exact when everything is counted, else judged by the bytes."""
        return self._rows_before[-1] + int((self.cells - self.counted_cells) * self._density())

    def line_number(self, place: Place) -> int | None:
        """The number of the line at a place from 1; None where it is not counted yet."""
        if place.cell > self.counted_cells or place.cell >= len(self._lines_before):
            return None
        rows = self._cells.get(place.cell, ())
        inside = any(row.continues for row in rows[:1])
        return self._lines_before[place.cell] + place.row + (0 if inside else 1)

    def _density(self) -> float:
        """Rows in a cell, by what is counted so far."""
        return max(self._rows_before[-1] / self.counted_cells, 1.0) if self.counted_cells else CELL / 100

    # Search

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes of the file from `offset` on."""
        return await self._windows.read(offset, length)

    async def find(self, search: Search, offset: int, forward: bool) -> AsyncIterator[int]:
        """Look for what a search finds from `offset` on, or back from it.

        Gives negative numbers while it goes on (minus the percent that is looked through), then the offset where it
        was found; nothing more when it was not.
        """
        step = CELLS_AT_ONCE * CELL
        overlap = LONGEST_LINE if search.is_regular else len(search.words.encode("utf-8", "replace")) - 1
        at = offset
        while at < self.size if forward else at > 0:
            if forward:
                low, high = at, min(at + step + overlap, self.size)
            else:  # an expression looks at whole lines, and the line at `offset` is not before it
                beyond = 0 if search.is_regular and at == offset else overlap
                low, high = max(at - step, 0), at + beyond
            found = search.offset_in(await self._windows.read(low, high - low), last=not forward)
            if found >= 0:
                yield low + found
                return
            at = at + step if forward else low
            yield -max(1, 100 * abs(at - offset) // max(self.size, 1))


def _rows_of(starts: int, length: int) -> int:
    """The rows of a cell with that many line beginnings; the short last cell of a file is no row of its own."""
    return starts if starts or length <= REACH else 1


def _rows_in(data: bytes, base: int, begin: int, end: int, whole: bool) -> list[Row]:
    """The rows of the cell [begin, end); `data` begins at `base` and reaches beyond it, if whole to the file's end."""
    starts = [0] if begin == 0 else []
    at = data.find(b"\n", begin - 1 - base if begin else 0, end - 1 - base)
    while at >= 0:
        starts.append(base + at + 1)
        at = data.find(b"\n", at + 1, end - 1 - base)
    if end == begin:
        return []
    if not starts:
        return [_row(data, base, begin, whole, True)] if _rows_of(0, end - begin) else []
    return [_row(data, base, start, whole, False) for start in starts]


def _row(data: bytes, base: int, start: int, whole: bool, continues: bool) -> Row:
    begin = start - base
    stop = data.find(b"\n", begin, begin + REACH)
    cut = stop < 0 and not (whole and len(data) - begin <= REACH)
    raw = data[begin : stop if stop >= 0 else begin + REACH]
    text = raw.removesuffix(b"\r").decode("utf-8", "replace")
    if "\x1b" in text:
        text = _COLOURS.sub("", text)
    if "\t" in text:
        text = text.expandtabs(8)
    room = LINE_LIMIT - len(GOES_ON)
    text = printable(text[:room], LINE_LIMIT) + GOES_ON if cut or len(text) > LINE_LIMIT else printable(text)
    return Row(start, "… " + text if continues else text, continues)
