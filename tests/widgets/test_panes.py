from __future__ import annotations

import pytest
from textual.containers import Vertical

from omk_tui.keys.commands import Where
from omk_tui.messages.desk import SectionAsked
from omk_tui.sections.view import marked
from omk_tui.text import State, ours, outside, styled
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import FooterLines, HeaderLine, Heading, SectionTabs, TitleRule, rule
from omk_tui.widgets.prompt import Prompt
from tests.pilots import screen_lines, screen_text, settled, widget_lines
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN

HEADING = Heading(
    outside("a93f01c2 Port the exporter to Rust"), styled("missing 4", "$missing"), ours("snap 91d0e4"), ours("* live")
)


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, " a93f01c2 Port the exporter to Rust" + " " * 14 + "missing 4  snap 91d0e4  * live "),
        (40, " a93f01c2 Port the e… missing 4  * live "),
        (14, " a… missing 4 "),
        (4, " m… "),
    ],
)
def test_the_header_keeps_its_beginning_and_the_verdict(width: int, line: str) -> None:
    assert HEADING.line(width).plain == line


def test_headings_are_equal_by_what_is_drawn() -> None:
    assert Heading(ours("a"), styled("b", "$met")) == Heading(ours("a"), styled("b", "$met"))
    assert Heading(ours("a"), styled("b", "$met")) != Heading(ours("a"), styled("b", "$failed"))


async def test_tabs_shorten_and_ask_for_the_section_that_is_clicked() -> None:
    tabs = SectionTabs(4)
    app = Bench(tabs)
    async with app.run_test(size=(140, 5)) as pilot:
        tabs.marks = {4: State.FAILED}
        await settled(pilot)
        assert widget_lines(tabs)[0].rstrip().endswith("[4 Gates!] 5 Diff  6 Conflicts  7 Rollback  8 Timeline")
        await pilot.resize_terminal(80, 5)
        await settled(pilot)
        assert "1 Check  2 Oracle  3 Wall [4 Gates!] 5 Diff  6 Confl  7 Rollbk  8 Time" in widget_lines(tabs)[0]
        at = widget_lines(tabs)[0].index("6 Confl")
        await pilot.click(SectionTabs, offset=(at + 2, 0))
        await settled(pilot)
        assert [message.number for message in app.heard if isinstance(message, SectionAsked)] == [6]
        await pilot.resize_terminal(40, 5)
        await settled(pilot)
        assert widget_lines(tabs)[0].split() == ["1", "2", "3", "[4]", "5", "6", "7", "8"]


async def test_notes_stand_in_a_tab_where_there_is_room() -> None:
    tabs = SectionTabs(5)
    app = Bench(tabs)
    async with app.run_test(size=(80, 5)) as pilot:
        tabs.notes = {5: "12/40"}
        tabs.marks = dict.fromkeys((1, 2, 3, 4), State.FAILED)
        await settled(pilot)
        assert widget_lines(tabs)[0].endswith("4 Gates! [5 Diff 12/40] 6 Confl  7 Rollbk  8 Time"), "to the last cell"
        tabs.notes = {5: "1200/4000"}
        await settled(pilot)
        assert "4 Gates! [5 Diff] 6 Confl  7 Rollbk  8 Time" in widget_lines(tabs)[0]
        await pilot.resize_terminal(40, 5)
        await settled(pilot)
        assert widget_lines(tabs)[0].split() == ["1", "2", "3", "4", "[5]", "6", "7", "8"]


def test_rules_fill_their_width() -> None:
    assert rule("tests: cargo test", 30).plain == "── tests: cargo test ─────────"
    assert rule("files", 30, "+412 -88").plain == "── files ────────── +412 -88 ─"
    assert rule("", 5).plain == "─────"
    assert rule("a long title", 9).plain == "── a lo… "[:9]
    assert rule("x", 0).plain == ""


async def test_the_rule_of_the_pane_with_the_focus_is_lit() -> None:
    one, two = LineList([Line("a", ours("a"))]), LineList([Line("b", ours("b"))])
    rules = TitleRule("one"), TitleRule("two")
    app = Bench(Vertical(rules[0], one, classes="pane"), Vertical(rules[1], two, classes="pane"))
    async with app.run_test(size=(40, 10)) as pilot:
        two.focus()
        await settled(pilot)
        assert rules[0].visual_style.foreground != rules[1].visual_style.foreground
        lit = rules[1].visual_style.foreground
        one.focus()
        await settled(pilot)
        assert rules[0].visual_style.foreground == lit


@pytest.mark.parametrize(("size", "height"), [((80, 24), 4), ((160, 40), 3), ((40, 10), 2), ((10, 3), 2)])
async def test_the_footer_takes_few_lines_and_says_what_happened(size: tuple[int, int], height: int) -> None:
    footer = FooterLines(Where.REVIEW)
    app = Bench(Vertical(), footer)
    async with app.run_test(size=size) as pilot:
        footer.said = outside("done [/]")
        await settled(pilot)
        assert footer.size.height == height
        assert screen_lines(app)[-1].startswith(" done [/]")
        if size[0] >= 40:
            assert "? help" in screen_text(app)


async def test_the_prompt_gives_the_focus_back() -> None:
    rows, prompt = LineList([Line("a", ours("a"))]), Prompt()
    app = Bench(rows, prompt)
    async with app.run_test(size=(40, 10)) as pilot:
        rows.focus()
        await settled(pilot)
        prompt.ask("filter", "old")
        await settled(pilot)
        assert "filter old" in screen_lines(app)[-1] and not rows.has_focus
        await pilot.press("A", "q")
        await pilot.press("enter")
        await settled(pilot)
        assert rows.has_focus and not prompt.asking
        prompt.ask("filter")
        await pilot.press("x", "escape")
        await settled(pilot)
        assert rows.has_focus
        assert app.heard[1:] == [
            Prompt.Changed("oldA"),
            Prompt.Changed("oldAq"),
            Prompt.Kept("oldAq"),
            Prompt.Changed("x"),
            Prompt.Cleared(),
        ]


async def test_hostile_words_in_every_line_are_literal() -> None:
    for attack in ATTACKS:
        header, title, footer = HeaderLine(), TitleRule(), FooterLines(Where.LIST)
        app = Bench(header, title, Vertical(), footer)
        async with app.run_test(size=(60, 12)) as pilot:
            words = outside(attack, limit=200)
            header.heading = Heading(words, words, words, words)
            title.title = title.right = words
            footer.said = words
            await settled(pilot)
            shown = screen_text(app).replace("\n", "")
            assert not [character for character in FORBIDDEN if character in shown]
            assert all(line.cell_length == 60 for line in app.screen._compositor.render_strips(app.size))


async def test_a_header_without_room_does_not_crash() -> None:
    header = HeaderLine()
    app = Bench(header, FooterLines(Where.LIST))
    async with app.run_test(size=(80, 24)) as pilot:
        header.heading = Heading(outside("x"), marked(State.MET), ours("s"), ours("l"))
        for size in ((1, 1), (2, 2), (40, 10)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert "[x] met" in screen_text(app)
