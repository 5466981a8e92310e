"""omk.db is read without a trace, whatever state it is in, and written as omk writes it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omk_tui.engine.database.goals_table import read_rows
from tests.core.documents import GOAL_ID, row_json
from tests.engine.states import State
from tests.golden.tree import photograph, read_database

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def left_over_log(state: State) -> Iterator[Path]:
    """A database whose last row is in a write-ahead log that its writer did not fold in, as omk may leave it (7.1)."""
    state.add_row(row_json("goal-old"))
    path, kept = state.root / "omk.db", state.base / "kept"
    kept.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("UPDATE goals SET status = 'ready'")
        for file in state.root.glob("omk.db*"):
            shutil.copy(file, kept)
    for file in kept.iterdir():
        shutil.copy(file, state.root)
    assert (state.root / "omk.db-wal").stat().st_size > 0
    yield path
    shutil.rmtree(kept)


@pytest.mark.parametrize("with_index", [True, False])
def test_a_left_over_log_is_read_and_left_as_it_is(left_over_log: Path, with_index: bool) -> None:
    if not with_index:
        left_over_log.with_name("omk.db-shm").unlink()
    before = photograph(left_over_log.parent)
    rows = read_rows(str(left_over_log))
    assert [row["status"] for row in rows.rows] == ["ready"]
    assert photograph(left_over_log.parent) == before


def test_what_a_living_writer_wrote_is_seen_and_it_is_not_disturbed(state: State) -> None:
    state.add_row(row_json())
    path = state.root / "omk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("UPDATE goals SET phase = 'planning'")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE goals SET phase = 'intake'")
        assert [row["phase"] for row in read_rows(str(path)).rows] == ["planning"], "what is not committed is not read"
        writer.execute("COMMIT")
        assert [row["phase"] for row in read_rows(str(path)).rows] == ["intake"]


def test_a_half_written_database_with_its_rollback_journal_is_read_as_before_the_write(state: State) -> None:
    state.add_row(row_json())
    path = state.root / "omk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=DELETE")
        writer.execute("PRAGMA cache_size=1")
        writer.execute("PRAGMA synchronous=OFF")
        writer.execute("BEGIN")
        writer.execute("UPDATE goals SET original_goal = ?, status = 'ready'", ("x" * 200_000,))
        assert (state.root / "omk.db-journal").exists()
        before = photograph(state.root)
        rows = read_rows(str(path))
        assert [row["status"] for row in rows.rows] == ["not_ready"]
        assert photograph(state.root) == before
        writer.execute("ROLLBACK")


def test_a_database_without_anything_in_it_has_no_rows(state: State) -> None:
    (state.root / "omk.db").write_bytes(b"")
    rows = read_rows(str(state.root / "omk.db"))
    assert (rows.rows, rows.problem, rows.exists) == ((), "", True)


@pytest.mark.parametrize("kind", ["text", "directory", "fifo", "socket", "dangling", "other tables", "unreadable wal"])
def test_a_database_that_cannot_be_read_is_a_note_and_never_hangs(
    state: State, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.add()
    path = state.root / "omk.db"
    if kind != "unreadable wal":
        path.unlink()
    match kind:
        case "text":
            path.write_text("this is no database, but long enough to look at " * 40)
        case "directory":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "socket":
            monkeypatch.chdir(state.root)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind("omk.db")
        case "dangling":
            path.symlink_to("nowhere")
        case "other tables":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("CREATE TABLE songs (name TEXT)")
        case _:
            (state.root / "omk.db-wal").mkdir()
    before = photograph(state.root)
    listing = state.engine().goals()
    assert [line.goal_id for line in listing.goals] == [GOAL_ID]
    assert bool(listing.notes) == (kind != "dangling")
    assert all("omk.db" in note for note in listing.notes)
    assert photograph(state.root) == before


@pytest.mark.parametrize("kind", ["text", "directory", "fifo"])
def test_a_database_that_cannot_be_written_does_not_stop_a_decision_but_is_told(state: State, kind: str) -> None:
    state.add()
    path = state.root / "omk.db"
    path.unlink()
    if kind == "text":
        path.write_text("no database")
    elif kind == "directory":
        path.mkdir()
    else:
        os.mkfifo(path)
    notes = state.recorded("reject", "no").notes
    assert any("omk.db" in note for note in notes)


def test_a_missing_database_is_made_by_a_decision(state: State) -> None:
    state.add()
    for path in state.root.glob("omk.db*"):
        path.unlink()
    state.recorded("reject", "no")
    database = read_database(state.root / "omk.db")
    assert database is not None
    assert database.user_version == 2
    assert [row["status"] for row in database.rows] == ["not_ready"]


UPSERT = """
import json, os, sys, time
sys.path[:0] = [sys.argv[1]]
from omk_tui.engine.database.row_writer import upsert_row
row = json.loads(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for number in range(12):
    problem = upsert_row(os.path.join(sys.argv[3], f"{number}.db"), row)
    if problem:
        print(problem)
"""


def test_those_who_make_the_database_at_the_same_moment_all_write_their_row(tmp_path: Path) -> None:
    """SQLite does not wait for every lock on the way to a write-ahead log."""
    crowd = [
        subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", UPSERT, CHECKOUT, json.dumps(row_json(f"goal-{number}")), tmp_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for one in crowd:
        assert one.stdout and one.stdout.readline() == "ready\n"
    for one in crowd:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate(timeout=60)[0] for one in crowd] == [""] * 8
    for number in range(12):
        assert len(read_rows(str(tmp_path / f"{number}.db")).rows) == 8
