"""Reading a goal's whole ledger for its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

from omk_tui.core.records.file_names import INTEGRATION_FOLDER, LEDGER_FILE
from omk_tui.core.records.ledger_entries import LedgerEntry, read_ledger
from omk_tui.core.review.goal_review import document_hash
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.reading.ledger_tail import MAX_LEDGER

MAX_WRITTEN = 256 << 20
"""Bytes of the largest file that is compared with what a decision wrote."""

_MOST_COMPARED = 20
"""Decisions of which the files are compared with those of today."""


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


def readable_history(folder: GoalFolder) -> tuple[LedgerEntry, ...]:
    """As `read_history`; none where the ledger cannot be read."""
    try:
        return read_history(folder)
    except Unreadable:
        return ()


def still_written(folder: GoalFolder, entry: LedgerEntry) -> tuple[tuple[str, bool], ...]:
    """For each file that a decision replaced: its path, and whether today's file is still what it wrote.

    Logs grow, so they are left out.
    """
    return _compared(entry, partial(_hash_now, folder))


def _compared(entry: LedgerEntry, hash_now: Callable[[str], str]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (path, hash_now(path) == digest) for path, digest in entry.written.items() if not path.endswith(".jsonl")
    )


def written_now(folder: GoalFolder, entries: Sequence[LedgerEntry]) -> dict[int, dict[str, bool]]:
    """`still_written` of the newest decisions, by their numbers; a file that several wrote is read once."""
    hash_now = cache(partial(_hash_now, folder))
    return {entry.number: dict(_compared(entry, hash_now)) for entry in entries[-_MOST_COMPARED:]}


def _hash_now(folder: GoalFolder, path: str) -> str:
    try:
        return document_hash(folder.read(path, MAX_WRITTEN))
    except Unreadable:
        return ""
