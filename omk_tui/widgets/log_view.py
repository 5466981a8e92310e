"""LogView: a file of any size, opened at once and read in windows; only what is on screen is in memory."""

from __future__ import annotations

from rich.cells import cell_len
from textual import work
from textual.content import Content

from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.review.log_failures import first_failure_in
from omk_tui.core.text.search import Search
from omk_tui.search_messages import FurtherMatchAsked
from omk_tui.text import ours, outside
from omk_tui.widgets.file_lines import FileLines, Place
from omk_tui.widgets.file_windows import Windows
from omk_tui.widgets.log_surface import LogSurface
from omk_tui.widgets.surface import SIDEWAYS_STEP


class LogView(LogSurface):
    """The lines of a file. `show` gives it windows to read; the last row says where one is."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._follows = self._opening = self._moved = False
        self._failure: Place | None = None
        self.searched_elsewhere = False

    def show(
        self,
        windows: Windows,
        *,
        at_end: bool = False,
        at_failure: bool = False,
        at_match: int | None = None,
        prose: bool = False,
    ) -> None:
        """Read from these windows from now on; the view closes them when it is done with them.

        `at_failure` asks to begin at the line that tells what failed; the end is shown until it is known, and where
        there is none. `at_match` is the offset of a match to begin at instead. `prose` is a text with
        Markdown: it is wrapped, and no line of it tells a failure.
        """
        self._forget()
        self._wraps = prose if prose != self._prose else self._wraps
        self._prose = prose
        self._windows, self._wants_end = windows, (at_end or at_failure) and at_match is None
        self._open(windows, self._wants_end, at_failure and at_match is None, at_match)

    def show_trouble(self, what: Content, where: Content, then: Content) -> None:
        """There is nothing to read: one line of what, one of where, one of what to do."""
        self._forget()
        self._trouble = (what, where, then)
        self._resize_content()
        self.refresh()

    def look_again(self) -> None:
        """The file may have grown: read on."""
        if self._file is not None and not self._opening:
            self._grow(self._file)

    @property
    def top_offset(self) -> int:
        """Where in the file the first row on screen begins, in bytes; of a match, where its row does."""
        at = {place: row.start for place, row in self._rows}
        return at.get(self._hit or self._top, at.get(self._top, 0))

    def place_of(self, path: str) -> FilePlace:
        """The file as `path` of the goal, at the line of the match or failure on screen, else at its top."""
        place = self._hit or (None if self._moved else self._failure) or self._top
        return FilePlace("goal", path, self._file.line_number(place) if self._file is not None else None)

    def mark(self, search: Search, *, elsewhere: bool) -> None:
        """Mark whatever `search` finds and stay; `elsewhere` asks somebody else for the next match."""
        self._search_for, self._hit, self.searched_elsewhere = search, None, elsewhere
        self.refresh()

    @work(group="search", exclusive=True)
    async def go_to_match(self, offset: int) -> None:
        """Bring the row at an offset into sight, marked as the match that the search stands on."""
        if self._file is not None:
            try:
                await self._show_match(self._file, offset)
            except OSError as error:
                self._fail(error)

    async def _show_match(self, file: FileLines, offset: int) -> bool:
        """Show the row at an offset; False when the match is in a part of the line that is not shown."""
        self._moved = True
        self._hit = await file.place_at(offset)
        shown = [place for place, _ in self._rows[: self._shown_rows]]
        top = self._top if self._hit in shown else await file.moved(self._hit, -(self._height // 3))
        await self._place(file, top)
        return self._turn_to_hit()

    def _forget(self) -> None:
        self.workers.cancel_node(self)
        if self._windows is not None:
            self._windows.close()
        self._windows, self._file = None, None
        self._rows, self._trouble, self._progress = [], (), ""
        self._top, self._hit, self._column = Place(), None, 0
        self._wants_end = self._follows = self._opening = self._moved = False
        self._failure = None

    def on_unmount(self) -> None:
        self._forget()

    # Reading

    @work(group="open", exclusive=True)
    async def _open(self, windows: Windows, at_end: bool, at_failure: bool, at_match: int | None) -> None:
        file = FileLines(windows)
        self._opening = True
        try:
            await file.open()
            self._file = file
            if at_end:
                await self._go_to_end(file)
            else:
                streams = self.streams
                is_late = streams is not None and streams.stdout_empty and not streams.stderr_empty
                await self._place(file, await file.place_at(streams.stderr_at) if streams and is_late else Place())
            if at_match is not None:
                await self._show_match(file, at_match)
            if at_failure:
                await self._go_to_failure(file)
            self._opening = False
            await self._count(file)
        except OSError as error:
            self._opening = False
            self._fail(error)

    async def _go_to_failure(self, file: FileLines) -> None:
        """Bring the line that tells what failed into sight, unless the reader has moved on meanwhile."""
        offset = await first_failure_in(file.read, file.size)
        if offset is None or self._file is not file or self._moved:
            return
        self._failure = await file.place_at(offset)
        await self._show_failure(file, self._failure)

    async def _show_failure(self, file: FileLines, failure: Place) -> None:
        """A third from the top, so that what led to it is in sight too."""
        await self._place(file, await file.moved(failure, -(self._height // 3)))

    async def _count(self, file: FileLines) -> None:
        async for _ in file.count():
            if self._file is not file:
                return
            self._resize_content()
            self._refresh_status()
        self._resize_content()
        self._refresh_status()

    @work(group="open", exclusive=True)
    async def _grow(self, file: FileLines) -> None:
        try:
            at_end = await self._shows_end(file)
            if await file.look_again():
                if at_end:
                    await self._go_to_end(file)
                else:
                    await self._place(file, min(self._top, await file.last()))
            await self._count(file)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
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

    async def _move(self, amount: int) -> None:
        file = self._file
        self._follows, self._moved = False, True
        if file is None or not self._rows:
            return
        try:
            await self._place(file, await file.moved(self._top, amount))
        except OSError as error:
            self._fail(error)

    async def on_resize(self) -> None:
        file = self._file
        if file is not None:
            try:
                if self._failure is not None and not self._moved:
                    await self._show_failure(file, self._failure)
                elif await self._shows_end(file):
                    await self._go_to_end(file)
                else:
                    await self._place(file, self._top)
            except OSError as error:
                self._fail(error)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel or the scroll bar was used: follow it."""
        super().watch_scroll_y(old_value, new_value)
        if not self._placing and self._file is not None and round(old_value) != round(new_value):
            self.call_later(self._follow, round(new_value))

    async def _follow(self, y: int) -> None:
        file = self._file
        if file is None or y != round(self.scroll_y) or y == file.row_number(self._top):
            return
        self._moved = True
        try:
            if y >= self.max_scroll_y:
                await self._go_to_end(file)
            else:
                await self._place(file, await file.place_of_row(y))
        except OSError as error:
            self._fail(error)

    # Keys

    async def action_move(self, step: int) -> None:
        """One row down (1) or up (-1)."""
        await self._move(step)

    async def action_page(self, step: int) -> None:
        """A page down (1) or up (-1), one row kept in sight."""
        await self._move(await self._rows_of_a_page(step))

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
        try:
            before = await file.page(await file.moved(self._top, 1 - self._height), self._height)
        except OSError as error:
            self._fail(error)
            return step
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
    async def _go_to_stream(self, offset: int) -> None:
        if self._file is not None:
            try:
                await self._place(self._file, await self._file.place_at(offset))
            except OSError as error:
                self._fail(error)

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

    async def action_first(self) -> None:
        """The beginning of the file."""
        self._follows, self._moved = False, True
        if self._file is not None and self._rows:
            try:
                await self._place(self._file, Place())
            except OSError as error:
                self._fail(error)

    async def action_last(self) -> None:
        """The end of the file, at once, counted or not."""
        self._moved = True
        if self._file is not None and self._rows:
            try:
                await self._go_to_end(self._file)
            except OSError as error:
                self._fail(error)

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

    # Search

    def find(self, search: Search) -> None:
        """Mark whatever `search` finds and go to the first row with it, from the top of the screen on."""
        self.mark(search, elsewhere=False)
        if search and self._file is not None and self._rows:
            self._search(self._file, self._rows[0][1].start, True)
        elif search:
            self.say("there is no text to search here")

    async def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) row with the searched text."""
        if self.searched_elsewhere:
            self.post_message(FurtherMatchAsked(step))
        elif not self._search_for:
            self.say("nothing is searched for; / asks for words")
        elif self._file is not None and self._rows:
            try:
                offset = await self._offset_beside(self._file, step > 0)
            except OSError as error:
                self._fail(error)
            else:
                self._search(self._file, offset, step > 0)

    async def _offset_beside(self, file: FileLines, forward: bool) -> int:
        """Where the search goes on: behind the row of the last hit, or before it."""
        hit = self._hit or self._rows[0][0]
        if not forward:
            return (await file.page(hit, 1))[0][1].start
        after = await file.page(hit, 2)
        return after[1][1].start if len(after) > 1 else file.size

    @work(group="search", exclusive=True)
    async def _search(self, file: FileLines, offset: int, forward: bool) -> None:
        words = outside(self._search_for.text)
        try:
            around = ours("")
            found = await self._first_hit(file, offset, forward)
            if found is None:
                around = ours(", from the other end of the file")
                found = await self._first_hit(file, 0 if forward else file.size, forward)
            if found is None:
                self.say(ours("no line contains ", words))
                return
            if not await self._show_match(file, found):
                around = ours(around, ", in a part of the line that is not shown")
            self.say(ours("found ", words, around))
        except OSError as error:
            self._fail(error)
        finally:
            self._progress = ""
            self._refresh_status()

    def _turn_to_hit(self) -> bool:
        """Bring the hit into sight sideways; False when it is beyond what is shown of its line."""
        text = next((row.text for place, row in self._rows if place == self._hit), "")
        spans = self._search_for.spans(text)
        for start, end in spans[:1]:
            self._column = self.turned_to(self._column, cell_len(text[:start]), cell_len(text[start:end]))
        return bool(spans)

    async def _first_hit(self, file: FileLines, offset: int, forward: bool) -> int | None:
        async for found in file.find(self._search_for, offset, forward):
            if found >= 0:
                return found
            self._progress = f"searching: {-found} %"
            self._refresh_status()
        return None
