"""What reaches a terminal: nothing that a goal wrote into its texts in order to steer it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from omk_tui.core.text.printable import printable
from omk_tui.demo import goal_id
from omk_tui.demo.attacks import MARKUP, SEQUENCES
from tests.cli.commands import Desk
from tests.cli.processes import command, in_terminal, surroundings

HOSTILE = goal_id("hostile")
ATTACK = " ".join((*SEQUENCES, *MARKUP)).replace("\0", "")  # no argument of a process can hold a NUL
# What rich itself writes: bold, dim, and the eight colours.
_OWN = re.compile("\x1b\\[(0|1|2|3[1-7]|1;31)m")
# What a look says on its way when the machine is slow, and how it takes that back.
_PROGRESS = re.compile("\rreading, [0-9]+ MiB so far|\r +\r")


def shown(desk: Desk, *words: str, code: int, **environ: str) -> str:
    """The text that reached the terminal, without rich's own attributes, once it was found harmless."""
    ended, arrived = in_terminal(command(*words), surroundings(desk.root, **environ), desk.project)
    text = _OWN.sub("", arrived.decode("utf-8"))
    wrong = {character for character in text if not character.isprintable() and character not in "\r\n"}
    assert not wrong, sorted(map(ascii, wrong))
    assert re.search("[\u0300-\u036f]{5}", text) is None
    assert "\r" not in _PROGRESS.sub("", text).replace("\r\n", "")
    assert ended == code, text
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list",), 0),
        (("check", HOSTILE), 0),
        (("plan", HOSTILE, "accept", "--summary", ATTACK), 0),
        (("plan", HOSTILE, "reject", "--reason", ATTACK), 0),
        (("plan", HOSTILE, "reject", "--reason", ATTACK, "--show", "rollback"), 0),
        (("reject", HOSTILE, "--reason", ATTACK), 0),
        (("accept", HOSTILE, "--summary", ATTACK), 4),
        (("accept", HOSTILE, "--summary", ATTACK, "--despite-conflicts"), 0),
        (("check", ATTACK), 1),
        ((ATTACK,), 1),
        (("plan", ATTACK, "reject", "--reason", ATTACK), 1),
        (("accept", ATTACK, "--summary", ATTACK), 1),
        (("list", "--status", ATTACK), 2),
        (("list", "--state-root", ATTACK), 1),
        (("list", "--project-dir", ATTACK), 1),
        ((f"--{ATTACK}",), 2),
        (("plan", "g", ATTACK), 2),
        (("demo", "--into", "/proc/" + ATTACK), 1),
    ],
)
def test_no_command_lets_a_sequence_of_the_goal_through(desk: Desk, words: tuple[str, ...], code: int) -> None:
    shown(desk, *words, code=code)


def test_the_picture_of_the_escape_stands_in_its_place(desk: Desk) -> None:
    for words, code in ((("check", HOSTILE), 0), (("check", ATTACK), 1), (("reject", HOSTILE, "--reason", ATTACK), 0)):
        assert "\u241b]52;c;b3duZWQ=\u2407" in shown(desk, *words, code=code).replace("\n", "")


def test_markup_is_shown_as_it_stands(desk: Desk) -> None:
    text = shown(desk, "check", HOSTILE, code=0).replace("\n", " ")
    for markup in MARKUP:
        assert printable(markup) in re.sub(" +", " ", text)


def test_an_attack_in_a_file_name_or_a_broken_record(desk: Desk) -> None:
    (desk.root / "goals" / "goal-\x1b[2J\u202e").mkdir()
    record = json.loads((desk.goal(HOSTILE) / "proof.json").read_text())
    record["status"] = ATTACK
    (desk.goal(HOSTILE) / "proof.json").write_text(json.dumps(record))
    shown(desk, "list", code=0)
    shown(desk, "check", HOSTILE, code=1)
    shown(desk, "reject", HOSTILE, "--reason=x", code=1)


