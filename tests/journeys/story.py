"""A desk in a test: sample goals in a folder of their own, and steps that read as a story."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from omk_tui import demo
from omk_tui.app import OmkApp
from omk_tui.engine import Engine, find_state_root
from omk_tui.screens.decision import DecisionDialog
from omk_tui.screens.goals import GoalsScreen
from omk_tui.screens.result import ResultScreen
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.text_editor import Words
from omk_tui.text import wrapped
from omk_tui.widgets.panes import FooterLines
from tests import pilots

AT = 1_795_386_000.0
"""The moment at which every story happens, in Unix seconds: some hours after the samples were made."""


class Desk:
    """The app under a test's fingers."""

    def __init__(self, app: OmkApp, pilot: Pilot[int], root: Path, clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.root = root
        self.clock = clock

    # What is on disk

    def folder(self, name: str) -> Path:
        """The goal directory of a sample."""
        return self.root / "goals" / demo.goal_id(name)

    def files(self) -> dict[str, bytes]:
        """Every file of every goal, and its bytes."""
        goals = self.root / "goals"
        return {str(path.relative_to(goals)): path.read_bytes() for path in sorted(goals.rglob("*")) if path.is_file()}

    def rewrite(self, name: str, file: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a JSON file of a sample as omk does: a new file in its place."""
        path = self.folder(name) / file
        record = json.loads(path.read_bytes())
        change(record)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(json.dumps(record, indent=2))
        fresh.replace(path)

    # What a person does

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until nothing moves any more."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        await self.press(*("space" if character == " " else character for character in text))

    async def open(self, name: str) -> ReviewScreen:
        """From the list, open a sample with Enter."""
        self.list.rows.select(demo.goal_id(name))
        await self.press("enter")
        return self.review

    async def ask(self, name: str, key: str) -> DecisionDialog:
        """From the list, open a sample and then a dialog (`A` or `R`), and wait until it listens."""
        await self.open(name)
        await self.press(key)
        self.clock.pass_by(1.0)
        return self.dialog

    async def settle(self) -> None:
        """Wait until no message is on its way and no work is under way."""
        await pilots.settled(self.pilot)

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait until something holds; used for what the world outside sets off."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it did not come about in {seconds} s; on screen:\n{self.text}"
            await self.pilot.pause()
            await asyncio.sleep(0.005)
        await self.settle()

    # What is on screen

    @property
    def text(self) -> str:
        """The screen as text."""
        return pilots.screen_text(self.app)

    @property
    def said(self) -> str:
        """The end of the screen, of as many lines as a sentence takes: what just happened."""
        feet = self.app.screen.query(FooterLines)
        rows = len(wrapped(feet.last().said, self.app.size.width - 2)) if feet else 1
        return " ".join(line.strip() for line in pilots.screen_lines(self.app)[-rows:])

    @property
    def list(self) -> GoalsScreen:
        """The goals list, on top or not."""
        return self.app.list_screen

    @property
    def review(self) -> ReviewScreen:
        """The review on top."""
        assert isinstance(self.app.screen, ReviewScreen), self.text
        return self.app.screen

    @property
    def dialog(self) -> DecisionDialog:
        """The dialog on top."""
        assert isinstance(self.app.screen, DecisionDialog), self.text
        return self.app.screen

    @property
    def result(self) -> ResultScreen:
        """The result on top."""
        assert isinstance(self.app.screen, ResultScreen), self.text
        return self.app.screen

    @property
    def words(self) -> str:
        """What has been written in the dialog."""
        return self.dialog.query_one(Words).text

    @property
    def typed_id(self) -> str:
        """What has been typed of the id in the dialog."""
        return self.dialog.query_one("#typed-id-input", Input).value


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@asynccontextmanager
async def desk(
    folder: Path, size: tuple[int, int] = (80, 24), goal: str | None = None, *, live: bool = False
) -> AsyncIterator[Desk]:
    """A desk on the sample goals; `goal` opens one of them at once, `live` watches the files."""
    root, project = folder / "root", folder / "project"
    project.mkdir()
    demo.lay_out(root, project)
    async with desk_on(root, project, size, goal and demo.goal_id(goal), live=live) as story:
        yield story


@asynccontextmanager
async def desk_on(
    root: Path, project: Path, size: tuple[int, int] = (80, 24), goal_id: str | None = None, *, live: bool = False
) -> AsyncIterator[Desk]:
    """A desk on any state root."""
    clock = Clock()
    engine = Engine(find_state_root(str(root), {}), str(project))
    app = OmkApp(engine, goal_id, "~/samples", now=lambda: AT, monotonic=clock, watch=live)
    async with app.run_test(size=size) as pilot:
        story = Desk(app, pilot, root, clock)
        await story.settle()
        yield story
