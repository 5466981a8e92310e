from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from omk_tui import text
from omk_tui.sections.view import marked
from omk_tui.widgets.columns import Column, Columns, TableRow
from tests.widgets.hostile import ATTACKS, FORBIDDEN

WIDE = st.text("ab é漢字👍 [/]", max_size=40)
COLUMNS = Columns((Column("NAME", 6), Column("WIDE", 5, least=40), Column("NO", 4, right=True), Column("GOAL")))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (14 * 1024, "14 KiB"),
        (52428800, "50 MiB"),
        (2**50, "1,024 TiB"),
    ],
)
def test_sizes_are_in_binary_units(amount: int, words: str) -> None:
    assert text.size(amount) == words


def test_an_id_is_known_by_its_ending() -> None:
    assert text.ending("goal-20260521-101500-114-a93f01c2") == "a93f01c2"
    assert text.ending("x") == "x"


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_from_outside_keeps_its_force(attack: str) -> None:
    for content in (text.outside(attack), *text.outside_lines(attack)):
        plain = content.plain.replace("\n", "")
        assert not [character for character in FORBIDDEN if character in plain]
        assert not content.spans and content.cell_length >= 0


@given(WIDE, st.integers(0, 30))
def test_fitted_texts_take_exactly_their_cells(words: str, width: int) -> None:
    content = Content(words)
    assert text.fit(content, width).cell_length == width
    assert cell_len(text.fit_text(words, width)) == width
    assert text.cut_left(content, width).cell_length <= width
    assert text.between(content, Content(words[:3]), width).cell_length == width
    assert (
        COLUMNS.row([words, words, (words, "$met"), text.styled(words, "bold")], width + 20).cell_length == width + 20
    )


@given(WIDE, st.integers(2, 30))
@example("[[ ", 2)
def test_wrapping_loses_nothing_and_never_overflows(words: str, width: int) -> None:
    points = text.wrap_points(words, width)
    ends = [*points[1:], len(words)]
    rows = [words[start:end] for start, end in zip(points, ends, strict=True)]
    assert "".join(rows) == words and points[0] == 0 and points == sorted(set(points))
    assert all(cell_len(row.rstrip(" ")) <= width for row in rows)
    fits = cell_len(words) <= width
    assert [row.plain for row in text.wrapped(Content(words), width)] == (
        rows if fits else [row.rstrip() for row in rows]
    )


def test_signs_have_words_and_colours() -> None:
    assert [state.sign for state in text.State] == ["[x]", "[ ]", "[!]", "[~]", "[w]", "[-]", "[?]", "[i]"]
    words = marked(text.State.FAILED)
    assert words.plain == "[!] failed" and {span.style for span in words.spans} == {"$failed"}


def test_rows_of_a_table_are_values() -> None:
    row = TableRow(COLUMNS, ("a", "b", ("1", "$met"), text.styled("goal", "$met")))
    assert row == TableRow(COLUMNS, ("a", "b", ("1", "$met"), text.styled("goal", "$met")))
    assert row != TableRow(COLUMNS, ("a", "b", ("1", "$met"), text.styled("goal", "$failed")))
    assert row != TableRow(COLUMNS, ("a", "b", ("1", "$failed"), text.styled("goal", "$met")))
    assert row(30).plain == "a         1 goal" + " " * 14
    assert row(50).plain == "a      b        1 goal" + " " * 28
    assert COLUMNS.header(30).plain.split() == ["NAME", "NO", "GOAL"]


def test_highlighting_finds_letters_of_any_case() -> None:
    content = text.highlighted(Content("An ERROR, an error"), ("error",), "bold")
    assert [(span.start, span.end) for span in content.spans] == [(3, 8), (13, 18)]
    assert not text.highlighted(Content("İstanbul"), ("",), "bold").spans


def test_a_command_is_broken_before_its_options_and_goes_on_further_in() -> None:
    command = text.outside("omk-tui reject goal-20261122-205557 --reason TEXT --state-root /tmp/a-place/state")
    assert [row.plain for row in text.wrapped_command(command, 50)] == [
        "omk-tui reject goal-20261122-205557 --reason TEXT",
        "  --state-root /tmp/a-place/state",
    ]
    assert [row.plain for row in text.wrapped_command(command, 100)] == [command.plain]


@given(st.text(alphabet="ab -漢", max_size=60), st.integers(4, 30))
@example("aaaa ", 4)
@example("aaaaaa ", 6)
def test_wrapping_a_command_loses_no_word(words: str, width: int) -> None:
    rows = text.wrapped_command(text.outside(words), width)
    assert "".join(row.plain for row in rows).replace(" ", "") == words.replace(" ", "")
    assert all(row.cell_length <= width for row in rows)
