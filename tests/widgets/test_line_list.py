from __future__ import annotations

import time
from typing import Any

from textual.content import Content
from textual.strip import Strip

from omk_tui.text import outside, styled
from omk_tui.widgets.columns import Column, Columns, TableRow
from omk_tui.widgets.line_list import Line, LineList
from tests.pilots import screen_text, settled, widget_lines
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN

COLUMNS = Columns((Column("VERDICT", 12), Column("AGE", 4, right=True), Column("GOAL")))


class CountingList(LineList):
    """Notes which rows of the screen are painted."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


def goal(number: int, verdict: str = "acceptable") -> Line:
    row = TableRow(COLUMNS, ((verdict, "$met"), f"{number}m", f"goal number {number}"))
    return Line(f"goal-{number}", row, search=f"{verdict} goal number {number}")


def goals(*numbers: int) -> list[Line]:
    return [goal(number) for number in numbers]


async def test_the_cursor_stays_on_its_key_when_rows_are_reordered() -> None:
    rows = LineList(goals(*range(50)), header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        rows.focus()
        await pilot.press(*"jjjjj")
        assert rows.cursor_key == "goal-5"
        before = next(y for y, text in enumerate(widget_lines(rows)) if text.startswith(">"))
        rows.set_lines(goals(*range(30, 50), *range(30)))
        await settled(pilot)
        lines = widget_lines(rows)
        assert rows.cursor_key == "goal-5"
        assert "goal number 5 " in lines[before] and lines[before].startswith(">")
        assert rows.has_focus


async def test_the_cursor_goes_to_what_takes_the_place_of_a_vanished_row_unless_a_filter_hides_it() -> None:
    rows = LineList(goals(0, 1, 2, 3))
    app = Bench(rows)
    async with app.run_test(size=(60, 8)) as pilot:
        rows.focus()
        await pilot.press("j", "j")
        rows.set_lines(goals(0, 1, 2, 3, 4), successor="goal-0")
        assert rows.cursor_key == "goal-2"
        rows.set_lines(goals(0, 1, 3, 4), successor="goal-0")
        await settled(pilot)
        assert rows.cursor_key == "goal-0"
        assert app.said == ["goal-0 has taken the place of goal-2"]
        app.said.clear()
        rows.filter("goal number !1")
        rows.set_lines(goals(1, 3, 4), successor="goal-1")
        await settled(pilot)
        assert rows.cursor_key == "goal-3"
        assert app.said == ["goal-0 is no longer in the list; the cursor is on the row beside it"]


async def test_a_vanished_row_gives_the_cursor_to_its_neighbour_and_says_so() -> None:
    rows = LineList(goals(0, 1, 2, 3))
    app = Bench(rows)
    async with app.run_test(size=(60, 8)) as pilot:
        rows.focus()
        await pilot.press("j", "j")
        rows.set_lines(goals(0, 1, 3))
        await settled(pilot)
        assert rows.cursor_key == "goal-3"
        assert app.said == ["goal-2 is no longer in the list; the cursor is on the row beside it"]
        rows.set_lines(goals(0, 1))
        assert rows.cursor_key == "goal-1"
        rows.set_lines(())
        assert rows.cursor_key is None
        rows.set_lines(goals(7))
        assert rows.cursor_key == "goal-7"
        app.said.clear()
        rows.set_lines([Line("none", Content("there is none yet"))])
        await settled(pilot)
        app.said.clear()
        rows.set_lines(goals(1), passing=["none"])
        await settled(pilot)
        assert app.said == [] and rows.cursor_key == "goal-1", "nobody misses a row that said that there are none"


async def test_equal_rows_paint_nothing_and_one_changed_row_paints_itself() -> None:
    rows = CountingList(goals(*range(30)), header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(60, 12)) as pilot:
        rows.focus()
        await settled(pilot)
        rows.painted.clear()
        rows.set_lines(goals(*range(30)))
        await settled(pilot)
        assert rows.painted == []
        rows.set_lines([*goals(0, 1, 2), goal(3, "conflict"), *goals(*range(4, 30))])
        await settled(pilot)
        assert rows.painted == [4]
        assert "conflict" in widget_lines(rows)[4]
        rows.painted.clear()
        rows.set_lines([*goals(0, 1, 2), goal(3, "conflict"), *goals(*range(4, 29)), goal(29, "missing 2")])
        await settled(pilot)
        assert rows.painted == []
        rows.replace_lines([goal(3, "conflict"), goal(5, "missing 1"), goal(28, "accepted")])
        await settled(pilot)
        assert rows.painted == [6], "neither equal rows nor those that are not on screen"
        assert "missing 1" in widget_lines(rows)[6] and rows.rows[28].search.startswith("accepted")
        rows.painted.clear()
        await pilot.press("j")
        await settled(pilot)
        assert sorted(rows.painted) == [1, 2]


async def test_a_content_that_differs_in_colour_only_is_painted() -> None:
    rows = CountingList([Line("a", styled("word", "$met"))])
    app = Bench(rows)
    async with app.run_test(size=(40, 5)) as pilot:
        await settled(pilot)
        rows.painted.clear()
        rows.set_lines([Line("a", styled("word", "$failed"))])
        await settled(pilot)
        assert rows.painted == [0]


async def test_the_header_never_scrolls_away_and_every_row_can_be_reached() -> None:
    rows = LineList(goals(*range(40)), header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(60, 10)) as pilot:
        rows.focus()
        await pilot.press("G")
        lines = widget_lines(rows)
        assert lines[0].split() == ["VERDICT", "AGE", "GOAL"]
        assert rows.cursor_key == "goal-39" and lines[-1].startswith(">") and "goal number 39" in lines[-1]
        await pilot.press("pageup")
        assert rows.cursor_key == "goal-30"
        await pilot.press("ctrl+u")
        assert rows.cursor_key == "goal-26"
        await pilot.press("g")
        lines = widget_lines(rows)
        assert rows.cursor_key == "goal-0" and lines[1].startswith(">") and "VERDICT" in lines[0]


async def test_headings_are_skipped_by_the_cursor() -> None:
    rows = LineList(
        [
            Line("h1", Content("first"), selectable=False),
            Line("a", Content("A")),
            Line("h2", Content("second"), selectable=False),
            Line("b", Content("B")),
            Line("h3", Content("end"), selectable=False),
        ]
    )
    app = Bench(rows)
    async with app.run_test(size=(40, 3)) as pilot:
        rows.focus()
        assert rows.cursor_key == "a"
        await pilot.press("j")
        assert rows.cursor_key == "b"
        await pilot.press("j", "G")
        assert rows.cursor_key == "b"
        await pilot.press("k")
        assert rows.cursor_key == "a"
        assert "first" in screen_text(app)
        assert rows.select("b") and not rows.select("h1") and rows.cursor_key == "b"


async def test_filter_keeps_what_has_every_word_and_says_when_nothing_has() -> None:
    rows = LineList([goal(1), goal(2, "conflict"), goal(12, "conflict")], empty=[Content("no goals here")])
    app = Bench(rows)
    async with app.run_test(size=(60, 8)) as pilot:
        rows.focus()
        rows.filter("CONFLICT 12")
        await settled(pilot)
        assert [line.key for line in rows.rows] == ["goal-12"] and rows.cursor_key == "goal-12"
        rows.filter("no such [thing]")
        await settled(pilot)
        assert "nothing here contains no such [thing]" in screen_text(app)
        await pilot.press("enter")
        await settled(pilot)
        assert app.said == ["the list is empty; there is nothing to open"] and app.chosen() == []
        rows.filter("")
        assert len(rows.rows) == 3
        rows.set_lines(())
        await settled(pilot)
        assert "no goals here" in screen_text(app)


async def test_search_walks_the_matches_in_both_directions() -> None:
    rows = LineList(goals(*range(30)))
    app = Bench(rows)
    async with app.run_test(size=(60, 8)) as pilot:
        rows.focus()
        await pilot.press("n")
        rows.find("number 2")
        await pilot.press("n", "n", "N")
        await settled(pilot)
        assert rows.cursor_key == "goal-12"
        await pilot.press("N", "N")
        await settled(pilot)
        assert rows.cursor_key == "goal-29"
        rows.find("absent")
        await settled(pilot)
        assert app.said == [
            "nothing is searched for; / asks for words",
            "match 1 of 12 for number 2",
            "match 2 of 12 for number 2",
            "match 3 of 12 for number 2",
            "match 2 of 12 for number 2",
            "match 1 of 12 for number 2",
            "match 12 of 12 for number 2, from the other end",
            "no row contains absent",
        ]


async def test_enter_and_two_clicks_choose_and_one_click_only_moves() -> None:
    rows = LineList(goals(0, 1, 2), header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.click(LineList, offset=(5, 3))
        assert rows.cursor_key == "goal-2" and app.chosen() == []
        await pilot.click(LineList, offset=(5, 0))
        assert rows.cursor_key == "goal-2"
        await pilot.click(LineList, offset=(5, 2), times=2)
        await settled(pilot)
        assert app.chosen() == ["goal-1"]
        await pilot.press("enter")
        await settled(pilot)
        assert app.chosen() == ["goal-1", "goal-1"]


async def test_ten_thousand_rows_cost_what_is_on_screen() -> None:
    rows = CountingList(header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(120, 40)) as pilot:
        rows.focus()
        many = goals(*range(10_000))
        began = time.process_time()
        rows.set_lines(many)
        await settled(pilot)
        rows.filter("goal number 99")
        await settled(pilot)
        rows.filter("")
        await pilot.press("G", "pageup", "g", "pagedown")
        await settled(pilot)
        assert time.process_time() - began < 3
        assert len(rows.painted) < 40 * 30
        assert rows.cursor_key == "goal-39"


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    rows = LineList(goals(*range(100)), header=COLUMNS.header)
    app = Bench(rows)
    async with app.run_test(size=(140, 40)) as pilot:
        rows.focus()
        rows.select("goal-35")
        for size in ((40, 10), (140, 40), (10, 3), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert rows.cursor_key == "goal-35"
            assert any(line.startswith(">") for line in widget_lines(rows)), size


async def test_hostile_rows_are_shown_literally_and_obeyed_by_nobody() -> None:
    rows = LineList([Line(f"k{number}", outside(text)) for number, text in enumerate(ATTACKS)])
    raw = LineList([Line(f"k{number}", Content(text)) for number, text in enumerate(ATTACKS)])
    app = Bench(rows, raw)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        shown = screen_text(app).replace("\n", "")
        assert "[red]markup[/] [/] [@click=app.quit]click[/]" in shown
        assert not [character for character in FORBIDDEN if character in shown]
        assert all(strip.cell_length == 120 for strip in app.screen._compositor.render_strips(app.size))
