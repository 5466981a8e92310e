"""The printed git commands that take a merged branch out again, run as they are printed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

import pytest

from omk_tui.core.records.intake import Intake, read_intake
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.undo import reverts, undo_steps
from omk_tui.engine import Engine, find_state_root
from tests.engine.projects import git
from tests.opening.conftest import Branches


@pytest.fixture
def intake(branches: Branches) -> Intake:
    """The intake of a branch of three commits on one file."""
    for number in range(2):
        branches.on("agent/mul", "src/calc.py", f"def mul(a, b):\n    return a * b * {number}\n", f"Step {number}")
    goal_id = branches.open()
    review = Engine(find_state_root(str(branches.root), {}), project_dir=str(branches.project)).review(goal_id)
    assert isinstance(review, Review)
    assert [step.command for step in undo_steps(review) if "revert" in step.command] == [
        command for _, command in reverts(review.facts.intake or pytest.fail())
    ]
    return read_intake((branches.folder(goal_id) / "artifacts/intake/intake.json").read_text())


def typed(branches: Branches, command: str) -> int:
    """The exit code of a command in the project's shell."""
    author = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    shell = ["sh", "-c", command]
    variables = os.environ | author
    return subprocess.run(shell, cwd=branches.project, env=variables, capture_output=True, check=False).returncode


@pytest.mark.parametrize(("way", "chosen"), [("--no-ff", 0), ("--ff", 1), ("--squash", 1)])
def test_each_command_gives_the_base_its_tree_again(branches: Branches, intake: Intake, way: str, chosen: int) -> None:
    tree = git(branches.project, "rev-parse", "main^{tree}")
    git(branches.project, "merge", "-q", way, *(["-m", "merge"] if way == "--no-ff" else []), "agent/mul")
    if way == "--squash":
        git(branches.project, "commit", "-q", "-m", "squashed")
    merged = git(branches.project, "rev-parse", "HEAD^{tree}")
    assert merged != tree
    # Another branch that is merged later stays, and is not taken for this one.
    git(branches.project, "checkout", "-q", "-b", "later")
    branches.write("later.txt", "later\n")
    branches.commit("Later")
    git(branches.project, "checkout", "-q", "main")
    git(branches.project, "merge", "-q", "--no-ff", "-m", "merge later", "later")
    by_merge, by_range = (command for _, command in reverts(intake))
    if chosen == 1:
        assert typed(branches, by_merge) != 0, "there is no merge commit of it"
        assert git(branches.project, "status", "--porcelain") == ""
    assert typed(branches, (by_merge, by_range)[chosen]) == 0
    git(branches.project, "rm", "-q", "later.txt")
    assert git(branches.project, "write-tree") == tree


def test_one_commit_is_reverted_by_its_id(intake: Intake) -> None:
    assert list(reverts(replace(intake, commits=1))) == [("", f"git revert --no-edit {intake.head}")]
