"""Where a log says what failed: the line of the assertion itself, else the name of what failed, else a word for it.

Knows the shapes of pytest, cargo, go, jest and npm, TAP and compilers.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

_COLOURS = rb"^(?:\x1b\[[0-9;]*+m)*+"
_ASSERTION = re.compile(
    _COLOURS
    + rb"(?:"
    + rb"|".join(
        (
            rb">? {1,}assert\b",  # pytest: the line of the test
            rb"E {2,}\S",  # pytest: what it says of it
            rb"thread '[^'\n]*'[^\n]{0,40} panicked at\b",  # cargo
            rb"panic: ",  # go
            rb"[ \t]*--- FAIL: ",  # go: its reason stands below
            rb"[ \t]+\S+_test\.go:\d+: ",
            rb"[ \t]*not ok \d+",  # TAP
            rb"[ \t]*\xe2\x97\x8f ",  # jest: a black circle before the test's name
            rb"[ \t]*[A-Za-z_.]*(?:Error|Exception)(?: \[\w+\])?: ",  # an exception and its message
            rb"error(?:\[E\d+\])?: ",  # rustc
            rb"[^\s:]+:\d+(?::\d+)?: (?:fatal )?error\b",  # gcc, clang, mypy
            rb"[^\s(]+\(\d+,\d+\): error\b",  # tsc
        )
    )
    + rb")",
    re.MULTILINE,
)
_NAME = re.compile(
    _COLOURS
    + rb"(?:FAILED\b|FAIL\b|test [^\n]{1,200} \.\.\. FAILED|npm ERR!|npm error |"
    + rb"[ \t]*\xe2\x9c\x97 |[ \t]*\xe2\x9c\x95 )",
    re.MULTILINE,
)
_WORD = re.compile(rb"(?<!\b0 )\b(?:error|errors|fail|failed|failure|failures|panic|panicked)\b", re.IGNORECASE)

_BY_RANK = (_ASSERTION, _NAME, _WORD)
ASSERTION, NONE = 0, len(_BY_RANK)
"""The best rank of a line, and the one of a line that tells of no failure."""
SEARCHED = 16 << 20
"""Bytes at each end of a log in which the failing line is looked for."""
_PIECE = 256 << 10
_LINES_BEFORE, _LINES_AFTER = 3, 3
_AROUND = 4 << 10
"""Bytes on each side in which the lines of an excerpt are."""


class Failure(NamedTuple):
    """A line that tells of a failure. The lower `rank` is, the nearer to the cause; `offset` is a byte inside it."""

    rank: int
    offset: int


def first_failure(data: bytes, better_than: int = NONE) -> Failure | None:
    """The first of the best lines in whole lines of a log, or None where none has a lower rank than `better_than`."""
    for rank, shape in enumerate(_BY_RANK[:better_than]):
        if match := shape.search(data):
            return Failure(rank, match.end() - 1)
    return None


async def first_failure_in(read: Callable[[int, int], Awaitable[bytes]], size: int) -> int | None:
    """The offset of the line that tells best what failed, in the first and the last part of a log of `size` bytes.

    `read` gives the bytes from an offset on, at most so many.
    """
    best: Failure | None = None
    for low, high in ((0, min(size, SEARCHED)), (max(size - SEARCHED, SEARCHED), size)):
        at = low
        while at < high and (best is None or best.rank > ASSERTION):
            data = await read(at, min(_PIECE, high - at))
            if not data:
                break
            lines = data[: data.rfind(b"\n") + 1] or data
            better = first_failure(lines, NONE if best is None else best.rank)
            if better is not None:
                best = Failure(better.rank, at + better.offset)
            at += len(lines)
    return None if best is None else best.offset


def failure_excerpt(outputs: Sequence[str]) -> list[str]:
    """The lines around the one that tells best what failed, without blank ones; empty where no output has such a line.

    Of outputs that tell it equally well the first counts.
    """
    best: tuple[Failure, bytes] | None = None
    for output in outputs:
        data = output.encode("utf-8", "replace")
        failure = first_failure(data, NONE if best is None else best[0].rank)
        if failure is not None:
            best = failure, data
    if best is None:
        return []
    failure, data = best
    begin = data.rfind(b"\n", 0, failure.offset) + 1
    before = [line for line in data[max(begin - _AROUND, 0) : begin].split(b"\n") if line.strip()]
    after = [line for line in data[begin : begin + _AROUND].split(b"\n") if line.strip()]
    lines = (*before[-_LINES_BEFORE:], *after[: _LINES_AFTER + 1])
    return [line.decode("utf-8", "replace").rstrip() for line in lines]


def tells_failure(line: str) -> bool:
    """Whether a line of a log is one that tells what failed, or its name; a mere word does not count."""
    data = line.encode("utf-8", "replace")
    return bool(_ASSERTION.match(data) or _NAME.match(data))
