"""Without ctrl+s nothing is ever decided: two thousand random things in a real terminal leave every byte as it was."""

from __future__ import annotations

import pytest

from tests.depth import DEEP
from tests.terminal.desk import Desk, digest
from tests.terminal.fingers import Fingers


@pytest.mark.parametrize("seed", [1, 2] if DEEP else [1])
def test_a_thousand_random_things_change_no_byte(desk: Desk, seed: int) -> None:
    before = digest(desk.root)
    fingers = Fingers(desk, seed)
    try:
        for number in range(1000):
            fingers.hit()
            if number % 100 == 0:
                assert digest(desk.root) == before, f"something was written before step {number} of seed {seed}"
        fingers.there().settle()
        assert b"Traceback" not in fingers.terminal.arrived
    finally:
        fingers.terminal.end()
    assert fingers.opened > 1
    assert digest(desk.root) == before


@pytest.mark.parametrize("ending", ["hang-up", "kill"])
@pytest.mark.parametrize("key", ["A", "R"])
def test_a_written_dialog_that_loses_its_terminal_decides_nothing(desk: Desk, key: str, ending: str) -> None:
    before = digest(desk.root)
    with desk.open(desk.goal("ready").name) as terminal:
        terminal.until("9 of 9 met")
        terminal.press(key)
        terminal.until("first")
        terminal.press(*"done")
        terminal.until("ctrl+s  records")
        terminal.hang_up() if ending == "hang-up" else terminal.kill()
    assert digest(desk.root) == before
