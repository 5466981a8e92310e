"""A gate log of 50 MB: the section opens at once, its end is one key away, and the process stays small."""

from __future__ import annotations

import json
import time
from pathlib import Path

from omk_tui.demo import goal_id
from tests.terminal.desk import Desk

LINES = 700_000
LINE = "test tests/notes/test_store.py::test_save_and_load number {:07d} of many passed\n"
FIRST, LAST = "first line of the log", "the very last line of the log"
MOST = 150 * 1024 * 1024


def write_log(desk: Desk) -> Path:
    """Make the log of the first gate that has one 50 MB long."""
    goal = desk.goal("conflicts")
    proof = json.loads((goal / "proof.json").read_text())
    log = Path(next(gate["output_path"] for gate in proof["gates"] if gate.get("output_path")))
    with log.open("w") as file:
        file.write(f"{FIRST}\n")
        for start in range(0, LINES, 10_000):
            file.write("".join(LINE.format(number) for number in range(start, start + 10_000)))
        file.write(f"{LAST}\n")
    assert log.stat().st_size > 50_000_000
    return log


def test_a_log_of_50_mb(desk: Desk) -> None:
    write_log(desk)
    with desk.open(goal_id("conflicts")) as terminal:
        terminal.until("9 of 9 met")
        began = time.monotonic()
        terminal.press("4")
        terminal.until("[4 Gates")
        terminal.until("54 MiB")
        terminal.until(FIRST)
        opened = time.monotonic() - began
        terminal.press("enter")
        terminal.until(lambda text: "required gates passed" not in text)
        terminal.settle()
        terminal.press("G")
        terminal.until(LAST)
        terminal.press("g")
        terminal.until(FIRST)
        terminal.press("pagedown", "pagedown", "slash")
        terminal.settle()
        terminal.press(*"number 0699999", "enter")
        terminal.until("number 0699999")
        assert terminal.memory() < MOST
        assert opened < 5.0
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
