"""A row of the list as text: there and back without a change, and nothing else is taken for a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.line_text import BadLine, decode_line, encode_line
from omk_tui.core.judgement.verdict import WORDS, Verdict

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
def test_a_row_survives_as_text(line: GoalLine) -> None:
    text = encode_line(line)
    assert text.isascii()
    assert decode_line(text) == line


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[1,2,3]", '"x"', pytest.param("[" * 5000, id="deep")])
def test_anything_else_is_no_row(text: str) -> None:
    with pytest.raises(BadLine):
        decode_line(text)
