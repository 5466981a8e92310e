"""Conflicts: which are open, what their evidence says, what would be embedded (STATE-FORMAT 4.5, 6.6, H33)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omk_tui.core.records.conflict import (
    DECISION_FILE,
    EMBED_LIMIT,
    Evidence,
    conflict_of,
    conflicting,
    embedded_text,
    is_open,
    parse_merge_conflict,
)
from omk_tui.core.records.delivery import Delivery, read_deliveries


def record(**delivery: object) -> Delivery:
    text = json.dumps({"tasks": [{"id": "task", "delivery": {"conflict_evidence_path": "e", **delivery}}]})
    return read_deliveries(text)[0]


@pytest.mark.parametrize(
    ("delivery", "open_"),
    [
        ({}, True),
        ({"status": "blocked"}, True),
        ({"status": "planned"}, True),
        ({"status": "something else"}, True),
        ({"status": "delivered"}, False),
        ({"status": "merged"}, False),
        ({"status": "ready_for_review", "merge_conflict_clean": True}, False),
        ({"status": "ready_for_review", "merge_conflict_clean": False}, True),
        ({"status": "ready_for_review", "merge_conflict_clean": "true"}, True),
        ({"status": "blocked", "merge_conflict_clean": True}, True),
        ({"status": "merged", "merge_conflict_clean": False}, False),
    ],
)
def test_a_conflict_is_open_until_the_slice_was_delivered_or_checked_clean(
    delivery: dict[str, Any], open_: bool
) -> None:
    assert is_open(record(**delivery)) == open_


def test_records_are_in_the_order_of_their_sections_and_equal_ones_as_in_the_file() -> None:
    tasks = [("b", None), ("z", "a"), ("a", None), ("y", "a"), ("é", None), ("Z", None)]
    text = json.dumps({"tasks": [
        {"id": task, "delivery": {"conflict_blocking_reason": task} | ({"slice_id": slice_id} if slice_id else {})}
        for task, slice_id in tasks
    ]})  # fmt: skip
    assert [one.task_id for one in conflicting(read_deliveries(text))] == ["Z", "z", "a", "y", "b", "é"]


MERGE = {
    "task_id": "t",
    "source_ref": "slice/a",
    "target_ref": "main",
    "clean_merge": False,
    "conflicting_files": ["src/a.py", "b"],
    "command_line": "git merge-tree main slice/a",
    "stdout_summary": "src/a.py\nb",
    "stderr_summary": "",
    "artifact_path": "x",
    "conflict_classification": {"Unsafe": {"reason": "both edit"}},
}


def test_the_merge_conflict_file_is_parsed() -> None:
    merge = parse_merge_conflict(json.dumps(MERGE))
    assert merge is not None
    assert (merge.source_ref, merge.target_ref, merge.clean_merge) == ("slice/a", "main", False)
    assert merge.files == ("src/a.py", "b")
    assert (merge.classification, merge.classification_reason) == ("Unsafe", "both edit")


@pytest.mark.parametrize("text", ["", "prose", "[]", json.dumps(MERGE)[:-5], '{"a": 1e999}', "\ufffd\ufffd"])
def test_what_is_no_merge_conflict_record_is_only_text(text: str) -> None:
    assert parse_merge_conflict(text) is None


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, {"a": 1, "b": 2}, {"Safe": 5}])
def test_members_of_other_types_are_left_out(value: object) -> None:
    odd = dict.fromkeys(MERGE, value)
    merge = parse_merge_conflict(json.dumps(odd))
    assert merge is not None
    assert merge.clean_merge is None
    assert merge.files == ()
    assert merge.classification_reason == ""


def test_a_conflict_whose_evidence_is_clean_is_stale() -> None:
    clean = Evidence(text=json.dumps(MERGE | {"clean_merge": True}))
    assert conflict_of(record(), clean).stale
    assert not conflict_of(record(), Evidence(text=json.dumps(MERGE))).stale
    assert not conflict_of(record(status="merged"), clean).stale
    assert not conflict_of(record(), Evidence(error="gone")).stale


def test_evidence_is_readable_or_says_why_not() -> None:
    assert Evidence(text="").readable
    assert DECISION_FILE.readable
    assert not Evidence(error="gone").readable


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"", ""),
        (b"a\xc3", "a\ufffd"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
        (b"\xf0\x9f\x98", "\ufffd"),
        (b"\xf4\x90\x80\x80", "\ufffd" * 4),
        (b"\xe2\x82\x41", "\ufffdA"),
        (b"a" * EMBED_LIMIT, "a" * EMBED_LIMIT),
        (b"a" * (EMBED_LIMIT + 1), "a" * EMBED_LIMIT + "\n...(truncated at 65536 bytes)"),
    ],
)
def test_what_is_embedded(head: bytes, text: str) -> None:
    assert embedded_text(head) == text
