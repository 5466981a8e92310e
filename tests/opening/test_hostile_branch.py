"""A branch, and a repository, made to do harm: nothing of it runs before its gates are asked for, and nothing stays."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.engine.projects import TRAPS, git, plant
from tests.golden.tree import photograph
from tests.opening.conftest import Branches

NONE = ("--sandbox", "none")


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap != "replace"])
def test_opening_gating_and_looking_obey_nothing_of_the_repository(
    branches: Branches, tmp_path: Path, trap: str
) -> None:
    mark = plant(branches.project, tmp_path, trap)
    mark.unlink(missing_ok=True)
    before = photograph(branches.project)
    goal_id = branches.open()
    assert branches.run("gate", goal_id, *NONE).code == 0
    assert branches.run("check", goal_id).code == 3
    assert branches.run("brief", goal_id).code == 0
    assert branches.run("open", "agent/*").code == 0
    assert not mark.exists(), "a program that the configuration names has run"
    assert photograph(branches.project) == before


def test_attributes_hooks_and_filters_of_the_branch_are_nothing(branches: Branches, tmp_path: Path) -> None:
    mark = tmp_path / "it-ran"
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write(".gitattributes", "* filter=evil diff=evil merge=evil\n*.py export-ignore ident\n")
    branches.write(".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch {mark}"\n')
    branches.write("hooks/post-checkout", f"#!/bin/sh\ntouch {mark}\n")
    (branches.project / "link").symlink_to("/etc/passwd")
    (branches.project / "up").symlink_to("../../../..")
    branches.write("tests/conftest.py", f"open({str(mark)!r}, 'w')\n")
    branches.commit("Harm")
    git(branches.project, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    git(branches.project, "commit", "-q", "-m", "a submodule")
    git(branches.project, "checkout", "-q", "-f", "main")
    goal_id = branches.open()
    assert branches.run("gate", goal_id, "--add", "list=ls -A", "--only", "list", "--only", "unit", *NONE).code == 0
    proof = json.loads((branches.folder(goal_id) / "proof.json").read_text())
    listed = next(gate["stdout"] for gate in proof["gates"] if gate["name"] == "list").split()
    assert {"link", "src", "tests", ".gitattributes"} <= set(listed), "the tree is whole: nothing is left out of it"
    assert not mark.exists()


def test_a_tree_that_git_would_not_write_is_refused(branches: Branches) -> None:
    blob = git(branches.project, "rev-parse", "main:src/calc.py")
    tree = subprocess.run(
        ["git", "mktree"],
        cwd=branches.project,
        input=f"100644 blob {blob}\t.git\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    commit = git(branches.project, "commit-tree", tree, "-p", "agent/mul", "-m", "a .git file")
    git(branches.project, "branch", "evil", commit)
    opened = branches.run("open", "evil", "--json")
    assert opened.code == 0
    goal_id = opened.document["goals"][0]["goal_id"]
    ended = branches.run("gate", goal_id, *NONE)
    assert ended.code == 1 and "cannot be checked out" in ended.err
    assert json.loads((branches.folder(goal_id) / "proof.json").read_text())["gates"] == []


def test_escapes_daemons_and_forks_of_a_gate_leave_nothing(branches: Branches) -> None:
    branches.on(
        "agent/mul",
        "tests/test_evil.py",
        """\
import os, subprocess, sys, time, unittest
class T(unittest.TestCase):
    def test_evil(self):
        print("\\x1b]0;owned\\x07\\x1b[31mred\\x1b[2J")
        for _ in range(20):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.closerange(0, 3)
                    os.execvp("sleep", ["sleep", "301"])
                os._exit(0)
        subprocess.Popen(["sh", "-c", "trap '' TERM HUP INT; exec sleep 301"], start_new_session=True)
""",
    )
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, "--only", "unit", *NONE)
    assert ended.code == 0, ended.err
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 301" not in shown, "something of the gate is left running"
    for words in (("check", goal_id), ("brief", goal_id), ("list",), ("history", goal_id)):
        ended = branches.run(*words)
        assert "\x1b" not in ended.out + ended.err


def test_a_forged_intake_decides_nothing(branches: Branches) -> None:
    goal_id = branches.open()
    path = branches.folder(goal_id) / "artifacts/intake/intake.json"
    good = json.loads(path.read_text())
    forged: list[dict[str, Any]] = [{"head": "--upload-pack=x"}, {"base": 3}, {"waivers": {"review": 1}}]
    for change in [*forged, {"branch": None}, {"schema": "x"}]:
        path.write_text(json.dumps({**good, **change}))
        ended = branches.run("gate", goal_id, *NONE)
        assert ended.code == 1 and "artifacts/intake/intake.json" in ended.err, change
        assert branches.json("check", goal_id)["verdict"] == "unreadable"
        assert branches.run("accept", goal_id, "--summary", "x", "--record-not-ready").code == 1
    path.write_text(json.dumps({**good, "branch": "--exec=touch x", "base_ref": "-x"}))
    assert branches.run("check", goal_id).code == 3
    assert branches.run("gate", goal_id, *NONE).code in (0, 1)
    path.write_text(json.dumps({**good, "project_dir": "/etc", "repository": "/etc/.git"}))
    assert branches.run("gate", goal_id, *NONE).code == 1


def test_a_snapshot_covers_intake_and_gate_notes(branches: Branches) -> None:
    goal_id = branches.open()
    assert branches.run("gate", goal_id, *NONE).code == 0
    snapshot = branches.json("check", goal_id)["snapshot"]
    notes = branches.folder(goal_id) / "artifacts/intake/gates.json"
    notes.write_text(notes.read_text().replace('"merged": false', '"merged": true'))
    assert branches.json("check", goal_id)["snapshot"] != snapshot
    ended = branches.run("accept", goal_id, "--summary", "x", "--record-not-ready", "--snapshot", snapshot)
    assert ended.code == 4


def test_large_files_and_many(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    for number in range(1000):
        branches.write(f"many/{number}.txt", f"{number}\n")
    branches.write("large.txt", "line of a large file\n" * 200_000)
    branches.commit("Large")
    git(branches.project, "checkout", "-q", "main")
    ended = branches.run("open", "agent/mul", "--json")
    assert ended.code == 0
    goal_id = ended.document["goals"][0]["goal_id"]
    assert len(json.loads((branches.folder(goal_id) / "proof.json").read_text())["changed_files"]) == 1002
    diff = branches.folder(goal_id) / "artifacts/agent-runs/goal-agent-execute/mutation.diff"
    assert diff.stat().st_size < 65 << 20


def test_shallow_clones_and_branches_of_remotes(branches: Branches, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{branches.project}", "clone")
    branches.project = tmp_path / "clone"
    ended = branches.run("open", "origin/agent/mul", "--json")
    assert ended.code in (0, 1)
    if ended.code:
        assert "have no commit in common" in ended.err
    git(branches.project, "fetch", "-q", "--unshallow")
    opened = branches.json("open", "origin/agent/mul")["goals"][0]
    assert opened["branch"] == "refs/remotes/origin/agent/mul" and opened["base_ref"] == "refs/remotes/origin/main"
