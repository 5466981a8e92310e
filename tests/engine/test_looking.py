"""Looking creates nothing and changes nothing, wherever the state lies and whoever looks."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from omk_tui import demo
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, StateRoot
from tests.cli.commands import lay_out_desk
from tests.core.documents import GOAL_ID
from tests.engine.states import State, as_ordinary_user, give_to_ordinary_user
from tests.golden.tree import Tree, photograph

EVERYTHING = """
names = [line.goal_id for line in engine.goals().goals]
list(engine.lines())
for name in [*names, "latest"]:
    engine.resolve(name)
for name in names:
    engine.line(name); engine.signature(name); engine.watch_folders(name); engine.read(name)
    engine.open_file(name, "goal.json").close()
    review = engine.review(name)
    if hasattr(review, "snapshot"):
        engine.plan(review, "accept", "yes"); engine.plan(review, "reject", "no")
"""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("samples")
    (base / "project").mkdir()
    demo.lay_out(base / "state", base / "project")
    return base


def engine_on(base: Path) -> Engine:
    return Engine(StateRoot(str(base / "state"), "--state-root", exists=True), str(base / "project"))


def names_and_times(top: Path) -> dict[str, int]:
    """When each file was last written; a write of equal bytes shows here too."""
    return {str(path): path.lstat().st_mtime_ns for path in top.rglob("*")}


def test_every_way_of_looking_leaves_every_sample_as_it_was(samples: Path) -> None:
    before, times = photograph(samples), names_and_times(samples)
    exec(EVERYTHING, {"engine": engine_on(samples)})
    assert photograph(samples) == before
    assert names_and_times(samples) == times


def test_every_sample_can_be_reviewed_and_planned(samples: Path) -> None:
    engine = engine_on(samples)
    for sample in demo.samples():
        review = engine.review(sample.goal_id)
        assert isinstance(review, Review)
        for verb in ("accept", "reject"):
            planned = engine.plan(review, verb, "text")
            assert isinstance(planned, DecisionPlan) or planned.why == review.judgement.guard


def test_the_verdicts_of_the_samples(samples: Path) -> None:
    verdicts = {line.goal_id: str(line.verdict) for line in engine_on(samples).goals().goals}
    assert {name: verdicts[demo.goal_id(name)] for name in demo.NAMES} == {
        "ready": "acceptable",
        "missing-evidence": "missing 2",
        "failing-gate": "missing 4",
        "conflicts": "conflict",
        "rejected-before": "missing 1",
        "paused": "paused",
        "running": "running",
    }


@pytest.mark.parametrize("with_database", [True, False])
def test_a_read_only_root_can_be_looked_at(state: State, with_database: bool) -> None:
    state.add()
    state.commit()
    if not with_database:
        for path in state.root.glob("omk.db*"):
            path.unlink()
    give_to_ordinary_user(state.base)
    closed = [path for path in (state.root, *state.root.rglob("*")) if not path.is_symlink()]
    for path in closed:
        path.chmod(0o500 if path.is_dir() else 0o400)
    before = state.photo()
    done = as_ordinary_user(EVERYTHING + "print(len(names), len(review.facts.problems), engine.goals().notes)", state)
    assert done.stderr == ""
    assert done.stdout == "1 0 ()\n"
    assert state.photo() == before
    for path in closed:
        path.chmod(0o700 if path.is_dir() else 0o600)


def test_a_goal_of_another_user_is_a_row_that_says_so(state: State) -> None:
    state.add()
    state.add("goal-closed")
    give_to_ordinary_user(state.base)
    state.folder("goal-closed").chmod(0)
    code = (
        "import json; print(json.dumps({one.goal_id: [str(one.verdict), one.problem] for one in engine.goals().goals}))"
    )
    lines = json.loads(as_ordinary_user(code, state).stdout)
    state.folder("goal-closed").chmod(0o700)
    assert lines[GOAL_ID] == ["acceptable", None]
    assert lines["goal-closed"][0] == "unreadable"
    assert "Permission denied" in lines["goal-closed"][1]


def test_a_root_that_is_not_there_gives_an_empty_list_with_a_note_and_is_not_made(tmp_path: Path) -> None:
    engine = Engine(StateRoot(str(tmp_path / "gone"), "omk's default", exists=False))
    listing = engine.goals()
    assert listing.goals == ()
    assert str(tmp_path / "gone") in listing.notes[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("in_wal_mode", [True, False])
def test_reading_a_database_leaves_no_side_file(state: State, in_wal_mode: bool) -> None:
    state.add()
    if not in_wal_mode:
        import sqlite3

        connection = sqlite3.connect(state.root / "omk.db")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.close()
    before: Tree = photograph(state.root)
    exec(EVERYTHING, {"engine": state.engine()})
    assert photograph(state.root) == before


def test_the_preview_of_a_decision_never_writes(state: State) -> None:
    state.add()
    before, inode = state.photo(), os.stat(state.folder() / "goal.json").st_ino
    state.plan("accept", "good")
    state.plan("reject", "bad")
    assert state.photo() == before
    assert os.stat(state.folder() / "goal.json").st_ino == inode


def test_looking_at_a_project_does_not_renew_its_index(state: State) -> None:
    state.add()
    state.commit()
    os.utime(state.project / "file.txt", ns=(1, 1))
    before = photograph(state.project)
    assert state.review().git is not None
    assert photograph(state.project) == before


def test_no_log_folder_of_omk_is_made_by_looking_or_deciding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every omk command makes XDG_STATE_HOME/omk/logs and opens a log file there (STATE-FORMAT 1)."""
    desk = lay_out_desk(tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    environ = {"HOME": str(home), "XDG_STATE_HOME": str(home / "xdg"), "TERM": "xterm"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    root = ("--state-root", str(desk.root), "--project-dir", str(desk.project))
    goal_id = demo.goal_id("ready")
    for words in (("list",), ("check", goal_id), ("plan", goal_id, "reject", "--reason", "no"), ("list",)):
        assert desk.run(*words, *root, environ=environ).code == 0
    assert {path.name for path in home.rglob("*") if path.is_dir()} <= {"xdg", "omk-tui", "seen"}
    assert desk.run("accept", goal_id, "--summary", "good", *root, environ=environ).code == 0
    assert not (home / "xdg" / "omk").exists()
    assert sorted(path.name for path in desk.root.iterdir()) == ["goals", "omk.db"]
