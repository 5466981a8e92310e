"""LogView: a file of any size, opened at once and read in windows; only what is on screen is in memory."""

from __future__ import annotations

from rich.cells import cell_len
from textual import work
from textual.content import Content
from textual.strip import Strip

from omk_tui.core.review.log_failures import first_failure_in, tells_failure
from omk_tui.text import count as in_words
from omk_tui.text import cut_left, highlighted, ours, outside
from omk_tui.widgets.file_lines import FileLines, Place, Row
from omk_tui.widgets.file_windows import Windows
from omk_tui.widgets.surface import LEFT_GUTTER, SIDEWAYS_STEP, Surface


class LogView(Surface):
    """The lines of a file. `show` gives it windows to read; the last row says where one is.

    The place at the top is the truth; the scroll bar follows it, judged by the bytes until every line is counted.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._windows: Windows | None = None
        self._file: FileLines | None = None
        self._top = Place()
        self._rows: list[tuple[Place, Row]] = []
        self._trouble: tuple[Content, ...] = ()
        self._column = 0
        self._needle = ""
        self._hit: Place | None = None
        self._wants_end = False
        self._placing = False
        self._progress = ""

    # What it shows

    @property
    def file(self) -> FileLines | None:
        """The lines behind the view; None while nothing is shown."""
        return self._file

    @property
    def texts(self) -> list[str]:
        """The clean texts of the rows on screen."""
        return [row.text for _, row in self._rows]

    @property
    def status(self) -> str:
        """Where one is: `line 123 of 4,812`, or a percentage while lines are being counted."""
        if self._file is None or not self._rows:
            return self._progress
        last = self._rows[-1][0]
        number = self._file.line_number(last)
        if self._file.complete and number is not None:
            place = f"line {in_words(number)} of {in_words(self._file.line_count)}"
        else:
            done = self._file.counted_cells * 100 // max(self._file.cells, 1)
            place = f"{(last.cell + 1) * 100 // max(self._file.cells, 1)} % of the file, lines counted: {done} %"
        return f"{self._progress}   {place}" if self._progress else place

    def show(self, windows: Windows, *, at_end: bool = False, at_failure: bool = False) -> None:
        """Read from these windows from now on; the view closes them when it is done with them.

        `at_failure` asks to begin at the line that tells what failed; the end is shown until it is known, and where
        there is none.
        """
        self._forget()
        self._windows, self._wants_end = windows, at_end or at_failure
        self._open(windows, self._wants_end, at_failure)

    def show_trouble(self, what: Content, where: Content, then: Content) -> None:
        """There is nothing to read: one line of what, one of where, one of what to do."""
        self._forget()
        self._trouble = (what, where, then)
        self._resize_content()
        self.refresh()

    def look_again(self) -> None:
        """The file may have grown: read on."""
        if self._file is not None:
            self._grow(self._file)

    def _forget(self) -> None:
        self.workers.cancel_node(self)
        if self._windows is not None:
            self._windows.close()
        self._windows, self._file = None, None
        self._rows, self._trouble, self._progress = [], (), ""
        self._top, self._hit, self._column, self._wants_end = Place(), None, 0, False

    def on_unmount(self) -> None:
        self._forget()

    # Reading

    @work(group="open", exclusive=True)
    async def _open(self, windows: Windows, at_end: bool, at_failure: bool) -> None:
        file = FileLines(windows)
        try:
            await file.open()
            self._file = file
            if at_end:
                await self._go_to_end(file)
            else:
                await self._place(file, Place())
            if at_failure:
                await self._go_to_failure(file)
            await self._count(file)
        except OSError as error:
            self._fail(error)

    async def _go_to_failure(self, file: FileLines) -> None:
        """Bring the line that tells what failed into sight, unless the reader has moved on meanwhile."""
        before = self._top
        offset = await first_failure_in(file.read, file.size)
        if offset is None or self._file is not file or self._top != before:
            return
        place = await file.place_at(offset)
        if place not in [shown for shown, _ in self._rows]:
            await self._place(file, await file.moved(place, -(self._height // 3)))

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

    async def _place(self, file: FileLines, top: Place, *, is_end: bool = False) -> None:
        """Show the page that begins at `top`, or the last whole one."""
        self._wants_end = is_end
        height = max(self._height, 1)
        rows = await file.page(top, height)
        if len(rows) < height and top > Place():
            top = await file.moved(await file.last(), 1 - height)
            rows = await file.page(top, height)
        if self._file is not file:
            return
        self._top, self._rows = top, rows
        self._resize_content()
        self._placing = True
        self.scroll_to(y=file.row_number(top), animate=False)
        self._placing = False
        self.refresh()

    async def _shows_end(self, file: FileLines) -> bool:
        """Whether the last row on screen is the file's last, or on its way there: who is at the end stays."""
        if self._wants_end:
            return True
        return bool(self._rows) and self._top > Place() and self._rows[-1][0] >= await file.last()

    async def _go_to_end(self, file: FileLines) -> None:
        self._wants_end = True
        await self._place(file, await file.last(), is_end=True)

    async def _move(self, amount: int) -> None:
        file = self._file
        if file is None or not self._rows:
            return
        try:
            await self._place(file, await file.moved(self._top, amount))
        except OSError as error:
            self._fail(error)

    # Size and scroll bar

    @property
    def _height(self) -> int:
        """Rows of the file on screen; the last one of the screen says where one is."""
        return max(self.view.height - 1, 0)

    def _resize_content(self) -> None:
        rows = self._file.row_count + 1 if self._file is not None else 0
        if max(rows, 1) != self.virtual_size.height:
            self._placing = True
            self.extend_to(max(rows, 1))
            self._placing = False

    async def on_resize(self) -> None:
        file = self._file
        if file is not None:
            try:
                if await self._shows_end(file):
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
        await self._move(step * max(1, self._height - 1))

    async def action_half_page(self, step: int) -> None:
        """Half a page down (1) or up (-1)."""
        await self._move(step * max(1, self._height // 2))

    async def action_first(self) -> None:
        """The beginning of the file."""
        if self._file is not None and self._rows:
            try:
                await self._place(self._file, Place())
            except OSError as error:
                self._fail(error)

    async def action_last(self) -> None:
        """The end of the file, at once, counted or not."""
        if self._file is not None and self._rows:
            try:
                await self._go_to_end(self._file)
            except OSError as error:
                self._fail(error)

    def action_sideways(self, step: int) -> None:
        """To the right (1) or left (-1) in long lines."""
        widest = max((cell_len(text) for text in self.texts), default=0)
        room = self.room
        self._column = max(min(self._column + step * SIDEWAYS_STEP, widest - room), 0)
        self.refresh()

    # Search

    def find(self, text: str) -> None:
        """Mark `text` (letters of any case) and go to the first row with it, from the top of the screen on."""
        self._needle = text.casefold()
        self._hit = None
        self.refresh()
        if self._needle and self._file is not None and self._rows:
            self._search(self._file, self._rows[0][1].start, True)

    async def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) row with the searched text."""
        if not self._needle:
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
        needle = self._needle.encode("utf-8", "replace")
        words = outside(self._needle)
        try:
            around = ours("")
            found = await self._first_hit(file, needle, offset, forward)
            if found is None:
                around = ours(", from the other end of the file")
                found = await self._first_hit(file, needle, 0 if forward else file.size, forward)
            if found is None:
                self.say(ours("no line contains ", words))
                return
            self._hit = await file.place_at(found)
            shown = [place for place, _ in self._rows]
            top = self._top if self._hit in shown else await file.moved(self._hit, -(self._height // 3))
            await self._place(file, top)
            if not self._turn_to_hit():
                around = ours(around, ", in a part of the line that is not shown")
            self.say(ours("found ", words, around))
        except OSError as error:
            self._fail(error)
        finally:
            self._progress = ""
            self._refresh_status()

    def _turn_to_hit(self) -> bool:
        """Bring the hit into sight sideways; False when it is beyond what is shown of its line."""
        text = next((row.text for place, row in self._rows if place == self._hit), "").casefold()
        at = text.find(self._needle)
        if at >= 0:
            self._column = self.turned_to(self._column, cell_len(text[:at]), cell_len(self._needle))
        return at >= 0

    async def _first_hit(self, file: FileLines, needle: bytes, offset: int, forward: bool) -> int | None:
        async for found in file.find(needle, offset, forward):
            if found >= 0:
                return found
            self._progress = f"searching: {-found} %"
            self._refresh_status()
        return None

    # Painting

    def _refresh_status(self) -> None:
        self.repaint_row(self.view.height - 1)

    def render_line(self, y: int) -> Strip:
        """One row of the screen: a row of the file, trouble, or where one is."""
        width = self.view.width
        base = self.visual_style
        room = max(width - 2 * LEFT_GUTTER, 1)
        column = 0
        if self._trouble:
            content = self._trouble[y - 1] if 1 <= y <= len(self._trouble) else ours("")
        elif y == self.view.height - 1:
            status = cut_left(ours((self.status, "$label")), room)
            content = status.pad_left(max(room - status.cell_length, 0))
        elif y < len(self._rows):
            place, row = self._rows[y]
            content, column = ours(row.text), self._column
            if tells_failure(row.text):
                content = content.stylize("$failed")
            if self._needle:
                content = highlighted(content, (self._needle,), self.found_style(place == self._hit))
        elif y == 1 and self._file is not None and not self._rows and self._file.size == 0:
            content = ours(("the file is empty", "$label"))
        else:
            content = ours("")
        gutter = Strip.blank(LEFT_GUTTER, base.rich_style)
        strip = self.paint(content, room, base, column)
        return Strip.join([gutter, strip, gutter]).adjust_cell_length(width, base.rich_style)
