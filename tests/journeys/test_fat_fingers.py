"""Without ctrl+s nothing is ever decided: random keys, pastes and clicks leave every byte as it was."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual import events

from omk_tui.keys.commands import COMMANDS
from tests.depth import DEEP
from tests.journeys.story import Desk, desk

LEAVING = {"q", "ctrl+q", "ctrl+s"}
KEYS = sorted(
    {key for command in COMMANDS for key in command.keys} - LEAVING
    | {"a", "y", "s", "d", "x", "0", "space", "backspace", "delete", "ctrl+j", "ctrl+a", "ctrl+x", "ctrl+v", "f1"}
)
PASTES = ("A\nR\ny\n", "accept\n" * 50, "\x1b[27;5;115~\x13\r\n", "[/]", "q" * 200)
FEW, MANY = 200, 1000
"""So many for each seed, and more until the screens that matter were met; `tests/terminal` presses two thousand."""
SCREENS = {"ReviewScreen", "DecisionDialog"}


@pytest.mark.parametrize("seed", range(4) if DEEP else (0, 3))
async def test_random_keys_pastes_and_clicks_change_no_byte(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    size = ((40, 10), (80, 24), (80, 24), (140, 40))[seed]
    async with desk(tmp_path, size) as story:
        before = story.files()
        visited = set()
        for number in range(MANY):
            do_something(story, chance)
            if number % 5 == 0:
                await story.pilot.pause()
            visited.add(type(story.app.screen).__name__)
            if number >= FEW and visited >= SCREENS:
                break
        await story.settle()
        assert story.app.is_running
        assert story.files() == before
        assert visited >= SCREENS


def do_something(story: Desk, chance: random.Random) -> None:
    """One event, as the terminal's driver would send it; nobody waits for what the last one did."""
    story.clock.pass_by(0.2)
    kind = chance.random()
    if kind < 0.04:
        story.app.post_message(events.Paste(chance.choice(PASTES)))
    elif kind < 0.10:
        click(story, chance)
    elif kind < 0.20:
        press(story, chance.choice(("A", "R", "enter")))
    else:
        press(story, chance.choice(KEYS))


def press(story: Desk, key: str) -> None:
    character = key if len(key) == 1 else {"space": " ", "slash": "/", "question_mark": "?"}.get(key)
    story.app.post_message(events.Key(key, character))


def click(story: Desk, chance: random.Random) -> None:
    width, height = story.app.size
    x, y = chance.randrange(width), chance.randrange(height)
    for kind in (events.MouseMove, events.MouseDown, events.MouseUp):
        story.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
