"""The field-table reader: each rule of STATE-FORMAT 0.1 and 4 for typed records, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.record_table import (
    BOOL,
    FLOAT,
    I32,
    OPTIONAL,
    RAW,
    STRING,
    TIMESTAMP,
    U32,
    U64,
    Field,
    FieldError,
    Kind,
    Table,
    array,
    enum,
)
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Crate:
    """What a box holds."""

    label: str
    weight: float


CRATE = Table(Crate, Field("label", STRING), Field("weight", FLOAT))


@dataclass(frozen=True, slots=True)
class Box:
    """One field of every sort."""

    version: int
    status: str
    opened: bool
    lease: Timestamp | None
    owner: str | None
    crates: tuple[Crate, ...]
    spare: Crate | None
    pass_: Json
    extra: Json


BOX = Table(
    Box,
    Field("version", U32),
    Field("status", enum("box status", ("open", "shut"))),
    Field("opened", BOOL, default=False),
    Field("lease", TIMESTAMP, default=OPTIONAL, write_null=True),
    Field("owner", STRING, default=OPTIONAL),
    Field("crates", array(CRATE), default=()),
    Field("spare", CRATE, default=OPTIONAL),
    Field("pass", RAW, attribute="pass_"),
    Field("extra", RAW, default=OPTIONAL),
)

SMALL: dict[str, Any] = {"version": 1, "status": "open", "pass": None}


def read(**changes: object) -> Box:
    """A small box with changes, read leniently from its text."""
    return BOX.read(omk_json.parse_lenient(json.dumps({**SMALL, **changes})))


def refused(text: str) -> FieldError:
    """The error that the text of a box gives."""
    with pytest.raises(FieldError) as caught:
        BOX.read(omk_json.parse_lenient(text))
    return caught.value


def test_defaults_stand_for_absence() -> None:
    assert read() == Box(1, "open", False, None, None, (), None, None, None)


def test_null_is_absence_for_optional_fields_only() -> None:
    assert read(lease=None, owner=None, spare=None, extra=None) == read()
    for key in ("version", "status", "opened", "crates"):
        with pytest.raises(FieldError) as caught:
            read(**{key: None})
        assert (caught.value.where, caught.value.found) == (key, "null")


@pytest.mark.parametrize("key", ["version", "status", "pass"])
def test_mandatory_keys(key: str) -> None:
    with pytest.raises(FieldError) as caught:
        BOX.read({name: value for name, value in SMALL.items() if name != key})
    assert str(caught.value) == f"{key}: the key is missing"


def test_write_is_in_table_order_with_defaults_and_without_absent_options() -> None:
    assert omk_json.compact(BOX.write(read())) == (
        '{"version":1,"status":"open","opened":false,"lease":null,"crates":[],"pass":null}'
    )
    full = read(
        extra={"z": 1, "a": []},
        owner="me",
        spare={"weight": 2, "label": "s"},
        lease="2026-06-11 09:30:42.500000 +02:00",
        crates=[{"label": "a", "weight": -0.0, "unknown": 1}],
    )
    assert omk_json.compact(BOX.write(full)) == (
        '{"version":1,"status":"open","opened":false,"lease":"2026-06-11T07:30:42.500Z","owner":"me",'
        '"crates":[{"label":"a","weight":-0.0}],"spare":{"label":"s","weight":2.0},"pass":null,"extra":{"z":1,"a":[]}}'
    )


@pytest.mark.parametrize("fault", ["1e999", r'"\ud800"', '{"a":1,"a":2}', "[" * 100 + "]" * 100])
def test_unknown_keys_may_hold_anything_and_be_repeated(fault: str) -> None:
    unknown = f'"version":1,"status":"open","pass":null,"what":{fault},"what":{fault}'
    assert BOX.read(omk_json.parse_lenient("{" + unknown + "}")) == read()


def test_unknown_keys_must_have_proper_names() -> None:
    assert refused(r'{"version":1,"status":"open","pass":null,"\ud800":1}').where == ""
    nested = refused(r'{"version":1,"status":"open","pass":0,"crates":[{"label":"","weight":1,"x\udc00":1}]}')
    assert nested.where == "crates[0]"
    assert nested.found == '"x⟨U+DC00⟩"'


def test_a_repeated_known_key_is_an_error_straight_from_text_only() -> None:
    text = '{"version":1,"version":2,"status":"open","pass":null}'
    assert str(refused(text)) == "version: the key stands there more than once"
    assert BOX.read(omk_json.parse(text)).version == 2
    inner = '{"version":1,"status":"open","pass":0,"spare":{"weight":1,"label":"","weight":1}}'
    assert refused(inner).where == "spare.weight"


@pytest.mark.parametrize(
    "fault", ["1e999", r'{"a":["\ud800"]}', r'{"\udfff":1}', '{"a":1e999,"a":1}', r'[{"b":"\ud800","b":1}]']
)
def test_raw_fields_must_be_what_the_raw_read_takes(fault: str) -> None:
    assert refused(f'{{"version":1,"status":"open","pass":{fault}}}').where == "pass"
    assert refused(f'{{"version":1,"status":"open","pass":1,"extra":{fault}}}').where == "extra"


def test_raw_fields_may_repeat_keys() -> None:
    box = BOX.read(omk_json.parse_lenient('{"version":1,"status":"open","pass":{"a":1,"b":2,"a":3}}'))
    assert omk_json.compact(box.pass_) == '{"a":3,"b":2}'


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (STRING, ['""', '"é😀\\u0000"'], ["1", "null", "true", "[]", r'"\ud800"']),
        (BOOL, ["true", "false"], ["0", "1", '"true"', "null"]),
        (U32, ["0", "4294967295"], ["4294967296", "-1", "-0", "1.0", "1e0", "true", '"1"', "null", "1e999"]),
        (U64, ["0", "18446744073709551615"], ["18446744073709551616", "-1", "-0", "0.0", "false"]),
        (I32, ["-2147483648", "2147483647"], ["-2147483649", "2147483648", "-0", "1.5", "true"]),
        (FLOAT, ["0", "-0", "1.5", "18446744073709551616"], ["1e999", "-1e999", "true", '"1"', "null"]),
        (TIMESTAMP, ['"2026-06-11T09:30:42Z"'], ['"2026-06-11"', "0", "null", r'"2026-06-11T09:30:42Z\ud800"']),
        (array(U32), ["[]", "[1,2]"], ["{}", "null", "1", '["1"]', "[1,[2]]", "[null]"]),
        (enum("sort", ("a", "b")), ['"a"', '"b"'], ['"c"', '"A"', '""', "null", "1", '["a"]']),
        (RAW, ["null", "[]", '{"a":1}', "1e300"], ["1e999", r'"\udead"']),
        (CRATE, ['{"label":"","weight":1}'], ["[]", '""', "null", "{}"]),
    ],
)
def test_kinds(kind: Kind[Any], good: list[str], bad: list[str]) -> None:
    for text in good:
        held = kind.read(omk_json.parse_lenient(text))
        assert kind.read(kind.write(held)) == held
    for text in bad:
        with pytest.raises(FieldError) as caught:
            kind.read(omk_json.parse_lenient(text), "there")
        assert caught.value.where.startswith("there")


def test_floats_come_as_floats_and_arrays_as_tuples() -> None:
    assert repr(FLOAT.read(10)) == "10.0"
    assert repr(FLOAT.write(10)) == "10.0"
    assert array(U32).read([1, 2]) == (1, 2)
    assert array(U32).write((1, 2)) == [1, 2]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"crates": [{"label": "a", "weight": 1}, {"label": 7, "weight": 1}]},
            "crates[1].label: must be a string (found 7)",
        ),
        ({"crates": [3]}, "crates[0]: must be an object (found 3)"),
        ({"crates": {}}, "crates: must be an array (found an object of 0 keys)"),
        ({"spare": {"label": "x"}}, "spare.weight: the key is missing"),
        ({"status": "\x1b[2Jajar"}, 'status: must be a box status, one of open, shut (found "␛[2Jajar")'),
        ({"owner": [1, 2]}, "owner: must be a string (found an array of 2)"),
        ({"version": True}, "version: must be a whole number from 0 to 4294967295 (found true)"),
        (
            {"lease": "2026-02-30T00:00:00Z"},
            'lease: must be a date and time: there is no day 30 in month 2 of year 2026 (found "2026-02-30T00:00:00Z")',
        ),
    ],
)
def test_errors_name_the_field_and_what_was_found(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(FieldError) as caught:
        read(**changes)
    assert str(caught.value) == sentence


def test_paths_of_nested_arrays() -> None:
    with pytest.raises(FieldError) as caught:
        array(array(CRATE)).read([[], [{"label": "a", "weight": 0}, {"label": "a"}]], "grid")
    assert caught.value.where == "grid[1][1].weight"
    with pytest.raises(FieldError) as caught:
        BOX.read([], "box")
    assert caught.value.where == "box"
    with pytest.raises(FieldError, match=r"^the record: must be an object"):
        BOX.read([])


def test_a_word_may_be_spelt_as_the_lone_key_of_an_object() -> None:
    assert read(status={"open": None}).status == "open"
    assert BOX.read(omk_json.parse(json.dumps({**SMALL, "status": {"shut": None}}))).status == "shut"
    odd: list[dict[str, Json]] = [{}, {"open": 1}, {"open": None, "shut": None}, {"open": None, "shut": 1}, {"x": None}]
    for value in odd:
        with pytest.raises(FieldError, match=r"^status: must be a box status, one of open, shut"):
            read(status=value)
    assert refused('{"version":1,"status":{"open":null,"open":null},"pass":0}').where == "status"


def test_what_was_found_is_bounded_and_printable() -> None:
    for value in ("\x1b\u202e" * 100_000, "9" * 400, ["x" * 10_000] * 1000):
        with pytest.raises(FieldError) as caught:
            read(version=value)
        assert len(str(caught.value)) < 200
        assert str(caught.value).isprintable()
    long_number = refused('{"version":' + "9" * 5000 + ',"status":"open","pass":0}')
    assert len(str(long_number)) < 200


def test_a_table_must_match_its_dataclass() -> None:
    for fields in (
        (Field("label", STRING),),
        (Field("label", STRING), Field("weight", FLOAT), Field("colour", STRING)),
        (Field("label", STRING), Field("weight", FLOAT), Field("weight", FLOAT)),
    ):
        with pytest.raises(TypeError):
            Table(Crate, *fields)
    with pytest.raises(TypeError):
        Table(dict, Field("label", STRING))


odd_values: list[Json] = [None, True, -1, 0, 3, 2**40, 1.5, "", "2026-06-11T09:30:42.5+01:00", [], {}, ["a"]]
maybe = st.sampled_from(odd_values)
crates = st.fixed_dictionaries({"label": maybe, "weight": maybe}, optional={"odd": maybe})
likely = st.fixed_dictionaries(
    {"version": st.integers(0, 9), "status": st.sampled_from(["open", "shut"]), "pass": maybe},
    optional={
        "opened": st.booleans(),
        "lease": maybe,
        "owner": maybe,
        "crates": maybe | st.lists(crates),
        "spare": maybe | crates,
        "extra": maybe,
        "odd": maybe,
    },
)


@given(likely)
def test_what_is_written_reads_back_to_the_same(document: dict[str, Any]) -> None:
    try:
        box = BOX.read(document)
    except FieldError as error:
        assert error.where
        return
    written = omk_json.pretty(BOX.write(box))
    again = BOX.read(omk_json.parse_lenient(written))
    assert again == box
    assert omk_json.pretty(BOX.write(again)) == written
