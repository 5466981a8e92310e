"""A goal as a database row, and back (STATE-FORMAT 7.3, 7.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.goal import Goal, TerminalCriteria, read_goal
from omk_tui.core.records.goal_row import COLUMNS, RowError, goal_of, row_of
from tests.core.documents import CREATED, GOAL_ID, goal_json, row_json

NOW = Timestamp.parse("2030-01-01T00:00:00Z")


def goal(**members: object) -> Goal:
    return read_goal(json.dumps(goal_json(**members)), "/here")


def back(**cells: Any) -> Goal:
    return goal_of(row_json(**cells), "/here", NOW).goal


def test_every_column_is_written_in_order() -> None:
    row = row_of(goal())
    assert tuple(row) == COLUMNS
    assert row["goal_id"] == GOAL_ID
    assert (row["project_dir"], row["state_dir"]) == ("/here", "/here")
    assert (row["kind"], row["policy"], row["controller_pid"]) == (None, "local", None)
    assert row["goal_text"] == row["original_goal"]
    assert row["terminal_criteria"] == '{"proof_required":true,"gates_required":true,"human_blockers_stop":true}'


@pytest.mark.parametrize(
    ("members", "column", "cell"),
    [
        ({"max_agents": 5_000_000_000}, "max_agents", 705_032_704),
        ({"max_agents": 2**32 - 1}, "max_agents", -1),
        ({"budget_tokens": 2**64 - 1}, "budget_tokens", -1),
        ({"budget_tokens": 2**63}, "budget_tokens", -(2**63)),
        ({"version": 2**32 - 1}, "version", -1),
        ({"budget_usd": 5.5}, "budget_usd", 550),
        ({"budget_usd": 19.99}, "budget_usd", 1998),
        ({"budget_usd": 5.1}, "budget_usd", 509),
        ({"budget_usd": 0.57}, "budget_usd", 56),
        ({"budget_usd": -0.019}, "budget_usd", -1),
        ({"budget_usd": 1e300}, "budget_usd", 2**63 - 1),
        ({"budget_usd": -1.7e308}, "budget_usd", -(2**63)),
        ({"budget_usd": None}, "budget_usd", None),
        ({"created_at": "1969-12-31T23:59:59.5Z"}, "created_at", -1),
        ({"created_at": "1970-01-01T00:00:00.999999999Z"}, "created_at", 0),
        ({"until_ready": True}, "until_ready", 1),
        ({"delivery_policy": "draft-pr"}, "delivery_policy", "draft-pr"),
        ({"failure": {"reason": 'a"é', "recorded_at": CREATED}}, "failure",
         f'{{"reason":"a\\"é","recorded_at":"{CREATED}"}}'),
    ],
)  # fmt: skip
def test_what_a_column_holds(members: dict[str, Any], column: str, cell: object) -> None:
    assert row_of(goal(**members))[column] == cell


def test_a_goal_without_artifacts_fractions_and_large_numbers_survives_its_row() -> None:
    kept = goal(
        version=3, status="blocked_on_human", phase="proof", original_goal="one", normalized_goal="two",
        until_ready=True, slice_execution=True, created_at="2026-06-11T10:15:20Z", updated_at="2026-06-12T10:15:20Z",
        completed_at="2026-06-13T10:15:20Z", budget_time="2h", budget_tokens=7, budget_usd=2.5, max_agents=4,
        cost_tracker_path="costs", delivery_policy="local", merge_policy="manual",
        failure={"reason": "why", "recorded_at": CREATED},
    )  # fmt: skip
    assert goal_of(row_of(kept), kept.state_dir, NOW).goal == kept


def test_a_goal_from_its_row_has_whole_seconds_and_no_artifacts() -> None:
    found = goal_of(row_of(goal(artifacts=[{"kind": "a", "path": "b", "created_at": CREATED}])), "/here", NOW).goal
    assert found.created_at.text() == "2026-06-11T10:15:20Z"
    assert (found.artifacts, found.state_dir) == ((), "/here")
    assert found.original_goal == goal().original_goal


@pytest.mark.parametrize(
    ("cells", "attribute", "value"),
    [
        ({"max_agents": -1}, "max_agents", 2**64 - 1),
        ({"budget_tokens": -1}, "budget_tokens", 2**64 - 1),
        ({"version": -1}, "version", 2**32 - 1),
        ({"budget_usd": 509}, "budget_usd", 5.09),
        ({"created_at": 2**60}, "created_at", NOW),
        ({"created_at": 8_210_266_876_800}, "created_at", NOW),
        ({"created_at": 8_210_266_876_799}, "created_at", Timestamp.parse("+262142-12-31T23:59:59Z")),
        ({"updated_at": -(2**60)}, "updated_at", NOW),
        ({"completed_at": 2**60}, "completed_at", None),
        ({"terminal_criteria": "{"}, "terminal_criteria", TerminalCriteria()),
        ({"terminal_criteria": None}, "terminal_criteria", TerminalCriteria()),
        ({"delivery_policy": "draft_pr"}, "delivery_policy", "draft-pr"),
        ({"until_ready": 1}, "until_ready", True),
        ({"state_dir": "/elsewhere"}, "state_dir", "/here"),
        ({"original_goal": "", "goal_text": "text"}, "original_goal", ""),
    ],
)
def test_how_a_row_is_read(cells: dict[str, Any], attribute: str, value: object) -> None:
    assert getattr(back(**cells), attribute) == value


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"status": "done"}, "status"),
        ({"phase": ""}, "phase"),
        ({"delivery_policy": "draft-pr"}, "delivery_policy"),
        ({"delivery_policy": "auto-pr"}, "delivery_policy"),
        ({"merge_policy": "x"}, "merge_policy"),
        ({"max_agents": 2**31}, "max_agents"),
        ({"version": 2**31}, "version"),
        ({"failure": "{"}, "failure"),
        ({"failure": "{}"}, "failure"),
        ({"kind": 5}, "kind"),
        ({"policy": None}, "policy"),
        ({"controller_pid": "x"}, "controller_pid"),
        ({"goal_text": b"\xff"}, "goal_text"),
        ({"created_at": 1.5}, "created_at"),
        ({"budget_usd": 1.5}, "budget_usd"),
        ({"completed_at": "soon"}, "completed_at"),
    ],
)
def test_a_row_that_omk_cannot_read_back_names_its_column(cells: dict[str, Any], column: str) -> None:
    with pytest.raises(RowError, match=column):
        back(**cells)


def test_the_pid_is_told_beside_the_goal() -> None:
    assert goal_of(row_json(controller_pid=7), "/here", NOW).controller_pid == 7
