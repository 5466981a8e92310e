"""LogPager: moves about in a file of any size by keys, wheel and size, and stays at its end while it grows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from rich.cells import cell_len
from textual import work

from omk_tui.text import ours, outside
from omk_tui.widgets.file_lines import FileLines, Place
from omk_tui.widgets.log_surface import LogSurface
from omk_tui.widgets.surface import SIDEWAYS_STEP

Pager = TypeVar("Pager", bound="LogPager")
P = ParamSpec("P")


def reads_file(
    method: Callable[Concatenate[Pager, P], Awaitable[None]],
) -> Callable[Concatenate[Pager, P], Coroutine[Any, Any, None]]:
    """A method that reads the file: where the system does not let it, that is shown in place of the rows."""

    @wraps(method)
    async def reading(self: Pager, /, *args: P.args, **options: P.kwargs) -> None:
        try:
            await method(self, *args, **options)
        except OSError as error:
            self.show_error(error)

    return reading


class LogPager(LogSurface):
    """Rows of a file on screen, which the reader moves over.

    `_moved` says that the reader has moved since the file was shown, `_follows` that the end is kept on screen, and
    `_failure` is the place of the line that tells what failed.
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._follows = self._moved = False
        self._failure: Place | None = None

    def show_error(self, error: OSError) -> None:
        """What the system has against reading on."""
        self._rows = []
        self._trouble = (
            ours(("[?] this file cannot be read any further", "$failed")),
            outside(error.strerror or "the system gave no reason"),
            ours("ctrl+r reads it again"),
        )
        self.refresh()

    async def _shows_end(self, file: FileLines) -> bool:
        """Whether the last row on screen is the file's last, or on its way there: who is at the end stays."""
        if self._wants_end or self._follows:
            return True
        return bool(self._rows) and self._top > Place() and self._last_shown >= await file.last()

    async def _go_to_end(self, file: FileLines) -> None:
        self._wants_end = True
        await self._place(file, await file.last(), is_end=True)

    async def _show_failure(self, file: FileLines, failure: Place) -> None:
        """A third from the top, so that what led to it is in sight too."""
        await self._place(file, await file.moved(failure, -(self._height // 3)))

    @reads_file
    async def _move(self, amount: int) -> None:
        file = self._file
        self._follows, self._moved = False, True
        if file is None or not self._rows:
            return
        await self._place(file, await file.moved(self._top, amount))

    @reads_file
    async def on_resize(self) -> None:
        file = self._file
        if file is not None:
            if self._failure is not None and not self._moved:
                await self._show_failure(file, self._failure)
            elif await self._shows_end(file):
                await self._go_to_end(file)
            else:
                await self._place(file, self._top)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel or the scroll bar was used: follow it."""
        super().watch_scroll_y(old_value, new_value)
        if not self._placing and self._file is not None and round(old_value) != round(new_value):
            self.call_later(self._follow, round(new_value))

    @reads_file
    async def _follow(self, y: int) -> None:
        file = self._file
        if file is None or y != round(self.scroll_y) or y == file.row_number(self._top):
            return
        self._moved = True
        if y >= self.max_scroll_y:
            await self._go_to_end(file)
        else:
            await self._place(file, await file.place_of_row(y))

    # Keys

    async def action_move(self, step: int) -> None:
        """One row down (1) or up (-1)."""
        await self._move(step)

    @reads_file
    async def action_page(self, step: int) -> None:
        """A page down (1) or up (-1), one row kept in sight."""
        await self._move(await self._rows_of_a_page(step))

    @reads_file
    async def action_half_page(self, step: int) -> None:
        """Half a page down (1) or up (-1)."""
        await self._move(int(await self._rows_of_a_page(step) / 2) or step)

    async def _rows_of_a_page(self, step: int) -> int:
        """How far a page leads: no row may be passed over that was never whole on screen."""
        file = self._file
        if not self._wraps or file is None or not self._rows:
            return step * max(1, self._height - 1)
        if step > 0:
            return max(1, self._shown_rows - 1)
        before = await file.page(await file.moved(self._top, 1 - self._height), self._height)
        before = [row for row in before if row[0] <= self._top]
        while len(before) > 2 and len(self._pieces_of(before)) > self._height:
            before.pop(0)
        return -max(1, len(before) - 1)

    def action_hunk(self, step: int) -> None:
        """Standard error (1) or standard output (-1) of a gate's log."""
        streams = self.streams
        if streams is None:
            self.say("this file is one stream; [ ] go between stdout and stderr in the log of a gate")
        elif step > 0 and streams.stderr_empty:
            self.say("stderr is empty")
        elif step < 0:
            self.call_later(self.action_first)
        else:
            self._moved, self._follows = True, False
            self._go_to_stream(streams.stderr_at)

    @work(group="stream", exclusive=True)
    @reads_file
    async def _go_to_stream(self, offset: int) -> None:
        if self._file is not None:
            await self._place(self._file, await self._file.place_at(offset))

    def action_wrap(self) -> None:
        """Wrap long lines, or let them go on to the right."""
        self._wraps, self._column = not self._wraps, 0
        self.refresh()
        self.say("long lines are wrapped" if self._wraps else "long lines go on to the right: arrow keys, w wraps them")

    def action_follow(self) -> None:
        """Keep the end of the file on screen while it grows, until a key moves away from it."""
        if self._file is None:
            self.say("there is no file to follow")
            return
        self.call_later(self.action_last)
        self._follows = True
        self.say("following: the end stays on screen while the file grows; any move ends it")

    @reads_file
    async def action_first(self) -> None:
        """The beginning of the file."""
        self._follows, self._moved = False, True
        if self._file is not None and self._rows:
            await self._place(self._file, Place())

    @reads_file
    async def action_last(self) -> None:
        """The end of the file, at once, counted or not."""
        self._moved = True
        if self._file is not None and self._rows:
            await self._go_to_end(self._file)

    async def action_scroll_rows(self, step: int) -> None:
        """Scroll one row down (1) or up (-1)."""
        await self.action_move(step)

    def action_sideways(self, step: int) -> None:
        """To the right (1) or left (-1) in long lines."""
        if self._wraps:
            self.say("long lines are wrapped here; there is nothing to the side")
            return
        widest = max((cell_len(text) for text in self.texts), default=0)
        room = self.room
        self._column = max(min(self._column + step * SIDEWAYS_STEP, widest - room), 0)
        self.refresh()
