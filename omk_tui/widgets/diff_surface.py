"""DiffSurface: how the rows of a diff stream look, one below the other or old beside new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat

from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style

from omk_tui.core.review.diff import DiffLine
from omk_tui.core.review.diff_stream import WHOLE_ROW, Part
from omk_tui.core.review.file_place import FilePlace, place_in_part
from omk_tui.core.text.search import Search
from omk_tui.text import count, marked_spans, ours, outside, wrap_points
from omk_tui.widgets.diff_layout import DiffLayout, StreamRow
from omk_tui.widgets.diff_lines import (
    GROUNDS,
    NUMBER_STYLES,
    Numbering,
    Spans,
    cut_note,
    line_content,
    line_height,
    plain_text,
)
from omk_tui.widgets.panes import rule
from omk_tui.widgets.surface import LEFT_GUTTER, Surface

NUMBERED_FROM = 70
"""From this many columns on lines carry their numbers, until a person has said otherwise."""
TWO_SIDES_FROM = 112
"""The columns that two sides need."""

_KNOWN_WIDTHS = 4
"""Widths for which the heights of lines are remembered: with and without a scroll bar, on one side and on two."""


class DiffSurface(Surface):
    """Parts, how they are laid out, and what is drawn in each row; who moves in it is a `DiffView`."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._parts: list[Part] = []
        self._layout = DiffLayout((), False)
        self._numberings: dict[int, Numbering] = {}
        self._code: dict[str, dict[int, Spans]] = {}
        self._known_heights: dict[tuple[int, int], tuple[Sequence[DiffLine], Sequence[int]]] = {}
        self._cursor = 0
        self._column = 0
        self._wrap = self._two_sides = False
        self._numbered: bool | None = None
        self._search = Search()
        self._strips: LRUCache[tuple[int, int, bool], Strip] = LRUCache(1024)
        self._painted_width = 0

    @property
    def two_sides(self) -> bool:
        """Whether old and new stand beside each other: when that is wanted and there is room."""
        return self._two_sides and self.view.width >= TWO_SIDES_FROM

    @property
    def numbered(self) -> bool:
        """Whether lines carry their numbers."""
        return self.view.width >= NUMBERED_FROM if self._numbered is None else self._numbered

    @property
    def file_place(self) -> FilePlace | str:
        """The file and line under the cursor; a sentence where there is none."""
        if not len(self._layout):
            return "there is no file here"
        row = self._layout.row(self._cursor)
        at = row.right if row.right >= 0 else row.left
        part = self._parts[row.part]
        return place_in_part(part, len(part.lines) if row.kind == "gap" else at if row.kind == "line" else -1)

    # Layout

    def _heights(self) -> Iterator[int]:
        """How many rows of the screen each row takes while long lines are wrapped."""
        for number, part in enumerate(self._parts):
            yield from repeat(1, 1 + len(part.facts))
            whole, side = self.room - self._number_cells(number), self._side_room - self._side_cells(number)
            if (sides := self._layout.sides_of(number)) is None:
                yield from self._line_heights(number, whole)
                yield 1
                continue
            beside = self._line_heights(number, side)
            for left, right in sides:
                if right == WHOLE_ROW:
                    yield line_height(part.lines[left], whole)
                else:
                    yield max(beside[left] if left >= 0 else 1, beside[right] if right >= 0 else 1)
            yield 1

    def _line_heights(self, part: int, room: int) -> Sequence[int]:
        """How many rows each line of a part takes in `room` cells; known once it was worked out."""
        lines = self._parts[part].lines
        lines_before, heights = self._known_heights.get((part, room), ((), ()))
        if lines_before is not lines:
            heights = [line_height(line, room) for line in lines]
            if len(self._known_heights) > _KNOWN_WIDTHS * len(self._parts):
                self._known_heights.clear()
            self._known_heights[part, room] = (lines, heights)
        return heights

    def _numbering(self, part: int) -> Numbering:
        if not self.numbered:
            return Numbering()
        if part not in self._numberings:
            self._numberings[part] = Numbering.of(self._parts[part].lines)
        return self._numberings[part]

    def _number_cells(self, part: int) -> int:
        digits = self._numbering(part).digits
        return 2 * digits + 2 if digits else 0

    def _side_cells(self, part: int) -> int:
        digits = self._numbering(part).digits
        return digits + 1 if digits else 0

    @property
    def _side_room(self) -> int:
        return max((self.room - 3) // 2, 8)

    # Painting

    def _make_ready(self, top: int) -> None:
        """Have a row of the stream as it is in a frame: painted, filtered and encoded."""
        if self.view.width == self._painted_width:
            for strip in self.filtered([self._strip_at(top)]):
                for piece in strip.divide([self.view.width, self.size.width]):  # at the scroll bar
                    piece.render(self.app.console)

    def _forget_rows(self, rows: range) -> None:
        """Paint some rows anew."""
        for place in [place for place in self._strips.keys() if place[0] in rows]:  # noqa: SIM118
            self._strips.discard(place)
        top = self.scroll_offset.y
        if self._layout.at(top) < rows.stop and rows.start <= self._layout.at(top + self.view.height):
            self.refresh()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Other colours: everything is painted anew."""
        super().notify_style_update()
        self._strips.clear()

    def on_focus(self) -> None:
        self._repaint()

    def on_blur(self) -> None:
        self._repaint()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the screen that are asked for; those of another width are not used any more."""
        if (width := self.view.width) != self._painted_width:
            self._painted_width = width
            self._strips.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        return self._strip_at(self.scroll_offset.y + y)

    def _strip_at(self, top: int) -> Strip:
        """A row of the stream as it is drawn, painted where it has not been yet."""
        if top >= self._layout.height:
            return Strip.blank(self.view.width, self.visual_style.rich_style)
        number = self._layout.at(top)
        place = (number, top - self._layout.top_of(number), number == self._cursor)
        if (strip := self._strips.get(place)) is None:
            strip = self._strips[place] = self._paint_row(number, place[1], self.view.width)
        return strip

    def _plain(self, row: StreamRow) -> str:
        part = self._parts[row.part]
        if row.kind == "heading":
            return outside(part.title).plain
        if row.kind == "fact":
            return outside(part.facts[row.left]).plain
        if row.kind == "line":
            return plain_text(part.lines[row.left if row.left >= 0 else row.right])
        return ""

    def _paint_row(self, number: int, piece: int, width: int) -> Strip:
        row = self._layout.row(number)
        base = self.visual_style
        is_cursor = number == self._cursor
        lit = base + self.lit("cursor" if self.has_focus else "cursor-blurred") if is_cursor else base
        gutter = Strip.blank(LEFT_GUTTER, lit.rich_style)
        if is_cursor:
            gutter = self.paint(ours((">", "bold")), LEFT_GUTTER, lit)
        if row.kind == "line" and row.right != WHOLE_ROW:
            left = self._paint_side(row, False, piece, is_cursor, lit)
            right = self._paint_side(row, True, piece, is_cursor, lit)
            strips = [gutter, left, self.paint(ours((" │ ", "$rule")), 3, lit), right]
        else:
            strips = [gutter, self._paint_whole(row, piece, is_cursor, lit)]
        return Strip.join(strips).adjust_cell_length(width, lit.rich_style)

    def _paint_whole(self, row: StreamRow, piece: int, is_cursor: bool, base: Style) -> Strip:
        part, room = self._parts[row.part], self.room
        if row.kind == "heading":
            content = rule(self._heading(part), room)
            return self.paint(self._searched(content, is_cursor), room, base)
        if row.kind == "fact":
            content = ours(("[i] ", "$accent"), outside(part.facts[row.left], "$label"))
            return self.paint_cut(self._searched(content, is_cursor), room, base)
        if row.kind == "gap":
            return Strip.blank(room, base.rich_style)
        numbers = self._numbering(row.part).both(part.lines[row.left])
        return self._paint_line(part, row.left, numbers, piece, room, is_cursor, base)

    def _paint_side(self, row: StreamRow, is_new: bool, piece: int, is_cursor: bool, base: Style) -> Strip:
        part, room = self._parts[row.part], self._side_room
        at = row.right if is_new else row.left
        if at < 0:
            return Strip.blank(room, base.rich_style)
        number = part.lines[at].new if is_new else part.lines[at].old
        return self._paint_line(part, at, self._numbering(row.part).single(number), piece, room, is_cursor, base)

    def _paint_line(
        self, part: Part, at: int, numbers: str, piece: int, room: int, is_cursor: bool, base: Style
    ) -> Strip:
        line = part.lines[at]
        if (ground := GROUNDS.get(line.kind)) and not is_cursor and not self.without_grounds:
            base += Style.parse(f"on ${ground}")
        content = self._searched(line_content(part.lines, at, self._code.get(part.key, {})), is_cursor)
        beside = max(room - len(numbers), 1)
        if self._wrap:
            points = wrap_points(content.plain, beside)
            if piece >= len(points):
                return Strip.blank(room, base.rich_style)
            end = points[piece + 1] if piece + 1 < len(points) else len(content.plain)
            content = content[points[piece] : end]
        style = NUMBER_STYLES.get(line.kind, "$label")
        label = self.paint(ours((numbers if piece == 0 else " " * len(numbers), style)), len(numbers), base)
        note = "" if self._wrap else cut_note(content.plain, self._column + beside, beside // 2)
        code = self.paint_cut(content, beside - len(note), base, self._column)
        return Strip.join([label, code, self.paint(ours((note, "$stale")), len(note), base)])

    def _heading(self, part: Part) -> Content:
        words = ours((outside(part.title)).stylize("bold"))
        if part.patch is None:
            return words
        counts = (f"  +{count(part.patch.added)}", "$added"), (f" -{count(part.patch.removed)}", "$removed")
        summary = f"  {part.patch.summary}" if part.patch.summary else ""
        return ours(words, *counts, (summary, "$label"))

    def _searched(self, content: Content, is_cursor: bool) -> Content:
        if not self._search:
            return content
        return marked_spans(content, self._search.spans(content.plain), self.found_style(is_cursor))
