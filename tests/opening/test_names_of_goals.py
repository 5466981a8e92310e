"""Which opened goal a branch, a commit or `latest` names, where several could be meant."""

from __future__ import annotations

import sqlite3
from contextlib import chdir
from pathlib import Path

from tests.cli.commands import Desk
from tests.engine.projects import git
from tests.opening.conftest import Branches


def test_a_branch_of_the_repository_one_stands_in_goes_before_one_of_that_name_elsewhere(
    branches: Branches, tmp_path: Path
) -> None:
    here = branches.open()
    (tmp_path / "elsewhere").mkdir()
    other = Branches(tmp_path / "elsewhere")
    other.root = branches.root
    other.on("agent/mul", "src/more.py", "x = 1\n")
    there = other.open()
    assert here != there
    assert f"note: agent/mul is goal {here}" in branches.run("check", "agent/mul").err
    assert f"note: agent/mul is goal {there}" in other.run("check", "agent/mul").err
    with chdir(tmp_path):
        ended = Desk(branches.root, tmp_path).run("check", "agent/mul")
    assert ended.code == 1 and f"{here} in {branches.project}" in ended.err and str(other.project) in ended.err


def test_without_a_goal_it_is_said_how_to_make_one(branches: Branches) -> None:
    ended = branches.run("check", "latest")
    assert ended.code == 1 and "make one of a branch: omk-tui open BRANCH" in ended.err


def test_latest_is_the_same_for_list_commands_and_database(branches: Branches) -> None:
    """Also of goals opened at once or in the same second, of which omk.db keeps no fraction."""

    def check(latest: str) -> None:
        rows = sqlite3.connect(branches.root / "omk.db")
        by_omk = rows.execute("SELECT goal_id FROM goals ORDER BY created_at DESC, goal_id DESC").fetchall()
        rows.close()
        listed = [goal["goal_id"] for goal in branches.json("list")["goals"]]
        assert listed == [goal_id for (goal_id,) in by_omk]
        assert branches.json("check", "latest")["goal_id"] == listed[0] == latest

    for number in range(4):
        git(branches.project, "branch", f"agent/{number}", "main")
        branches.on(f"agent/{number}", f"file-{number}.txt", "x\n")
    at_once = [goal["goal_id"] for goal in branches.json("open", "agent/2", "agent/3", "agent/mul")["goals"]]
    check(max(at_once))
    check(branches.open("agent/1"))
    check(branches.open("agent/0"))


def test_latest_of_another_repository_is_looked_at_and_not_decided(branches: Branches, tmp_path: Path) -> None:
    goal_id = branches.open()
    said = f"note: latest is {goal_id} (Add multiplication · Asked for by the shop. · Co-authored-by: "
    assert said in branches.run("check", "latest").err
    there, branches.project = branches.project, tmp_path / "other"
    git(tmp_path, "init", "-q", "-b", "main", str(branches.project))
    assert said in branches.run("history", "latest").err
    for words in (
        ("reject", "latest", "--reason", "no"),
        ("accept", "latest", "--summary", "ok", "--record-not-ready"),
        ("gate", "latest"),
        ("review", " latest", "-"),
    ):
        ended = branches.run(*words)
        assert ended.code == 4 and f"of another repository, {there}: give its id, {goal_id}" in ended.err, words
    assert branches.run("reject", goal_id, "--reason", "no").code == 0
    branches.project = there / "src"
    ended = branches.run("reject", "latest", "--reason", "again")
    assert ended.code == 0 and ended.err.index(said) < ended.err.index("Rejected")


def test_a_branch_or_a_commit_names_its_goal(branches: Branches) -> None:
    old = branches.open()
    judged = git(branches.project, "rev-parse", "agent/mul")
    for name in ("agent/mul", "refs/heads/agent/mul", judged, judged[:7], judged[:12].upper(), old[-5:]):
        ended = branches.run("check", name, "--json")
        assert ended.document["goal_id"] == old and f"note: {name} is goal {old}" in ended.err
    assert "not found" in branches.run("reject", judged[:7], "--reason", "x").err, "8 characters are needed to decide"
    assert "path" in branches.run("check", "agent/div").err
    (branches.root / "review.md").write_text("fine\n")
    file = str(branches.root / "review.md")
    assert branches.json("review", "agent/mul", file, "--commit", "agent/mul")["commit"] == judged
    other = branches.run("review", "agent/mul", file, "--commit", "main")
    assert (
        other.code == 4
        and f"main is no commit's id; say which commit was reviewed: --commit {judged[:12]}" in other.err
    )
    tip = branches.on("agent/mul", "later.txt", "x\n")
    moved = branches.run("review", "agent/mul", file, "--security", "--commit", "agent/mul")
    assert moved.code == 4 and f"which is at {tip[:12]} now" in moved.err
    new = branches.open("agent/mul")
    assert branches.json("check", "agent/mul")["goal_id"] == new, "the old one is superseded"
    assert "every opened goal of" in branches.run("check", judged[:12]).err
    git(branches.project, "branch", "same", "main")
    branches.on("same", "same.txt", "x\n")
    first, again = branches.open("same"), branches.on("same", "more.txt", "x\n")
    second = branches.open(again)  # as a commit alone: nothing is superseded by it
    intake = branches.folder(second) / "artifacts/intake/intake.json"
    intake.write_text(intake.read_text().replace('"branch": ""', '"branch": "refs/heads/same"'))
    ambiguous = branches.run("check", "same")
    assert ambiguous.code == 1 and "is the branch or commit of 2 opened goals" in ambiguous.err
    assert first in ambiguous.err and second in ambiguous.err
    (branches.root / "goals" / "same").mkdir()
    assert branches.run("check", "same").out.startswith("same\n"), "an id wins"
