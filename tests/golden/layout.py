"""Puts a case on disk: the state root with its database, the project beside it, and what lies outside.

- BASE/home/.omk/state: the state root, where omk itself looks when HOME is BASE/home (STATE-FORMAT 1, legacy rule)
- BASE/home/.omk/NAME: the files beside it
- BASE/home/.omk/project: the project
- BASE/xdg: XDG_STATE_HOME for omk's own log
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.golden.case import Case, Item, MalformedCase, Places, Project, Row
from tests.golden.schema import SCHEMA

COMMIT_DATE = "2026-06-01T08:00:00+00:00"


def quiet_git_environment() -> dict[str, str]:
    """The settings under which a case was recorded: no git configuration but the repository's own."""
    return {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def lay_out(case: Case, base: Path) -> Places:
    """Build `case` under the empty directory `base`. Everything is made as with umask 022."""
    before = os.umask(0o022)
    try:
        root = base / "home" / ".omk" / "state"
        project = base / "home" / ".omk" / "project"
        places = Places(root, project / case.project.directory if case.project.directory else project)
        root.mkdir(parents=True)
        project.mkdir()
        (base / "xdg").mkdir()
        _write_project(case.project, project, places)
        _write_items(case.outside, root.parent, places)
        _write_items(case.files, root, places)
        if case.db_rows is not None:
            write_database(root / "omk.db", [places.fill_row(row) for row in case.db_rows], case.db_user_version)
    finally:
        os.umask(before)
    return places


def _write_items(items: Mapping[str, Item], folder: Path, places: Places) -> None:
    directories = [(name, item) for name, item in items.items() if name.endswith("/")]
    for name, _ in directories:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, item in items.items():
        if not name.endswith("/"):
            write_item(folder / name, item, places)
    # Modes last and the deepest first: a directory may be closed to its owner.
    for name, item in sorted(directories, key=lambda entry: -entry[0].count("/")):
        if item.mode is not None:
            (folder / name).chmod(item.mode)


def write_item(path: Path, item: Item, places: Places) -> None:
    """Write one file or link of a case, its parents included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if item.form == "link":
        os.symlink(places.fill(item.content), path)
        return
    path.write_bytes(item.data(places))
    if item.mode is not None:
        path.chmod(item.mode)


def _write_project(project: Project, folder: Path, places: Places) -> None:
    _write_items(project.files, folder, places)
    if project.git is not None:
        _commit(project, folder)
    for name, item in project.after.items():
        if item is None:
            (folder / name).unlink()
        else:
            write_item(folder / name, item, places)
    if project.staged:
        if project.git is None:
            raise MalformedCase("staged names without a repository")
        _git(folder, "add", "--", *project.staged)
    if project.directory:
        (folder / project.directory).mkdir(parents=True, exist_ok=True)


def _commit(project: Project, folder: Path) -> None:
    assert project.git is not None
    _git(folder, "init", "--quiet", "--template=", f"--initial-branch={project.git['branch']}")
    if project.git.get("commit", True):
        _git(folder, "-c", "core.autocrlf=false", "add", "--all")
        _git(folder, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", "start")
    if project.git.get("detached"):
        _git(folder, "checkout", "--quiet", "--detach")


def _git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "Ada Author"), ("EMAIL", "ada@example.org"), ("DATE", COMMIT_DATE))
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment | quiet_git_environment() | who,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def write_database(path: Path, rows: list[Row], user_version: int) -> None:
    """A complete omk database (STATE-FORMAT 7.2) with `rows` in table goals."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # Only the speed of the tests: a database of a test need not survive a power failure.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        for row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO goals ({columns}) VALUES ({marks})", list(row.values()))
        connection.execute(f"PRAGMA user_version = {int(user_version)}")
    finally:
        connection.close()
