"""What journeys through the screens share: waiting until nothing moves, and reading what is drawn."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

WATCHING = ("watch", "gates")
"""The groups of workers that never end, or whose end a test waits for itself: `settled` does not wait for them."""


async def settled(pilot: Pilot[Any], seconds: float = 10.0) -> None:
    """Wait until no message is on its way and no worker but a watching one runs."""
    end = time.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        if any(not worker.is_finished and worker.group not in WATCHING for worker in pilot.app.workers):
            quiet = 0
            await asyncio.sleep(0.002)
        else:
            quiet += 1
        assert time.monotonic() < end, f"not settled after {seconds} s: {[str(each) for each in pilot.app.workers]}"


def screen_lines(app: App[Any]) -> list[str]:
    """The rows of the screen as text, as the terminal would get them."""
    width, height = app.size
    return [strip.text for strip in app.screen._compositor.render_strips(app.size)][:height] if width else []


def screen_text(app: App[Any]) -> str:
    """The whole screen as text."""
    return "\n".join(screen_lines(app))


def widget_lines(widget: Widget) -> list[str]:
    """The rows of one widget as text."""
    return [strip.text for strip in widget.render_lines(widget.region.reset_offset)]
