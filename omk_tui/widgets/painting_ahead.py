"""Rows that are painted before a key asks for them, a few at a time, so that no key waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from textual.timer import Timer
from textual.widget import Widget

_FRAME = 0.012
"""Seconds in which the frame that a key asked for is on screen: whatever runs meanwhile would delay it."""
_PAUSE = 0.001
_SLICE = 0.002


class PaintingAhead:
    """Calls `paint` with each number of the newest plan while its widget has nothing else to do."""

    def __init__(self, widget: Widget, paint: Callable[[int], object]) -> None:
        self._widget = widget
        self._paint = paint
        self._rows: Iterator[int] = iter(())
        self._timer: Timer | None = None

    def plan(self, rows: Iterable[int], *, behind_frame: bool = True) -> None:
        """Paint these rows next, each asked for when its turn comes, and forget those of the plan before.

        With `behind_frame` a frame is due, and comes first.
        """
        self._rows = iter(rows)
        if behind_frame or self._timer is None:
            self._again(_FRAME)

    def _again(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._widget.set_timer(seconds, self._go_on) if self._widget.is_attached else None

    def _go_on(self) -> None:
        self._timer = None
        if any(pump.message_queue_size for pump in (self._widget, self._widget.screen, self._widget.app)):
            self._again(_FRAME)
            return
        ends = time.perf_counter() + _SLICE
        for row in self._rows:
            self._paint(row)
            if time.perf_counter() > ends:
                self._again(_PAUSE)
                return
