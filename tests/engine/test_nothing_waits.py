"""What blocks whoever opens it, or never ends, is in every place that a look or a decision opens: nobody waits."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from omk_tui.engine.database import goals_table
from omk_tui.engine.database.goals_table import read_row, read_rows
from omk_tui.engine.files.app_state import write_note
from tests.core.documents import GOAL_ID, row_json
from tests.engine.states import State

PATIENCE = 25
"""Seconds for all commands of one test, of which each may use omk's five for omk.db."""


def fifo(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def git_file(name: str) -> Callable[[State], None]:
    def plant(state: State) -> None:
        state.commit()
        fifo(state.project / ".git" / name)

    return plant


def side_file(suffix: str) -> Callable[[State], None]:
    return lambda state: fifo(state.root / f"omk.db{suffix}")


def linked_side_file(state: State) -> None:
    fifo(state.base / "pipe")
    (state.root / "omk.db-journal").symlink_to(state.base / "pipe")


def infinite_view(state: State) -> None:
    with closing(sqlite3.connect(state.root / "omk.db")) as connection:
        columns = ", ".join(f"'x' AS {column}" for column in row_json())
        connection.executescript(
            "ALTER TABLE goals RENAME TO others; CREATE VIEW goals AS "
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {columns} FROM n;"
        )


def endless_trigger(state: State) -> None:
    with closing(sqlite3.connect(state.root / "omk.db")) as connection:
        connection.executescript(
            "CREATE TABLE numbers (i); CREATE TRIGGER endless AFTER UPDATE ON goals BEGIN INSERT INTO numbers "
            "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n);"
            " END;"
        )


def own_note(state: State) -> None:
    environ = {"XDG_STATE_HOME": str(state.base / "xdg")}
    real = tuple(part for part in os.path.realpath(state.folder()).split("/") if part)
    write_note(real, b"{}", environ)
    (note,) = (state.base / "xdg/omk-tui/deciding").iterdir()
    fifo(note)


def own_key(state: State) -> None:
    fifo(state.base / "xdg/omk-tui/journal-key")


def own_folder(state: State) -> None:
    fifo(state.base / "xdg/omk-tui")


PLANTED: dict[str, Callable[[State], None]] = {
    "HEAD": git_file("HEAD"),
    "config": git_file("config"),
    "commondir": git_file("commondir"),
    "index": git_file("index"),
    "packed-refs": git_file("packed-refs"),
    "journal of omk.db": side_file("-journal"),
    "log of omk.db": side_file("-wal"),
    "index of omk.db": side_file("-shm"),
    "omk.db": side_file(""),
    "linked journal of omk.db": linked_side_file,
    "infinite view": infinite_view,
    "endless trigger": endless_trigger,
    "own note": own_note,
    "own key": own_key,
    "own folder": own_folder,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_every_command_ends(state: State, plant: Callable[[State], None]) -> None:
    state.add()
    plant(state)
    place = ["--state-root", str(state.root), "--project-dir", str(state.project)]
    environ = {**os.environ, "XDG_STATE_HOME": str(state.base / "xdg")}
    begun = time.monotonic()
    for words, code in (
        (["list"], 0),
        (["check", GOAL_ID], 0),
        (["reject", GOAL_ID, "--reason", "no"], 0),
        (["history", GOAL_ID], 0),
        (["doctor"], 0),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "omk_tui", *words, *place],
            env=environ,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            text=True,
        )
        assert done.returncode == code, (words, done.stderr)
    assert time.monotonic() - begun < PATIENCE
    assert not (state.folder() / ".omk-tui.txn").exists(), "the decision is finished"


def test_the_locker_of_a_goal_is_asked_for_without_waiting(state: State) -> None:
    """Somebody decides, and the note on who it is cannot be read: the second decider is told all the same."""
    from omk_tui.engine.files.goal_folder import GoalFolder
    from omk_tui.engine.files.goal_lock import goal_lock

    state.add()
    own_note(state)
    place = ["--state-root", str(state.root), "--project-dir", str(state.project)]
    with GoalFolder(str(state.folder())) as folder, goal_lock(folder):
        done = subprocess.run(
            [sys.executable, "-m", "omk_tui", "reject", GOAL_ID, "--reason", "no", *place],
            env={**os.environ, "XDG_STATE_HOME": str(state.base / "xdg")},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            text=True,
        )
    assert done.returncode == 4
    assert "another program" in done.stderr


# -- omk.db within bounds


def many_rows(state: State, count: int) -> str:
    for number in range(count):
        state.add_row(row_json(f"goal-{number:04d}", created_at=1_700_000_000 + number % 50))
    return str(state.root / "omk.db")


def test_of_very_many_rows_without_a_directory_the_newest_are_given_out(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert goals_table.MOST_GHOSTS == 10_000
    monkeypatch.setattr(goals_table, "MOST_GHOSTS", 10)
    state.add()
    path = many_rows(state, 100)
    rows = read_rows(path, frozenset({GOAL_ID, "goal-0000"}))
    assert rows.left_out == 89
    assert rows.listable
    assert [row["goal_id"] for row in rows.rows[:2]] == [GOAL_ID, "goal-0000"]
    assert min(row["created_at"] for row in rows.rows[2:] if isinstance(row["created_at"], int)) >= 1_700_000_045
    assert any("89 more rows" in note for note in state.engine().goals().notes) is False
    assert any("90 more rows" in note for note in state.engine().goals().notes)


def test_one_cell_of_a_wrong_type_is_noticed_in_a_row_that_is_left_out(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(goals_table, "MOST_GHOSTS", 3)
    path = many_rows(state, 20)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE goals SET phase = x'00' WHERE goal_id = 'goal-0001'")
        connection.commit()
    assert not read_rows(path).listable


def test_for_one_goal_one_row_is_read(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state.add()

    def everything(*_: object) -> None:
        raise AssertionError("all rows are read for one goal")

    monkeypatch.setattr("omk_tui.engine.reading.goals_list.read_rows", everything)
    engine = state.engine()
    assert engine.resolve(GOAL_ID) == GOAL_ID
    engine.review(GOAL_ID)
    assert engine.line(GOAL_ID) is not None


def test_the_row_of_one_goal_is_the_same_as_among_all(state: State) -> None:
    state.add()
    path = many_rows(state, 5)
    for goal_id in (GOAL_ID, "goal-0003", "goal-none", "caf\udce9"):
        assert read_row(path, goal_id).of(goal_id) == read_rows(path).of(goal_id)


def test_a_cell_larger_than_is_read_is_a_note(state: State) -> None:
    state.add()
    with closing(sqlite3.connect(state.root / "omk.db")) as connection:
        connection.execute("UPDATE goals SET goal_text = hex(zeroblob(?))", (9 << 20,))
        connection.commit()
    assert "too big" in read_rows(str(state.root / "omk.db")).problem


def test_a_reading_of_the_database_that_takes_too_long_is_a_note(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state.add()
    monkeypatch.setattr(goals_table, "READ_PATIENCE", 0.0)
    monkeypatch.setattr(goals_table, "STEPS", 1)
    assert "within 0 s" in read_rows(str(state.root / "omk.db")).problem
