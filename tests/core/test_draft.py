"""What the file of a draft may hold: a text that a dialog could have let in, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.review.draft import LARGEST_DRAFT, Draft, decode_draft, encode_draft
from omk_tui.core.text.pasted import pasted_text

AT = Timestamp.from_unix_nanos(1_795_386_000_123_456_789)


@given(st.text())
def test_a_draft_comes_back_as_a_paste_of_it_would(text: str) -> None:
    draft = decode_draft(encode_draft(Draft(AT, text)))
    clean = pasted_text(text)
    assert draft == (Draft(AT, clean) if clean.strip() else None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 5000,
        b"null",
        b"{}",
        b'{"at":"2026-11-30T01:02:03Z"}',
        b'{"at":"2026-11-30T01:02:03Z","text":7}',
        b'{"at":"yesterday","text":"why"}',
        b'{"at":"2026-11-30T01:02:03Z","text":""}',
        b'{"at":"2026-11-30T01:02:03Z","text":" \\n"}',
        json.dumps({"at": "2026-11-30T01:02:03Z", "text": "red \x1b[31m"}).encode(),
        json.dumps({"at": "2026-11-30T01:02:03Z", "text": "a\x00"}).encode(),
        json.dumps({"at": "2026-11-30T01:02:03Z", "text": "a\ud800"}).encode(),
        json.dumps({"at": "2026-11-30T01:02:03Z", "text": "x" * LARGEST_DRAFT}).encode(),
        encode_draft(Draft(AT, "why"))[:-1],
    ],
)
def test_anything_else_is_no_draft(data: bytes) -> None:
    assert decode_draft(data) is None
