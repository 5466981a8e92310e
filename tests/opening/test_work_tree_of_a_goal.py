"""Which file a person's editor gets: one of the work tree that the goal names, if that still is what it was."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from omk_tui import demo
from omk_tui.core.decision.outcome import Failed
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, find_state_root
from omk_tui.engine.git.goal_work_tree import work_file
from tests.engine.projects import git
from tests.opening.conftest import Branches

FILE = "src/calc.py"


def review(branches: Branches, goal_id: str) -> Review:
    read = Engine(find_state_root(str(branches.root), {}), str(branches.project)).review(goal_id)
    assert isinstance(read, Review)
    return read


def why(branches: Branches, goal_id: str, path: str = FILE) -> str:
    outcome = work_file(review(branches, goal_id), path)
    assert isinstance(outcome, Failed), outcome
    return outcome.why


def test_the_branch_has_to_be_checked_out(branches: Branches, tmp_path: Path) -> None:
    goal_id, tree = branches.open(), tmp_path / "agent-mul"
    assert why(branches, goal_id) == "branch agent/mul is checked out nowhere; e opens it where it is checked out"
    git(branches.project, "worktree", "add", "../agent-mul", "agent/mul")
    assert work_file(review(branches, goal_id), FILE) == str(tree / FILE)
    git(tree, "checkout", "-q", "--detach")
    assert "checked out nowhere" in why(branches, goal_id)
    git(branches.project, "checkout", "-q", "agent/mul")
    assert work_file(review(branches, goal_id), FILE) == str(branches.project / FILE)


def test_a_folder_that_took_the_place_of_the_work_tree_is_none_of_the_repository(
    branches: Branches, tmp_path: Path
) -> None:
    tree = tmp_path / "agent-mul"
    git(branches.project, "worktree", "add", "../agent-mul", "agent/mul")
    goal_id = branches.open()
    assert work_file(review(branches, goal_id), FILE) == str(tree / FILE)
    shutil.rmtree(tree)
    assert "checked out nowhere" in why(branches, goal_id)
    git(tmp_path, "init", "-q", "-b", "agent/mul", "agent-mul")
    (tree / "src").mkdir()
    (tree / FILE).write_text("elsewhere")
    assert "checked out nowhere" in why(branches, goal_id)
    shutil.rmtree(tree / ".git")
    assert "it has no .git" in why(branches, goal_id)


def test_only_a_regular_file_below_it_reached_through_no_link(branches: Branches, tmp_path: Path) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    goal_id = branches.open()
    secret = tmp_path / "secret"
    secret.write_text("key")
    (branches.project / "link").symlink_to(secret)
    (branches.project / "folder").symlink_to(branches.project / "src")
    os.mkfifo(branches.project / "pipe")
    (branches.project / "a\x1b]0;owned\x07").write_text("")
    (branches.project / "+12").write_text("")
    (branches.project / "-c:q").write_text("")
    assert "a link leads there" in why(branches, goal_id, "link")
    assert "it is not there" in why(branches, goal_id, "folder/calc.py")
    assert "no regular file" in why(branches, goal_id, "pipe")
    assert "no regular file" in why(branches, goal_id, "src")
    assert "it is not there" in why(branches, goal_id, "src/none.py")
    for path in ("../secret", str(secret), ".git/config", "", "src//calc.py", "a\0b"):
        assert isinstance(work_file(review(branches, goal_id), path), Failed)
    assert "steer a terminal" in why(branches, goal_id, "a\x1b]0;owned\x07")
    assert "\x1b" not in why(branches, goal_id, "a\x1b]0;owned\x07")
    for path in ("+12", "-c:q"):
        assert work_file(review(branches, goal_id), path) == str(branches.project / path)


def test_a_commit_alone_has_no_work_tree(branches: Branches) -> None:
    goal_id = branches.open(git(branches.project, "rev-parse", "agent/mul"))
    assert "no work tree has its files checked out" in why(branches, goal_id)


def test_a_goal_of_omk_is_of_its_project(tmp_path: Path) -> None:
    root, projects = tmp_path / "root", tmp_path / "projects"
    demo.lay_out(root, projects, with_projects=True)
    read = Engine(find_state_root(str(root), {}), None).review(demo.goal_id("failing-gate"))
    assert isinstance(read, Review)
    assert work_file(read, "bucket/limiter.py") == str(projects / "failing-gate/bucket/limiter.py")
    shutil.rmtree(projects / "failing-gate/.git")
    outcome = work_file(read, "bucket/limiter.py")
    assert isinstance(outcome, Failed) and "--project-dir names another" in outcome.why
