"""A project with gates and a policy on main and an agent's branch beside it, and a desk in its folder."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Desk, Ended
from tests.engine.projects import git

GATES = """\
[[gates]]
name = "unit"
command = "python3"
args = ["-m", "unittest", "discover", "-s", "tests"]

[[gates]]
name = "bench"
command = "python3"
args = ["src/calc.py"]
surprise = "unknown keys are allowed"
"""
TEST = """\
import sys, unittest
sys.path.insert(0, "src")
from calc import add
class T(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(1, 2), 3)
"""


class Branches:
    """A repository with an agent's branch, a state root, and the commands."""

    def __init__(self, base: Path) -> None:
        self.project, self.root = base / "project", base / "state"
        self.project.mkdir()
        self.root.mkdir()
        git(self.project, "init", "-q", "-b", "main")
        self.write(".omk/gates.toml", GATES)
        self.write("src/calc.py", "def add(a, b):\n    return a + b\n")
        self.write("tests/test_calc.py", TEST)
        self.commit("Start")
        git(self.project, "checkout", "-q", "-b", "agent/mul")
        self.write("src/calc.py", "def add(a, b):\n    return a + b\n\n\ndef mul(a, b):\n    return a * b\n")
        self.commit("Add multiplication\n\nAsked for by the shop.\n\nCo-authored-by: Claude <c@example.org>")
        git(self.project, "checkout", "-q", "main")

    def write(self, path: str, text: str | bytes) -> None:
        file = self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, message: str) -> str:
        git(self.project, "add", "-A")
        git(self.project, "commit", "-q", "-m", message)
        return git(self.project, "rev-parse", "HEAD")

    def on(self, branch: str, path: str, text: str, message: str = "More") -> str:
        """Commit one file on a branch, and go back to main."""
        git(self.project, "checkout", "-q", branch)
        self.write(path, text)
        head = self.commit(message)
        git(self.project, "checkout", "-q", "main")
        return head

    def run(self, *words: str, stdin: str = "") -> Ended:
        """A command in the project's folder."""
        with chdir(self.project):
            return Desk(self.root, self.project).run(*words, stdin=stdin.encode())

    def json(self, *words: str) -> dict[str, Any]:
        """The document of a command."""
        return self.run(*words, "--json").document

    def open(self, *words: str) -> str:
        """Open what is named (else the agent's branch); returns the goal's id."""
        ended = self.run("open", *(words or ("agent/mul",)), "--json")
        assert ended.code == 0, ended.err
        goal_id = ended.document["goals"][0]["goal_id"]
        assert isinstance(goal_id, str)
        return goal_id

    def folder(self, goal_id: str) -> Path:
        return self.root / "goals" / goal_id

    def states(self, goal_id: str) -> list[str]:
        """The states of the nine requirements."""
        return [one["state"] for one in self.json("check", goal_id)["requirements"]]


@pytest.fixture
def branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branches:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    (tmp_path / "home").mkdir()
    return Branches(tmp_path)
