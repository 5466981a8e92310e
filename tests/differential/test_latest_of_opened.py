"""`latest` is the same goal for the real omk and for us, of goals opened at once and in one second."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.engine.projects import git
from tests.opening.conftest import Branches


def test_omk_calls_the_same_goal_the_latest(omk_binary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    branches = Branches(tmp_path)
    (tmp_path / "home" / "omk").symlink_to(branches.root)
    for name in ("agent/one", "agent/two"):
        git(branches.project, "branch", name, "main")
        branches.on(name, f"{name[6:]}.txt", "x\n")
    for words in (("agent/one", "agent/mul"), ("agent/two",)):
        branches.json("open", *words)
        said = subprocess.run([omk_binary, "goal", "show", "latest"], check=True, capture_output=True, text=True)
        assert said.stdout.splitlines()[0] == f"Goal {branches.json('check', 'latest')['goal_id']}"
