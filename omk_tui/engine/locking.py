"""One decider at a time: a lock on the goal directory itself, and a note on who holds it.

The lock leaves no file and dies with its process. The note is kept in omk-tui's own state folder and serves the
message only; a missing or stale note changes nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from omk_tui.core.printable import printable
from omk_tui.engine.folder import GoalFolder
from omk_tui.engine.own_state import note_path

_PAUSE = 0.005
_SOMEBODY = "another program"


class Locked(Exception):
    """Somebody else holds the lock of the goal; the message says who and since when, where that is known."""


@contextmanager
def goal_lock(folder: GoalFolder, who: str = "", *, patience: float = 0.0) -> Iterator[None]:
    """Hold the goal's lock, waiting at most `patience` seconds for it; `who` is noted for others while it is held.

    Raises Locked when it stays held, OSError when the file system has no such lock (then nothing may be decided).
    """
    deadline = time.monotonic() + patience
    while not _taken(folder):
        if time.monotonic() >= deadline:
            raise Locked(holder(folder))
        time.sleep(_PAUSE)
    note = note_path(folder.real, os.environ) if who else ""
    try:
        if note:
            with suppress(OSError):
                _write_note(note, who)
        yield
    finally:
        if note:
            with suppress(OSError):
                os.unlink(note)
        _give_back(folder)


def holder(folder: GoalFolder) -> str:
    """Who holds the lock and since when, as far as a note says so: ``kim@host (process 12) since 2026-…``."""
    try:
        with open(note_path(folder.real, os.environ), encoding="utf-8") as file:
            note = json.loads(file.read(4096))
        text = f"{note['who']} (process {note['pid']}) since {note['since']}"
        is_old = not _is_alive(note["pid"])
    except (OSError, OverflowError, ValueError, LookupError, TypeError):
        return _SOMEBODY
    return _SOMEBODY if is_old else printable(text, 200)


def is_locked(folder: GoalFolder) -> bool:
    """Whether somebody holds the lock at this moment."""
    try:
        taken = _taken(folder)
    except OSError:
        return False
    if taken:
        _give_back(folder)
    return not taken


def _taken(folder: GoalFolder) -> bool:
    """Take the lock if it is free. Raises OSError."""
    try:
        fcntl.flock(folder.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _give_back(folder: GoalFolder) -> None:
    # Closing the folder gives the lock back too, so an error here must not hide how the decision ended.
    with suppress(OSError):
        fcntl.flock(folder.fd, fcntl.LOCK_UN)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _write_note(path: str, who: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        json.dump({"who": who, "pid": os.getpid(), "since": since}, file)
