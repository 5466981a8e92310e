"""A row of the list as JSON: there and back without a change, and nothing else is taken for a row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.line_values import BadLine, decode_line, encode_line
from omk_tui.core.judgement.verdict import WORDS, Verdict
from omk_tui.engine.reading.line_cache import decode_entry

texts = st.text(st.characters(exclude_categories=()))
instants = st.builds(Timestamp, st.integers(-(2**40), 2**40), st.integers(0, 1_999_999_999))
tallies = st.builds(Tally, st.integers(0, 99), st.integers(0, 99))
lines = st.builds(
    GoalLine,
    goal_id=texts,
    status=st.none() | texts,
    phase=st.none() | texts,
    goal=st.none() | texts,
    created_at=st.none() | instants,
    updated_at=st.none() | instants,
    verdict=st.builds(Verdict, st.sampled_from(sorted(WORDS)), st.integers(0, 9), st.integers(0, 9)),
    warnings=st.integers(0, 99),
    problem=st.none() | texts,
    gates=st.none() | tallies,
    oracle=st.none() | tallies,
    wall=st.none() | tallies,
    conflicts=st.none() | st.integers(0, 99),
    why=st.lists(texts, max_size=3).map(tuple),
    next=texts,
    head=texts,
    source=st.sampled_from(["directory", "row"]),
    branch=texts,
    failing=st.lists(texts, max_size=3).map(tuple),
)


@given(lines)
def test_a_row_survives_as_json(line: GoalLine) -> None:
    assert decode_line(json.loads(json.dumps(encode_line(line)))) == line


@pytest.mark.parametrize("values", ["", None, [], {}, [1, 2, 3], "x", [0] * 19])
def test_anything_else_is_no_row(values: Any) -> None:
    with pytest.raises(BadLine):
        decode_line(values)


@pytest.mark.parametrize("text", ["", "null", "[]", '[["a","b","c"],[1]]', pytest.param("[" * 5000, id="deep")])
def test_no_other_text_is_an_entry_of_the_cache(text: str) -> None:
    with pytest.raises((ValueError, TypeError, RecursionError)):
        decode_entry(text)
