"""Where many branches are now: git is asked as often for all of them as for one, and says the same of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.records.intake import Intake, read_intake
from omk_tui.engine.git.branch_head import check_branches
from omk_tui.engine.git.command import Git, RunningGit
from tests.engine.projects import git
from tests.opening.conftest import Branches


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first words of git's commands, as they are run."""
    first_words: list[str] = []
    start = Git.start

    def counted(self: Git, words: Sequence[str], **options: Any) -> RunningGit:
        first_words.append(words[0])
        return start(self, words, **options)

    monkeypatch.setattr(Git, "start", counted)
    return first_words


def test_all_are_checked_at_once_and_each_as_by_itself(branches: Branches, asked: list[str]) -> None:
    project = branches.project
    base = git(project, "rev-parse", "main")
    git(project, "branch", "other", base)
    for number in range(5):
        git(project, "branch", f"agent/{number}", base)
        branches.on(f"agent/{number}", f"file-{number}.txt", "x\n")
    opened = [branches.open(f"agent/{number}") for number in range(5)] + [branches.open("agent/mul")]
    read = [read_intake((branches.folder(name) / "artifacts/intake/intake.json").read_text()) for name in opened]
    branches.on("agent/1", "file-1.txt", "later\n")
    git(project, "branch", "-qD", "agent/2")
    git(project, "merge", "-q", "--no-edit", "agent/3")
    branches.on("main", "src/calc.py", "y = 1\n")
    changed: list[Intake] = [
        replace(read[0], base_ref="refs/heads/other"),
        replace(read[3], base_ref="refs/heads/other"),
        replace(read[0], branch=""),
        replace(read[0], branch="", head="1" * 40),
        replace(read[0], base_ref="--exec=x"),
        replace(read[0], branch="a b\nc"),
        replace(read[0], project_dir="/gone", repository="/gone/.git"),
        replace(read[0], project_dir="/gone"),
    ]
    every = [*read, *changed]
    asked.clear()
    once = check_branches(every, merges=False)
    many = len(asked)
    asked.clear()
    check_branches(every[:1], merges=False)
    assert many <= len(asked) + 2, "one more for another base, one for the configuration of another folder"
    assert once == [check_branches([each], merges=False)[0] for each in every]
    assert [each.state for each in once[:6]] == ["same", "moved", "gone", "same", "same", "same"]
    assert [each.merged for each in once[:6]] == [False, False, False, True, False, False]
    assert not once[7].merged and once[3].base_text == "" and once[0].base_text.startswith("the base moved: main")
    assert once[12].state == "not checked" and once[13] == once[0]
    with_merges = check_branches(every, merges=True)
    assert with_merges[0].base_text.endswith("it still merges cleanly")
    assert with_merges[5].base_text.endswith("now it conflicts")
    asked.clear()
    branches.run("list")
    assert len(asked) <= 6 and "merge-tree" not in asked, asked
