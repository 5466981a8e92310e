"""The cache of the list: what it gives is what the files say, and nothing but the list uses it."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.records.file_names import JOURNAL_FILE
from omk_tui.core.text.printed_commands import PLAIN_CALL
from omk_tui.engine.database.line_table import MOST_DATABASES, LineTable
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.reading import goals_list, line_cache, listing, records
from omk_tui.engine.reading.line_cache import LineCache, LineOrigin, line_signature
from tests.core.documents import GOAL_ID, goal_json, graph_json, proof_json, row_json
from tests.depth import DEEP
from tests.engine.states import State, put

OTHER = "goal-20260612-101520-048-bbbbbbbb"


@pytest.fixture
def cached(state: State, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> State:
    """Two goals whose rows are kept at once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(goals_list, "SMALLEST_LIST", 1)
    monkeypatch.setattr(line_cache, "SETTLED_AFTER", 0.0)
    state.add()
    state.add(OTHER)
    return state


@pytest.fixture
def read_goals(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The ids of the goals whose records were read."""
    ids: list[str] = []
    read = records.read_records

    def noted(folder: GoalFolder, goal_id: str, *rest: Any) -> records.Records:
        ids.append(goal_id)
        return read(folder, goal_id, *rest)

    monkeypatch.setattr(listing, "read_records", noted)
    yield ids


def rows(state: State) -> tuple[GoalLine, ...]:
    return state.engine().goals().goals


def database(state: State) -> Path:
    (path,) = (state.base / "cache/omk-tui").iterdir()
    return path


def test_of_unchanged_goals_no_record_is_read_again(cached: State, read_goals: list[str]) -> None:
    first = rows(cached)
    assert sorted(read_goals) == sorted((GOAL_ID, OTHER))
    read_goals.clear()
    assert rows(cached) == first
    assert read_goals == []


@pytest.mark.parametrize("name", [*line_cache._FILES, *line_cache._ABSENT_FILES])
def test_whatever_changes_in_a_goal_its_row_is_read_anew(cached: State, name: str, read_goals: list[str]) -> None:
    rows(cached)
    read_goals.clear()
    path = cached.folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = os.stat(path) if path.exists() else None
    path.write_bytes(path.read_bytes() if before else b"{}\n")
    if before:  # the very same bytes, and the times as they were: the time of the status tells
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    rows(cached)
    assert read_goals == [GOAL_ID]


def test_a_goal_that_changed_has_its_new_row_and_a_removed_one_none(cached: State) -> None:
    rows(cached)
    put(cached.folder() / "goal.json", goal_json(GOAL_ID, status="cancelled"))
    assert {line.goal_id: line.verdict.word for line in rows(cached)}[GOAL_ID] == "cancelled"
    for path in cached.folder(OTHER).iterdir():
        path.unlink()
    cached.folder(OTHER).rmdir()
    assert [line.source for line in rows(cached) if line.goal_id == OTHER] == ["row"]
    assert list(LineTable(str(database(cached))).read()) == [GOAL_ID]


def test_what_was_written_a_moment_ago_is_not_kept(cached: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_cache, "SETTLED_AFTER", 60.0)
    rows(cached)
    assert not (cached.base / "cache").exists()


def test_a_controller_in_the_database_is_asked_for_each_time(cached: State, read_goals: list[str]) -> None:
    cached.add_row(row_json(GOAL_ID, controller_pid=os.getpid()))
    rows(cached)
    rows(cached)
    assert read_goals.count(GOAL_ID) == 2
    assert read_goals.count(OTHER) == 1


def test_what_could_not_be_read_is_tried_again(cached: State, monkeypatch: pytest.MonkeyPatch) -> None:
    right = rows(cached)
    database(cached).unlink()
    with monkeypatch.context() as patch:
        patch.setattr(GoalFolder, "read", lambda *_: (_ for _ in ()).throw(Unreadable.of_code(errno.EMFILE)))
        assert {line.verdict.word for line in rows(cached)} == {"unreadable"}
    assert rows(cached) == right


def test_a_journal_that_is_a_link_to_nowhere_is_seen(cached: State) -> None:
    rows(cached)
    (cached.folder() / JOURNAL_FILE).symlink_to("/nowhere")
    assert {line.goal_id: line.verdict.word for line in rows(cached)}[GOAL_ID] == "interrupted"


@pytest.mark.parametrize(
    "shape",
    [
        "CREATE TABLE texts(a, b)",
        "CREATE VIEW texts AS WITH RECURSIVE c(name) AS (SELECT 'a' UNION ALL SELECT name FROM c) "
        "SELECT name, zeroblob(1) AS stamp, name AS text FROM c",
    ],
)
def test_a_database_of_another_shape_is_made_anew(cached: State, monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    monkeypatch.setattr("omk_tui.engine.database.line_table._SECONDS", 0.2)
    right = rows(cached)
    path = database(cached)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(shape)
    assert rows(cached) == right
    assert len(LineTable(str(path)).read()) == 2


def test_a_row_says_where_head_is_now(cached: State, read_goals: list[str]) -> None:
    put(cached.folder() / "proof.json", proof_json(GOAL_ID, commits=[cached.commit("one")]))
    assert {line.goal_id: line.head for line in rows(cached)}[GOAL_ID].startswith("HEAD is ")
    cached.commit("two")
    read_goals.clear()
    moved = {line.goal_id: line for line in rows(cached)}
    assert read_goals == [GOAL_ID]
    assert moved[GOAL_ID].head.startswith("HEAD moved")
    assert set(moved.values()) == {line for batch in fresh(cached) for line in batch}


def fresh(state: State) -> list[tuple[GoalLine, ...]]:
    goals_list = state.engine()._list()
    return list(goals_list._batches(goals_list.find(), 8, cached=False))


def test_no_byte_of_the_cache_makes_a_wrong_row(cached: State) -> None:
    right = rows(cached)
    path = database(cached)
    sound = path.read_bytes()
    signatures = {}
    for line in right:
        with GoalFolder(str(cached.folder(line.goal_id))) as folder:
            signatures[line.goal_id] = line_signature(folder)
    for place in range(0, len(sound), 1 if DEEP else 97):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x15]) + sound[place + 1 :])
        cache = LineCache(str(cached.root / "goals"), PLAIN_CALL, os.environ)
        for line in right:
            signature = signatures[line.goal_id]
            assert signature
            row = cache.get(line.goal_id, signature)
            assert row is None or row[0] == line
        if place % 4100 == 0:
            assert rows(cached) == right


def test_another_programs_rows_do_not_count(cached: State) -> None:
    right = rows(cached)
    with sqlite3.connect(database(cached)) as connection:
        connection.execute("UPDATE texts SET text = replace(text, 'acceptable', 'cancelled')")
        connection.execute("UPDATE texts SET stamp = zeroblob(32) WHERE name = ?", (OTHER,))
    assert rows(cached) == right


def test_a_row_of_the_cache_is_never_part_of_a_review(cached: State) -> None:
    put(cached.folder() / "task-graph.json", graph_json(version=0))
    (row,) = (line for line in rows(cached) if line.goal_id == OTHER)
    cache = LineCache(str(cached.root / "goals"), PLAIN_CALL, os.environ)
    with GoalFolder(str(cached.folder())) as folder:
        signature = line_signature(folder)
    assert signature
    forged = GoalLine(GOAL_ID, "ready", "proof", "x", row.created_at, None, row.verdict, 0, None, head=row.head)
    cache.put(GOAL_ID, signature, forged, LineOrigin(None, None, "same"))
    cache.save({GOAL_ID, OTHER})
    assert cache.get(GOAL_ID, signature) is not None
    assert str(cached.review().judgement.verdict) == "unreadable"
    assert cached.engine().line(GOAL_ID) == {line.goal_id: line for batch in fresh(cached) for line in batch}[GOAL_ID]


@pytest.mark.parametrize("obstacle", ["file", "link", "fifo", "folder", "text"])
def test_whatever_stands_in_the_caches_place_the_list_is_the_same(cached: State, obstacle: str) -> None:
    right = rows(cached)
    path = database(cached)
    path.unlink()
    victim = cached.base / "victim"
    victim.write_bytes(b"precious")
    if obstacle == "file":
        path.parent.rmdir()
        path.parent.write_bytes(b"")
    elif obstacle == "link":
        path.symlink_to(victim)
    elif obstacle == "fifo":
        os.mkfifo(path)
    elif obstacle == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"no database at all" * 300)
    assert rows(cached) == right
    assert rows(cached) == right
    assert victim.read_bytes() == b"precious"
    if obstacle == "text":
        assert len(LineTable(str(path)).read()) == 2


def test_a_database_of_rows_that_are_no_texts_is_an_empty_one(cached: State) -> None:
    rows(cached)
    with sqlite3.connect(database(cached)) as connection:
        connection.execute("UPDATE texts SET text = 5 WHERE name = ?", (OTHER,))
        connection.execute("UPDATE texts SET text = ? WHERE name = ?", ("x" * (1 << 20), GOAL_ID))
    assert LineTable(str(database(cached))).read() == {}
    assert len(rows(cached)) == 2


def test_only_the_last_databases_stay(cached: State, tmp_path: Path) -> None:
    folder = tmp_path / "cache/omk-tui"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    for number in range(MOST_DATABASES + 3):
        LineTable(str(folder / f"lines-{number}.sqlite")).write({"a": (b"", json.dumps(number))}, ())
        os.utime(folder / f"lines-{number}.sqlite", (number, number))
    rows(cached)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == MOST_DATABASES + 1
    assert "notes.txt" in names
    assert "lines-0.sqlite" not in names
