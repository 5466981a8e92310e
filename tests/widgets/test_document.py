from __future__ import annotations

import time

from omk_tui.core.text.search import Search
from omk_tui.text import outside, styled
from omk_tui.widgets.document import Document
from omk_tui.widgets.fact_sheet import Heading, Item, Sheet
from tests.pilots import screen_text, settled, widget_lines
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN


def numbered(count: int) -> list[str]:
    return [f"line {number} of the plan" for number in range(count)]


async def test_keys_scroll_and_never_past_the_end() -> None:
    page = Document(numbered(100))
    app = Bench(page)
    async with app.run_test(size=(40, 10)) as pilot:
        page.focus()
        await pilot.press("k", "j", "j", "pagedown")
        assert page.top_line == 11
        await pilot.press("ctrl+d", "ctrl+u", "pageup")
        assert page.top_line == 2
        await pilot.press("G", "j")
        assert page.top_line == 90 and "line 99" in widget_lines(page)[-1]
        await pilot.press("g")
        assert page.top_line == 0
        page.scroll_to(y=50, animate=False)
        assert widget_lines(page)[0].split() == ["line", "50", "of", "the", "plan"]


async def test_long_lines_wrap_at_words_and_keep_their_styles() -> None:
    page = Document([styled("alpha beta gamma delta", "$met"), "漢字漢字漢字", "", "x" * 25])
    app = Bench(page)
    async with app.run_test(size=(12, 12)) as pilot:
        await settled(pilot)
        shown = [line.strip() for line in widget_lines(page)]
        assert shown[:9] == ["alpha beta", "gamma", "delta", "漢字漢字漢", "字", "", "x" * 10, "x" * 10, "x" * 5]
        page.set_wrap(False)
        page.focus()
        await settled(pilot)
        assert widget_lines(page)[3].strip() == "x" * 9 + "›"
        await pilot.press("right", "right", "right", "right")
        await settled(pilot)
        assert widget_lines(page)[0].strip() == "‹ delta"
        await pilot.press("left", "left", "left", "left")
        assert widget_lines(page)[0].strip() == "alpha bet›"


async def test_the_place_is_kept_when_lines_are_added_or_the_width_changes() -> None:
    page = Document(numbered(60))
    app = Bench(page)
    async with app.run_test(size=(40, 10)) as pilot:
        page.scroll_to(y=30, animate=False)
        page.set_lines(numbered(80))
        await settled(pilot)
        assert page.top_line == 30
        await pilot.resize_terminal(12, 10)
        await settled(pilot)
        assert page.top_line == 30
        page.set_lines(numbered(5))
        await settled(pilot)
        assert "line 4" in screen_text(app)
        page.set_lines(["another text"], home=True)
        await settled(pilot)
        assert page.top_line == 0 and "another" in screen_text(app)


async def test_search_marks_and_walks_the_matches() -> None:
    page = Document(["nothing", "An [error] here", *numbered(40), "another ERROR"])
    app = Bench(page)
    async with app.run_test(size=(40, 10)) as pilot:
        page.focus()
        await pilot.press("n")
        page.find(Search("error"))
        await pilot.press("n")
        await settled(pilot)
        assert "another ERROR" in screen_text(app)
        await pilot.press("n")
        page.find(Search("[/]"))
        await settled(pilot)
        assert app.said == [
            "nothing is searched for; / asks for words",
            "match 1 of 2 for error, line 2",
            "match 2 of 2 for error, line 43",
            "match 1 of 2 for error, line 2",
            "no line contains [/]",
        ]


async def test_strings_are_cleaned_and_shown_literally() -> None:
    page = Document([*ATTACKS, *(outside(text) for text in ATTACKS)], wrap=False)
    app = Bench(page)
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(pilot)
        shown = screen_text(app).replace("\n", "")
        assert "[red]markup[/] [/] [@click=app.quit]click[/]" in shown
        assert not [character for character in FORBIDDEN if character in shown]
        page.set_wrap(True)
        await settled(pilot)
        shown = screen_text(app).replace("\n", "")
        assert not [character for character in FORBIDDEN if character in shown]


async def test_a_hundred_thousand_lines_open_quickly() -> None:
    page = Document()
    app = Bench(page)
    async with app.run_test(size=(100, 30)) as pilot:
        began = time.process_time()
        page.set_lines([f"+ line {number} of a big diff" for number in range(100_000)])
        page.focus()
        await pilot.press("G", "g")
        await settled(pilot)
        assert time.process_time() - began < 3


async def test_hunk_keys_go_from_heading_to_heading_and_through_conflicts() -> None:
    lines: list[Item] = [outside(f"line {number}") for number in range(30)]
    lines[5:5] = [Heading("a.py: conflict 1 of 1"), outside("<<<<<<< ours")]
    lines[20:20] = [outside("@@ -1,2 +1,2 @@"), outside("## Scope")]
    lines[-2:-2] = [outside("<<<<<<< last")]
    sheet = Sheet(lines)
    app = Bench(sheet)
    async with app.run_test(size=(40, 8)) as pilot:
        await settled(pilot)
        for step in (1, 1, 1, 1, -1, -1, -1):
            sheet.action_hunk(step)
            await settled(pilot)
        forwards = ["a.py: conflict 1 of 1", "@@ -1,2 +1,2 @@", "<<<<<<< last", "there is no further heading or hunk"]
        assert app.said == [*forwards, *forwards[1::-1], "there is no heading or hunk above this"]
        assert sheet.top_line == 5
