"""JSON: the two readings, their errors, and the two printed forms."""

from __future__ import annotations

import inspect
import json
import math
import re
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import JsonError, Members, OutOfRange
from tests.core.vectors import rows

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | texts
documents = st.recursive(
    scalars | st.integers(-99_999, 99_999).map(lambda cents: cents / 100),
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)


@pytest.mark.parametrize(("read", "raw", "typed"), rows("floats.tsv"))
def test_number_vectors(read: str, raw: str, typed: str) -> None:
    for parse in (omk_json.parse, omk_json.parse_lenient):
        value = parse(read)
        assert isinstance(value, int | float)
        assert omk_json.compact(value) == raw
        assert omk_json.compact(float(value)) == typed


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        ("-0", "-0.0"),
        ("-0e5", "-0.0"),
        ("18446744073709551615.9", "1.8446744073709552e+19"),
        ("18446744073709551616.5", "1.8446744073709552e+19"),
        ("1e-400", "0.0"),
        ("-1e-999999999999999999999999", "-0.0"),
        ("0e999999999999999999999999", "0.0"),
        ("0e400", "0.0"),
        ("0." + "0" * 5000 + "1e5001", "1.0"),
        ("1" + "0" * 400 + "e-400", "1.0"),
        ("1" * 25, "1.1111111111111111e+24"),
        ("0.000012345", "0.000012345"),
        ("-0.0000123", "-0.0000123"),
        ("0.00000123", "1.23e-6"),
    ],
)
def test_numbers(literal: str, written: str) -> None:
    assert omk_json.compact(omk_json.parse(literal)) == written


@pytest.mark.parametrize("literal", ["1e999", "-1e309", "1" + "0" * 309, "9" * 5000, "1e99999999999999999999"])
def test_numbers_out_of_range(literal: str) -> None:
    with pytest.raises(JsonError, match="number out of range at line 2 column 8"):
        omk_json.parse('{"x": "' + literal + '",\n  "y": ' + literal + "}")
    lenient = omk_json.parse_lenient(f"[{literal}]")
    assert isinstance(lenient, list)
    assert isinstance(lenient[0], OutOfRange)
    assert lenient[0].literal == literal
    with pytest.raises(JsonError, match="out of range"):
        omk_json.strict(lenient)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "\ufeff{}",
        '"a\nb"',
        '"a\x00b"',
        "{} x",
        "{}\x0b",
        "[1,]",
        "{'a':1}",
        "01",
        "1.",
        ".5",
        "+1",
        '"\\x"',
        '"\\u12g4"',
        '"open',
        '{"a" 1}',
        '"\ud800"',
        "tru",
    ],
)
def test_refused_by_both_readings(text: str) -> None:
    for parse in (omk_json.parse, omk_json.parse_lenient):
        with pytest.raises(JsonError) as caught:
            parse(text)
        assert str(caught.value)


@pytest.mark.parametrize("tail", ["", " ", "\t\r\n"])
def test_blanks_around_are_fine(tail: str) -> None:
    assert omk_json.parse(f"{tail}[]{tail}") == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (r'"\ud800"', 2),
        (r'"ok \uDC00"', 5),
        (r'"\ud83d\ude00\ude00"', 14),
        (r'"\\\ud800x"', 4),
        (r'"\ud800\\udc00"', 2),
        (r'"\ud800\ud83d\ude00"', 2),
        (r'{"a":"\ud800","a":1}', 7),
        (r'{"\udfff":1}', 3),
    ],
)
def test_lone_surrogates(text: str, column: int) -> None:
    with pytest.raises(JsonError) as caught:
        omk_json.parse(text)
    assert (caught.value.message, caught.value.line, caught.value.column) == ("lone surrogate in a string", 1, column)
    lenient = omk_json.parse_lenient(text)
    with pytest.raises(JsonError):
        omk_json.strict(lenient)


@pytest.mark.parametrize(
    ("text", "value"),
    [(r'"\ud83d\ude00"', "😀"), (r'"\\ud800"', r"\ud800"), (r'"\\\\ud800\uD7ff"', "\\\\ud800\ud7ff")],
)
def test_escapes_that_only_look_like_lone_surrogates(text: str, value: str) -> None:
    assert omk_json.parse(text) == value


def test_nesting() -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        for parse in (omk_json.parse, omk_json.parse_lenient):
            parse(opening * 127 + "1" + closing * 127)
            for levels in (128, 5_000, 200_000):
                with pytest.raises(JsonError, match="nested deeper than 127"):
                    parse(opening * levels + "1" + closing * levels)


def test_brackets_in_strings_are_no_nesting() -> None:
    value = ["[" * 500, '"[{' * 200, '\\"[' * 200, {"{" * 200: []}]
    assert omk_json.parse(json.dumps(value)) == value


def test_deep_nesting_of_broken_json_is_an_error_and_no_crash() -> None:
    with pytest.raises(JsonError):
        omk_json.parse('"\\"[' + "[" * 200_000)
    with pytest.raises(JsonError):
        omk_json.parse("[" * 100 + '"' + "[" * 200_000)


