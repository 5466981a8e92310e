"""The hostile goal in the TUI: every screen, every section, every key, and not one byte of it acts on the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest

from omk_tui.demo import goal_id
from omk_tui.demo.attacks import EVERYTHING, MARKUP
from tests.depth import DEEP
from tests.terminal.desk import Desk
from tests.terminal.harmless import assert_screens_harmless
from tests.terminal.pseudo import Terminal

HOSTILE = goal_id("hostile")
SIZES = [(80, 24), (140, 40)]
WALKS = list(product(SIZES, ("1234", "5678"))) if DEEP else list(zip(SIZES, ("1234", "5678"), strict=True))


class Walk:
    """A walk through the screens that remembers what it saw."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.seen: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys one by one, and let each of them be drawn."""
        for key in keys:
            self.terminal.press(key)
            self.terminal.settle(0.03)
        self.look()

    def paste(self, text: str) -> None:
        """Paste a text."""
        self.terminal.paste(text)
        self.terminal.settle(0.03)
        self.look()

    def through(self, *keys: str) -> None:
        """Press keys one by one, and look after each of them."""
        for key in keys:
            self.press(key)

    def look(self) -> None:
        """Remember the screen."""
        assert self.terminal.has_screen, self.terminal.text
        self.seen.append(self.terminal.text)

    def saw(self, words: str) -> bool:
        """Whether words stood on a screen, in one row or broken at the edge of a pane."""
        wanted = re.sub(" ", "", words)
        return any(wanted in re.sub("[ \n▁▂▃▄▅▆▇█]", "", screen) for screen in self.seen)


@contextmanager
def walk(desk: Desk, size: tuple[int, int], *words: str, until: str) -> Iterator[Walk]:
    """Start the desk; afterwards leave it with ctrl+q and judge every byte that it wrote."""
    with desk.open(*words, size=size) as terminal:
        terminal.until(until)
        terminal.settle()
        walker = Walk(terminal)
        yield walker
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
        assert_screens_harmless(terminal)


@pytest.mark.parametrize("size", SIZES if DEEP else SIZES[1:])
def test_the_list(desk: Desk, size: tuple[int, int]) -> None:
    with walk(desk, size, until="NEEDS YOU 6 of 8") as there:
        there.press("G", "k", "j", "b", "B", "g", "G", "pageup", "pagedown", "tab", "j", "right", "tab", "r", "x")
        there.press("slash", *"owned", "enter", "n", "N", "escape")
        there.press("slash")
        there.paste(EVERYTHING)
        there.press("enter", "escape", "G", "question_mark", "G", "escape", "ctrl+p", *"acc", "down", "escape")
        there.press("ctrl+c", "f5", "ctrl+r")
        for row in range(size[1]):
            there.terminal.click(size[0] // 2, row)
        there.terminal.settle()
        there.look()
        assert there.saw("Build a harmless-looking")


@pytest.mark.parametrize(("size", "sections"), WALKS)
def test_every_section(desk: Desk, size: tuple[int, int], sections: str) -> None:
    with walk(desk, size, HOSTILE, until="Check") as there:
        for section in sections:
            there.through(section, "g", *"jjjj", "G", "k", "enter", "pagedown", "right", "right", "left", "G", "escape")
            there.press("r", "G", "enter", "G", "escape", "r")
        there.press("slash", *"owned", "enter", "n", "N", "escape", "b", "B", "tab", "j", "G", "tab")
        for markup in MARKUP:
            assert there.saw(markup), markup


@pytest.mark.parametrize("size", SIZES if DEEP else SIZES[:1])
def test_the_dialogs_and_the_result(desk: Desk, size: tuple[int, int]) -> None:
    with walk(desk, size, HOSTILE, until="Check") as there:
        there.press("question_mark", "G", "escape", "ctrl+p", *"rej", "escape", "K", "J", "ctrl+r")
        there.press("A", "pagedown", "pagedown")
        there.paste(EVERYTHING.replace("\x1b", "\u241b"))
        there.press("tab", *"owned", "tab", "G", "j", "tab", "ctrl+s", "ctrl+p", "escape", "escape")
        there.press("R")
        there.terminal.until("REJECT")
        there.paste(f"{EVERYTHING}\nand a second line")
        there.press("pagedown", "pagedown", "pagedown", "pageup", "tab", "G", "j", "tab", "G", "k")
        there.terminal.until("ctrl+s  records")
        there.press("ctrl+s")
        there.terminal.until("rejected and recorded")
        there.press("j", "G", "k", "g", "tab", "pagedown")
        there.press("escape", "8", "G", "k", "enter", "G", "escape", "7", "G", "1")
        assert there.saw("[bold red]owned[/]")


@pytest.mark.parametrize("file", ["proof.json", "goal.json", "task-graph.json"])
def test_records_that_are_broken_with_an_attack(desk: Desk, file: str) -> None:
    path = desk.goal("hostile") / file
    attack = EVERYTHING.replace("\x00", "")
    path.write_text(path.read_text().replace('"version": 1', f'"version": "{attack}"', 1))
    with walk(desk, (80, 24), HOSTILE, until="[?]") as there:
        there.press("j", "A", "R", "3", "q", "G", "k", "j", "slash", *"harmless", "enter", "R", "escape")
