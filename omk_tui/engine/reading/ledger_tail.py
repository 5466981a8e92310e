"""The end of a goal's ledger: what the next line is bound to, and what the last one says."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.review.goal_review import LedgerTail
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.light.dataclass import replace
from omk_tui.light.late import hashlib

MAX_LEDGER = 64 << 20
"""Bytes of the largest ledger that is read whole."""
MAX_LINE = 256 << 10
"""Bytes of the last line up to which what it says is read."""
_PIECE = 64 << 10


def last_line(folder: GoalFolder) -> bytes:
    """The last line of the ledger without its newline; empty where there is none, or it is longer than `MAX_LINE`."""
    try:
        with folder.open(LEDGER_FILE) as file:
            fd, size = file.fileno(), os.fstat(file.fileno()).st_size
            data = os.pread(fd, MAX_LINE, max(0, size - MAX_LINE)).rstrip(b"\n")
    except (Unreadable, OSError):
        return b""
    _, newline, line = data.rpartition(b"\n")
    return line if newline or size <= MAX_LINE else b""


def ledger_tail(folder: GoalFolder) -> LedgerTail:
    """The end of the ledger, found backwards from its end. Nothing raises: a problem is told inside."""
    return replace(_tail(folder), goal_id=folder.real_name)


def _tail(folder: GoalFolder) -> LedgerTail:
    try:
        with folder.open(LEDGER_FILE) as file:
            return _tail_of(file)
    except Unreadable as error:
        return LedgerTail() if error.missing else LedgerTail(exists=True, problem=f"{LEDGER_FILE}: {error.reason}")
    except OSError as error:
        return LedgerTail(exists=True, problem=f"{LEDGER_FILE}: {Unreadable.of(error).reason}")


def _tail_of(file: io.FileIO) -> LedgerTail:
    """As `ledger_tail`. Raises OSError."""
    fd = file.fileno()
    size = os.fstat(fd).st_size
    end = _rfind(fd, size, lambda piece: len(piece.rstrip(b"\n")))
    start = _rfind(fd, end, lambda piece: piece.rfind(b"\n") + 1)
    if size - start > MAX_LEDGER:
        return LedgerTail(exists=True, problem=f"{LEDGER_FILE}: its last line is longer than {MAX_LEDGER >> 20} MiB")
    return LedgerTail(exists=True, torn=0 < end == size, previous=_line_hash(fd, start, end) if end else None)


def _rfind(fd: int, end: int, find: Callable[[bytes], int]) -> int:
    """The last place before `end` where `find` finds something in a piece (0: nothing), at most MAX_LEDGER away."""
    least = max(0, end - MAX_LEDGER - 1)
    while end > least:
        start = max(0, end - _PIECE)
        line_start = find(os.pread(fd, end - start, start))
        if line_start:
            return start + line_start
        end = start
    return end


def _line_hash(fd: int, start: int, end: int) -> str:
    """As `core.ledger.line_hash`, of a line in a file, without its newline."""
    digest = hashlib.sha256()
    while piece := os.pread(fd, min(_PIECE, end - start), start):
        digest.update(piece)
        start += len(piece)
    return digest.hexdigest()
