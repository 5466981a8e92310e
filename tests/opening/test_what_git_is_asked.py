"""What opening asks git: few commands, at once, and the same answers as from one after the other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from omk_tui.engine.git.process import Process
from omk_tui.engine.opening import branch as branch_module
from tests.engine.projects import git
from tests.opening.conftest import Branches

ODD = ("tab\there", 'quote"s', "back\\slash", "line\nfeed", "blank at end ", "grüße", "old name")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of git, as they are started."""
    commands: list[list[str]] = []
    begin = Process.__init__

    def counted(self: Process, words: list[str], *rest: object) -> None:
        commands.append(words)
        begin(self, words, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Process, "__init__", counted)
    return commands


def changed(branches: Branches, goal_id: str) -> list[str]:
    path = branches.folder(goal_id) / "artifacts/agent-runs/goal-agent-execute/changed-files.json"
    names: list[str] = json.loads(path.read_text())
    return names


def test_one_branch_takes_eight_commands_and_the_second_look_three(
    branches: Branches, started: list[list[str]]
) -> None:
    goal_id = branches.open("agent/mul")
    assert len(started) == 8, started
    started.clear()
    assert branches.open("agent/mul") == goal_id
    assert len(started) <= 4, started  # settings, version, refs, and whether it is merged
    for number in range(20):
        git(branches.project, "branch", f"agent/same-{number}", "agent/mul")
    started.clear()
    branches.run("open", "agent/*")
    assert len(started) <= 4 + 21, started


def test_names_and_diff_are_gits_own_whatever_the_files_are_called(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    for name in ODD:
        branches.write(name, f"{name}\n" * 20)
    branches.commit("Odd names")
    git(branches.project, "mv", "old name", "new\tname")
    (branches.project / "src/calc.py").chmod(0o755)
    branches.commit("More")
    git(branches.project, "checkout", "-q", "main")
    goal_id = branches.open("agent/mul")
    listed = subprocess.run(
        ["git", "diff", "--name-only", "-z", "-M", "main...agent/mul"],
        cwd=branches.project,
        check=True,
        capture_output=True,
    ).stdout
    assert changed(branches, goal_id) == [name for name in listed.decode().split("\0") if name]
    diff = subprocess.run(
        ["git", "diff", "-M", "main...agent/mul"], cwd=branches.project, check=True, capture_output=True
    ).stdout
    folder = branches.folder(goal_id) / "artifacts/agent-runs/goal-agent-execute"
    assert (folder / "mutation.diff").read_bytes() == diff


def test_with_two_merge_bases_all_is_beside_the_recorded_one(branches: Branches) -> None:
    project = branches.project
    git(project, "branch", "one", "main")
    git(project, "branch", "two", "main")
    first, second = branches.on("one", "one.txt", "1\n"), branches.on("two", "two.txt", "2\n")
    for branch, other in (("one", second), ("two", first)):
        git(project, "checkout", "-q", branch)
        git(project, "merge", "-q", "--no-edit", other)
    git(project, "checkout", "-q", "main")
    branches.on("two", "three.txt", "3\n", "The work")
    assert len(git(project, "merge-base", "--all", "one", "two").split()) == 2
    goal_id = branches.open("two", "--base", "one")
    intake = json.loads((branches.folder(goal_id) / "artifacts/intake/intake.json").read_text())
    assert intake["merge_base"] == git(project, "merge-base", "one", "two")
    listed = git(project, "diff", "--name-only", intake["merge_base"], "two").split()
    assert changed(branches, goal_id) == listed
    assert intake["commits"] == int(git(project, "rev-list", "--count", "one..two"))


def test_a_file_that_is_too_long_hides_no_other(branches: Branches) -> None:
    branches.write(".omk/gates.toml", "# x\n" * (2 << 20))
    branches.write(".omk/desk.toml", '[waive]\n"oracle.golden" = "none yet"\n')
    branches.commit("Long")
    git(branches.project, "branch", "-q", "late", "main")
    branches.on("late", "late.txt", "x\n")
    goal_id = branches.open("late")
    intake = json.loads((branches.folder(goal_id) / "artifacts/intake/intake.json").read_text())
    assert (intake["gate_config"], intake["waivers"]) == ("", {"oracle.golden": "none yet"})


def test_of_many_commits_the_newest_are_named_and_all_counted(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MOST_COMMITS", "_LOG"):
        value = 2 if name == "MOST_COMMITS" else ("log", "--max-count=2", *branch_module._LOG[2:])
        monkeypatch.setattr(branch_module, name, value)
    for number in range(2):
        branches.on("agent/mul", f"{number}.txt", "x\n", f"Number {number}")
    opened = branches.json("open", "agent/mul")["goals"][0]
    intake = json.loads((branches.folder(opened["goal_id"]) / "artifacts/intake/intake.json").read_text())
    assert intake["commits"] == 3 and opened["notes"] == ["earlier commits that are not named: 1"]
    goal = json.loads((branches.folder(opened["goal_id"]) / "goal.json").read_text())
    assert goal["original_goal"].startswith("Add multiplication"), "the first commit's text, named or not"


def test_a_remotes_default_branch_a_tag_and_a_broken_ref(branches: Branches, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(branches.project), str(clone))
    branches.project = clone
    assert branches.json("open", "origin/agent/mul", "--dry-run")["goals"][0]["base_ref"] == "refs/remotes/origin/main"
    git(clone, "tag", "-a", "-m", "one", "v1", "origin/main")
    shown = branches.json("open", "origin/agent/mul", "--base", "v1", "--dry-run")["goals"][0]
    assert (shown["base_ref"], shown["base"]) == ("refs/tags/v1", git(clone, "rev-parse", "origin/main"))
    (clone / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    assert branches.json("open", "origin/agent/mul", "--dry-run")["goals"][0]["base_ref"] == "refs/remotes/origin/main"
    assert "broken" in branches.run("open", "broken").err
