"""Text made safe: nothing a terminal could obey, nothing hidden, nothing endless."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.text import printable as module
from omk_tui.core.text.printable import printable, printable_block, printable_lines

INVISIBLE = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\ufe00\U000e0100\U000e0041\U0001d159"
hostile = st.text(
    st.sampled_from(
        "\x1b\x00\x07\x7f\x80\x9b\x9d\r\n\t\u200b\u200d\u202e\u2066\ufeff\ufe0f\u0301\u1161\ud800 aé漢⚠1⟨⟩…"
    )
    | st.characters(),
    max_size=60,
)


def dangers(text: str) -> list[str]:
    """The characters that must never be shown."""
    return [
        character
        for character in text
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or (unicodedata.category(character) == "Zs" and character != " ")
        or character in INVISIBLE
        or "\ufe00" <= character <= "\ufe0f"
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain text, naïve 漢字 [/] [@click=app.quit]", "plain text, naïve 漢字 [/] [@click=app.quit]"),
        ("\x1b[2J\x07\x00\t\n\r", "␛[2J␇␀␉␊␍"),
        ("\x7f", "␡"),
        ("\x9b31m\x9d", "⟨U+009B⟩31m⟨U+009D⟩"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\u2028\u2029\xa0\xad", "⟨U+2028⟩⟨U+2029⟩⟨U+00A0⟩⟨U+00AD⟩"),
        ("\udc80\ue000\U0010ffff", "⟨U+DC80⟩⟨U+E000⟩⟨U+10FFFF⟩"),
        ("\u115f\u1160\u3164\uffa0\u2800", "⟨U+115F⟩⟨U+1160⟩⟨U+3164⟩⟨U+FFA0⟩⟨U+2800⟩"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 4, "e" + "\u0301" * 4),
        ("e" + "\u0301" * 3000, "e" + "\u0301" * 4 + "⟨+2996 marks⟩"),
        ("\u0301a", "⟨U+0301⟩a"),
        ("\u1100\u1161\u11a8", "\u1100\u1161\u11a8"),
        ("\u1100" + "\u1161" * 9, "\u1100" + "\u1161" * 4 + "⟨+5 marks⟩"),
        ("\u1100" + "\u11ff" * 9, "\u1100" + "\u11ff" * 4 + "⟨+5 marks⟩"),
        ("⚠\ufe0f 1\ufe0f ↔\ufe0f", "⚠ 1 ↔"),
        ("⚠\ufe0f\ufe0f a\ufe0f", "⚠⟨U+FE0F⟩ a⟨U+FE0F⟩"),
        ("‼\ufe0f ⚠X\ufe0f", "‼ ⚠X⟨U+FE0F⟩"),
        ("\ufe0fa", "⟨U+FE0F⟩a"),
        ("\u0301" * 6, "⟨U+0301⟩" + "\u0301" * 4 + "⟨+1 marks⟩"),
        ("e" + "\u0301" * 6 + "ab\u0301", "e" + "\u0301" * 4 + "⟨+2 marks⟩ab\u0301"),
        ("\u1100" + "\ud7b0" * 5, "\u1100" + "\ud7b0" * 4 + "⟨+1 marks⟩"),
        ("👩\u200d💻", "👩⟨U+200D⟩💻"),
        ("हिन्दी ไทย שלום مرحبا", "हिन्दी ไทย שלום مرحبا"),
    ],
)
def test_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_every_code_point_is_either_itself_or_visible() -> None:
    for code in (*range(0x32000), *range(0xE0000, 0xE0200), 0xF0000, sys.maxunicode):
        shown = printable(f"a{chr(code)}b")
        assert shown.isprintable(), hex(code)
        if shown[1:-1] != chr(code):
            assert re.fullmatch(r"a(⟨U\+[0-9A-F]{4,6}⟩|[\u2400-\u2421])b", shown), hex(code)


def test_what_takes_the_fast_path_would_be_left_alone_by_the_slow_one() -> None:
    plain = [chr(code) for code in range(sys.maxunicode + 1) if module._PLAIN.fullmatch(chr(code))]
    assert len(plain) > 40_000
    for character in plain:
        assert not dangers(character)
        assert unicodedata.combining(character) == 0
        assert list(module._pieces(character)) == [(character, 1)]


@pytest.mark.parametrize(
    ("limit", "shown"),
    [(24, "x" * 23 + "…"), (25, "x" * 12 + " …(+48 chars)"), (26, "x" * 13 + " …(+47 chars)")],
)
def test_what_is_missing_is_counted_where_half_of_the_room_is_left_for_the_text(limit: int, shown: str) -> None:
    assert printable("x" * 60, limit) == shown


def test_a_line_is_cut_at_4096_characters_unless_said_otherwise() -> None:
    assert printable("x" * 4096) == "x" * 4096
    assert printable("x" * 4097).endswith("x …(+16 chars)")


@pytest.mark.parametrize("text", ["e\u0301" * 60, "\u0301" + "x\u202e" * 60, "\u0301" + "xe\u0301" * 60])
def test_each_character_that_is_not_shown_is_counted_once(text: str) -> None:
    shown, missing = re.fullmatch(r"(.*) …\(\+(\d+) chars\)", printable(text, 40)).groups()  # type: ignore[union-attr]
    assert len(re.sub("⟨[^⟩]*⟩", "?", shown)) + int(missing) == len(text)


def test_what_is_plain_is_known_by_itself() -> None:
    assert [module.is_plain(text) for text in ("a", "é", "\x1b", "\u202e")] == [True, True, False, False]


def test_what_goes_without_a_trace_is_not_missing() -> None:
    shown = printable("⚠\ufe0f" * 60, 40)
    assert shown == "⚠" * 20 + " …(+80 chars)"


@pytest.mark.parametrize("unit", ["x", "漢", "e\u0301", "\x1b", "\u202e", "\t"])
@pytest.mark.parametrize("limit", [1, 5, 20, 80, 4096])
def test_too_long_is_cut_within_the_limit(unit: str, limit: int) -> None:
    text = unit * 10_000
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert shown.endswith("…" if limit <= 20 else " chars)")
    assert printable(shown, limit) == shown


def test_the_count_is_of_what_is_not_shown() -> None:
    shown = printable("x" * 5000, 100)
    match = re.fullmatch(r"(x+) …\(\+(\d+) chars\)", shown)
    assert match
    assert len(match[1]) + int(match[2]) == 5000
    shown = printable("\u202e" * 50, 100)
    assert shown.count("⟨U+202E⟩") + int(re.findall(r"\+(\d+) chars", shown)[0]) == 50
    assert printable("x" * 100, 100) == "x" * 100


def test_lines() -> None:
    assert printable_lines("") == []
    assert printable_lines("\n") == [""]
    assert printable_lines("a\r\nb\rc\n\nd\r\r\n\u2028\x85") == ["a", "b␍c", "", "d␍", "⟨U+2028⟩⟨U+0085⟩"]
    assert printable_lines("a\tb\n\tc") == ["a       b", "        c"]
    assert printable_lines("x" * 50, 20) == ["x" * 19 + "…"]


def test_block() -> None:
    assert printable_block("a\r\n\x1bb\n") == "a\n␛b\n"
    assert printable_block("") == ""


@given(hostile, st.sampled_from([1, 12, 30, 4096]))
def test_nothing_dangerous_survives_and_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    line = printable(text, limit)
    assert not dangers(line)
    assert len(line) <= limit
    assert printable(line, limit) == line
    block = printable_block(text, limit)
    assert not dangers(block.replace("\n", ""))
    assert block.count("\n") == text.count("\n")
    assert printable_block(block, limit) == block
    lines = printable_lines(text, limit)
    assert [printable(each, limit) for each in lines] == lines
    assert "\n".join(lines) == block.removesuffix("\n") or not lines


@given(st.text(st.sampled_from("a \u0301\u0300\u1161\ufe0f\u034f漢1⟩")))
def test_no_base_carries_more_than_four_marks(text: str) -> None:
    assert not re.search("[\u0301\u0300\u1161]{5}", printable(text))
    assert not re.match("[\u0301\u0300\u1161]", printable(text))


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200))
def test_ascii_text_is_left_as_it_is(text: str) -> None:
    assert printable(text) == text
