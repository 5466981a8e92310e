"""DiffView: every diff of a goal as one stream with a cursor; wrapped, in two columns, folded and coloured on wish."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal

from rich.cells import cell_len
from textual.message import Message

from omk_tui.core.review.diff_stream import Part, Stream, hunk_at, unfolded, with_lines
from omk_tui.core.text.search import Search
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass
from omk_tui.messages.reviewing import UnfoldAsked
from omk_tui.text import count, ours, outside
from omk_tui.widgets.coloured_diff import ColouredDiff
from omk_tui.widgets.diff_hits import hidden_match, hits_of
from omk_tui.widgets.diff_layout import DiffLayout, StreamRow
from omk_tui.widgets.diff_lines import plain_text
from omk_tui.widgets.diff_surface import TWO_SIDES_FROM
from omk_tui.widgets.surface import SIDEWAYS_STEP


class DiffView(ColouredDiff):
    """A stream of parts. `show` keeps the place; the list beside it is told when another part is reached."""

    @dataclass
    class PartReached(Message):
        """The cursor came into another part."""

        key: str

    @dataclass
    class SidesWanted(Message):
        """Old and new are to stand beside each other, or no longer: the stream has to be as wide as can be, or not."""

        wanted: bool

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._stream = Stream()
        self._hits: list[int] = []
        self._laid_out_for = 0, False
        self._walks: Literal["page", "hunk", "file"] = "page"
        self._way = 1

    # What it holds

    @property
    def stream(self) -> Stream:
        """What was shown last, before anything was unfolded."""
        return self._stream

    @property
    def part_key(self) -> str:
        """The key of the part that the cursor is in; empty while there is none."""
        return self._parts[self._layout.row(self._cursor).part].key if len(self._layout) else ""

    @property
    def cursor_text(self) -> str:
        """The line under the cursor, as it is drawn."""
        return self._plain(self._layout.row(self._cursor)) if len(self._layout) else ""

    @property
    def hunk_text(self) -> str:
        """The hunk that the cursor is in as patch text, with its heading; empty outside of hunks."""
        row = self._layout.row(self._cursor) if len(self._layout) else None
        if row is None or row.kind != "line":
            return ""
        return "\n".join(map(plain_text, hunk_at(self._parts[row.part], max(row.left, row.right))))

    def show(self, stream: Stream, key: str) -> None:
        """Show this stream at the part with this key, or where it is if that is in this part already."""
        if stream != self._stream:
            before, inside = self.part_key, self._cursor - self._part_start()
            self._stream, self._parts = stream, list(stream.parts)
            self._known_heights.clear()
            self._forget_colours()
            self._lay_out()
            at = stream.number_of(before)
            self._cursor = min(self._layout.start_of(at) + max(inside, 0), len(self._layout) - 1) if at >= 0 else 0
            if self._search:
                self._hits = hits_of(self._search, self._parts, self._layout)
        if self.part_key != key and (at := self._stream.number_of(key)) >= 0:
            self._go(self._layout.start_of(at), top=True, is_news=False)

    def _part_start(self) -> int:
        return self._layout.start_of(self._layout.row(self._cursor).part) if len(self._layout) else 0

    def show_unfolded(self, part: Part, at: int, old_file: str) -> None:
        """Replace a fold by the lines of the file before the change."""
        number = self._stream.number_of(part.key)
        if number < 0 or self._parts[number] != part:
            return
        lines = unfolded(part.lines, at, old_file)
        if isinstance(lines, str):
            self.say(ours(lines, "; it stays folded"))
            return
        self._parts[number] = with_lines(part, lines)
        self._forget_colours(part.key)
        cursor = self._cursor
        self._lay_out()
        self._go(cursor)
        shown = len(lines) - len(part.lines) + 1
        self.say(f"{plural(max(shown, 0), 'unchanged line')} unfolded from the project's repository")

    # Layout

    def _lay_out(self) -> None:
        self._layout = DiffLayout(self._parts, self.two_sides)
        self._cursor = min(self._cursor, max(len(self._layout) - 1, 0))
        self._numberings.clear()
        self._measure()

    def _measure(self) -> None:
        self._layout.measure(self._heights() if self._wrap else None)
        self._strips.clear()
        if self.extend_to(self._layout.height) and self._wrap:
            self._layout.measure(self._heights())
            self.extend_to(self._layout.height)
        self._laid_out_for = self.view.width, self.two_sides
        self.refresh()

    def on_resize(self) -> None:
        """Another width may give other rows; the cursor stays on its line."""
        row = self._layout.row(self._cursor) if len(self._layout) else None
        if (self.view.width, self.two_sides) != self._laid_out_for:
            self._lay_out()
            if self._search:
                self._hits = hits_of(self._search, self._parts, self._layout)
        if row is not None:
            self._go(self._row_like(row))

    def _row_like(self, row: StreamRow) -> int:
        """Where the same line stands in a layout that was made anew."""
        line = row.left if row.left >= 0 else row.right
        if row.kind == "line" and line >= 0:
            return self._layout.row_of_line(row.part, line)
        return self._layout.start_of(row.part)

    # The cursor

    def _go(self, number: int, *, top: bool = False, is_news: bool = True) -> None:
        """Put the cursor into a row; with `top` that row comes to the top of the screen.

        `is_news` is false where the list beside the stream asked for it.
        """
        if not len(self._layout):
            return
        before_key = self.part_key
        before, self._cursor = self._cursor, min(max(number, 0), len(self._layout) - 1)
        first, height = self._layout.top_of(self._cursor), self._layout.height_of(self._cursor)
        offset, page = self.scroll_offset.y, max(self.view.height, 1)
        if top or first < offset:
            self.scroll_to(y=first, animate=False)
        elif first + height > offset + page:
            self.scroll_to(y=first + height - page, animate=False)
        for row in {before, self._cursor}:
            if row < len(self._layout):
                self._forget_row(row)
        if is_news and self.part_key != before_key and self.is_attached:
            self.post_message(self.PartReached(self.part_key))
        self._ask_for_colours()

    def _forget_row(self, row: int) -> None:
        for part in range(self._layout.height_of(row)):
            self.repaint_row(self._layout.top_of(row) + part - self.scroll_offset.y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel or the scroll bar was used: the cursor stays on screen."""
        super().watch_scroll_y(old_value, new_value)
        if not len(self._layout):
            return
        self._plan_ahead()
        first, last = (
            self._layout.at(round(new_value)),
            self._layout.at(round(new_value) + max(self.view.height, 1) - 1),
        )
        if not first <= self._cursor <= last:
            self._go(min(max(self._cursor, first), last))

    def action_move(self, step: int) -> None:
        """One row down (1) or up (-1)."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """A screen down (1) or up (-1)."""
        self._scroll_rows(step * max(1, self.view.height - 1))

    def action_half_page(self, step: int) -> None:
        """Half a screen down (1) or up (-1)."""
        self._scroll_rows(step * max(1, self.view.height // 2))

    def _scroll_rows(self, amount: int) -> None:
        self._walks, self._way = "page", 1 if amount > 0 else -1
        at = min(max(self._layout.top_of(self._cursor) + amount, 0), max(self._layout.height - 1, 0))
        offset = min(max(self.scroll_offset.y + amount, 0), max(self._layout.height - self.view.height, 0))
        self.scroll_to(y=offset, animate=False)
        self._go(self._layout.at(at))

    def action_first(self) -> None:
        """The top of the stream."""
        self._go(0)

    def action_last(self) -> None:
        """The end of the stream."""
        self._go(len(self._layout) - 1)

    def action_sideways(self, step: int) -> None:
        """To the right (1) or left (-1) in long lines."""
        if self._wrap:
            self.say("long lines are wrapped; w shows them as they are")
            return
        first = self._layout.at(self.scroll_offset.y)
        seen = range(first, min(first + self.view.height, len(self._layout)))
        widest = max((cell_len(self._plain(self._layout.row(number))) for number in seen), default=0)
        column = max(min(self._column + step * SIDEWAYS_STEP, widest - self.room // (2 if self.two_sides else 1)), 0)
        if column != self._column:
            self._column = column
            self._repaint()

    def action_hunk(self, step: int) -> None:
        """The next (1) or previous (-1) hunk, of whatever file."""
        if not len(self._layout):
            return
        self._walks, self._way = "hunk", step
        if (row := self._next_hunk(step)) < 0:
            self.say("this is the last hunk" if step > 0 else "this is the first hunk")
            return
        self._go(row)
        self._show_whole_hunk(row)
        part = self._layout.row(row).part
        rows = self._layout.hunk_rows(part)
        self.say(ours(f"hunk {rows.index(row) + 1} of {len(rows)} in ", outside(self._parts[part].title)))

    def _next_hunk(self, step: int) -> int:
        """The row of the next (1) or previous (-1) hunk's heading; -1 when there is none."""
        here = self._layout.row(self._cursor).part
        for part in range(here, len(self._parts)) if step > 0 else range(here, -1, -1):
            rows = self._layout.hunk_rows(part)
            at = bisect_right(rows, self._cursor) if step > 0 else bisect_left(rows, self._cursor) - 1
            if 0 <= at < len(rows):
                return rows[at]
        return -1

    def _show_whole_hunk(self, row: int) -> None:
        """Bring what follows a hunk's heading into sight: the heading comes to the upper third."""
        top, page = self._layout.top_of(row), max(self.view.height, 1)
        if top - self.scroll_offset.y > page // 3:
            self.scroll_to(y=max(top - page // 4, 0), animate=False)

    def action_file(self, step: int) -> None:
        """The next (1) or previous (-1) file."""
        if not len(self._layout):
            return
        self._walks, self._way = "file", step
        if (row := self._next_file(step)) < 0:
            self.say("this is the last file" if step > 0 else "this is the first file")
            return
        self._go(row, top=True)
        part = self._layout.row(row).part
        files = [number for number, each in enumerate(self._parts) if each.kind == "file"]
        self.say(ours(f"file {files.index(part) + 1} of {len(files)}: ", outside(self._parts[part].title)))

    def _next_file(self, step: int) -> int:
        """The row of the next (1) or previous (-1) file's heading; -1 when there is none."""
        here = self._layout.row(self._cursor).part
        if step > 0:
            parts = range(here + 1, len(self._parts))
        else:
            parts = range(here if self._cursor > self._layout.start_of(here) else here - 1, -1, -1)
        return next((self._layout.start_of(part) for part in parts if self._parts[part].kind == "file"), -1)

    def action_choose(self) -> None:
        """Unfold what the cursor is on."""
        row = self._layout.row(self._cursor) if len(self._layout) else None
        lines = self._parts[row.part].lines if row is not None and row.kind == "line" else ()
        if row is not None and lines and lines[row.left].kind == "fold":
            self.post_message(UnfoldAsked(self._parts[row.part], row.left))
        else:
            self.say("Enter unfolds a line of ~~~~; there is none under the cursor")

    def rows_ahead(self) -> Iterator[int]:
        """What the last key would bring again, and the page below."""
        page = max(self.view.height, 1)
        top = self.scroll_offset.y
        row = self._next_file(self._way) if self._walks == "file" else self._next_hunk(self._way)
        first = self._layout.top_of(row) if row >= 0 else self._layout.height
        below, jump = range(top + page, top + 2 * page), range(first - page // 4, first + page)
        above = range(top - 1, top - page - 1, -1)
        again, other = (below if self._way > 0 else above, jump) if self._walks == "page" else (jump, below)
        yield from again
        yield from other

    # How it is drawn

    def action_wrap(self) -> None:
        """Wrap long lines, or let them go on to the right."""
        self._wrap, self._column = not self._wrap, 0
        self._measure()
        self._go(self._cursor)
        self.say("long lines are wrapped" if self._wrap else "long lines go on to the right (arrow keys)")

    def action_two_sides(self) -> None:
        """Old and new beside each other, or one below the other."""
        if not self._two_sides and self.screen.size.width < TWO_SIDES_FROM + 8:
            self.say(f"side by side needs {TWO_SIDES_FROM + 8} columns; the screen has {self.screen.size.width}")
            return
        self._two_sides, self._column = not self._two_sides, 0
        self.post_message(self.SidesWanted(self._two_sides))
        self._repaint()
        self.on_resize()
        self.say("old on the left, new on the right" if self._two_sides else "old above new")

    def action_numbers(self) -> None:
        """Show or hide the numbers of the lines."""
        self._numbered = not self.numbered
        self._measure()
        self.say("line numbers are shown" if self._numbered else "line numbers are hidden")

    # Search

    @property
    def matches(self) -> str:
        """How much was found: `17 lines in 4 files`."""
        parts = len({self._layout.row(row).part for row in self._hits})
        return f"{plural(len(self._hits), 'line')} in {plural(parts, 'file')}"

    def find(self, search: Search) -> None:
        """Mark what is searched for in every file, and go to the first from the cursor on."""
        self._search = search
        self._hits = hits_of(self._search, self._parts, self._layout)
        self._repaint()
        if not search:
            return
        if not self._hits:
            self.say(ours("no line of any file contains ", outside(search.words)))
            return
        self._show_hit(next((hit for hit in self._hits if hit >= self._cursor), self._hits[0]))

    def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) line with what is searched for, in whatever file."""
        if not self._search:
            self.say("nothing is searched for; / asks for words")
        elif not self._hits:
            self.say(ours("no line of any file contains ", outside(self._search.words)))
        else:
            ahead = [hit for hit in self._hits if (hit > self._cursor if step > 0 else hit < self._cursor)]
            self._show_hit(ahead[0 if step > 0 else -1] if ahead else self._hits[0 if step > 0 else -1])

    def _show_hit(self, number: int) -> None:
        self._go(number)
        place = self._layout.top_of(number) - self.scroll_offset.y
        if place in (0, self.view.height - 1):
            self.scroll_to(y=max(self._layout.top_of(number) - self.view.height // 3, 0), animate=False)
        row = self._layout.row(number)
        if not self._wrap and not self.two_sides and (spans := self._search.spans(self._plain(row))):
            start, end = spans[0]
            before = cell_len(self._plain(row)[:start]) + (self._number_cells(row.part) if row.kind == "line" else 0)
            if (column := self.turned_to(self._column, before, end - start)) != self._column:
                self._column = column
                self._repaint()
        files = len({self._layout.row(hit).part for hit in self._hits})
        where = ours(
            f"match {count(self._hits.index(number) + 1)} of {count(len(self._hits))}, {plural(files, 'file')}: "
        )
        lines = self._parts[row.part].lines
        shown = [lines[at] for at in (row.left, row.right) if at >= 0] if row.kind == "line" else []
        self.say(ours(where, hidden_match(self._search, shown) or outside(self._search.words)))