def test_the_list_fits_the_terminal(desk: Desk) -> None:
    lines = shown(desk, "list", code=0).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["VERDICT", "GATES", "ORACLE", "WALL", "CONF", "AGE", "GOAL"]
    assert lines[1].split() == ["ID"]
    assert [line.strip() for line in lines[3::2]] == re.findall("goal-[0-9a-f-]+", desk.run("list").out)
    column = lines[0].index("GOAL")
    assert lines[8][column:].startswith("Refactor the note store")


def test_a_wide_terminal_gets_one_line_for_each_goal(desk: Desk) -> None:
    lines = shown(desk, "list", code=0, COLUMNS="120").splitlines()
    assert len(lines) == 9
    assert max(map(len, lines)) <= 120
    column = lines[0].index("GOAL")
    assert lines[4][column:].startswith("Refactor the note store")


def test_what_goes_on_stays_behind_its_label(desk: Desk) -> None:
    text = shown(desk, "check", goal_id("conflicts"), code=0)
    assert max(len(line) for line in text.splitlines() if not line.startswith("       omk-tui")) <= 80
    assert (
        "           risk      code review is deterministic and does not replace\n"
        "                     maintainer judgment\n"
    ) in text


def test_commands_are_not_broken_into_lines(desk: Desk) -> None:
    text = shown(desk, "check", HOSTILE, code=0)
    digest = re.search("snapshot  ([0-9a-f]{64})", text)
    assert digest
    assert f"omk-tui accept {HOSTILE} --snapshot {digest[1]} --summary TEXT --despite-conflicts\n" in text


def test_no_colour_is_used_where_none_is_wanted(desk: Desk) -> None:
    _, arrived = in_terminal(command("check", HOSTILE), surroundings(desk.root, NO_COLOR="1"), desk.project)
    assert not re.search(b"\x1b\\[[0-9;]*3[0-9]m", arrived)


@pytest.mark.parametrize("term", ["", "dumb"])
def test_a_terminal_that_cannot_draw_gets_the_list(desk: Desk, term: str) -> None:
    text = shown(desk, code=0, TERM=term)
    assert "the desk itself needs a terminal" in text


def test_the_desk_does_not_open_for_an_unknown_goal(desk: Desk) -> None:
    text = shown(desk, "no-such-goal", code=1)
    assert text.count("\n") <= 3
    assert "no-such-goal" in text


def test_without_standard_input_there_is_no_desk(desk: Desk) -> None:
    code, arrived = in_terminal(command(), surroundings(desk.root), desk.project, stdin_is_terminal=False)
    assert code == 0
    assert b"\x1b[?1049h" not in arrived
    assert b"the desk itself needs a terminal" in arrived


def test_to_a_pipe_the_rollback_plan_is_the_files_bytes(desk: Desk) -> None:
    shown_plan = desk.run("plan", HOSTILE, "reject", "--reason", "owned \x1b[2J", "--show", "rollback").out
    desk.run("reject", HOSTILE, "--reason", "owned \x1b[2J")
    plan = desk.goal(HOSTILE) / "artifacts/integration/rollback-rejected-slice.md"
    assert shown_plan.encode() == plan.read_bytes()
    assert "\x1b[2J" in shown_plan


def test_our_own_documents_are_clean_in_a_pipe_too(desk: Desk) -> None:
    for words in (("list",), ("check", HOSTILE), ("plan", HOSTILE, "reject", "--reason", ATTACK)):
        ended = desk.run(*words)
        assert all(line.isprintable() for line in (ended.out + ended.err).split("\n"))
    assert desk.run("check", HOSTILE).out.isprintable() is False  # lines are still lines


def test_the_demo_in_a_dumb_terminal_is_clean(tmp_path: Path, desk: Desk) -> None:
    text = shown(desk, "demo", "--into", str(tmp_path / "kept"), code=0, TERM="dumb")
    assert "$ omk-tui accept" in text
