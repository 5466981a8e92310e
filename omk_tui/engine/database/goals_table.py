"""The rows of table `goals` of omk.db, read without a trace and within bounds (STATE-FORMAT 5.3, 7)."""

from __future__ import annotations

import heapq
import os
import stat
import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property

from omk_tui.core.format.omk_json import has_lone_surrogate
from omk_tui.core.records.goal_row import COLUMNS, Cell
from omk_tui.engine.database.image import look
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import sqlite3

READ_PATIENCE = 5.0
"""Seconds that one reading of the database may take."""
MOST_GHOSTS = 10_000
"""How many rows without a goal directory are given out: the newest."""
LARGEST_CELL = 16 << 20
"""Bytes of the largest cell that is read."""
STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock."""

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM goals"
# The query of omk's list, and the SQLite types without which it fails as a whole (STATE-FORMAT 5.3).
_SURVEY = "SELECT rowid, goal_id, status, phase, goal_text, created_at, updated_at FROM goals"
_LIST_TYPES = (str, str, str, str, int, int)

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Rows:
    """Rows of table `goals`, and why they could not be read (empty when they could, or there is no database).

    `listable` tells whether omk's list can query the table: one cell of a wrong type fails it for all. `left_out` is
    how many rows without a goal directory are not among `rows`.
    """

    rows: tuple[Row, ...] = ()
    problem: str = ""
    exists: bool = False
    listable: bool = False
    left_out: int = 0

    def of(self, goal_id: str) -> Row | None:
        """The row of that goal id."""
        return self._by_id.get(goal_id)

    @cached_property
    def _by_id(self) -> dict[Cell, Row]:
        return {row.get("goal_id"): row for row in self.rows}


def read_rows(path: str, names: Collection[str] = frozenset()) -> Rows:
    """The rows of the database at `path`: those of the goal directories `names`, and the newest of the others.

    Nothing is created and nothing is left behind. A database that cannot be read, or not within `READ_PATIENCE`, gives
    its problem in words, as omk itself would only warn.
    """
    return _read(path, lambda connection: _all_rows(connection, names))


def read_row(path: str, goal_id: str) -> Rows:
    """The row of one goal, in the same way; of the others nothing is known."""
    return _read(path, lambda connection: _one_row(connection, goal_id))


def _read(path: str, read: Callable[[sqlite3.Connection], Rows]) -> Rows:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Rows(problem=f"{path} is not a regular file, and is not opened", exists=True)
    except FileNotFoundError:
        return Rows(listable=True)
    except OSError as error:
        return Rows(problem=f"{path}: {os.strerror(error.errno or 0)}", exists=True)
    deadline = time.monotonic() + READ_PATIENCE
    try:
        return look(path, lambda connection: read(_bounded(connection, deadline)))
    except (sqlite3.Error, OSError, UnicodeError) as error:  # a damaged schema makes a message that is not UTF-8
        late = time.monotonic() >= deadline
        why = f"within {READ_PATIENCE:.0f} s" if late else f": {error}"
        return Rows(problem=f"{path} could not be read{' ' if late else ''}{why}", exists=True)


def _bounded(connection: sqlite3.Connection, deadline: float) -> sqlite3.Connection:
    """The connection, which ends whatever it does at the deadline, and takes no cell that would fill the memory."""
    connection.set_progress_handler(lambda: time.monotonic() >= deadline, STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_CELL)
    connection.execute("PRAGMA trusted_schema = 0")
    connection.text_factory = _text
    return connection


def _all_rows(connection: sqlite3.Connection, names: Collection[str]) -> Rows:
    if not _has_table(connection):
        return Rows(exists=True, listable=True)
    listable, left_out = True, 0
    chosen: list[int] = []
    ghosts: list[tuple[int, int]] = []
    for rowid, *cells in connection.execute(_SURVEY):
        listable = listable and tuple(map(type, cells)) == _LIST_TYPES
        if cells[0] in names:
            chosen.append(rowid)
            continue
        ghost = (cells[4] if isinstance(cells[4], int) else -1, rowid)
        if len(ghosts) < MOST_GHOSTS:
            heapq.heappush(ghosts, ghost)
        else:
            left_out += 1
            if ghost > ghosts[0]:
                heapq.heapreplace(ghosts, ghost)
    chosen += [rowid for _, rowid in ghosts]
    query = f"{_SELECT} WHERE rowid = ?"
    rows = (_row(cells) for rowid in sorted(chosen) for cells in connection.execute(query, (rowid,)))
    return Rows(tuple(rows), exists=True, listable=listable, left_out=left_out)


def _one_row(connection: sqlite3.Connection, goal_id: str) -> Rows:
    if not _has_table(connection):
        return Rows(exists=True)
    if has_lone_surrogate(goal_id):  # no text of a database is spelt so
        return Rows(exists=True)
    rows: tuple[Row, ...] = ()
    for cells in connection.execute(f"{_SELECT} WHERE goal_id = ?", (goal_id,)):
        row = _row(cells)
        if row["goal_id"] == goal_id:
            rows = (row,)
    return Rows(rows, exists=True)


def _row(cells: tuple[Cell, ...]) -> Row:
    return dict(zip(COLUMNS, cells, strict=True))


def _has_table(connection: sqlite3.Connection) -> bool:
    """Whether there is a table to be read: omk makes its tables when it opens a new database.

    Raises sqlite3.DatabaseError where something else goes by its name: a view computes whatever somebody wrote.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version < 0:
        raise sqlite3.DatabaseError(f"its user_version is {version}")
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        return False
    entry = connection.execute("SELECT type, rootpage FROM sqlite_schema WHERE lower(name) = 'goals'").fetchone()
    if entry is not None and (entry[0] != "table" or not entry[1]):
        raise sqlite3.DatabaseError("its `goals` is no ordinary table")
    return True


def _text(raw: bytes) -> str | bytes:
    """A text cell; bytes that are not UTF-8 stay bytes, which makes the row unusable, as it is for omk."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
