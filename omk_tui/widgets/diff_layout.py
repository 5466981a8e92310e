"""Where each row of a diff stream is: which part, which line, and how many rows of the screen it takes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from omk_tui.core.review.diff_stream import WHOLE_ROW, Part, hunk_ranges, sides


class StreamRow(NamedTuple):
    """A row of the stream: `left` is a line of the part (or a fact by its number), `right` the line beside it.

    `right` is `WHOLE_ROW` where one line takes the whole width; either is -1 where a side is empty.
    """

    part: int
    kind: Literal["heading", "fact", "line", "gap"]
    left: int = -1
    right: int = WHOLE_ROW


class DiffLayout:
    """The rows of some parts, one heading, facts, lines and a blank row for each; numbered from 0."""

    def __init__(self, parts: Sequence[Part], two_sides: bool) -> None:
        self.parts = tuple(parts)
        self._sides = [sides(part.lines) for part in self.parts] if two_sides else None
        sizes = (2 + len(part.facts) + self._line_rows(number) for number, part in enumerate(self.parts))
        self._starts = [0, *accumulate(sizes)]
        self._tops: list[int] | None = None
        self._hunks: dict[int, tuple[range, ...]] = {}
        self._hunk_rows: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return self._starts[-1]

    def _line_rows(self, part: int) -> int:
        return len(self.parts[part].lines if self._sides is None else self._sides[part])

    def row(self, number: int) -> StreamRow:
        """What stands in a row."""
        part = bisect_right(self._starts, number) - 1
        inside = number - self._starts[part] - 1
        facts = len(self.parts[part].facts)
        if inside < 0:
            return StreamRow(part, "heading")
        if inside < facts:
            return StreamRow(part, "fact", inside)
        inside -= facts
        if inside >= self._line_rows(part):
            return StreamRow(part, "gap")
        if self._sides is None:
            return StreamRow(part, "line", inside)
        return StreamRow(part, "line", *self._sides[part][inside])

    def start_of(self, part: int) -> int:
        """The row of a part's heading."""
        return self._starts[part]

    def row_of_line(self, part: int, line: int) -> int:
        """The row in which a line of a part stands."""
        first = self._starts[part] + 1 + len(self.parts[part].facts)
        if self._sides is None:
            return first + line
        return next((first + at for at, pair in enumerate(self._sides[part]) if line in pair), first)

    def hunk_rows(self, part: int) -> list[int]:
        """The rows of a part's hunk headings."""
        if part not in self._hunk_rows:
            first = self._starts[part] + 1 + len(self.parts[part].facts)
            lines = self.parts[part].hunks
            if self._sides is not None:
                headings = set(lines)
                lines = tuple(at for at, pair in enumerate(self._sides[part]) if pair[0] in headings)
            self._hunk_rows[part] = [first + line for line in lines]
        return self._hunk_rows[part]

    def hunk_of(self, part: int, line: int) -> range:
        """The lines of the hunk that a line of a part is in, without its heading; empty outside of hunks."""
        if part not in self._hunks:
            self._hunks[part] = hunk_ranges(self.parts[part].lines)
        ranges = self._hunks[part]
        at = bisect_right(ranges, line, key=lambda lines: lines.start) - 1
        return ranges[at] if at >= 0 and line in ranges[at] else range(0)

    def sides_of(self, part: int) -> Sequence[tuple[int, int]] | None:
        """The lines of a part that stand beside each other, as `sides` gives them; None where each has its own row."""
        return None if self._sides is None else self._sides[part]

    # Rows of the screen, where long lines are wrapped

    def measure(self, heights: Iterable[int] | None) -> None:
        """Let the rows, in their order, take so many rows of the screen; None: one each."""
        self._tops = None if heights is None else [0, *accumulate(heights)]

    @property
    def height(self) -> int:
        """Rows of the screen that everything takes."""
        return len(self) if self._tops is None else self._tops[-1]

    def top_of(self, number: int) -> int:
        """The first row of the screen of a row."""
        return number if self._tops is None else self._tops[min(number, len(self))]

    def height_of(self, number: int) -> int:
        """How many rows of the screen a row takes."""
        return 1 if self._tops is None else self._tops[number + 1] - self._tops[number]

    def at(self, top: int) -> int:
        """The row that a row of the screen belongs to."""
        if self._tops is None:
            return min(top, max(len(self) - 1, 0))
        return max(min(bisect_right(self._tops, top) - 1, len(self) - 1), 0)
