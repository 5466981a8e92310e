"""Document: a text of any length to read and search, painted line by line, wrapped at words or shown as it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rich.cells import cell_len
from textual.cache import LRUCache
from textual.content import Content
from textual.strip import Strip

from omk_tui.core.text.search import Search
from omk_tui.text import marked_spans, ours, outside, wrap_points
from omk_tui.widgets.surface import LEFT_GUTTER, SIDEWAYS_STEP, Surface

Text = Content | str
"""A line: a content, or a `str` from outside, which is cleaned when it is drawn."""


class Document(Surface):
    """Lines to read. There is no cursor; the keys scroll.

    `set_lines` keeps the place: the line at the top stays the line with that number.
    """

    def __init__(
        self,
        lines: Sequence[Text] = (),
        *,
        wrap: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """A document of these lines; without `wrap` long lines go on to the right (arrow keys)."""
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Text, ...] = tuple(lines)
        self._wrap = wrap
        self._starts: list[int] | None = None
        self._start_width = -1
        self._top_before: int | None = None
        self._column = 0
        self._search = Search()
        self._hits: list[int] = []
        self._hit = -1
        self._strips: LRUCache[int, Strip] = LRUCache(256)

    # What it holds

    @property
    def lines(self) -> tuple[Text, ...]:
        """Every line."""
        return self._lines

    @property
    def top_line(self) -> int:
        """The number (from 0) of the line at the top of the screen."""
        return self._line_at(self.scroll_offset.y)

    def set_lines(self, lines: Sequence[Text], *, home: bool = False) -> None:
        """Show these lines; equal ones paint nothing. `home` goes to the top, as for another text."""
        new = tuple(lines)
        if not home and _same_lines(new, self._lines):
            return
        top = 0 if home else self.top_line
        self._lines = new
        self._column = 0 if home else self._column
        self._renew()
        if self._search:
            self._look_up()
        if self.size.height:
            self.scroll_to(y=self._starts_at(min(top, max(len(new) - 1, 0))), animate=False)

    def go_to_line(self, line: int) -> None:
        """Bring a line to the top of the screen, or as near to it as the end of the text lets it come."""
        self.scroll_to(y=self._starts_at(line), animate=False)

    def set_wrap(self, wrap: bool) -> None:
        """Wrap long lines at words, or let them go on to the right."""
        if wrap != self._wrap:
            top = self.top_line
            self._wrap, self._column = wrap, 0
            self._renew()
            self.scroll_to(y=self._starts_at(top), animate=False)

    def content_of(self, line: int) -> Content:
        """A line as it is drawn, without wrapping."""
        text = self._lines[line]
        return text if isinstance(text, Content) else outside(text.expandtabs(8) if "\t" in text else text)

    # Search

    def find(self, search: Search) -> None:
        """Mark whatever `search` finds and go to the first line with it at or behind the top of the screen."""
        self._search = search
        self._hit = -1
        self._look_up()
        self._strips.clear()
        self.refresh()
        if not search:
            return
        if not self._hits:
            self.say(ours("no line contains ", outside(search.text)))
            return
        top = self.top_line
        self._show_hit(next((place for place, line in enumerate(self._hits) if line >= top), 0))

    def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) line with the searched words."""
        if not self._search:
            self.say("nothing is searched for; / asks for words")
        elif not self._hits:
            self.say(ours("no line contains ", outside(self._search.text)))
        else:
            self._show_hit((self._hit + step) % len(self._hits))

    def _look_up(self) -> None:
        self._hits = [number for number in range(len(self._lines)) if self._search.is_in(self._plain(number))]

    def _show_hit(self, place: int) -> None:
        self._hit = place
        line = self._hits[place]
        if not self._wrap:
            plain = self.content_of(line).plain
            start, end = next(iter(self._search.spans(plain)), (0, 0))
            self._column = self.turned_to(self._column, cell_len(plain[:start]), cell_len(plain[start:end]))
        self._strips.clear()
        self.refresh()
        y = self._starts_at(line)
        if not self.scroll_offset.y <= y < self.scroll_offset.y + self.view.height:
            self.scroll_to(y=max(0, y - self.view.height // 3), animate=False)
        self.say(ours(f"match {place + 1} of {len(self._hits)} for ", outside(self._search.text), f", line {line + 1}"))

    def _plain(self, line: int) -> str:
        text = self._lines[line]
        return text.plain if isinstance(text, Content) else text

    # Layout

    def _renew(self) -> None:
        self._starts = None
        self._strips.clear()
        self._resize_content()
        self.refresh()

    def _row_starts(self) -> list[int]:
        """For each line the display row on which it begins; one more for the end."""
        room = self.room
        if self._starts is None or self._start_width != room:
            if self._starts is not None and self._top_before is None:
                self._top_before = self._line_in(self._starts, self.scroll_offset.y)
            self._start_width = room
            if self._wrap:
                starts = [0]
                for number in range(len(self._lines)):
                    starts.append(starts[-1] + self._height_of(number, room))
                self._starts = starts
            else:
                self._starts = list(range(len(self._lines) + 1))
        return self._starts

    def _height_of(self, line: int, room: int) -> int:
        plain = self._plain(line)
        if len(plain) <= room and plain.isascii() and plain.isprintable():
            return 1
        return len(wrap_points(self.content_of(line).plain, room))

    def _starts_at(self, line: int) -> int:
        starts = self._row_starts()
        return starts[min(line, len(starts) - 1)]

    def _line_at(self, row: int) -> int:
        return self._line_in(self._row_starts(), row)

    def _line_in(self, starts: list[int], row: int) -> int:
        return max(min(bisect_right(starts, row), len(self._lines)) - 1, 0) if self._wrap else row

    def _resize_content(self) -> None:
        if self.extend_to(self._row_starts()[-1]):
            self.extend_to(self._row_starts()[-1])

    def on_resize(self) -> None:
        """Another width gives other rows; the line at the top stays at the top."""
        self._strips.clear()
        self._resize_content()
        if self._wrap and self._top_before is not None:
            self.scroll_to(y=self._starts_at(self._top_before), animate=False)
        self._top_before = None

    def notify_style_update(self) -> None:
        """Other colours: everything is painted anew."""
        super().notify_style_update()
        self._strips.clear()

    # Keys

    def action_move(self, step: int) -> None:
        """One row down (1) or up (-1)."""
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_page(self, step: int) -> None:
        """A screen down (1) or up (-1), one row kept in sight."""
        self.scroll_to(y=self.scroll_offset.y + step * max(1, self.view.height - 1), animate=False)

    def action_half_page(self, step: int) -> None:
        """Half a screen down (1) or up (-1)."""
        self.scroll_to(y=self.scroll_offset.y + step * max(1, self.view.height // 2), animate=False)

    def action_first(self) -> None:
        """The top of the text."""
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        """The end of the text."""
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_sideways(self, step: int) -> None:
        """To the right (1) or left (-1) where lines are not wrapped."""
        if self._wrap:
            self.say("long lines are wrapped here; there is nothing to the side")
            return
        seen = range(self.scroll_offset.y, min(self.scroll_offset.y + self.view.height, len(self._lines)))
        widest = max((cell_len(self.content_of(line).plain) for line in seen), default=0)
        column = min(self._column + step * SIDEWAYS_STEP, max(widest - self.room, 0))
        if max(column, 0) != self._column:
            self._column = max(column, 0)
            self._strips.clear()
            self.refresh()

    # Painting

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        row = self.scroll_offset.y + y
        width = self.view.width
        if row >= self._row_starts()[-1]:
            return Strip.blank(width, self.visual_style.rich_style)
        if (strip := self._strips.get(row)) is None or strip.cell_length != width:
            strip = self._strips[row] = self._paint_row(row, width)
        return strip

    def _paint_row(self, row: int, width: int) -> Strip:
        line = self._line_at(row)
        content = self.content_of(line)
        if self._search:
            now = bool(self._hits) and 0 <= self._hit < len(self._hits) and self._hits[self._hit] == line
            content = marked_spans(content, self._search.spans(content.plain), self.found_style(now))
        if self._wrap:
            points = wrap_points(content.plain, self.room)
            part = row - self._starts_at(line)
            end = points[part + 1] if part + 1 < len(points) else len(content.plain)
            content = content[points[part] : end]
        base = self.visual_style
        strip = self.paint_cut(content, self.room, base, self._column)
        gutter = Strip.blank(LEFT_GUTTER, base.rich_style)
        return Strip.join([gutter, strip, gutter]).adjust_cell_length(width, base.rich_style)


def _same_lines(new: tuple[Text, ...], old: tuple[Text, ...]) -> bool:
    return len(new) == len(old) and all(a is b or _same(a, b) for a, b in zip(new, old, strict=True))


def _same(new: Text, old: Text) -> bool:
    if isinstance(new, Content) and isinstance(old, Content):
        return new.is_same(old)
    return isinstance(new, str) and isinstance(old, str) and new == old
