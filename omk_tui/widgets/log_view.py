"""LogView: a file of any size, opened at once and read in windows; only what is on screen is in memory."""

from __future__ import annotations

from rich.cells import cell_len
from textual import work
from textual.content import Content

from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.review.log_failures import first_failure_in
from omk_tui.core.text.search import Search
from omk_tui.messages.searching import FurtherMatchAsked
from omk_tui.text import ours, outside
from omk_tui.widgets.file_lines import FileLines, Place
from omk_tui.widgets.file_windows import Windows
from omk_tui.widgets.log_pager import LogPager, reads_file


class LogView(LogPager):
    """The lines of a file. `show` gives it windows to read; the last row says where one is."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._opening = False
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
    @reads_file
    async def go_to_match(self, offset: int) -> None:
        """Bring the row at an offset into sight, marked as the match that the search stands on."""
        if self._file is not None:
            await self._show_match(self._file, offset)

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
    @reads_file
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
        finally:
            if self._windows is windows:  # else the next file is being opened
                self._opening = False
        await self._count(file)

    async def _go_to_failure(self, file: FileLines) -> None:
        """Bring the line that tells what failed into sight, unless the reader has moved on meanwhile."""
        offset = await first_failure_in(file.read, file.size)
        if offset is None or self._file is not file or self._moved:
            return
        self._failure = await file.place_at(offset)
        await self._show_failure(file, self._failure)

    async def _count(self, file: FileLines) -> None:
        async for _ in file.count():
            if self._file is not file:
                return
            self._resize_content()
            self._refresh_status()
        self._resize_content()
        self._refresh_status()

    @work(group="open", exclusive=True)
    @reads_file
    async def _grow(self, file: FileLines) -> None:
        at_end = await self._shows_end(file)
        if await file.look_again():
            if at_end:
                await self._go_to_end(file)
            else:
                await self._place(file, min(self._top, await file.last()))
        await self._count(file)

    # Search

    def find(self, search: Search) -> None:
        """Mark whatever `search` finds and go to the first row with it, from the top of the screen on."""
        self.mark(search, elsewhere=False)
        if search and self._file is not None and self._rows:
            self._search(self._file, self._rows[0][1].start, True)
        elif search:
            self.say("there is no text to search here")

    @reads_file
    async def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) row with the searched text."""
        if self.searched_elsewhere:
            self.post_message(FurtherMatchAsked(step))
        elif not self._search_for:
            self.say("nothing is searched for; / asks for words")
        elif self._file is not None and self._rows:
            self._search(self._file, await self._offset_beside(self._file, step > 0), step > 0)

    async def _offset_beside(self, file: FileLines, forward: bool) -> int:
        """Where the search goes on: behind the row of the last hit, or before it."""
        hit = self._hit or self._rows[0][0]
        if not forward:
            return (await file.page(hit, 1))[0][1].start
        after = await file.page(hit, 2)
        return after[1][1].start if len(after) > 1 else file.size

    @work(group="search", exclusive=True)
    @reads_file
    async def _search(self, file: FileLines, offset: int, forward: bool) -> None:
        words = outside(self._search_for.text)
        try:
            around = ours("")
            match = await self._first_match(file, offset, forward)
            if match is None:
                around = ours(", from the other end of the file")
                match = await self._first_match(file, 0 if forward else file.size, forward)
            if match is None:
                self.say(ours("no line contains ", words))
                return
            if not await self._show_match(file, match):
                around = ours(around, ", in a part of the line that is not shown")
            self.say(ours("found ", words, around))
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

    async def _first_match(self, file: FileLines, offset: int, forward: bool) -> int | None:
        """The offset of the first match from `offset` on."""
        async for match_or_percent in file.find(self._search_for, offset, forward):
            if match_or_percent >= 0:
                return match_or_percent
            self._progress = f"searching: {-match_or_percent} %"
            self._refresh_status()
        return None
