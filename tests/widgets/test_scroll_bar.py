"""The scroll bar of a surface: drawn as Textual draws it, and it answers the mouse."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.scrollbar import ScrollBarRender

from omk_tui.text import ours
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.scroll_bar import RowScrollBar, bar_rows, thumb
from tests.pilots import settled
from tests.widgets.bench import Bench

BACK, BAR = Color.parse("#101010"), Color.parse("#aabbcc")


@given(st.integers(1, 60), st.integers(1, 1_000_000), st.integers(1, 60), st.floats(0, 1))
def test_it_is_drawn_as_textual_draws_it(height: int, rows: int, window: int, share: float) -> None:
    window = min(window, rows)
    position = share * (rows - window)
    mine = bar_rows(height, *thumb(height, rows, window, position), BACK, BAR)
    if rows in (window, height):
        return
    theirs = ScrollBarRender.render_bar(
        height, rows, window, position, 1, True, BACK.rich_color, BAR.rich_color
    ).segments
    assert [(row.text, _action(next(iter(row)).style)) for row in mine] == [
        (segment.text, _action(segment.style)) for segment in theirs
    ]


def _action(style: object) -> str:
    meta: dict[str, str] = getattr(style, "meta", {})
    return meta.get("@mouse.down", "")


async def test_it_can_be_grabbed_and_clicked_through_the_guard() -> None:
    rows = LineList([Line(f"{number}", ours(f"row {number}")) for number in range(200)])
    app = Bench(rows)
    async with app.run_test(size=(40, 20)) as pilot:
        await settled(pilot)
        bar = rows.vertical_scrollbar
        assert isinstance(bar, RowScrollBar) and bar.display
        await pilot.mouse_down(bar, offset=(0, 15))
        await settled(pilot)
        assert rows.scroll_offset.y > 0, "below the thumb: a page down"
        await pilot.mouse_up(bar, offset=(0, 15))
        rows.scroll_to(y=0, animate=False)
        await settled(pilot)
        await pilot.mouse_down(bar, offset=(0, 0))
        assert bar.grabbed is not None
