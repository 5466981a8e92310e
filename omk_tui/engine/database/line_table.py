"""Texts that can be computed again, by goal, in a small SQLite database in omk-tui's own cache folder.

Whoever asks must be able to do without: a database that is missing, damaged, busy or not to be written is an empty one.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress

from omk_tui.core.format.omk_json import has_lone_surrogate
from omk_tui.engine.files import open_flags
from omk_tui.engine.files.own_folder import forget_oldest, own_folder
from omk_tui.light.late import sqlite3
from omk_tui.light.pattern import pattern

LARGEST_DATABASE = 512 << 20
"""Bytes of a database above which it is begun anew."""
LARGEST_TEXT = 64 << 10
"""Characters of the longest text that is kept."""
MOST_DATABASES = 16
"""How many databases stay in the folder: those used last."""

_DATABASE_NAME = pattern(r".*\.sqlite")
_TABLE = "CREATE TABLE IF NOT EXISTS texts (name TEXT PRIMARY KEY, stamp BLOB, text TEXT) WITHOUT ROWID"
_PATIENCE = 0.2
_SECONDS = 5.0
"""For which the database may be read: whoever may write it may have put anything there."""

Entry = tuple[bytes, str]
"""A stamp, which tells whether the text still holds, and the text."""


def cache_folder(environ: Mapping[str, str]) -> str:
    """omk-tui's own cache folder: below XDG_CACHE_HOME, else below ``~/.cache``."""
    return own_folder(environ, "XDG_CACHE_HOME", ".cache")


class LineTable:
    """One database of texts. Nothing raises; what cannot be read is not there, what cannot be written is lost."""

    def __init__(self, path: str) -> None:
        """The database at `path`, which need not exist."""
        self._path = path

    def read(self) -> dict[str, Entry]:
        """Every text by its name, with its stamp. The caller checks both: any program of this user may write there."""
        entries: dict[str, Entry] = {}
        with suppress(sqlite3.Error, OSError, UnicodeError):
            self._check()
            with closing(self._connect()) as connection:
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * LARGEST_TEXT)
                deadline = time.monotonic() + _SECONDS
                connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
                for name, stamp, text in connection.execute("SELECT name, stamp, text FROM texts"):
                    if type(name) is str and type(stamp) is bytes and type(text) is str:
                        entries[name] = (stamp, text)
        return entries

    def write(self, entries: Mapping[str, Entry], gone: Iterable[str]) -> None:
        """Put these texts in the place of older ones, and forget those of the names that are gone."""
        rows = [
            (name, *entry)
            for name, entry in entries.items()
            if len(entry[1]) <= LARGEST_TEXT and not has_lone_surrogate(name)
        ]
        names = [(name,) for name in gone]
        if not rows and not names:
            return
        with suppress(OSError):
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
        with suppress(OSError, UnicodeError):
            self._check(remove=True)
            try:
                self._put(rows, names)
            except sqlite3.DatabaseError as error:
                if _passes(error):
                    return  # the next list tries again
                os.unlink(self._path)  # no database, or a damaged one
                with suppress(sqlite3.Error):
                    self._put(rows, names)
        with suppress(OSError):
            os.utime(self._path)
            folder = os.open(os.path.dirname(self._path), open_flags.FOLDER)
            try:
                forget_oldest(folder, _DATABASE_NAME, MOST_DATABASES)
            finally:
                os.close(folder)

    def _put(self, rows: list[tuple[str, bytes, str]], names: list[tuple[str]]) -> None:
        """Raises sqlite3.Error."""
        with closing(self._connect()) as connection, connection:
            connection.execute(_TABLE)
            connection.executemany("DELETE FROM texts WHERE name = ?", names)
            connection.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_PATIENCE)
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA synchronous = OFF")  # what a crash takes away is computed again
        return connection

    def _check(self, *, remove: bool = False) -> None:
        """Raises OSError unless the database is a regular file of ours and not too large, or may be made."""
        try:
            status = os.lstat(self._path)
        except FileNotFoundError:
            if remove:
                return
            raise
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise OSError(f"{self._path} is no file of ours")
        if status.st_size > LARGEST_DATABASE:
            if not remove:
                raise OSError(f"{self._path} is too large")
            os.unlink(self._path)


def _passes(error: sqlite3.Error) -> bool:
    """Whether the database may be sound: it is busy, or there is no room or no right to write."""
    passing = ("BUSY", "LOCKED", "FULL", "READONLY", "IOERR", "CANTOPEN", "INTERRUPT")
    return error.sqlite_errorname.removeprefix("SQLITE_").partition("_")[0] in passing
