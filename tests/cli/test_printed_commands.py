"""Each command that is printed, in text and in documents, works as it is printed, from any folder."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest

from omk_tui.demo import goal_id, samples
from omk_tui.engine import Engine, StateRoot
from tests.cli.commands import Desk

GOALS = [sample.goal_id for sample in samples()]
_COMMAND = re.compile(r"omk-tui (?:list|check|plan|accept|reject|history|doctor)\b[^`\n\"]*")


def commands(text: str) -> set[str]:
    return {found.strip() for found in _COMMAND.findall(text) if "GOAL" not in found}


def run_as_printed(desk: Desk, command: str, elsewhere: Path) -> int:
    """Run a printed command with nothing of the surroundings under which it was printed."""
    words = shlex.split(command)
    assert words[0] == "omk-tui"
    return desk.run(*words[1:], environ={"HOME": str(elsewhere), "TERM": "xterm"}).code


@pytest.mark.parametrize("goal", GOALS)
def test_the_commands_that_check_prints_work_from_anywhere(
    desk: Desk, goal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--state-root", str(desk.root), "--project-dir", str(desk.project))
    printed = commands(desk.run("check", goal, *where).out)
    document = desk.run("check", goal, *where, "--json").out
    printed |= commands("\n".join(json.loads(document)["after_decision"]))
    listed = desk.run("list", *where, "--json").document["goals"]
    printed |= commands(next(one["next"] for one in listed if one["goal_id"] == goal))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for command in sorted(printed):  # accept before reject: what is bound to a snapshot is decided once
        assert f"--state-root {shlex.quote(str(desk.root))}" in command
        assert run_as_printed(desk, command, tmp_path) in ((0, 3) if " check " in command else (0, 4)), command


def test_an_accept_as_printed_is_recorded_where_evidence_is_missing_and_a_conflict_is_open(
    desk: Desk, tmp_path: Path
) -> None:
    where = ("--state-root", str(desk.root), "--project-dir", str(desk.project))
    for name, option in (("conflicts", "--despite-conflicts"), ("missing-evidence", "--record-not-ready")):
        (command,) = [one for one in commands(desk.run("check", goal_id(name), *where).out) if " accept " in one]
        assert option in command
        assert run_as_printed(desk, command, tmp_path) == 0


def test_what_a_refusal_and_a_result_print_works_too(desk: Desk, tmp_path: Path) -> None:
    where = ("--state-root", str(desk.root), "--project-dir", str(desk.project))
    refused = desk.run("accept", goal_id("conflicts"), "--summary", "x", *where)
    recorded = desk.run("reject", goal_id("conflicts"), "--reason", "x", *where)
    planned = desk.run("plan", goal_id("ready"), "accept", "--summary", "x", *where)
    for text in (refused.err, recorded.err, planned.err):
        assert commands(text), text
        for command in commands(text):
            assert run_as_printed(desk, command, tmp_path) in (0, 3), command


def test_a_relative_root_is_printed_by_its_full_path(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.root.parent)
    printed = commands(desk.run("check", goal_id("ready"), "--state-root", desk.root.name).out)
    assert printed and all(f"--state-root {desk.root} " in f"{one} " for one in printed)


def test_without_options_none_is_printed(desk: Desk) -> None:
    assert "--state-root" not in desk.run("check", goal_id("ready")).out
    engine = Engine(StateRoot(str(desk.root), "--state-root", exists=True))
    assert all("--state-root" not in line.next for line in engine.goals().goals)
    assert os.path.isabs(desk.root)
