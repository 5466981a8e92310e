"""The scroll bar of a surface: a row of the screen costs nothing until the thumb has moved by an eighth of a cell."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from omk_tui.output_guard import OURS

_EIGHTHS = 8


class RowScrollBar(ScrollBar):
    """A vertical bar of one column that answers the mouse as Textual's does.

    Its rows are values that are shared between frames, so that filtering and encoding them is done once.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the bar that are asked for."""
        parent = self.parent
        assert parent is not None
        if self.grabbed:
            back, bar = parent.styles.scrollbar_background_active, parent.styles.scrollbar_color_active
        elif self.mouse_over:
            back, bar = parent.styles.scrollbar_background_hover, parent.styles.scrollbar_color_hover
        else:
            back, bar = parent.styles.scrollbar_background, parent.styles.scrollbar_color
        _, ground = self.background_colors
        start, end = thumb(self.size.height, self.window_virtual_size, self.window_size, self.position)
        strips = list(bar_rows(self.size.height, start, end, ground + back, ground + back + bar)[crop.y : crop.bottom])
        for each in self.get_line_filters():
            strips = [strip.apply_filter(each, ground) for strip in strips]
        return strips


def thumb(height: int, rows: float, window: float, position: float) -> tuple[int, int]:
    """Where the thumb of a bar begins and ends, in eighths of a cell; both 0 where everything is in sight.

    `height` is the bar's own, in cells; `window` of `rows` rows are in sight, from row `position` on.
    """
    if not height or not 0 < window < rows:
        return 0, 0
    size = max(1, window * height / rows)
    start = int(position / (rows - window) * (height - size) * _EIGHTHS)
    return start, start + ceil(size * _EIGHTHS)


@lru_cache(maxsize=64)
def bar_rows(height: int, start: int, end: int, back: Color, bar: Color) -> tuple[Strip, ...]:
    """The rows of a bar whose thumb lies between two eighths of a cell."""
    if end == start:
        return (_cell(" ", None, back, False, ""),) * height
    glyphs = ScrollBarRender.VERTICAL_BARS
    above, below = _cell(" ", None, back, False, "scroll_up"), _cell(" ", None, back, False, "scroll_down")
    rows = []
    for row in range(height):
        top, bottom = row * _EIGHTHS, (row + 1) * _EIGHTHS
        if bottom <= start:
            rows.append(above)
        elif top >= end:
            rows.append(below)
        elif top < start:
            rows.append(_cell(glyphs[bottom - start - 1], bar, back, False, "grab"))
        elif bottom > end:
            rows.append(_cell(glyphs[bottom - end - 1], bar, back, True, "grab"))
        else:
            rows.append(_cell(" ", bar, None, True, "grab"))
    return tuple(rows)


@lru_cache(maxsize=256)
def _cell(text: str, color: Color | None, back: Color | None, reverse: bool, action: str) -> Strip:
    style = Style(
        color=color.rich_color if color else None,
        bgcolor=back.rich_color if back else None,
        reverse=reverse or None,
        meta={"@mouse.down": action, OURS: "yes"} if action else None,
    )
    return Strip([Segment(text, style)], 1)
