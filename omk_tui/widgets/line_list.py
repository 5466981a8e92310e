"""LineList: ten thousand rows, one of them lit, painted row by row; the cursor is a key and never a row number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.cache import LRUCache
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.style import Style

from omk_tui.light.dataclass import dataclass
from omk_tui.messages.searching import FurtherMatchAsked
from omk_tui.text import fit, highlighted, ours, outside, search_words
from omk_tui.widgets.cursor import nearest, selectable, surroundings, surviving
from omk_tui.widgets.filtered_lines import FilteredLines
from omk_tui.widgets.line import Drawn, Line
from omk_tui.widgets.surface import Surface

__all__ = ["Drawn", "Line", "LineList"]


class LineList(Surface):
    """A list of `Line` values under an optional fixed header.

    `set_lines` may be called at any time, also before the list is on screen: the cursor stays on its key, at the same
    height of the screen, and only rows that differ are painted.
    """

    DEFAULT_CSS = """
    LineList {
        width: 1fr;
    }
    """

    @dataclass
    class Highlighted(Message):
        """The cursor came to stand on another key."""

        key: str

    class Chosen(Highlighted):
        """Enter was pressed on a row, or it was clicked twice."""

    CURSOR_SIGN: ClassVar[str] = ">"

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        header: Drawn | None = None,
        empty: Sequence[Content] = (),
        unfiltered_by: str = "Esc clears the filter",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """A list of lines.

        `header` is drawn above them and never scrolls away. `empty` is what is said while there are none: what is not
        there, where it was looked for, what to do. `unfiltered_by` says how to get rid of a filter that lets nothing
        through.
        """
        super().__init__(id=id, classes=classes)
        self._filtered = FilteredLines(lines)
        self._header = header
        self._empty = tuple(empty)
        self._unfiltered_by = unfiltered_by
        self.moved_by_hand = False  # no row was chosen by a key, a click or `select`: the first may be lit anew
        self._find: tuple[str, ...] = ()
        self.searched_elsewhere = False
        self._cursor = -1
        self._key: str | None = None
        self._strips: LRUCache[tuple[str, int, bool], tuple[Line, Strip]] = LRUCache(512)
        self._settle_cursor(0)

    # What it holds

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, shown or filtered away."""
        return self._filtered.lines

    @property
    def rows(self) -> tuple[Line, ...]:
        """The lines that the filter lets through, in order."""
        return self._filtered.rows

    @property
    def cursor_key(self) -> str | None:
        """The key of the lit row; None when there is none."""
        return self._key

    @property
    def cursor_text(self) -> str:
        """The lit row as it is drawn, without blanks around it; empty when there is none."""
        if self._cursor < 0:
            return ""
        return self._drawn(self.rows[self._cursor].content, max(self.view.width, 80), False).plain.strip()

    @property
    def filter_text(self) -> str:
        """The filter in force; empty when there is none."""
        return self._filtered.filter_text

    def set_lines(self, lines: Sequence[Line], passing: Sequence[str] = (), successor: str | None = None) -> None:
        """Show these lines. The cursor stays on its key; when that is gone its neighbour is taken, and it is said.

        `passing` are keys of lines that come and go: nobody misses one of them. `successor` is the key of the line that
        has taken the place of the lit one, if any: the cursor goes there.
        """
        new = tuple(lines)
        if new == self.lines:
            return
        before, old_rows = self._key, self.rows
        gone = before is not None and all(line.key != before for line in new)
        self._filtered.set_lines(new)
        self._show_rows(old_rows, successor)
        if gone and before is not None and self._key is not None and self._key == successor:
            self.say(Content(" ").join([outside(self._key), Content("has taken the place of"), outside(before)]))
        elif gone and before is not None and before not in passing:
            shown = Content(" ").join([outside(before), Content("is no longer in the list")])
            self.say(shown if self._key is None else shown + Content("; the cursor is on the row beside it"))

    def replace_lines(self, lines: Iterable[Line]) -> None:
        """Show these in the places of the lines with their keys, which have to be there and as selectable as before."""
        old_rows = self.rows
        changed = self._filtered.replace_lines(lines)
        if self.filter_text:
            self._show_rows(old_rows)
            return
        for at in changed:
            self._repaint(at)

    def set_header(self, header: Drawn | None) -> None:
        """Change the line above the rows."""
        if header != self._header:
            self._header = header
            self._resize_content()
            self.refresh()

    def set_empty(self, empty: Sequence[Content]) -> None:
        """Change what is said while there are no lines."""
        self._empty = tuple(empty)
        if not self.rows:
            self.refresh()

    def filter(self, text: str) -> None:
        """Show only lines that contain every word of `text`, in any case; an empty text shows all."""
        if text == self.filter_text:
            return
        old_rows = self.rows
        self._filtered.filter(text)
        if self.rows != old_rows or not self.rows:  # what is said in place of rows names the filter
            self._show_rows(old_rows)

    def select(self, key: str) -> bool:
        """Put the cursor on a key; False when that row is not shown."""
        for index, line in enumerate(self.rows):
            if line.key == key and line.selectable:
                self.moved_by_hand = True
                self._go(index)
                return True
        return False

    # Search

    def find(self, text: str) -> None:
        """Go to the next row (this one included) that contains every word of `text`; mark the words everywhere."""
        self._find = search_words(text)
        self._strips.clear()
        self.refresh()
        if self._find:
            self._find_from(self._cursor, 1)

    def action_find_again(self, step: int) -> None:
        """The next (1) or previous (-1) row with the searched words."""
        if self.searched_elsewhere:
            self.post_message(FurtherMatchAsked(step))
        elif not self._find:
            self.say("nothing is searched for; / asks for words")
        else:
            self._find_from(self._cursor + step, step)

    def _find_from(self, start: int, step: int) -> None:
        self.moved_by_hand = True
        hits = [number for number, line in enumerate(self.rows) if line.selectable and line.contains(self._find)]
        words = outside(" ".join(self._find))
        if not hits:
            self.say(ours("no row contains ", words))
            return
        ahead = [hit for hit in hits if hit >= start] if step > 0 else [hit for hit in reversed(hits) if hit <= start]
        chosen = ahead[0] if ahead else hits[0 if step > 0 else -1]
        around = "" if ahead else ", from the other end"
        self._go(chosen)
        self.say(ours(f"match {hits.index(chosen) + 1} of {len(hits)} for ", words, around))

    # Rows and cursor

    def _show_rows(self, old_rows: tuple[Line, ...], successor: str | None = None) -> None:
        """Show the rows, which were `old_rows` before: the cursor on its key, at the same height of the screen."""
        rows, old_cursor, old_top = self.rows, self._cursor, self._top
        if rows and len(rows) == len(old_rows) and all(a.key == b.key for a, b in zip(rows, old_rows, strict=True)):
            self._go(old_cursor)
            for index, (line, old) in enumerate(zip(rows, old_rows, strict=True)):
                if line is not old and line != old:
                    self._repaint(index)
            return
        self._settle_cursor(surviving(rows, old_rows, old_cursor, successor))
        self._resize_content()
        if self.size.height:
            self.scroll_to(y=max(0, old_top + self._cursor - old_cursor), animate=False)
            self._keep_cursor_visible()
        self.refresh()

    def _settle_cursor(self, wanted: int) -> None:
        """Put the cursor on the selectable row nearest to `wanted`."""
        self._cursor = nearest(self.rows, wanted)
        key = self.rows[self._cursor].key if self._cursor >= 0 else None
        if key != self._key:
            self._key = key
            if key is not None and self.is_attached:
                self.post_message(self.Highlighted(key))

    def _go(self, index: int) -> None:
        old = self._cursor
        self._settle_cursor(index)
        if self._cursor != old:
            self._repaint(old)
            self._repaint(self._cursor)
        self._keep_cursor_visible()

    # Scrolling

    @property
    def _fixed(self) -> int:
        return 0 if self._header is None else 1

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _page(self) -> int:
        return max(1, self.view.height - self._fixed)

    def _resize_content(self) -> None:
        self.extend_to(len(self.rows) + self._fixed)

    def _keep_cursor_visible(self) -> None:
        if not self.size.height or self._cursor < 0:
            return
        top = self._top
        first, last = surroundings(self.rows, self._cursor, self._page)
        if first < top:
            top = first
        elif last >= top + self._page:
            top = last - self._page + 1
        if top != self._top:
            self.scroll_to(y=top, animate=False)

    def _from_the_top(self) -> None:
        """Scroll to the first row while the cursor, which nobody has moved, is in sight there."""
        if not self.moved_by_hand and surroundings(self.rows, self._cursor, self._page)[1] < self._page:
            self.scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        self._strips.clear()
        self._resize_content()
        self._keep_cursor_visible()
        if not self.moved_by_hand and 0 <= self._cursor < self._page:
            self.call_after_refresh(self._from_the_top)  # behind a scrolling that was asked for in less room

    def on_mount(self) -> None:
        if self._key is not None:
            self.post_message(self.Highlighted(self._key))

    # Keys and mouse

    def action_move(self, step: int) -> None:
        """One selectable row down (1) or up (-1)."""
        self.moved_by_hand = True
        index = selectable(self.rows, self._cursor + step, step) if 0 <= self._cursor + step < len(self.rows) else -1
        if index >= 0:
            self._go(index)
        elif step < 0:
            self.scroll_to(y=0, animate=False)

    def action_page(self, step: int) -> None:
        """A page down (1) or up (-1)."""
        self._jump(step * self._page, step)

    def action_half_page(self, step: int) -> None:
        """Half a page down (1) or up (-1)."""
        self._jump(step * max(1, self._page // 2), step)

    def action_first(self) -> None:
        """The first row that can be lit."""
        self.moved_by_hand = True
        self._go(0)
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        """The last row that can be lit."""
        self.moved_by_hand = True
        self._go(len(self.rows) - 1)

    def action_choose(self) -> None:
        """Say that the lit row was chosen."""
        if self._key is None:
            self.say("the list is empty; there is nothing to open")
        else:
            self.post_message(self.Chosen(self._key))

    def _jump(self, amount: int, step: int) -> None:
        self.moved_by_hand = True
        target = min(max(self._cursor + amount, 0), len(self.rows) - 1)
        self._go(nearest(self.rows, target, step))

    def on_click(self, event: events.Click) -> None:
        """One click moves the cursor, two choose."""
        index = self._top + event.y - self._fixed
        if event.y >= self._fixed and 0 <= index < len(self.rows) and self.rows[index].selectable:
            self.moved_by_hand = True
            self._go(index)
            if event.chain == 2:
                self.action_choose()

    # Painting

    def notify_style_update(self) -> None:
        """Other colours: everything is painted anew."""
        super().notify_style_update()
        self._strips.clear()

    def on_focus(self) -> None:
        self._repaint(self._cursor)

    on_blur = on_focus

    def _repaint(self, index: int) -> None:
        y = index - self._top + self._fixed
        if y >= self._fixed:
            self.repaint_row(y)

    def render_line(self, y: int) -> Strip:
        """One row of the screen: the header, a line, or what is said while there are none."""
        width = self.view.width
        base = self.visual_style
        if y < self._fixed and self._header is not None:
            return self.paint(self._drawn(self._header, width, False), width, base + Style.parse("$label"))
        if not self.rows:
            return self._empty_line(y - self._fixed, width, base)
        index = self._top + y - self._fixed
        if index >= len(self.rows):
            return Strip.blank(width, base.rich_style)
        line, is_cursor = self.rows[index], index == self._cursor
        place = (line.key, width, is_cursor and self.has_focus)
        if not is_cursor and (cached := self._strips.get(place)) is not None and cached[0] is line:
            return cached[1]
        strip = self._paint_line(line, is_cursor, width, base)
        if not is_cursor:
            self._strips[place] = (line, strip)
        return strip

    def _paint_line(self, line: Line, is_cursor: bool, width: int, base: Style) -> Strip:
        content = self._drawn(line.content, width, is_cursor)
        if self._find:
            content = highlighted(content, self._find, self.found_style(is_cursor))
        return self.paint(
            content, width, base + self.lit("cursor" if self.has_focus else "cursor-blurred") if is_cursor else base
        )

    def _drawn(self, drawn: Drawn, width: int, is_cursor: bool) -> Content:
        """The gutter and the content in exactly `width` cells."""
        room = max(width - 2, 0)
        content = drawn if isinstance(drawn, Content) else drawn(room)
        sign = (self.CURSOR_SIGN, "bold") if is_cursor else " "
        return ours(sign, fit(content, room), " ").truncate(width)

    def _empty_line(self, y: int, width: int, base: Style) -> Strip:
        words = list(self._empty)
        if self.filter_text and self.lines:
            words = [ours("nothing here contains ", outside(self.filter_text)), ours((self._unfiltered_by, "$label"))]
        content = words[y - 1] if 1 <= y <= len(words) else Content("")
        return self.paint(ours(" ", fit(content, max(width - 2, 0))), width, base)
