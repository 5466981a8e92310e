"""Reading a goal's ledger: its end for the next line, the whole for its history."""

from __future__ import annotations

import io
import os

from omk_tui.core.layout import LEDGER_FILE
from omk_tui.core.ledger import LedgerEntry, line_hash, read_ledger
from omk_tui.core.review import LedgerTail, document_hash
from omk_tui.engine.folder import GoalFolder, Unreadable, read_up_to

MAX_LEDGER = 64 << 20
"""Bytes of the largest ledger that is read whole."""
MAX_WRITTEN = 256 << 20
"""Bytes of the largest file that is compared with what a decision wrote."""
_PIECE = 64 << 10


def ledger_tail(folder: GoalFolder) -> LedgerTail:
    """The end of the ledger, read backwards until its last line is whole. Nothing raises: a problem is told inside."""
    try:
        with folder.open(LEDGER_FILE) as file:
            return _tail_of(file)
    except Unreadable as error:
        return LedgerTail() if error.missing else LedgerTail(exists=True, problem=f"{LEDGER_FILE}: {error.reason}")
    except OSError as error:
        return LedgerTail(exists=True, problem=f"{LEDGER_FILE}: {Unreadable.of(error).reason}")


def _tail_of(file: io.FileIO) -> LedgerTail:
    start = os.fstat(file.fileno()).st_size
    end = b""
    while start > 0 and b"\n" not in end.rstrip(b"\n"):
        if len(end) > MAX_LEDGER:
            return LedgerTail(
                exists=True, problem=f"{LEDGER_FILE}: its last line is longer than {MAX_LEDGER >> 20} MiB"
            )
        length = min(start, max(_PIECE, len(end)))
        start -= length
        file.seek(start)
        end = read_up_to(file, length) + end
    last = end.rstrip(b"\n").rpartition(b"\n")[2]
    return LedgerTail(
        exists=True, torn=bool(end) and not end.endswith(b"\n"), previous=line_hash(last) if last else None
    )


def read_history(folder: GoalFolder) -> tuple[LedgerEntry, ...]:
    """Every decision of the ledger, oldest first, each checked against the chain. Raises Unreadable.

    A goal without a ledger has none.
    """
    try:
        data = folder.read(LEDGER_FILE, MAX_LEDGER)
    except Unreadable as error:
        if error.missing:
            return ()
        raise
    return read_ledger([line for line in data.split(b"\n") if line])


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
