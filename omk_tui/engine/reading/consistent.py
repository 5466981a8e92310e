"""Reading what belongs together: freely while nobody writes, else under the goal's lock."""

from __future__ import annotations

from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.goal_lock import Locked, goal_lock
from omk_tui.engine.files.watch import record_signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")
    Read = Callable[[str], T]
    """Reads the goal; it is given why a decision stands unfinished there, or the empty string."""

PATIENCE = 1.0
"""Seconds that a reader waits for a living decider before it says so."""
_UNLOCKED_READINGS = 3
_LOCKED_READINGS = 10


def read_steadily(
    folder: GoalFolder,
    read: Read[T],
    *,
    unlocked: Callable[[], str],
    locked: Callable[[], str],
    refused: Callable[[Locked], str],
) -> T:
    """What was read at one moment, between two decisions.

    `unlocked`, `locked` and `refused` say why a decision stands unfinished: before a reading without the lock, under
    it, and when it stays somebody else's. A file system without locks is read as it is.
    """
    for _ in range(_UNLOCKED_READINGS):
        unfinished = unlocked()
        before = record_signature(folder.fd)
        result = read(unfinished)
        after = record_signature(folder.fd)
        if after == before and (unfinished or after.journal is None):
            return result
    try:
        with goal_lock(folder, patience=PATIENCE):
            return read_locked(folder, read, locked())
    except Locked as error:
        return read(refused(error))
    except OSError:
        return read(unlocked())


def read_locked(folder: GoalFolder, read: Read[T], unfinished: str = "") -> T:
    """As `read_steadily`, under the goal's lock: omk does not know it, so while omk writes it is read again."""
    remaining = _LOCKED_READINGS
    while True:
        remaining -= 1
        before = record_signature(folder.fd)
        result = read(unfinished)
        if not remaining or record_signature(folder.fd) == before:
            return result
