"""Names as weapons: goal directories, state roots, ids and records that attack whoever shows them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from omk_tui.demo import goal_id, lay_out
from omk_tui.demo.attacks import EVERYTHING, MARKUP, SEQUENCES
from tests.cli.processes import command, in_terminal, surroundings
from tests.terminal.desk import Desk
from tests.terminal.harmless import assert_output_harmless
from tests.terminal.test_hostile_screens import walk

HOSTILE = goal_id("hostile")
ATTACK = EVERYTHING.replace("\0", "")  # no argument and no name of a file can hold a NUL
PLAIN = SEQUENCES[3]
NAMES = [
    *(f"goal-{sequence}"[:80].replace("/", "|").replace("\0", "") for sequence in SEQUENCES),
    *(f"goal-{markup}".replace("/", "|") for markup in MARKUP),
    "goal-\u202eowned",
    "goal-two\nlines",
    "goal-" + "a\u0301" * 60,
    "\U0001f600\U0001f600",
]
BYTES = [b"goal-\xff\xfe", b"goal-\x9b2J", b"goal-\xc3("]


def name_everything(desk: Desk) -> None:
    """Copies of the hostile goal under hostile names."""
    for name in {os.fsencode(name) for name in NAMES} | set(BYTES):
        target = os.fsencode(desk.root / "goals") + b"/" + name
        os.mkdir(target, 0o700)
        for file in ("goal.json", "proof.json", "task-graph.json", "events.jsonl"):
            shutil.copyfile(os.fsencode(desk.goal("hostile") / file), target + b"/" + os.fsencode(file))


def test_goals_with_hostile_names_in_the_list_and_in_reviews(desk: Desk) -> None:
    name_everything(desk)
    with walk(desk, (80, 24), until="NEEDS YOU") as there:
        for _ in range(3):
            there.press("pagedown")
        there.press("G", "enter", "slash", *"harmless", "enter", "G", "k", "k", "enter", "2", "6", "j", "K", "7")
        there.press("K", "8", "R")
        there.paste("why")
        there.press("tab", "escape", "A", "tab", "escape", "q", "escape")


@pytest.mark.parametrize("words", [("list",), ("check", NAMES[0]), ("check", NAMES[-1]), ("list", "--status=ready")])
def test_goals_with_hostile_names_in_commands(desk: Desk, words: tuple[str, ...]) -> None:
    name_everything(desk)
    _, output = in_terminal(command(*words), surroundings(desk.root), desk.project)
    assert_output_harmless(output)


def test_a_state_root_and_a_project_with_hostile_names(tmp_path: Path) -> None:
    place = tmp_path / ATTACK.replace("/", "|")[:60]
    place.mkdir()
    desk = Desk(place / f"state-{PLAIN}[@click=app.quit]", place / "project-\u202e\x1b[2J")
    desk.project.mkdir()
    lay_out(desk.root, desk.project)
    with walk(desk, (140, 40), until="NEEDS YOU") as there:
        there.look()
        there.press("enter", "1", "G", "R", "pagedown", "escape", "q", "question_mark", "escape")
        # How much of these names fits depends on the temporary folder; that all of it is harmless, `walk` judges.
        there.look()
    for words in (("list",), ("check", HOSTILE), ("plan", HOSTILE, "reject", "--reason=x")):
        _, output = in_terminal(command(*words), surroundings(desk.root), desk.project)
        assert_output_harmless(output)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list",), 0),
        (("check", HOSTILE), 0),
        (("plan", HOSTILE, "accept", "--summary", ATTACK), 0),
        (("plan", HOSTILE, "reject", "--reason", ATTACK, "--show", "rollback"), 0),
        (("accept", HOSTILE, "--summary", ATTACK), 4),
        (("accept", HOSTILE, "--summary", ATTACK, "--despite-conflicts"), 0),
        (("reject", HOSTILE, "--reason", ATTACK), 0),
        (("check", ATTACK), 1),
        ((ATTACK,), 1),
        ((f"no-{PLAIN}",), 1),
        (("reject", PLAIN, "--reason", "x"), 1),
        (("list", "--state-root", f"/nowhere/{ATTACK}"), 1),
        ((ATTACK, "--state-root", f"/nowhere/{ATTACK}"), 1),
        (("list", "--project-dir", ATTACK), 1),
        (("demo", "--into", f"/proc/{ATTACK}"), 1),
        (("check", HOSTILE, f"--{ATTACK}"), 2),
        (("accept", HOSTILE, "--summary", "x", "--snapshot", ATTACK), 2),
        (("demo",), 0),
    ],
)
def test_every_command_and_every_error(desk: Desk, words: tuple[str, ...], code: int) -> None:
    term = {"TERM": "dumb"} if words == ("demo",) else {}  # elsewhere the demo opens the desk
    ended, output = in_terminal(command(*words), surroundings(desk.root, **term), desk.project)
    assert_output_harmless(output)
    assert ended == code, output.decode()


def test_a_record_broken_with_an_attack_in_commands(desk: Desk) -> None:
    proof = desk.goal("hostile") / "proof.json"
    record = json.loads(proof.read_text())
    for key in ("status", "version", "gates", "known_gaps"):
        proof.write_text(json.dumps({**record, key: EVERYTHING}))
        for words in (("check", HOSTILE), ("reject", HOSTILE, "--reason=x")):
            _, output = in_terminal(command(*words), surroundings(desk.root), desk.project)
            assert_output_harmless(output)
