"""What every scrolling pane of lines shares: painting one line, the keys that move, and saying things."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.style import Style

from omk_tui.keys.commands import Level, bindings
from omk_tui.messages.desk import Said
from omk_tui.text import ours
from omk_tui.widgets.scroll_bar import RowScrollBar

LEFT_GUTTER = 1
SIDEWAYS_STEP = 8


class Surface(ScrollView, can_focus=True, inherit_bindings=False):
    """A focusable area of lines that are painted one by one, only those on screen (Textual's line API).

    Subclasses give `render_line` and the actions that move: `move`, `page`, `half_page`, `first`, `last`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Level.WIDGET)]
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Surface {
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        self._frame: dict[int, Strip] = {}
        super().__init__(id=id, classes=classes)

    @property
    def view(self) -> Size:
        """The cells that lines are drawn in: columns and rows, without the scroll bar."""
        return self.scrollable_content_region.size

    @property
    def room(self) -> int:
        """The cells of a line between the gutters."""
        return max(self.view.width - 2 * LEFT_GUTTER, 1)

    def turned_to(self, column: int, at: int, cells: int) -> int:
        """The first column to draw, `column` so far, so that `cells` cells from `at` on are in sight."""
        if column <= at and at + cells <= column + self.room:
            return column
        return 0 if at + cells <= self.room else max(at - self.room // 3, 0)

    @property
    def without_grounds(self) -> bool:
        """Whether a lit row cannot be shown by its background: no colour at all, or only the terminal's own."""
        return self.app.no_color or self.app.native_ansi_color

    def lit(self, variable: str) -> Style:
        """The style of something lit: a background from the theme, or reversed where there are no backgrounds."""
        if self.without_grounds:
            return Style(reverse=True)
        return Style.parse(f"on ${variable}")

    def found_style(self, now: bool = False) -> str:
        """The style words of a search match; `now` for the one that the search stands on."""
        if self.without_grounds:
            return "reverse bold" if now else "underline"
        return "bold $found-text on $found-now" if now else "on $found"

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar at the right, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = RowScrollBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the screen that are asked for, as `render_line` gives them.

        A surface has no border, padding or opacity that Textual would have to put around each row. A row that is the
        same value as in the frame before is neither filtered, cut nor encoded again.
        """
        due = [y for y in crop.line_range if y not in self._frame]
        self._frame.update(zip(due, self.filtered([self.render_line(y) for y in due]), strict=True))
        strips = [self._frame[y] for y in crop.line_range]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _set_dirty(self, *regions: Region) -> None:
        """Textual's only way to say which rows have to be painted anew; without a region all of them."""
        super()._set_dirty(*regions)
        for y in [y for region in regions for y in region.line_range] if regions else list(self._frame):
            self._frame.pop(y, None)

    def filtered(self, strips: list[Strip]) -> list[Strip]:
        """The strips as wide as this widget, behind every filter of the app: what may reach the terminal."""
        background, ground = self.background_colors[1], self.visual_style.rich_style
        strips = [strip.crop_extend(0, self.size.width, ground) for strip in strips]
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, background) for strip in strips]
        return strips

    def paint(self, content: Content, width: int, base: Style, start: int = 0) -> Strip:
        """`width` cells of one line, from column `start` on, the rest of the line in the base style."""
        segments = [Segment(text, style.rich_style) for text, style in content.render(base, "") if text]
        cells = cell_len(content.plain)
        if start or cells > width:
            return Strip(segments, cells).crop_extend(start, start + width, base.rich_style)
        if cells < width:
            segments.append(Segment(" " * (width - cells), base.rich_style))
        return Strip(segments, width)

    def paint_cut(self, content: Content, width: int, base: Style, start: int = 0) -> Strip:
        """As `paint`, with a sign at each side where the line goes on: what is out of sight must not look like nothing.

        What only blanks are left of does not go on.
        """
        strip = self.paint(content, width, base, start)
        ends = cell_len(content.plain.rstrip()) > start + width
        if width < 4 or not (start or ends):
            return strip
        mark = (base + Style.parse("bold $accent")).rich_style
        before, after = [Segment("‹", mark)] if start else [], [Segment("›", mark)] if ends else []
        return Strip([*before, *strip.crop(len(before), width - len(after)), *after], width)

    def extend_to(self, rows: int) -> bool:
        """Say how many rows there are to scroll through; True when a scroll bar came or went and lines got narrower."""
        before = self.view.width
        # Set in the usual way it would lay out the whole screen; only a scroll bar that comes or goes has to.
        self.set_reactive(Surface.virtual_size, Size(before, rows))
        self._scroll_update(self.virtual_size)
        return self.view.width != before

    def repaint_row(self, y: int) -> None:
        """Paint one row of the screen anew, if it is on it; `y` counts from the top of this widget."""
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, max(self.size.width, 1), 1))

    def say(self, words: str | Content) -> None:
        """Put our own words (or a content) into the footer's last line."""
        said = Said(words if isinstance(words, Content) else ours(words))
        self.post_message(said.set_sender(self))  # it would go no further up than to whoever asked this widget to act

    def action_scroll_rows(self, step: int) -> Awaitable[None] | None:
        """Scroll one row down (1) or up (-1)."""
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)
        return None

    def action_sideways(self, step: int) -> None:
        """Nothing to the side by default."""
        self.say("this view fits the width; there is nothing to the side")

    def action_choose(self) -> None:
        """Nothing to open by default."""
        self.say("nothing to open here")
