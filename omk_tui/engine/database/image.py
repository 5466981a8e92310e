"""A database opened for a look that leaves no trace: nothing is created, checkpointed, locked or removed beside it.

SQLite itself cannot look at a database in WAL mode without side files, and the last reader of a left-over log folds
it into the database. So a database that stands alone is opened as immutable, and one with a journal or log of its own
is read from a private copy. Somebody who writes in between is noticed, and it is read again.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from omk_tui.light.late import sqlite3, tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

LARGEST = 512 << 20
"""Bytes of the largest database that is copied, its journal or log included."""
_COPIED = ("-wal", "-journal")
SIDE_FILES = (*_COPIED, "-shm")
"""What SQLite adds to the name of a database for the files that it keeps beside it."""
_TRIES = 5
_PAUSE = 0.05
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

Stamp = tuple[tuple[int, int, int, int] | None, ...]


def look(path: str, read: Callable[[sqlite3.Connection], T]) -> T:
    """What `read` makes of the database at `path`, a regular file.

    Raises sqlite3.Error, OSError, or UnicodeError, when the database is so damaged that not even SQLite's message on
    it is text.
    """
    for last in (False,) * (_TRIES - 1) + (True,):
        before = _stamp(path)
        try:
            with _opened(path, before) as connection:
                result = read(connection)
        except (sqlite3.Error, OSError, UnicodeError):
            if last or _stamp(path) == before:
                raise
        else:
            if last or _stamp(path) == before:
                return result
        time.sleep(_PAUSE)
    raise AssertionError("the last try returns or raises")


@contextmanager
def _opened(path: str, stamp: Stamp) -> Iterator[sqlite3.Connection]:
    beside = [suffix for suffix, status in zip(_COPIED, stamp[1:], strict=True) if status is not None and status[2]]
    if not beside:
        with _connected(path, "mode=ro&immutable=1") as connection:
            yield connection
        return
    size = sum(status[2] for status in stamp if status is not None)
    if size > LARGEST:
        raise OSError(f"with its {' and '.join(beside)} file it is larger than {LARGEST >> 20} MiB")
    with tempfile.TemporaryDirectory(prefix="omk-tui-") as folder:
        copy = os.path.join(folder, "copy")
        room = LARGEST
        for suffix in ("", *beside):
            room -= _copy(path + suffix, copy + suffix, room)
        with _connected(copy, "mode=rw") as connection:
            yield connection


@contextmanager
def _connected(path: str, option: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_uri(path, option), uri=True, isolation_level=None)) as connection:
        yield connection


def database_uri(path: str, option: str) -> str:
    """How SQLite is told to open a database, with an option such as ``mode=ro``."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}?{option}"


def _copy(source: str, target: str, most: int) -> int:
    """Copy a regular file of at most so many bytes; how many it had. Raises OSError."""
    size = 0
    with os.fdopen(os.open(source, _OPEN), "rb") as file, open(target, "xb") as copy:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{source} is not a regular file")
        while piece := file.read(1 << 20):
            size += len(piece)
            if size > most:
                raise OSError(f"{source} grows while it is copied")
            copy.write(piece)
    return size


def _stamp(path: str) -> Stamp:
    """Device, inode, size and modification time of the database and of each file that may stand beside it."""
    return tuple(_file_stamp(path + suffix) for suffix in ("", *_COPIED))


def _file_stamp(path: str) -> tuple[int, int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
