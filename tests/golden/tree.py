"""Photographs: every name, byte, mode and link below a directory, and the rows of omk's database."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.golden.case import Row


@dataclass(frozen=True)
class Entry:
    """One name in a tree. `content`: a file's bytes, a link's target; empty for anything else."""

    kind: Literal["file", "directory", "link", "special"]
    mode: int
    content: bytes = b""


Tree = Mapping[str, Entry]
"""Name relative to the top (directories end in `/`, the top itself is `./`) -> what is there."""


def photograph(top: Path) -> Tree:
    """Everything below `top`. Links are recorded, not followed."""
    tree: dict[str, Entry] = {"./": Entry("directory", stat.S_IMODE(top.lstat().st_mode))}
    _walk(os.fsencode(top), "", tree)
    return tree


def _walk(folder: bytes, prefix: str, tree: dict[str, Entry]) -> None:
    for entry in os.scandir(folder):
        name = prefix + os.fsdecode(entry.name)
        status = entry.stat(follow_symlinks=False)
        mode = stat.S_IMODE(status.st_mode)
        if stat.S_ISDIR(status.st_mode):
            tree[name + "/"] = Entry("directory", mode)
            _walk(entry.path, name + "/", tree)
        elif stat.S_ISLNK(status.st_mode):
            # The mode of a link says nothing on Linux.
            tree[name] = Entry("link", 0o777, os.readlink(entry.path))
        elif stat.S_ISREG(status.st_mode):
            with open(entry.path, "rb") as file:
                tree[name] = Entry("file", mode, file.read())
        else:
            tree[name] = Entry("special", mode)


@dataclass(frozen=True)
class Database:
    """What table `goals` says. The order of rows means nothing: they are sorted by goal id."""

    user_version: int
    rows: tuple[Row, ...]


def read_database(path: Path) -> Database | None:
    """The rows of an omk database; None when there is no database that can be read."""
    if not path.is_file():
        return None
    connection = sqlite3.connect(path, timeout=10)
    try:
        connection.row_factory = sqlite3.Row
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        rows = [dict(row) for row in connection.execute("SELECT * FROM goals")]
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    return Database(version, tuple(sorted(rows, key=lambda row: str(row.get("goal_id")))))
