"""A branch or a base that moves is noticed by files of the repository, wherever it was moved; git is not asked."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable

import pytest

from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.git.process import Process
from omk_tui.engine.git.ref_files import ref_files
from omk_tui.light.dataclass import replace
from tests.engine.projects import git
from tests.opening.conftest import Branches

OTHER = "elsewhere"


@pytest.fixture
def goal_id(branches: Branches) -> str:
    """The goal of agent/mul, which is checked out in a linked work tree, beside another branch in the project."""
    git(branches.project, "worktree", "add", "-q", str(branches.project.parent / OTHER), "agent/mul")
    goal_id = branches.open("agent/mul")
    git(branches.project, "checkout", "-q", "-b", "mine")
    return goal_id


def engine_on(branches: Branches) -> Engine:
    return Engine(StateRoot(str(branches.root), "the test's own", exists=True), str(branches.project))


def commit_elsewhere(branches: Branches) -> None:
    tree = branches.project.parent / OTHER
    (tree / "more.txt").write_text("x\n")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "More")


def force_elsewhere(branches: Branches) -> None:
    git(branches.project, "worktree", "remove", str(branches.project.parent / OTHER))
    git(branches.project, "branch", "-f", "agent/mul", "main")


def delete(branches: Branches) -> None:
    git(branches.project, "update-ref", "-d", "refs/heads/agent/mul")


def delete_packed(branches: Branches) -> None:
    git(branches.project, "pack-refs", "--all", "--prune")
    delete(branches)


def move_the_base(branches: Branches) -> None:
    git(branches.project, "update-ref", "refs/heads/main", "agent/mul")


def move_in_a_reftable(branches: Branches) -> None:
    (branches.project / ".git/reftable").mkdir()
    (branches.project / ".git/reftable/tables.list").write_text("0x000000000001-0x000000000002-9fbd1c4c.ref\n")


@pytest.mark.parametrize(
    "move", [commit_elsewhere, force_elsewhere, delete, delete_packed, move_the_base, move_in_a_reftable]
)
def test_a_signature_changes_when_branch_or_base_move_elsewhere(
    branches: Branches, goal_id: str, move: Callable[[Branches], None]
) -> None:
    engine = engine_on(branches)
    first = engine.signature(goal_id)
    engine.review(goal_id)
    before = engine.signature(goal_id)
    assert before == first, "a goal that was read for the first time is not read twice"
    move(branches)
    assert engine.signature(goal_id) != before


def test_a_packed_branch_that_goes_without_a_reflog_is_noticed(branches: Branches, goal_id: str) -> None:
    shutil.rmtree(branches.project / ".git/logs")
    git(branches.project, "pack-refs", "--all", "--prune")
    engine = engine_on(branches)
    before = engine.signature(goal_id)
    delete(branches)
    assert engine.signature(goal_id) != before


def test_a_move_is_noticed_by_its_reflog_where_the_clock_of_the_files_is_coarse(
    branches: Branches, goal_id: str
) -> None:
    engine, common = engine_on(branches), branches.project / ".git"
    before, ref = engine.signature(goal_id), common / "refs/heads/agent/mul"
    status = ref.stat()
    with ref.open("r+") as file:
        file.write(git(branches.project, "rev-parse", "main"))
    os.utime(ref, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert engine.signature(goal_id) == before
    with (common / "logs/refs/heads/agent/mul").open("a") as file:
        file.write("a line of git\n")
    assert engine.signature(goal_id) != before


def test_a_signature_changes_when_the_repository_goes(branches: Branches, goal_id: str) -> None:
    engine = engine_on(branches)
    before = engine.signature(goal_id)
    (branches.project / ".git").rename(branches.project / "git")
    assert engine.signature(goal_id) != before


def test_a_reading_is_what_says_where_the_branch_is_looked_for(branches: Branches, goal_id: str) -> None:
    engine = engine_on(branches)
    before = engine.signature(goal_id)
    intake = branches.folder(goal_id) / "artifacts/intake/intake.json"
    intake.write_text(intake.read_text().replace("refs/heads/agent/mul", "refs/heads/mine"))
    engine.review(goal_id)
    assert engine.signature(goal_id) != before
    before = engine.signature(goal_id)
    git(branches.project, "update-ref", "refs/heads/mine", "agent/mul")
    assert engine.signature(goal_id) != before


def test_looking_for_moves_starts_no_process(branches: Branches, goal_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_on(branches)
    engine.review(goal_id)

    def start(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(Process, "__init__", start)
    assert any("agent/mul" in entry[0] for entry in engine.signature(goal_id))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/../../../secret",
        "refs/../../secret",
        "refs/heads//secret",
        "refs/./secret",
        "/etc/passwd",
        "../secret",
        "HEAD",
        "refs/heads/nul\0",
        "refs/heads/" + "a" * 500,
        "",
    ],
)
def test_a_hostile_name_leads_nowhere(branches: Branches, goal_id: str, name: str) -> None:
    review = engine_on(branches).review(goal_id)
    assert isinstance(review, Review) and review.facts.intake
    common = os.path.realpath(branches.project / ".git")
    files = ref_files(replace(review.facts.intake, branch=name, base_ref=name))
    assert files == (f"{common}/packed-refs", f"{common}/reftable/tables.list")


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"branch": "refs/heads/" + "é" * 200}, "gone"),
        ({"project_dir": "\0", "repository": "\0"}, "not checked"),
        ({"project_dir": "/gone", "repository": "\0/.git"}, "not checked"),
    ],
)
def test_a_name_that_no_file_can_have_hinders_no_look_at_the_goal(
    branches: Branches, goal_id: str, change: dict[str, str], state: str
) -> None:
    path = branches.folder(goal_id) / "artifacts/intake/intake.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    engine = engine_on(branches)
    assert engine.signature(goal_id)
    (line,) = engine.goals().goals
    assert line.problem is None
    review = engine.review(goal_id)
    assert isinstance(review, Review) and review.facts.branch and review.facts.branch.state == state
