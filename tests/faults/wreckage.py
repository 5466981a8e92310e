"""What can stand in the place of a file of a goal, of the database, or beside them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import socket
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from omk_tui.core.records.file_names import JOURNAL_FILE
from omk_tui.core.records.goal_row import COLUMNS
from tests.faults.mutations import MUTATIONS, STRINGS

Wreck = Callable[[random.Random, Path, Path], None]
"""Damages the root (second argument) at one of its files (third argument)."""


def mutated(chance: random.Random, root: Path, path: Path) -> None:
    with suppress(RecursionError):  # what was nested too deep before stays as it is
        path.write_bytes(chance.choice(MUTATIONS)(chance, path.read_bytes()))


def gone(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()


def swapped(chance: random.Random, root: Path, path: Path) -> None:
    """The content of another file of the root, of this goal or another."""
    others = [other for other in sorted(root.rglob("*")) if other.is_file() and not other.is_symlink()]
    path.write_bytes(chance.choice(others).read_bytes())


def a_folder(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    path.mkdir(chance.choice((0o700, 0o755, 0o000)))


def a_fifo(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_socket(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as one:
        before = os.getcwd()
        os.chdir(path.parent)  # the name of a socket is short
        try:
            one.bind(path.name)
        finally:
            os.chdir(before)


def a_device(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, chance.choice((3, 5, 7))))
    except PermissionError:
        path.symlink_to(chance.choice(("/dev/null", "/dev/zero", "/dev/full")))


def a_link(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    targets = (
        path.name, "nowhere", "/etc/passwd", "/dev/zero", "/proc/self/mem", "../../../project", ".", "..", "goal.json",
        "proof.json", "task-graph.json", "../" * 40 + "etc/hostname", "/" + "a/" * 200, str(path.parent / "proof.json"),
    )  # fmt: skip
    path.symlink_to(chance.choice(targets))


def a_hard_link(chance: random.Random, root: Path, path: Path) -> None:
    path.unlink()
    other = chance.choice(
        [one for one in sorted(path.parent.iterdir()) if one.is_file() and not one.is_symlink()] or [root / "omk.db"]
    )
    os.link(other, path)


def closed(chance: random.Random, root: Path, path: Path) -> None:
    """Permission bits of the file or of a folder above it, up to the root."""
    above = [path, *path.parents]
    chance.choice(above[: above.index(root)]).chmod(chance.choice((0o000, 0o200, 0o400, 0o444, 0o500, 0o300, 0o777)))


def sparse(chance: random.Random, root: Path, path: Path) -> None:
    os.truncate(path, chance.choice((1 << 16, 9 << 20, 70 << 20, 3 << 30)))


def a_loop_of_folders(chance: random.Random, root: Path, path: Path) -> None:
    """A folder above the file becomes a link to itself or to one further up."""
    folder = path.parent
    if root in (folder, folder.parent):
        path.unlink()
        return
    shutil.rmtree(folder)
    folder.symlink_to(chance.choice((folder.name, "..", "../..", ".", "/", "artifacts")))


def beside(chance: random.Random, root: Path, path: Path) -> None:
    """Something new beside the goals, beside the database, or in the goal."""
    names: tuple[bytes, ...] = (
        b"goals/\xff\xfe", b"goals/" + b"n" * 255, b"goals/a\nb", b"goals/\x1b[2J", b"goals/.hidden", b"goals/latest",
        b"goals/-x", "goals/\u202eoolag".encode(), b"omk.db-wal", b"omk.db-journal", b"omk.db-shm",
    )  # fmt: skip
    new = os.path.join(os.fsencode(root), chance.choice(names))
    with suppress(FileExistsError):
        if b"goals/" in new and chance.random() < 0.8:
            os.mkdir(new)
            new = os.path.join(new, b"goal.json")
        with open(new, "xb") as file:
            file.write(chance.choice(MUTATIONS)(chance, path.read_bytes()))


def a_journal(chance: random.Random, root: Path, path: Path) -> None:
    """A journal of an enemy: garbage, the journal of a real decision mutated, or one with a right checksum."""
    goal = root / "goals" / path.relative_to(root).parts[1] if path.relative_to(root).parts[0] == "goals" else root
    real = (root.parent / "journal").read_bytes()
    if chance.random() < 0.5:
        data = chance.choice(MUTATIONS)(chance, real)
    else:
        body = chance.choice(MUTATIONS)(chance, real.partition(b"\n")[2])
        if chance.random() < 0.5:
            body = _forged(chance, real.partition(b"\n")[2])
        magic = chance.choice((b"omk-tui-journal/1",) * 8 + (b"omk-tui-journal/2", b""))
        data = magic + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body
    (goal / JOURNAL_FILE).write_bytes(data)


def _forged(chance: random.Random, body: bytes) -> bytes:
    document: dict[str, Any] = json.loads(body)
    entry = chance.choice(document["entries"])
    key = chance.choice(sorted(entry))
    values: tuple[object, ...] = (
        "../../omk.db",
        "/etc/passwd",
        "goal.json",
        -1,
        10**30,
        None,
        True,
        [],
        {},
        "",
        *STRINGS,
    )
    entry[key] = chance.choice(values)
    if chance.random() < 0.3:
        chance.shuffle(document["entries"])
    return json.dumps(document).encode()


def a_row(chance: random.Random, root: Path, path: Path) -> None:
    """A cell of the database holds something else."""
    values: tuple[object, ...] = (None, -1, 0, 2**62, 1e300, b"\xff", "", "running", "{", *STRINGS)
    with closing(sqlite3.connect(root / "omk.db")) as connection, suppress(UnicodeError):
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute(f"UPDATE goals SET {chance.choice(COLUMNS)} = ?", [chance.choice(values)])
        connection.commit()


WRECKS: tuple[tuple[Wreck, int], ...] = (
    (mutated, 60), (gone, 2), (swapped, 4), (a_folder, 2), (a_fifo, 2), (a_socket, 2), (a_device, 2), (a_link, 4),
    (a_hard_link, 1), (closed, 5), (sparse, 1), (a_loop_of_folders, 2), (beside, 3), (a_journal, 6), (a_row, 4),
)  # fmt: skip
