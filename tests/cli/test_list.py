"""`omk-tui list`, as text and as JSON."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from omk_tui.demo import goal_id, samples
from tests.cli.commands import Desk

NAMES = ("running", "paused", "rejected-before", "conflicts", "failing-gate", "missing-evidence", "ready", "hostile")
VERDICTS = ("running", "paused", "missing 1", "conflict", "missing 4", "missing 2", "acceptable", "conflict")


def shown(goal: dict[str, Any]) -> str:
    """The verdict of a listed goal as the page shows it."""
    return f"{goal['verdict']} {goal['missing_count']}" if goal["missing_count"] else str(goal["verdict"])


def test_there_is_one_aligned_line_for_each_goal_newest_first(samples: Desk) -> None:
    ended = samples.run("list")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert len(lines) == len(NAMES)
    column = lines[0].index("goal-")
    for line, name, verdict in zip(lines, NAMES, VERDICTS, strict=True):
        assert line.startswith(verdict)
        assert line[column:].startswith(goal_id(name))


def test_a_line_tells_verdict_warnings_counts_and_what_it_is_about(samples: Desk) -> None:
    line = samples.run("list").out.splitlines()[NAMES.index("conflicts")]
    verdict, gates, oracle, wall, conflicts, _age, found, *goal = line.split()
    assert (verdict, gates, oracle, wall, conflicts) == ("conflict", "3/3", "2/2", "6/6", "2")
    assert found == goal_id("conflicts")
    assert " ".join(goal) == "Refactor the note store into small load, save and search parts ! merge conflict"
    line = samples.run("list").out.splitlines()[NAMES.index("rejected-before")]
    assert line.split()[:3] == ["missing", "1", "+1"], "the failure text of the earlier reject is news"


def test_the_names_of_the_columns_are_narration(samples: Desk) -> None:
    ended = samples.run("list")
    titles = "VERDICT GATES ORACLE WALL CONF AGE ID GOAL"
    assert ended.err.splitlines()[0].split() == titles.split()
    assert "VERDICT" not in ended.out
    assert ended.err.splitlines()[0].index("ID") == ended.out.splitlines()[0].index("goal-")


def test_json_has_every_goal_with_every_key(samples: Desk) -> None:
    document = samples.run("list", "--json").document
    assert next(iter(document)) == "schema"
    assert document["schema"] == "omk-tui/list/2"
    assert [goal["goal_id"] for goal in document["goals"]] == [goal_id(name) for name in NAMES]
    assert [shown(goal) for goal in document["goals"]] == list(VERDICTS)
    ready = document["goals"][NAMES.index("ready")]
    assert ready["status"] == "not_ready"
    assert ready["phase"] == "proof"
    written = json.loads((samples.goal(goal_id("ready")) / "goal.json").read_text())
    assert (ready["created_at"], ready["updated_at"]) == (written["created_at"], written["updated_at"])
    assert ready["problem"] is None
    assert document["notes"] == []


def test_status_chooses(samples: Desk) -> None:
    document = samples.run("list", "--status", "paused", "--status", "running", "--json").document
    assert {goal["status"] for goal in document["goals"]} == {"paused", "running"}
    assert len(document["goals"]) == 2
    nothing = samples.run("list", "--status", "ready")
    assert (nothing.code, nothing.out) == (0, "")
    assert "No goal has the status ready; there are 8 in all." in nothing.err
    document = samples.run("list", "--status", "conflict", "--status", "failed", "--json").document
    listed = {goal["goal_id"]: goal["blocks"] for goal in document["goals"]}
    assert listed[goal_id("conflicts")] == ["merge conflict"] and "gate unit failed" in listed[goal_id("failing-gate")]
    wrong = samples.run("list", "--status", "broken")
    assert wrong.code == 2 and "not_ready" in wrong.err and "accepted" in wrong.err and "failed" in wrong.err


def test_an_unreadable_goal_is_a_row(desk: Desk) -> None:
    (desk.goal(goal_id("ready")) / "goal.json").write_text('{"version": 1}')
    (desk.root / "omk.db").unlink()
    (desk.root / "goals" / "goal-\udcff\x1b[2J").mkdir()
    ended = desk.run("list")
    rows = [line for line in ended.out.splitlines() if line.startswith("unreadable")]
    assert ended.code == 0
    assert len(rows) == 2
    assert any(goal_id("ready") in row and "goal.json" in row for row in rows)
    assert "\x1b" not in ended.out + ended.err
    document = desk.run("list", "--json").document
    broken = [goal for goal in document["goals"] if goal["verdict"] == "unreadable"]
    assert [goal["status"] for goal in broken] == [None, None]
    assert all(goal["problem"] for goal in broken)
    assert any("\N{REPLACEMENT CHARACTER}" in goal["goal_id"] for goal in broken)


def test_where_directory_and_database_disagree_is_noted(desk: Desk) -> None:
    shutil.rmtree(desk.goal(goal_id("ready")))
    with sqlite3.connect(desk.root / "omk.db") as database:
        database.execute("UPDATE goals SET status = 'ready' WHERE goal_id = ?", (goal_id("conflicts"),))
    ended = desk.run("list")
    notes = [line for line in ended.err.splitlines() if line.startswith("note: ")]
    assert any("ghost" in note and goal_id("ready") in note for note in notes)
    assert any("stale" in note and goal_id("conflicts") in note for note in notes)
    document = desk.run("list", "--json").document
    assert len(document["goals"]) == len(samples_ids())
    assert [f"note: {note}" for note in document["notes"]] == notes


def samples_ids() -> list[str]:
    return [sample.goal_id for sample in samples()]


def test_an_empty_root_says_where_it_looked(tmp_path: Path) -> None:
    ended = Desk(tmp_path, tmp_path).run("list")
    assert (ended.code, ended.out) == (0, "")
    assert f"No goals in {tmp_path}/goals (OMK_TUI_STATE_ROOT)." in ended.err
    assert "--state-root DIR or OMK_TUI_STATE_ROOT" in ended.err


def test_omks_own_place_may_be_missing(tmp_path: Path) -> None:
    surroundings = {"HOME": str(tmp_path)}
    ended = Desk(tmp_path, tmp_path).run("list", environ=surroundings)
    assert (ended.code, ended.out) == (0, "")
    assert f"{tmp_path}/.local/state/omk" in ended.err
    assert list(tmp_path.iterdir()) == []
    document = Desk(tmp_path, tmp_path).run("list", "--json", environ=surroundings).document
    assert document["goals"] == []
    assert f"{tmp_path}/.local/state/omk" in document["notes"][0]


@pytest.mark.parametrize("words", [("list",), ("check", "latest"), ("accept", "latest", "--summary=x"), ()])
def test_a_named_root_that_is_not_there_fails(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = Desk(tmp_path / "absent", tmp_path).run(*words)
    assert (ended.code, ended.out) == (1, "")
    assert str(tmp_path / "absent") in ended.err
    option = Desk(tmp_path, tmp_path).run(*words, f"--state-root={tmp_path}/else")
    assert option.code == 1
    assert f"{tmp_path}/else" in option.err


def test_a_named_project_that_is_not_there_fails(samples: Desk) -> None:
    ended = samples.run("list", "--project-dir", "/absent/project")
    assert ended.code == 1
    assert "/absent/project" in ended.err


def test_a_folder_of_goals_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "goals").write_text("no folder")
    ended = Desk(tmp_path, tmp_path).run("list", "--json")
    assert ended.code == 1
    assert str(tmp_path / "goals") in ended.document["why"]
