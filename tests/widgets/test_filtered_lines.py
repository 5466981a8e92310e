"""The lines of a list and its filter: which rows there are after lines come, change and are filtered."""

from __future__ import annotations

from textual.content import Content

from omk_tui.widgets.filtered_lines import FilteredLines
from omk_tui.widgets.line import Line


def line(key: str, text: str) -> Line:
    return Line(key, Content(text))


LINES = (line("a", "Red apple"), line("b", "green apple"), line("c", "red pear"))


def keys(filtered: FilteredLines) -> str:
    return "".join(row.key for row in filtered.rows)


def test_only_lines_with_every_word_in_any_case_are_rows() -> None:
    filtered = FilteredLines(LINES)
    for text, expected in (("", "abc"), ("RED", "ac"), ("red apple", "a"), ("plum", ""), ("", "abc")):
        filtered.filter(text)
        assert keys(filtered) == expected and filtered.lines == LINES and filtered.filter_text == text


def test_a_word_behind_an_exclamation_mark_leaves_lines_out() -> None:
    filtered = FilteredLines(LINES)
    for text, expected in (("!red", "b"), ("apple !GREEN", "a"), ("!apple !pear", ""), ("red !", "ac"), ("!", "abc")):
        filtered.filter(text)
        assert keys(filtered) == expected


def test_the_filter_holds_for_new_lines() -> None:
    filtered = FilteredLines(LINES)
    filtered.filter("pear")
    filtered.set_lines((line("d", "a pear"), line("e", "a plum")))
    assert keys(filtered) == "d"


def test_replaced_lines_take_their_places_and_pass_the_filter_by_what_they_are_then() -> None:
    filtered = FilteredLines(LINES)
    assert filtered.replace_lines([line("b", "red plum"), line("c", "red pear")]) == [1], "an equal line is no change"
    filtered.filter("plum")
    assert keys(filtered) == "b"
    assert filtered.replace_lines([line("b", "a nut"), line("a", "a plum")]) == [1, 0]
    assert keys(filtered) == "a" and [each.key for each in filtered.lines] == ["a", "b", "c"]
