"""How the program starts, and where it rather does not: unknown goals, poor terminals, no terminal, little room."""

from __future__ import annotations

import subprocess
import time

import pytest

from omk_tui.demo import goal_id
from tests.cli.processes import command, surroundings
from tests.terminal.desk import Desk
from tests.terminal.stream import coloured

SECONDS = 60.0


@pytest.mark.parametrize("name", ["no-such-goal", "..", "goal-20261122-205543-199-20ed1a3"])
def test_an_unknown_goal_is_told_before_any_screen(desk: Desk, name: str) -> None:
    with desk.open(name) as terminal:
        assert terminal.ended() == 1
        assert b"\x1b" not in terminal.arrived
        assert name in terminal.text


@pytest.mark.parametrize("term", ["dumb", ""])
@pytest.mark.parametrize("words", [(), (goal_id("ready"),), ("demo",)])
def test_a_terminal_that_cannot_draw_gets_text(desk: Desk, words: tuple[str, ...], term: str) -> None:
    with desk.open(*words, TERM=term) as terminal:
        assert terminal.ended(SECONDS) == 0
        assert b"\x1b[?" not in terminal.arrived


@pytest.mark.parametrize("words", [(), (goal_id("ready"),), ("demo",), ("no-such-goal",)])
@pytest.mark.parametrize("piped", ["stdin", "stdout", "stderr", "all"])
def test_without_a_terminal_nothing_hangs(desk: Desk, words: tuple[str, ...], piped: str) -> None:
    redirect = {"stdin": "</dev/null", "stdout": ">/dev/null", "stderr": "2>/dev/null"}
    redirect["all"] = " ".join(redirect.values())
    line = ["/bin/sh", "-c", f'exec "$@" {redirect[piped]}', "sh", *command(*words)]
    if piped == "all":
        done = subprocess.run(line, env=surroundings(desk.root), cwd=desk.project, timeout=SECONDS, check=False)
        assert done.returncode == (1 if words == ("no-such-goal",) else 0)
        return
    with desk.run(line) as terminal:
        assert terminal.ended(SECONDS) == (1 if words == ("no-such-goal",) else 0)
        assert b"\x1b[?1049h" not in terminal.arrived


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (3, 2), (1, 1)])
def test_little_room_is_no_reason_to_crash(desk: Desk, size: tuple[int, int]) -> None:
    with desk.open(size=size) as terminal:
        end = time.monotonic() + 20
        while not terminal.has_screen and time.monotonic() < end:
            terminal.settle()
        assert terminal.has_screen
        for keys in ("j", "enter", *"12345678", "enter", "escape", "A", "escape", "R", "x", "tab", "escape", "q", "?"):
            terminal.press(keys)
            terminal.settle(0.03)
        terminal.press("escape")
        for width, height in ((80, 24), size, (140, 40), size):
            terminal.resize(width, height)
            terminal.settle(0.03)
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert b"Traceback" not in terminal.arrived


def test_a_small_terminal_shows_what_it_can(desk: Desk) -> None:
    with desk.open(size=(40, 10)) as terminal:
        assert "running" in terminal.until("running")
        terminal.resize(140, 40)
        assert "WHY" in terminal.until("WHY")


def test_no_color_leaves_words_and_no_colour(desk: Desk) -> None:
    with desk.open(NO_COLOR="1") as terminal:
        for word in ("conflict", "acceptable", "missing", "paused", "running"):
            terminal.until(word)
        terminal.press("enter")
        terminal.until("met")
        for key in "2345678":
            terminal.press(key)
            terminal.until(f"[{key} ")
        terminal.press("R")
        terminal.until("REJECT")
        terminal.press("escape")
        terminal.settle()
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert not [token.text for token in terminal.tokens if coloured(token)]


def test_a_key_pressed_as_soon_as_the_review_is_there_is_not_lost(desk: Desk) -> None:
    with desk.open() as terminal:
        terminal.until("NEEDS YOU")
        for _ in range(3):
            terminal.press("enter")
            terminal.until("[1 Check")
            terminal.press("6")
            terminal.until("[6 Confl")
            terminal.press("q")
            terminal.until("NEEDS YOU")


def test_keys_as_kitty_sends_them(desk: Desk) -> None:
    with desk.open() as terminal:
        terminal.until("NEEDS YOU")
        terminal.press("\x1b[13u")
        terminal.until("[1 Check")
        terminal.press("\x1b[114;2;82u")
        terminal.until("REJECT")
        terminal.press("\x1b[120;;120u")
        terminal.until("ctrl+s  records")
        terminal.press("\x1b[27u")
        terminal.until("[1 Check")
        terminal.press("\x1b[113;5u")
        assert terminal.ended() == 0
