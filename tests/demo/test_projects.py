"""The git projects of the samples: the same everywhere, and whatever the desk asks a project about works on them."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from omk_tui.core.review.diff import DiffText, read_diff
from omk_tui.core.review.goal_review import Review
from omk_tui.demo import NAMES, goal_id, lay_out
from omk_tui.engine import Engine
from omk_tui.engine.files.state_root import StateRoot


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the samples in `root` and their projects in `projects`."""
    folder = tmp_path_factory.mktemp("demo")
    lay_out(folder / "root", folder / "projects", with_projects=True)
    return folder


@pytest.fixture
def engine(place: Path) -> Engine:
    return Engine(StateRoot(str(place / "root"), "the test's own", exists=True), None)


def _review(engine: Engine, name: str) -> Review:
    review = engine.review(goal_id(name))
    assert isinstance(review, Review)
    return review


def _refs(place: Path) -> dict[str, str]:
    shown = ["git", "for-each-ref", "--format=%(refname) %(objectname)"]
    return {name: subprocess.check_output(shown, cwd=place / "projects" / name, text=True) for name in NAMES}


def test_every_machine_gets_the_same_commits_in_under_a_second(place: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    lay_out(tmp_path / "root", tmp_path / "projects", with_projects=True)
    assert time.monotonic() - began < 10  # measured at 0.4 s; a loaded machine is not a failure
    assert _refs(tmp_path) == _refs(place)


@pytest.mark.parametrize(("name", "state"), [("ready", "same"), ("conflicts", "same"), ("missing-evidence", "moved")])
def test_head_is_where_the_evidence_was_made_or_has_moved(engine: Engine, name: str, state: str) -> None:
    assert _review(engine, name).facts.head.state == state


def test_one_recorded_conflict_stands_and_one_is_clean_now(engine: Engine) -> None:
    review = _review(engine, "conflicts")
    merges = engine.project(review).merges(review.conflicts)
    assert sorted(merge.state for merge in merges) == ["clean", "conflict"]


def test_a_diff_unfolds_and_its_files_are_compared(engine: Engine, place: Path) -> None:
    (text,) = (place / "root/goals" / goal_id("failing-gate") / "artifacts/agent-runs").glob("*/mutation.diff")
    diff = DiffText((read_diff("run", str(text), text.read_text("utf-8")),))
    look = engine.project(_review(engine, "failing-gate"))
    before = look.file_before(next(patch for patch in diff.runs[0].files if patch.path == "bucket/limiter.py"))
    assert isinstance(before, str) and before.startswith('"""A token bucket')
    states = {path: now.state for path, now in look.files(diff, ("CHANGES.md",)).items()}
    assert states["bucket/limiter.py"] == "differs"
    assert set(states.values()) == {"differs", "same", "not_compared"}


def test_without_git_the_projects_are_empty_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lay_out(tmp_path / "root", tmp_path / "projects", with_projects=True)
    assert [list((tmp_path / "projects" / name).iterdir()) for name in NAMES] == [[] for _ in NAMES]
    own = Engine(StateRoot(str(tmp_path / "root"), "the test's own", exists=True), None)
    assert _review(own, "ready").facts.head.state not in ("same", "moved")
