"""Reading what belongs together: freely while nobody writes, else under the goal's lock."""

from __future__ import annotations

from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.goal_lock import Locked, goal_lock
from omk_tui.engine.files.watch import record_signature

TYPE_CHECKING = False  # as in typing, which takes longer to import than this module
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")
    Read = Callable[[str], T]
    """Reads the goal; it is given why a decision stands unfinished there, or the empty string."""

PATIENCE = 1.0
"""Seconds that a reader waits for a living decider before it says so."""
_FREE_READINGS = 3
_HELD_READINGS = 10


def read_steadily(
    folder: GoalFolder,
    read: Read[T],
    *,
    free: Callable[[], str],
    held: Callable[[], str],
    given_up: Callable[[Locked], str],
) -> T:
    """What was read at one moment, between two decisions.

    `free`, `held` and `given_up` say why a decision stands unfinished: before a free reading, under the lock, and when
    the lock stays somebody else's. A file system without locks is read as it is.
    """
    for _ in range(_FREE_READINGS):
        unfinished = free()
        before = record_signature(folder.fd)
        result = read(unfinished)
        after = record_signature(folder.fd)
        if after == before and (unfinished or after.journal is None):
            return result
    try:
        with goal_lock(folder, patience=PATIENCE):
            return read_held(folder, read, held())
    except Locked as error:
        return read(given_up(error))
    except OSError:
        return read(free())


def read_held(folder: GoalFolder, read: Read[T], unfinished: str = "") -> T:
    """As `read_steadily`, when the goal's lock is held: omk does not know it, so while omk writes it is read again."""
    left = _HELD_READINGS
    while True:
        left -= 1
        before = record_signature(folder.fd)
        result = read(unfinished)
        if not left or record_signature(folder.fd) == before:
            return result
