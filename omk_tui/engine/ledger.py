"""Reading a goal's ledger: its end for the next line, the whole for its history."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import replace

from omk_tui.core.layout import INTEGRATION_FOLDER, LEDGER_FILE
from omk_tui.core.ledger import LedgerEntry, read_ledger
from omk_tui.core.review import LedgerTail, document_hash
from omk_tui.engine.folder import GoalFolder, Unreadable

MAX_LEDGER = 64 << 20
"""Bytes of the largest ledger that is read whole."""
MAX_WRITTEN = 256 << 20
"""Bytes of the largest file that is compared with what a decision wrote."""
_PIECE = 64 << 10


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
        found = find(os.pread(fd, end - start, start))
        if found:
            return start + found
        end = start
    return end


def _line_hash(fd: int, start: int, end: int) -> str:
    """As `core.ledger.line_hash`, of a line in a file, without its newline."""
    digest = hashlib.sha256()
    while piece := os.pread(fd, min(_PIECE, end - start), start):
        digest.update(piece)
        start += len(piece)
    return digest.hexdigest()


def read_history(folder: GoalFolder) -> tuple[LedgerEntry, ...]:
    """Every decision of the ledger, oldest first, each checked against the chain. Raises Unreadable.

    A goal without a ledger has none.
    """
    try:
        data = folder.read(LEDGER_FILE, MAX_LEDGER)
    except Unreadable as error:
        if error.missing and LEDGER_FILE.rpartition("/")[2] not in folder.names(INTEGRATION_FOLDER):
            return ()
        raise
    return read_ledger([line for line in data.split(b"\n") if line], (folder.name, *folder.real[-1:]))


def still_written(folder: GoalFolder, entry: LedgerEntry) -> tuple[tuple[str, bool], ...]:
    """For each file that a decision replaced: its path, and whether today's file is still what it wrote.

    Logs grow, so they are left out.
    """
    return tuple(
        (path, _hash_now(folder, path) == digest)
        for path, digest in entry.written.items()
        if not path.endswith(".jsonl")
    )


def _hash_now(folder: GoalFolder, path: str) -> str:
    try:
        return document_hash(folder.read(path, MAX_WRITTEN))
    except Unreadable:
        return ""
