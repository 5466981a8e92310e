"""omk.db: the rows of table `goals`, read without a trace and written as omk writes them (STATE-FORMAT 7)."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from omk_tui.core.goal_row import COLUMNS, Cell
from omk_tui.engine.database_image import look
from omk_tui.engine.schema import MIGRATIONS

WRITE_PATIENCE = 5.0
"""Seconds that a write waits for somebody else's lock, as omk does."""
_PAUSE = 0.01
_MOST_ERRORS = 2
"""An error that passes by is none."""

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM goals"
_UPSERT = (
    f"INSERT INTO goals ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT(goal_id) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in COLUMNS[1:])}"
)
# The query of omk's list, and the SQLite types without which it fails as a whole (STATE-FORMAT 5.3).
_LIST_TYPES = (
    ("goal_id", str),
    ("status", str),
    ("phase", str),
    ("goal_text", str),
    ("created_at", int),
    ("updated_at", int),
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

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Rows:
    """All rows of table `goals`, and why they could not be read (empty when they could, or there is no database)."""

    rows: tuple[Row, ...] = ()
    problem: str = ""
    exists: bool = False

    def of(self, goal_id: str) -> Row | None:
        """The row of that goal id."""
        return self._by_id.get(goal_id)

    @cached_property
    def _by_id(self) -> dict[Cell, Row]:
        return {row.get("goal_id"): row for row in self.rows}

    @property
    def listable(self) -> bool:
        """Whether omk's list can query these rows: one cell of a wrong type fails it for all."""
        return not self.problem and all(type(row[column]) is kind for row in self.rows for column, kind in _LIST_TYPES)


def read_rows(path: str) -> Rows:
    """The rows of the database at `path`. Nothing is created and nothing is left behind.

    A database that cannot be read gives its problem in words, as omk itself would only warn.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Rows(problem=f"{path} is not a regular file, and is not opened", exists=True)
    except FileNotFoundError:
        return Rows()
    except OSError as error:
        return Rows(problem=f"{path}: {os.strerror(error.errno or 0)}", exists=True)
    try:
        return Rows(look(path, _all_rows), exists=True)
    except (sqlite3.Error, OSError, UnicodeError) as error:  # a damaged schema makes a message that is not UTF-8
        return Rows(problem=f"{path} could not be read: {error}", exists=True)


def _all_rows(connection: sqlite3.Connection) -> tuple[Row, ...]:
    connection.text_factory = _text
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < 0:
        raise sqlite3.DatabaseError(f"its user_version is {version}")
    if _is_new(connection):
        return ()
    return tuple(dict(zip(COLUMNS, row, strict=True)) for row in connection.execute(_SELECT))


def _is_new(connection: sqlite3.Connection) -> bool:
    """Whether the database has nothing in it yet; omk makes its tables when it opens one."""
    is_first: bool = connection.execute("PRAGMA user_version").fetchone()[0] == 0
    return is_first and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0


def upsert_row(path: str, row: Row) -> str:
    """Insert or overwrite one goal's row, making or migrating the database as omk does.

    Returns what went wrong, or the empty string: for omk a database that cannot be written is only a warning.
    A full or failing disk is more than that: it raises OSError, so that the row is written when the disk takes it.
    """
    errors, deadline = 0, time.monotonic() + WRITE_PATIENCE
    while True:
        try:
            if os.path.lexists(path) and not stat.S_ISREG(os.stat(path).st_mode):
                return f"{path} is not a regular file"
            with _connect(path, "mode=rwc", WRITE_PATIENCE) as connection:
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
    uri = f"file:{quote(os.path.abspath(path))}?{option}"
    with closing(sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)) as connection:
        connection.text_factory = _text
        connection.execute("PRAGMA foreign_keys = 1")
        yield connection


def _text(raw: bytes) -> str | bytes:
    """A text cell; bytes that are not UTF-8 stay bytes, which makes the row unusable, as it is for omk."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
