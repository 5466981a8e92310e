"""A branch, and a repository, made to do harm: nothing of it runs before its gates are asked for, and nothing stays."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate
from omk_tui.engine import Engine
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.gating.disk_limit import Limits
from omk_tui.engine.gating.isolation import bwrap_problem, isolation
from omk_tui.engine.gating.runner import GateRequest, GatesRan, Gating, plan_gates, run_gates
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
    assert branches.run("gate", goal_id, "--add", "list=ls -A", "--only", "list", "--only", "unit", *NONE).code == 3
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
    assert ended.code == 3 and "bench never ran" in ended.out, ended.err
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


# In bubblewrap, where it works


@pytest.fixture
def sandboxed() -> None:
    if bwrap_problem():
        pytest.skip(f"NOT TESTED: {bwrap_problem()}")


HARM = {
    "outside": "echo x > {outside}/written; echo x > {project}/src/calc.py; mkdir {home}/made; echo x > /etc/omk-tui-x",
    "secrets": "cat {home}/.ssh/id_ed25519 {home}/.npmrc; echo x > {home}/.ssh/authorized_keys",
    "network": "exec 2>&1; python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {port}), 2)'",
    "daemon": "(setsid sh -c 'trap \"\" TERM HUP INT; exec sleep 4711' >/dev/null 2>&1 &) ; sleep 0.2",
    "forks": "for n in 1 2 3 4 5 6 7 8; do (for m in 1 2 3 4 5 6 7 8; do sleep 4711 & done; wait) & done; sleep 0.3",
    "flood": "head -c 30000000 /dev/zero | tr '\\0' 'x'; head -c 30000000 /dev/zero | tr '\\0' 'y' >&2",
    "memory": "head -c 400000000 /dev/zero > /dev/shm/full; head -c 40000000 /dev/zero > /run/full; echo x > /dev/made",
    "signals": "kill -9 {pid}; kill -9 -1",
    "git": "cd {project} && git config core.fsmonitor {outside}/evil; git update-ref -d refs/heads/main",
}


def test_in_bubblewrap_no_harm_gets_out(
    branches: Branches, tmp_path: Path, sandboxed: None, request: pytest.FixtureRequest
) -> None:
    outside, home = (
        Path(tempfile.mkdtemp(dir="/var/tmp")),
        tmp_path / "home",
    )  # a gate has its own /tmp
    request.addfinalizer(lambda: shutil.rmtree(outside))
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text("the key")
    (home / ".npmrc").write_text("the token")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        about = {"outside": outside, "home": home, "project": branches.project, "pid": os.getpid()}
        port = server.getsockname()[1]
        adds = [f"--add={name}=sh -c {shlex.quote(code.format(port=port, **about))}" for name, code in HARM.items()]
        only = [word for name in HARM for word in ("--only", name)]
        goal_id = branches.open()
        before, before_home = photograph(branches.project), photograph(home)
        document = branches.json("gate", goal_id, *adds, *only, "--sandbox", "bwrap")
        with pytest.raises(TimeoutError):
            server.accept()
    assert [gate["name"] for gate in document["gates"]] == list(HARM), document["why"]
    assert photograph(branches.project) == before and not os.listdir(outside)
    assert photograph(home) == before_home
    assert not os.path.exists("/etc/omk-tui-x") and not os.path.exists("/dev/shm/full")
    gates = {gate["name"]: gate for gate in json.loads((branches.folder(goal_id) / "proof.json").read_text())["gates"]}
    assert "the key" not in gates["secrets"]["stdout"] and "the token" not in gates["secrets"]["stdout"]
    assert "No space left" in gates["memory"]["stderr"] and "Read-only" in gates["memory"]["stderr"]
    assert gates["outside"]["stderr"].count("Read-only") >= 2
    assert len(gates["flood"]["stdout"]) < 9 << 20 and "the log has them" in gates["flood"]["stderr"]
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 4711" not in shown, "something of a gate is left running"


@pytest.mark.parametrize("level", ["bwrap", "none"])
def test_a_gate_that_fills_the_disk_is_ended_and_recorded_with_the_reason(branches: Branches, level: str) -> None:
    if level == "bwrap" and bwrap_problem():
        pytest.skip(f"NOT TESTED: {bwrap_problem()}")
    code = "while :; do head -c 1000000 /dev/zero >> ${WHERE:-full}; sleep 0.01; done"
    gates = [
        GateDefinition("checkout", "sh", ("-c", f"echo begins; {code}"), source="added"),
        GateDefinition("tmp", "sh", ("-c", f"WHERE=/tmp/omk-tui-full-{os.getpid()}; {code}"), source="added"),
        GateDefinition("home", "sh", ("-c", f"WHERE=$HOME/full; {code}"), timeout_secs=20, source="added"),
    ]
    if level == "none":  # there whoever writes outside is not watched
        del gates[1]
    goal_id = branches.open()
    engine = Engine(StateRoot(str(branches.root), "the test's own", exists=True), str(branches.project))
    asked = GateRequest(
        goal_id,
        isolation("bwrap" if level == "bwrap" else "none", net=False, with_home=False, pass_env=()),
        tuple(gate.name for gate in gates),
        tuple(gates),
        limits=Limits(most_written=3 << 20),
    )
    gating = plan_gates(engine, asked)
    assert isinstance(gating, Gating)
    ran = run_gates(engine, asked, gating, Unwatched())
    assert isinstance(ran, GatesRan) and [gate.passed for gate in ran.gates] == [False] * len(gates)
    for gate in ran.gates:
        assert "omk-tui: it was ended: it wrote more than 3 MiB" in gate.stderr and not gate.timed_out
    assert ran.gates[0].stdout == "begins\n"
    assert "it wrote more than 3 MiB" in branches.run("check", goal_id).out or branches.run("brief", goal_id).out
    assert not [name for name in os.listdir("/tmp") if name.startswith("omk-tui-full-")]


class Unwatched:
    """Nobody looks, and everybody wants it to go on."""

    def began(self, gate: GateDefinition, number: int, total: int) -> None:
        pass

    def wrote(self, stream: int, piece: bytes) -> None:
        pass

    def ended(self, gate: Gate, note: GateNote) -> None:
        pass

    def wanted(self) -> bool:
        return True


def test_without_a_sandbox_a_gate_cannot_hide_what_it_changed(branches: Branches) -> None:
    """It rewrites the index that the checkout was made with, and puts times and attributes as they were."""
    code = """\
import glob, os, subprocess
about = os.stat("src/calc.py")
with open("src/calc.py", "r+b") as file:
    file.write(b"DEF")
os.utime("src/calc.py", ns=(about.st_atime_ns, about.st_mtime_ns))
open("src/.gitattributes", "w").write("* -diff ident text eol=crlf\\n")
for scratch in glob.glob(os.environ["TMPDIR"] + "/../../omk-tui-merge-*"):
    for index in glob.glob(scratch + "/**/index", recursive=True):
        words = {"GIT_DIR": scratch, "GIT_INDEX_FILE": index, "GIT_WORK_TREE": os.getcwd(), **os.environ}
        subprocess.run(["git", "update-index", "--assume-unchanged", "src/calc.py"], env=words)
        subprocess.run(["git", "add", "-A"], env=words)
"""
    branches.write("hide.py", code)
    branches.commit("Hide")
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write("hide.py", code)
    branches.commit("Hide")
    git(branches.project, "checkout", "-q", "main")
    goal_id = branches.open()
    document = branches.json("gate", goal_id, "--add", "hide=python3 hide.py", "--only", "hide", *NONE)
    assert document["gates"][0]["passed"] and document["gates"][0]["changed"] == ["src/calc.py"]
