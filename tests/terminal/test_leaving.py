"""How the program leaves a terminal: as it was, and without hanging in front of its last bytes."""

from __future__ import annotations

import signal
import time

import pytest

from tests.cli.processes import command
from tests.terminal.desk import Desk

SECONDS = 10.0


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_the_terminal_gets_its_modes_back(desk: Desk, key: str) -> None:
    line = ["/bin/sh", "-c", 'stty -g; "$@"; stty -g', "sh", *command()]
    with desk.run(line) as terminal:
        terminal.until("NEEDS YOU")
        terminal.press(key)
        assert terminal.ended() == 0
        told = terminal.arrived.decode().replace("\r", "")
    before, after = told.split("\x1b", 1)[0], told.rpartition("\x1b")[2]
    assert before.strip().count(":") > 10 and after.endswith(f"l{before}"), (before, after)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("keys", [(), ("enter",), ("R",)])
def test_a_signal_leaves_the_terminal_as_it_was(desk: Desk, keys: tuple[str, ...], number: int) -> None:
    before = desk.digest()
    with desk.open() as terminal:
        terminal.until("NEEDS YOU")
        terminal.press(*keys)
        terminal.settle()
        terminal.process.send_signal(number)
        assert terminal.ended() == 128 + number
        assert not terminal.has_screen
    assert desk.digest() == before


def test_a_ctrl_s_too_many_does_not_stop_the_end(desk: Desk) -> None:
    """In its usual modes a terminal takes ctrl+s as the wish to stop the output."""
    with desk.open() as terminal:
        terminal.until("NEEDS YOU")
        terminal.settle()
        terminal.press("q")
        until = time.monotonic() + SECONDS
        while terminal.running and time.monotonic() < until:
            terminal.send(b"\x13")
            time.sleep(0.0002)
        assert not terminal.running, terminal.arrived[-100:]
        terminal.ended()  # until then its last bytes may not have arrived
        assert not terminal.has_screen


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back(desk: Desk) -> None:
    before = desk.digest()
    with desk.run(["/bin/bash", "--norc", "--noprofile", "-i"], PS1="shell> ") as terminal:
        terminal.until("shell>")
        terminal.press(*" ".join(command()), "enter")
        terminal.until("NEEDS YOU")
        terminal.press("j", "j", "ctrl+z")
        terminal.until("Stopped")
        assert not terminal.has_screen
        terminal.press(*"fg", "enter")
        terminal.until("NEEDS YOU")
        terminal.press("q")
        terminal.until(lambda _: not terminal.has_screen)
    assert desk.digest() == before


def test_ctrl_z_without_a_shell_says_so(desk: Desk) -> None:
    with desk.open() as terminal:
        terminal.until("NEEDS YOU")
        terminal.press("ctrl+z")
        terminal.until("no shell here to come back from")
