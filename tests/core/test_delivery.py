"""Delivery records: typed values, extras in omk's order, and what is written of them (STATE-FORMAT 4.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.records.delivery import Delivery, read_deliveries


def records(*tasks: object) -> tuple[Delivery, ...]:
    return read_deliveries(json.dumps({"tasks": tasks}))


def written(delivery: dict[str, Any]) -> list[tuple[str, Any]]:
    """The members of the record in order, without the task's id at the end."""
    (record,) = records({"id": "t", "delivery": delivery})
    members = list(record.as_json().items())
    assert members[-1] == ("task_id", "t")
    return members[:-1]


@pytest.mark.parametrize(
    ("delivery", "members"),
    [
        ({"status": "planned", "slice_id": "s"}, [("slice_id", "s"), ("status", "planned")]),
        ({"x": 1, "y": 2}, [("x", 1), ("y", 2)]),
        # Each typed key that is taken out leaves its place to the last of the extras.
        ({"slice_id": "s", "x": 1, "y": 2}, [("y", 2), ("x", 1), ("slice_id", "s")]),
        ({"x": 1, "slice_id": "s", "y": 2}, [("x", 1), ("y", 2), ("slice_id", "s")]),
        ({"owner": "o", "a": 1, "slice_id": "s", "b": 2}, [("b", 2), ("a", 1), ("slice_id", "s"), ("owner", "o")]),
        ({"a": 1, "owner": "o", "b": 2, "slice_id": "s", "c": 3},
         [("a", 1), ("c", 3), ("b", 2), ("slice_id", "s"), ("owner", "o")]),
        ({"gates": [], "x": 1}, [("x", 1)]),
        ({"gates": ["a"], "x": 1}, [("x", 1), ("gates", ["a"])]),
        # What has the wrong type stays where it is, among the extras.
        ({"status": None, "gates": ["a", 1], "branch": 5}, [("status", None), ("gates", ["a", 1]), ("branch", 5)]),
        ({"slice_id": "", "owner": ""}, [("slice_id", ""), ("owner", "")]),
    ],
)  # fmt: skip
def test_re_assembly_is_omks(delivery: dict[str, Any], members: list[tuple[str, Any]]) -> None:
    assert written(delivery) == members


def test_an_extra_called_task_id_keeps_its_place_with_the_tasks_id() -> None:
    (record,) = records({"id": "t", "delivery": {"task_id": "other", "x": 1}})
    assert list(record.as_json().items()) == [("task_id", "t"), ("x", 1)]


def test_which_tasks_have_a_record() -> None:
    found = records(
        {"id": "a", "delivery": {"x": 1}}, {"id": "b", "delivery": {}}, {"id": "c"}, {"id": 5, "delivery": {"x": 1}},
        {"delivery": {"x": 1}}, "task", {"id": "d", "delivery": [1]}, {"id": "a", "delivery": {"y": 1}, "status": 5},
    )  # fmt: skip
    assert [(one.task_id, list(one.extras)) for one in found] == [("a", ["x"]), ("a", ["y"])]


@pytest.mark.parametrize("text", ["[]", "5", "{}", '{"tasks": 5}', '{"tasks": {"id": 1}}'])
def test_a_document_without_tasks_has_no_records(text: str) -> None:
    assert read_deliveries(text) == ()


@pytest.mark.parametrize("text", ["", "{", '{"x": "\\ud800"}', '{"x": 1e999}'])
def test_what_a_raw_read_refuses_is_an_error(text: str) -> None:
    with pytest.raises(JsonError):
        read_deliveries(text)


@pytest.mark.parametrize(
    ("delivery", "section", "conflict"),
    [
        ({"conflict_evidence_path": ""}, "t", True),
        ({"conflict_blocking_reason": "r", "slice_id": ""}, "", True),
        ({"slice_id": "s", "conflict_blocking_reason": None}, "s", False),
        ({"merge_conflict_clean": False}, "t", False),
    ],
)
def test_sections(delivery: dict[str, Any], section: str, conflict: bool) -> None:
    (record,) = records({"id": "t", "delivery": delivery})
    assert (record.section_id, record.has_conflict) == (section, conflict)