def test_the_last_of_repeated_keys_counts_at_the_place_of_the_first() -> None:
    text = '{"a":1,"b":2,"a":{"c":1,"c":2}}'
    assert omk_json.compact(omk_json.parse(text)) == '{"a":{"c":2},"b":2}'
    lenient = omk_json.parse_lenient(text)
    assert isinstance(lenient, Members)
    assert lenient.repeated == {"a"}
    assert isinstance(lenient["a"], Members)
    assert lenient["a"].repeated == {"c"}
    assert omk_json.compact(omk_json.strict(lenient)) == '{"a":{"c":2},"b":2}'


@pytest.mark.parametrize("hidden", ["1e999", r'"\ud800"', r'["x",{"\udc00":1}]', r'{"b":1e999,"b":1}'])
def test_a_fault_hidden_by_a_repeated_key_is_still_a_fault(hidden: str) -> None:
    lenient = omk_json.parse_lenient(f'[{{"a":{hidden},"a":1,"a":2}}]')
    assert lenient == [{"a": 2}]
    with pytest.raises(JsonError):
        omk_json.strict(lenient)


def test_errors_tell_the_place() -> None:
    with pytest.raises(JsonError) as caught:
        omk_json.parse('{\n  "a": 1,\n  "b": NaN\n}')
    assert str(caught.value) == "NaN is not JSON at line 3 column 8"
    with pytest.raises(JsonError) as caught:
        omk_json.parse('{\n  "a": 1,,\n}')
    assert (caught.value.line, caught.value.column) == (2, 10)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("\nNaN", "NaN is not JSON", 2, 1),
        ("[NaNx]", "NaN is not JSON", 0, 0),
        ('"\udcff"', "the text is not valid Unicode", 0, 0),
        ("[" * 128, "nested deeper than 127 levels", 0, 0),
    ],
)
def test_errors_in_full(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(JsonError) as caught:
        omk_json.parse(text)
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, line, column)


@pytest.mark.parametrize(
    ("text", "message"), [("[-1e999]", "number out of range"), (r'["\ud800"]', "lone surrogate in a string")]
)
def test_what_the_raw_read_would_have_refused_is_told(text: str, message: str) -> None:
    with pytest.raises(JsonError, match=f"^{message}$"):
        omk_json.strict(omk_json.parse_lenient(text))
    fine = omk_json.parse_lenient('[1,{"a":[2,"b"]},[]]')
    assert omk_json.strict(fine) is fine


def test_a_number_out_of_range_keeps_its_sign() -> None:
    assert omk_json.parse_lenient("[1e999,-1e999]") == [math.inf, -math.inf]


def test_nesting_is_refused_where_the_program_itself_is_nested_deep() -> None:
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(inspect.stack(0)) + 60)
        error = None
        try:
            omk_json.parse("[" * 120 + "]" * 120)
        except JsonError as caught:
            error = caught
    finally:
        sys.setrecursionlimit(limit)
    assert error is not None and error.message == "nested deeper than 127 levels"


def test_half_a_surrogate_pair_is_found() -> None:
    found = [omk_json.has_lone_surrogate(text) for text in ("a", "é😀", "é\udc00", "\ud83d")]
    assert found == [False, False, True, True]


def test_string_escapes() -> None:
    every = "".join(map(chr, range(0x20))) + '"\\/\x7f\u2028\u2029é😀'
    assert omk_json.compact(every) == (
        '"' + r"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"
        r"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
        + '\\"\\\\/\x7f\u2028\u2029é😀"'
    )


def test_printed_layout() -> None:
    value: omk_json.Json = {"a": [], "b": {}, "c": [1, [None, True]], "d": {"e": False, "f": "x"}}
    assert omk_json.compact(value) == '{"a":[],"b":{},"c":[1,[null,true]],"d":{"e":false,"f":"x"}}'
    assert omk_json.pretty(value) == json.dumps(value, indent=2)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_printed_as_null(number: float) -> None:
    assert omk_json.compact([number]) == "[null]"


@given(documents)
@example({"": [{}, [], "", 0.00001, -0.0]})
def test_what_is_printed_reads_back_and_prints_the_same(value: omk_json.Json) -> None:
    for printed in (omk_json.pretty(value), omk_json.compact(value)):
        assert omk_json.parse(printed) == value
        assert omk_json.parse_lenient(printed) == value
    assert omk_json.pretty(omk_json.parse(omk_json.compact(value))) == omk_json.pretty(value)


@given(documents)
def test_without_floats_the_forms_are_those_of_json_dumps(value: Any) -> None:
    value = json.loads(json.dumps(value), parse_float=str)
    assert omk_json.pretty(value) == json.dumps(value, ensure_ascii=False, indent=2)
    assert omk_json.compact(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_text_is_shortest_and_exact(number: float) -> None:
    text = omk_json.compact(number)
    assert float(text) == number
    assert re.fullmatch(r"-?(\d{1,16}\.\d+|\d(\.\d+)?e(-[1-9]\d*|\+[1-9]\d+))", text)
    assert len(re.sub(r"e.*|\D|\b0+(?=\d)", "", text).strip("0")) <= 17


@given(st.text(st.sampled_from('{}[]",:\\u dD8cC0e1.-\n\ud800a')))
def test_no_text_raises_anything_but_json_error(text: str) -> None:
    for parse in (omk_json.parse, omk_json.parse_lenient):
        try:
            value = parse(text)
        except JsonError:
            continue
        json.dumps(value)
