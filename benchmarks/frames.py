"""From a key until its frame is on screen, in a Textual app without a terminal: p50 and p95 in milliseconds."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Static

from omk_tui.app import OmkApp
from omk_tui.engine import Engine, StateRoot
from omk_tui.widgets.file_windows import FileWindows
from omk_tui.widgets.log_view import LogView

KEYS = 60


class OneStatic(App[None]):
    """The least that an app can do with a key: one Static that changes."""

    BINDINGS = [Binding("j", "change")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Static("0")

    def action_change(self) -> None:
        """Another text."""
        self.query_one(Static).update(str(time.perf_counter()))


async def keys(pilot: Pilot[Any], names: Sequence[str]) -> list[float]:
    """How long each key took until nothing was left to do."""
    times = []
    for number in range(KEYS):
        began = time.perf_counter()
        await pilot.press(names[number % len(names)])
        times.append((time.perf_counter() - began) * 1000)
    return times


async def floor() -> list[float]:
    """One Static."""
    app = OneStatic()
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, ["j"])
        return await keys(pilot, ["j"])


async def diff(root: Path, goal_id: str, size: tuple[int, int], more: Sequence[str] = ()) -> dict[str, list[float]]:
    """Walking a long diff by line, page, hunk and file."""
    app = OmkApp(Engine(StateRoot(str(root), "bench", exists=True), str(root)), goal_id, watch=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(2.0)
        await pilot.press("5", "tab", *more)
        await pilot.pause(1.0)
        await keys(pilot, ["j"])
        walks = {"line": ["j"], "page": ["pagedown"], "hunk": ["right_square_bracket"], "file": ["right_curly_bracket"]}
        return {name: await keys(pilot, walk) for name, walk in walks.items()}


async def goals(root: Path) -> list[float]:
    """Walking the list of goals once all of it is read."""
    app = OmkApp(Engine(StateRoot(str(root), "bench", exists=True), str(root)), watch=False)
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.list_screen.goals.lines or app.listing.busy:
            await pilot.pause(0.05)
        await keys(pilot, ["j"])
        return await keys(pilot, ["j", "k", "pagedown"])


async def log(path: Path) -> list[float]:
    """Walking a log of a million lines."""

    class OneLog(App[None]):
        def compose(self) -> ComposeResult:
            yield LogView()

    app = OneLog()
    async with app.run_test(size=(120, 40)) as pilot:
        view = app.query_one(LogView)
        view.focus()
        view.show(FileWindows(os.open(path, os.O_RDONLY)))
        await pilot.pause(1.0)
        await keys(pilot, ["j"])
        return await keys(pilot, ["j", "k", "pagedown"])


def run(work: object) -> object:
    """The result of a coroutine."""
    return asyncio.run(work)  # type: ignore[arg-type]
