"""omk.db: the row of a goal, written as omk writes it (STATE-FORMAT 7)."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from omk_tui.core.records.goal_row import COLUMNS
from omk_tui.engine.database.goals_table import STEPS, Row
from omk_tui.engine.database.image import SIDE_FILES, database_uri
from omk_tui.engine.database.schema import MIGRATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

WRITE_PATIENCE = 5.0
"""Seconds that a write waits for somebody else's lock, as omk does."""
_PAUSE = 0.01
_MOST_ERRORS = 2
"""An error that passes by is none."""

_UPSERT = (
    f"INSERT INTO goals ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT(goal_id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)
# What SQLite says of a disk that is full or fails, as an error number.
_NOT_WRITTEN = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_WRITE: errno.EIO,
    sqlite3.SQLITE_IOERR_FSYNC: errno.EIO,
    sqlite3.SQLITE_IOERR_DIR_FSYNC: errno.EIO,
    sqlite3.SQLITE_IOERR_TRUNCATE: errno.EIO,
    sqlite3.SQLITE_IOERR_SHMSIZE: errno.ENOSPC,
}


def upsert_row(path: str, row: Row) -> str:
    """Insert or overwrite one goal's row, making or migrating the database as omk does.

    Returns what went wrong, or the empty string: for omk a database that cannot be written is only a warning.
    A full or failing disk is more than that: it raises OSError, so that the row is written when the disk takes it.
    """
    errors, deadline = 0, time.monotonic() + WRITE_PATIENCE
    while True:
        try:
            odd = _odd_file(path)
            if odd:
                return f"{odd} is not a regular file"
            with _connect(path, "mode=rwc", WRITE_PATIENCE) as connection:
                # A trigger that somebody wrote into the database does not run for longer than a lock is waited for.
                connection.set_progress_handler(lambda: time.monotonic() >= deadline, STEPS)
                _migrate(connection)
                _sync_once(connection)
                connection.execute(_UPSERT, [row[column] for column in COLUMNS])
            _sync_log(path)
        except (sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
            if code in _NOT_WRITTEN:
                raise OSError(_NOT_WRITTEN[code], str(error), path) from None
            # SQLite waits for most locks by itself, but not for the one that begins a write-ahead log.
            is_busy = code & 0xFF == sqlite3.SQLITE_BUSY
            errors += not is_busy
            if time.monotonic() >= deadline if is_busy else errors == _MOST_ERRORS:
                return f"{path} could not be written: {error}"
            time.sleep(_PAUSE)
        else:
            return ""


def _odd_file(path: str) -> str:
    """The first of the files that SQLite would open which is none: it would wait for ever on a FIFO."""
    if os.path.lexists(path) and not stat.S_ISREG(os.stat(path).st_mode):
        return path
    for suffix in SIDE_FILES:
        beside = os.path.realpath(path) + suffix
        if os.path.lexists(beside) and not stat.S_ISREG(os.lstat(beside).st_mode):
            return beside
    return ""


def _sync_once(connection: sqlite3.Connection) -> None:
    """Leave the sync of a write-ahead log to its end: `_sync_log` or the checkpoint at closing does it."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        connection.execute("PRAGMA synchronous = NORMAL")


def _sync_log(path: str) -> None:
    """Make a row durable that is still in the write-ahead log, because others have the database open."""
    try:
        fd = os.open(f"{path}-wal", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(fd)
    finally:
        os.close(fd)


def write_rows(root: Path, rows: Sequence[Row]) -> None:
    """Make ROOT/omk.db with omk's schema and insert `rows`; columns that a row lacks are NULL. Raises sqlite3.Error."""
    with _connect(str(root / "omk.db"), "mode=rwc", WRITE_PATIENCE) as connection:
        _migrate(connection)
        for row in rows:
            connection.execute(_UPSERT, [row.get(column) for column in COLUMNS])


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < 0:
        raise sqlite3.DatabaseError(f"its user_version is {version}")
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {number}")


@contextmanager
def _connect(path: str, option: str, patience: float) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(database_uri(path, option), uri=True, timeout=patience, isolation_level=None)
    ) as connection:
        connection.execute("PRAGMA foreign_keys = 1")
        yield connection
