"""Branches that conflict with their base, when they are opened or since it has moved."""

from __future__ import annotations

import pytest

from tests.engine.projects import git
from tests.journeys import story
from tests.opening.conftest import Branches


def test_a_conflict_is_recorded_and_keeps_an_accept_back(branches: Branches) -> None:
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    opened = branches.json("open", "agent/mul")["goals"][0]
    assert opened["merge"] == "conflict"
    check = branches.json("check", opened["goal_id"])
    assert check["conflicts"][0]["live"] == "conflict"
    assert any(one["code"] == "open_conflict" for one in check["warnings"])
    ended = branches.run("accept", opened["goal_id"], "--summary", "ok", "--record-not-ready")
    assert ended.code == 4 and "a conflict is open" in ended.err
    brief = branches.run("brief", opened["goal_id"]).out
    assert "## It does not merge" in brief and "def sub(a, b):" in brief


def test_of_many_files_in_conflict_the_first_are_named_and_the_document_has_all(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"src/part-{number:02}.py" for number in range(40)]
    for branch in ("agent/mul", "main"):
        git(branches.project, "checkout", "-q", branch)
        for name in names:
            branches.write(name, f"x = '{branch}'\n")
        branches.commit(f"Write 40 files on {branch}")
    opened = branches.open("agent/mul")
    assert branches.json("check", opened)["conflicts"][0]["files"] == names
    conflicts = branches.run("check", opened).out.partition("\nCONFLICTS")[2]
    assert conflicts.count(f"{names[7]} and 32 more (check --json names all)") == 2, "in the record, and now"
    assert f"{names[4]} and 35 more" in conflicts and not any(name in conflicts for name in names[8:])
    monkeypatch.setattr("omk_tui.engine.opening.branch._MOST_NAMED", 30)
    again = branches.json("open", "agent/mul", "--goal", "Else", "--again")["goals"][0]
    assert "files in conflict that are not named: 10" in again["notes"]
    assert "conflicts in 40 files" in again["merge_text"]


def test_a_base_that_moves_is_told(branches: Branches) -> None:
    goal_id = branches.open()
    branches.on("main", "other.txt", "moved\n")
    check = branches.json("check", goal_id)
    assert check["head"]["state"] == "same", "nobody who stands on main sees a moved HEAD"
    assert any(one["code"] == "base_moved" and "still merges cleanly" in one["text"] for one in check["warnings"])
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    check = branches.json("check", goal_id)
    assert any(one["code"] == "base_moved" and "now it conflicts" in one["text"] for one in check["warnings"])


async def test_a_base_that_conflicts_by_now_keeps_an_accept_back_and_stands_among_the_conflicts(
    branches: Branches,
) -> None:
    goal_id = branches.open()
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    accept = ("accept", goal_id, "--summary", "ok", "--record-not-ready")
    ended = branches.run(*accept)
    assert ended.code == 4 and "a conflict is open" in ended.err and "now it conflicts" in ended.err
    conflicts = branches.run("check", goal_id).out.partition("\nCONFLICTS")[2].partition("\nWARNINGS")[0]
    assert "none recorded" in conflicts and "[!] the base moved" in conflicts
    async with story.desk_on(branches.root, branches.project) as desk:
        await desk.press("enter", "6")
        assert "6 Confl!" in desk.text and "[!] in conflict with the base as it is today" in desk.text
        assert "bring its branch up to date" in " ".join(desk.text.split())
    assert branches.run(*accept, "--despite-conflicts").code == 0
