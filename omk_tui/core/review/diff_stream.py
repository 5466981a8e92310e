"""The diffs of all runs as one stream to read: parts for runs and files, folded lines between hunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Literal

from omk_tui.core.review.diff import DiffLine, FilePatch, hunk_start
from omk_tui.light.dataclass import dataclass, replace

MOST_UNFOLDED = 5_000
"""Lines that one unfolding brings at most: those nearest to the hunk below."""
WHOLE_ROW = -2
"""In a row of two sides: the line takes the whole width."""

LONGEST_RUN = 500
"""Lines of a run of removed or added lines in which each is compared with the one that replaced it."""

_IN_HUNK = ("added", "removed", "context", "note")
_HAS_OLD_SIDE = ("changed", "renamed", "copied")
_CONTEXT = 3
"""Unchanged lines that git puts before and behind a change where nobody asks for others."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the stream says of a run or of a file, under one heading.

    `key` is that of its row beside the stream. `facts` are sentences to be read before the lines. `lines` are the
    patch's without git's repetitions of the name, with a `fold` for each group of unchanged lines that the diff leaves
    out; `patch` is None where there is no diff.
    """

    key: str
    kind: Literal["run", "file"]
    title: str
    facts: tuple[str, ...] = ()
    lines: tuple[DiffLine, ...] = ()
    patch: FilePatch | None = None

    @property
    def hunks(self) -> tuple[int, ...]:
        """Where the hunks begin in `lines`."""
        return tuple(at for at, line in enumerate(self.lines) if line.kind == "hunk")


@dataclass(frozen=True, slots=True)
class Stream:
    """Every part in the order of reading."""

    parts: tuple[Part, ...] = ()

    def number_of(self, key: str) -> int:
        """Which part has this key; -1 when none has."""
        return next((number for number, part in enumerate(self.parts) if part.key == key), -1)


def is_plumbing(line: DiffLine) -> bool:
    """Whether a line only repeats the file's name, as git's headers do."""
    return line.kind == "header" and line.text.startswith(("diff --git ", "index ", "--- ", "+++ "))


def stream_lines(patch: FilePatch) -> tuple[DiffLine, ...]:
    """A patch's lines to read, with folds between its hunks and one after the last where the old file goes on."""
    return tuple(_with_folds(patch))


def _with_folds(patch: FilePatch) -> Iterator[DiffLine]:
    old = new = 1
    for line in patch.lines:
        if is_plumbing(line):
            continue
        if line.kind == "hunk" and (start := hunk_start(line.text)):
            left_out = start[0] - old
            if left_out > 0:
                yield DiffLine("fold", str(left_out), old, new)
            old, new = start
        yield line
        if line.old is not None:
            old = line.old + 1
        if line.new is not None:
            new = line.new + 1
    if patch.change in _HAS_OLD_SIDE and patch.hunks and patch.blobs[0] and _may_go_on(patch):
        yield DiffLine("fold", "", old, new)


def _may_go_on(patch: FilePatch) -> bool:
    """Whether the file may have lines behind the last hunk: one that ends with less context than others ends the file.

    How much context there is tells the beginning of a hunk that does not begin the file; git's three lines where none
    does.
    """
    hunks = [patch.lines[start:end] for start, end in pairwise((*patch.hunks, len(patch.lines)))]
    if hunks[-1][-1].kind == "note":
        return False
    sizes = [_context(hunk[1:]) for hunk in hunks if (hunk_start(hunk[0].text) or (0, 0))[0] > 1]
    return _context(hunks[-1][:0:-1]) >= min(sizes, default=_CONTEXT)


def _context(lines: Sequence[DiffLine]) -> int:
    """How many lines of context there are before any other."""
    return next((at for at, line in enumerate(lines) if line.kind != "context"), len(lines))


def hunk_at(part: Part, at: int) -> tuple[DiffLine, ...]:
    """The hunk that line `at` of a part is in, as it stands in the diff, heading first; empty outside of hunks.

    The part's lines may be unfolded: lines that the diff leaves out belong to no hunk.
    """
    hunk: list[DiffLine] = []
    has_line = False
    for line in part.patch.lines if part.patch is not None else ():
        if line.kind in ("hunk", "header"):
            if has_line:
                break
            hunk = []
        if line.kind != "header":
            hunk.append(line)
            has_line = has_line or line is part.lines[at]
    return tuple(hunk) if has_line and hunk[0].kind == "hunk" else ()


