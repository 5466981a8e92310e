"""From a key until its first frame is handed to the terminal, in an app without one, in milliseconds."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Static

from benchmarks import scenes
from benchmarks.terminal import memory_of
from omk_tui.app import OmkApp
from omk_tui.app.run import SWITCH_INTERVAL
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.database.line_table import cache_folder
from omk_tui.widgets.diff_view import DiffView
from omk_tui.widgets.file_windows import FileWindows
from omk_tui.widgets.log_view import LogView

T = TypeVar("T")

KEYS = 60


class OneStatic(App[None]):
    """The least that an app can do with a key: one Static that changes."""

    BINDINGS = [Binding("j", "change")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Static("0")

    def action_change(self) -> None:
        """Another text."""
        self.query_one(Static).update(str(time.perf_counter()))


class Frames:
    """Notices when an app hands a frame to its terminal."""

    def __init__(self, app: App[Any]) -> None:
        self.shown = asyncio.Event()
        display = app._display

        def shown(*args: Any, **named: Any) -> None:
            display(*args, **named)
            self.shown.set()

        app._display = shown  # type: ignore[method-assign]


async def keys(pilot: Pilot[Any], names: Sequence[str], count: int = KEYS) -> list[float]:
    """Milliseconds from each key until the first frame after it; keys that change nothing on screen do not count."""
    app: App[Any] = pilot.app
    frames = Frames(app)
    times = []
    for number in range(count):
        await asyncio.sleep(0.06)  # what the key before set off is over
        name = names[number % len(names)]
        frames.shown.clear()
        began = time.perf_counter()
        app.post_message(events.Key(name, name if len(name) == 1 else None))
        try:
            await asyncio.wait_for(frames.shown.wait(), 1.0)
        except TimeoutError:
            continue
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
        while app.opened.reading is None:
            await pilot.pause(0.05)
        await pilot.pause(1.0)
        await pilot.press("5", "tab", *more)
        await pilot.pause(1.0)
        stream = next(stream for stream in app.screen.query(DiffView) if stream.region.height)
        assert stream.two_sides == ("S" in more), "what the row is called is what is measured"
        await keys(pilot, ["j"])
        walks = {"line": ["j"], "page": ["pagedown"], "hunk": ["right_square_bracket"], "file": ["right_curly_bracket"]}
        return {name: await keys(pilot, walk) for name, walk in walks.items()}


async def gates(root: Path, goal_id: str) -> dict[str, list[float]]:
    """Walking the gates of a goal."""
    app = OmkApp(Engine(StateRoot(str(root), "bench", exists=True), str(root)), goal_id, watch=False)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.opened.reading is None:
            await pilot.pause(0.05)
        await pilot.press("4")
        await pilot.pause(1.0)
        await keys(pilot, ["j"])
        return {"line": await keys(pilot, ["j"]), "page": await keys(pilot, ["pagedown"])}


async def goals(root: Path) -> dict[str, list[float]]:
    """Walking and filtering the list of goals once all of it is read, and walking it while other goals change."""
    app = OmkApp(Engine(StateRoot(str(root), "bench", exists=True), str(root)), watch=True)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.list_screen.goals.reading or app.listing.busy:
            await pilot.pause(0.05)
        await keys(pilot, ["j"])
        walks = {"still": await keys(pilot, ["j", "k", "pagedown"])}
        await pilot.press("slash")
        walks["filter"] = await keys(pilot, [*"note", *["backspace"] * 4])
        await pilot.press("escape", "escape")
        names = os.listdir(root / "goals")
        if names:
            with scenes.changing(root, names):
                walks["changing"] = await keys(pilot, ["j", "k", "pagedown"])
    return walks


async def filling(root: Path) -> list[float]:
    """Walking the list of goals while it is read; nothing is cached."""
    shutil.rmtree(cache_folder(os.environ), ignore_errors=True)
    app = OmkApp(Engine(StateRoot(str(root), "bench", exists=True), str(root)), watch=False)
    times: list[float] = []
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.list_screen.goals.lines:
            await pilot.pause(0.01)
        while app.listing.busy and len(times) < KEYS:
            times += await keys(pilot, ["pagedown", "pageup", "j", "k"], 8)  # each moves, wherever the list grows
    return times


async def log(path: Path) -> tuple[list[float], float]:
    """Walking a log, and the MiB that it takes of the memory."""

    class OneLog(App[None]):
        def compose(self) -> ComposeResult:
            yield LogView()

    app = OneLog()
    async with app.run_test(size=(120, 40)) as pilot:
        view = app.query_one(LogView)
        view.focus()
        before = memory_of(os.getpid())
        view.show(FileWindows(os.open(path, os.O_RDONLY)))
        await pilot.pause(1.0)
        await keys(pilot, ["j"])
        times = await keys(pilot, ["j", "k", "pagedown"])
        return times, memory_of(os.getpid()) - before


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, with threads that give way as they do in the desk."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    return asyncio.run(work)
