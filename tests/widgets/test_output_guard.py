from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, OptionList, Static, TextArea

from omk_tui.output_guard import OutputGuard, clean, own_click
from tests.pilots import screen_text, settled
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN

BLACK = Color(0, 0, 0)


def guarded(*segments: Segment) -> list[Segment]:
    return OutputGuard().apply(list(segments), BLACK)


def test_clean_segments_pass_untouched() -> None:
    segments = [Segment("plain", Style.parse("red")), Segment("漢字 é ✓ ─", None)]
    assert OutputGuard().apply(segments, BLACK) is segments


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_terminal_obeys_is_replaced_in_as_many_cells(attack: str) -> None:
    [segment] = guarded(Segment(attack, Style.parse("bold")))
    assert not [character for character in FORBIDDEN if character in segment.text]
    assert segment.cell_length == Segment(attack).cell_length
    assert segment.style == Style.parse("bold")
    assert clean(segment.text) == segment.text


def test_what_has_no_shape_and_marks_piled_upon_one_another_are_replaced_too() -> None:
    [segment] = guarded(Segment("a\u3164b\u2800c" + "\u0301" * 300 + "d\u0301e"))
    assert segment.text == "ab\ufffdc" + "\u0301" * 4 + "d\u0301e"
    assert segment.cell_length == Segment("a\u3164b\u2800cde").cell_length


def test_links_and_clicks_of_strangers_are_dropped_and_ours_are_kept() -> None:
    link = Style(bold=True, link="http://evil.example")
    click = Style.from_meta({"@click": "app.quit", "offset": (1, 2)})
    ours = Style.from_meta(own_click("app.help"))
    [one, two, three] = guarded(Segment("a", link), Segment("b", click), Segment("c", ours))
    assert one.style is not None and one.style.link is None and one.style.bold
    assert two.style is not None and two.style.meta == {"offset": (1, 2)}
    assert three.style is not None and three.style.meta["@click"] == "app.help"


async def test_a_stranger_s_click_does_nothing_even_where_markup_was_left_on() -> None:
    app = Bench(Static("[@click=app.exit('gone')]see details[/]"))
    async with app.run_test(size=(40, 5)) as pilot:
        await settled(pilot)
        assert "see details" in screen_text(app)
        await pilot.click(Static, offset=(2, 0))
        await settled(pilot)
        assert app.is_running and app.return_value is None


async def test_widgets_of_textual_that_forgot_to_clean_leak_nothing() -> None:
    for attack in ATTACKS[:-2]:
        careless: list[Widget] = [
            Static(attack, markup=False),
            Label(attack, markup=False),
            Input(),
            Button(Content(attack)),
            OptionList(Content(attack)),
        ]
        app = Bench(*careless, TextArea())
        async with app.run_test(size=(60, 40)) as pilot:
            if "\ud800" not in attack:  # its parser cannot take one, and says so by raising
                app.query_one(Input).value = attack
                app.query_one(TextArea).text = attack
            await settled(pilot)
            assert not [character for character in FORBIDDEN if character in screen_text(app).replace("\n", "")]


async def test_not_one_byte_of_an_attack_is_in_the_drawing() -> None:
    app = Bench(*(Static(Content(attack)) for attack in ATTACKS))
    async with app.run_test(size=(60, 40)) as pilot:
        await settled(pilot)
        written = "".join(strip.render(app.console) for strip in app.screen._compositor.render_strips(app.size))
        for start in ("\x1b]", "\x1bP", "\x1bc", "\x1b[2J", "\x9b", "\x9d", "\x07", "\u202e"):
            assert start not in written
        assert "markup" in written
