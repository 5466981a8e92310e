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

from omk_tui.core.text.printable import printable
from omk_tui.engine.files import app_state
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.processes import process_exists

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
    try:
        if who:
            with suppress(OSError):
                _write_note(folder, who)
        yield
    finally:
        if who:
            with suppress(OSError):
                app_state.remove_note(folder.real, os.environ)
        _give_back(folder)


def holder(folder: GoalFolder) -> str:
    """Who holds the lock and since when, as far as a note says so: ``kim@host (process 12) since 2026-…``."""
    try:
        note = json.loads(app_state.read_note(folder.real, os.environ))
        text = f"{note['who']} (process {note['pid']}) since {note['since']}"
        is_old = not process_exists(note["pid"])
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


def _write_note(folder: GoalFolder, who: str) -> None:
    """Raises OSError."""
    since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    note = json.dumps({"who": who, "pid": os.getpid(), "since": since})
    app_state.write_note(folder.real, note.encode("utf-8", "surrogateescape"), os.environ)
