"""Where a search is in a text of any size, read piece by piece, and in which order matches of several texts follow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from omk_tui.core.text.search import Search
from omk_tui.light.dataclass import dataclass, field

MOST_MATCHES = 100_000
"""Lines with a match that are listed of one text."""
_LONGEST_CARRIED = 64 * 1024
"""Bytes of an unfinished line that are put before the next piece of its text."""


def matching_lines(pieces: Iterable[bytes], search: Search) -> Iterator[int]:
    """For each line with a match the offset of the first one in it (of an expression: of the line), in order.

    `pieces` are the bytes of the text in order. At most MOST_MATCHES are given.
    """
    base, carried, count = 0, b"", 0
    for piece in _ended(pieces):
        data = carried if piece is None else carried + piece
        end = len(data) if piece is None else data.rfind(b"\n") + 1
        if not end and len(data) > _LONGEST_CARRIED:
            end = len(data)
        for offset in search.lines_in(data[:end]):
            yield base + offset
            count += 1
            if count == MOST_MATCHES:
                return
        base, carried = base + end, data[end:]


def _ended(pieces: Iterable[bytes]) -> Iterator[bytes | None]:
    yield from pieces
    yield None


@dataclass(frozen=True)
class Matches:
    """The matches of one search in several texts, in the order of the texts; `offsets` by the name of the text."""

    search: Search = field(default_factory=Search)
    offsets: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many lines match in all texts."""
        return sum(map(len, self.offsets.values()))

    @property
    def texts(self) -> int:
        """In how many texts there is a match."""
        return sum(map(bool, self.offsets.values()))

    def next(self, text: str, offset: int, step: int) -> tuple[str, int] | None:
        """The first match behind (1) or before (-1) a place, around the end if need be; None when there is none."""
        names = list(self.offsets)
        here = names.index(text) if text in names else 0
        own = self.offsets.get(text, ())
        if step > 0:
            at = bisect_right(own, offset)
            if at < len(own):
                return text, own[at]
        else:
            at = bisect_left(own, offset)
            if at:
                return text, own[at - 1]
        for further in range(1, len(names) + 1):
            name = names[(here + step * further) % len(names)]
            if self.offsets[name]:
                return name, self.offsets[name][0 if step > 0 else -1]
        return None

    def number(self, text: str, offset: int) -> int:
        """The number of a match among all, from 1."""
        before = 0
        for name, offsets in self.offsets.items():
            if name == text:
                return before + bisect_left(offsets, offset) + 1
            before += len(offsets)
        return 0