def unfolded(lines: Sequence[DiffLine], at: int, old_file: str) -> tuple[DiffLine, ...] | str:
    """`lines` with the fold at `at` replaced by what it stands for, from the text of the file before the change.

    A sentence where that text is not the one that the diff was made from.
    """
    before = old_file.split("\n")
    if before[-1] == "":
        before.pop()
    for line in lines:
        if line.old is not None and line.kind in ("removed", "context") and line.text[1:] != _nth(before, line.old):
            return "the file in the repository is not the one that the diff was made from"
    fold = lines[at]
    old, new = fold.old or 1, fold.new or 1
    amount = int(fold.text) if fold.text else len(before) - old + 1
    kept = max(amount - MOST_UNFOLDED, 0) if fold.text else 0
    taken = amount if fold.text else min(amount, MOST_UNFOLDED)
    shown = [
        DiffLine("context", f" {_nth(before, old + number) or ''}", old + number, new + number)
        for number in range(kept, taken)
    ]
    rest = [DiffLine("fold", str(kept), old, new)] if kept else []
    more = [DiffLine("fold", "", old + taken, new + taken)] if not fold.text and taken < amount else []
    return (*lines[:at], *rest, *shown, *more, *lines[at + 1 :])


def _nth(lines: Sequence[str], number: int) -> str | None:
    return lines[number - 1] if 1 <= number <= len(lines) else None


def with_lines(part: Part, lines: tuple[DiffLine, ...]) -> Part:
    """The part with other lines: some of them unfolded."""
    return replace(part, lines=lines)


def sides(lines: Sequence[DiffLine]) -> tuple[tuple[int, int], ...]:
    """The rows of two sides: which line stands left and which right; -1 for none, `WHOLE_ROW` for all the width."""
    rows: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        kind = lines[at].kind
        if kind == "context":
            rows.append((at, at))
            at += 1
        elif kind in ("removed", "added"):
            middle = at
            while middle < len(lines) and lines[middle].kind == "removed":
                middle += 1
            end = middle
            while end < len(lines) and lines[end].kind == "added":
                end += 1
            rows.extend(zip_longest(range(at, middle), range(middle, end), fillvalue=-1))
            at = end
        else:
            rows.append((at, WHOLE_ROW))
            at += 1
    return tuple(rows)


def counterpart(lines: Sequence[DiffLine], at: int) -> int:
    """The line that a changed line replaced or was replaced by, in a run of as many removed as added; -1 for none.

    There is none in a run of more than `LONGEST_RUN` lines: who replaced whom would be a guess there.
    """
    kind = lines[at].kind
    if kind not in ("removed", "added"):
        return -1
    middle = _end_of(lines, at, kind) if kind == "removed" else _start_of(lines, at, kind)
    size = middle - _start_of(lines, middle, "removed")
    if not 0 < size <= LONGEST_RUN or _end_of(lines, middle, "added") - middle != size:
        return -1
    return at + size if kind == "removed" else at - size


def _start_of(lines: Sequence[DiffLine], end: int, kind: str) -> int:
    """Where a run of one kind begins that ends before `end`; too far away to matter where it is too long."""
    first = max(end - LONGEST_RUN - 1, 0)
    return next((at + 1 for at in range(end - 1, first - 1, -1) if lines[at].kind != kind), first)


def _end_of(lines: Sequence[DiffLine], start: int, kind: str) -> int:
    """Behind the end of a run of one kind that begins at `start`; too far away to matter where it is too long."""
    last = min(start + LONGEST_RUN + 1, len(lines))
    return next((at for at in range(start, last) if lines[at].kind != kind), last)


def hunk_ranges(lines: Sequence[DiffLine]) -> tuple[range, ...]:
    """The lines of each hunk in order, without its heading."""
    ranges = []
    start = -1
    for at, line in enumerate(lines):
        if line.kind not in _IN_HUNK:
            if start >= 0:
                ranges.append(range(start, at))
            start = -1
        elif start < 0:
            start = at
    return (*ranges, range(start, len(lines))) if start >= 0 else tuple(ranges)
