from __future__ import annotations

import os
import re

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color

from omk_tui import theme
from omk_tui.sections.view import marked
from omk_tui.stylesheets import styles_folder, stylesheets
from omk_tui.text import State, ours
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import HeaderLine, Heading
from tests.pilots import screen_text, settled
from tests.widgets.bench import Bench

COLOURED = [palette for palette in theme.PALETTES if not palette.ansi]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(colour: Color) -> float:
        parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized)
        red, green, blue = parts
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", COLOURED, ids=lambda palette: palette.name)
def test_text_reads_on_every_ground(palette: theme.Palette) -> None:
    words = ("text", "label", "accent", "met", "missing", "failed", "stale", "skipped")
    for word in words:
        for ground in ("ground", "raised", "cursor", "cursor_blurred"):
            ratio = contrast(getattr(palette, word), getattr(palette, ground))
            assert ratio >= 4.5, f"{word} on {ground}: {ratio:.2f}"
    for ground in ("found", "added_ground", "removed_ground"):
        assert contrast(palette.text, getattr(palette, ground)) >= 4.5, ground
    assert contrast(palette.met, palette.added_ground) >= 4.5
    assert contrast(palette.failed, palette.removed_ground) >= 4.5
    assert contrast(palette.found_text, palette.found_now) >= 4.5
    assert contrast(palette.rule, palette.ground) >= 1.5


def chroma(colour: str) -> float:
    """How colourful a colour is: its distance from grey in the OKLab space, 0 to about 0.3."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(colour).normalized
    )
    red, green, blue = parts
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return float((a * a + b * b) ** 0.5)


@pytest.mark.parametrize("palette", COLOURED, ids=lambda palette: palette.name)
def test_code_in_a_diff_reads_on_every_ground_and_is_weaker_than_what_was_changed(palette: theme.Palette) -> None:
    # Changed words are bold and underlined on the ground of their line; matches and the cursor bring their own.
    grounds = ("ground", "added_ground", "removed_ground", "cursor", "cursor_blurred", "found")
    colours = palette.own_variables()
    for word in palette.syntax:
        colour = colours[f"syntax-{word}"]
        for ground in grounds:
            ratio = contrast(colour, getattr(palette, ground))
            assert ratio >= 4.5, f"{word} on {ground}: {ratio:.2f}"
        assert chroma(colour) <= 0.85 * min(chroma(colours["added"]), chroma(colours["removed"])), word
    for word in ("added", "removed"):
        for ground in ("ground", f"{word}_ground", "cursor", "cursor_blurred", "found"):
            ratio = contrast(colours[word], getattr(palette, ground))
            assert ratio >= 4.5, f"{word} on {ground}: {ratio:.2f}"


def in_256(colour: str) -> str:
    """What a terminal of 256 colours shows for a colour."""
    return RichColor.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


@pytest.mark.parametrize("palette", [one for one in theme.palettes("256") if not one.ansi], ids=lambda one: one.name)
def test_what_was_changed_stands_out_and_reads_in_256_colours(palette: theme.Palette) -> None:
    grounds = [in_256(ground) for ground in (palette.ground, palette.added_ground, palette.removed_ground)]
    assert len(set(grounds)) == 3, grounds
    colours = palette.own_variables()
    words = ("added", "removed", *(f"syntax-{word}" for word in palette.syntax))
    for word, colour in [(word, colours[word]) for word in words] + [("text", palette.text)]:
        for kind, ground in zip(("", "added", "removed"), grounds, strict=True):
            if not kind or word not in ("added", "removed") or word == kind:
                ratio = contrast(in_256(colour), ground)
                assert ratio >= 4.5, f"{word} on {kind}: {ratio:.2f}"


@pytest.mark.parametrize("palette", COLOURED, ids=lambda palette: palette.name)
def test_state_colours_are_told_apart(palette: theme.Palette) -> None:
    states = [palette.met, palette.missing, palette.failed, palette.stale]
    assert len(set(states)) == 4


def test_every_theme_defines_the_same_names_and_stylesheets_use_only_those() -> None:
    names = [set(palette.own_variables()) for palette in theme.PALETTES]
    assert all(each == names[0] for each in names)
    known = set(theme.DARK.theme().to_color_system().generate()) | set(theme.theme_variable_defaults())
    for path in stylesheets():
        used = set(re.findall(r"\$([a-z0-9-]+)", path.read_text()))
        defined = set(re.findall(r"^\s*\$([a-z0-9-]+)\s*:", path.read_text(), re.MULTILINE))
        assert used - defined <= known, path.name


@pytest.mark.parametrize("name", [palette.name for palette in theme.PALETTES])
async def test_every_theme_draws_a_screen(name: str) -> None:
    rows = LineList([Line(state.word, marked(state)) for state in State])
    app = Bench(HeaderLine(), rows, theme_name=name)
    async with app.run_test(size=(40, 10)) as pilot:
        await settled(pilot)
        assert all(state.word in screen_text(app) for state in State)


@pytest.mark.parametrize("name", [palette.name for palette in theme.PALETTES])
async def test_without_colour_nothing_is_drawn_in_colour_and_the_cursor_is_seen(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    header = HeaderLine()
    rows = LineList([Line(state.word, marked(state)) for state in State])
    app = Bench(header, rows, theme_name=name)
    async with app.run_test(size=(40, 10)) as pilot:
        header.heading = Heading(ours("a goal"), marked(State.MISSING))
        rows.focus()
        await settled(pilot)
        strips = app.screen._compositor.render_strips(app.size)
        for strip in strips:
            for segment in strip:
                style = segment.style
                assert style is None or style.color is None or style.color.is_default
                assert style is None or style.bgcolor is None or style.bgcolor.is_default
        lit = next(strip for strip in strips if "[x] met" in strip.text)
        assert lit.text.startswith(">") and all(segment.style and segment.style.reverse for segment in lit)
        assert os.environ["NO_COLOR"] == "1"


def test_the_stylesheets_are_where_they_are_looked_for() -> None:
    assert (styles_folder() / "app.tcss").is_file()
    assert stylesheets()[0].name == "app.tcss"
