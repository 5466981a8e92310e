"""Budgets and what was used of them (STATE-FORMAT 4.7, 8)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.budget import U64_MAX, Usage, checkpoint, total_budget_seconds, usage_in_lines
from omk_tui.core.records.goal import read_goal
from tests.core.documents import CREATED, GOAL_ID, goal_json


def line(tokens: object, message: object = None, kind: str = "status_update") -> str:
    payload = {"token_usage": tokens} | ({} if message is None else {"message_id": message})
    return json.dumps({"params": {"type": kind, "payload": payload}})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("90s", 90), ("2m", 120), ("2h", 7200), ("1d", 86_400), ("1D", 86_400), ("+5 m", 300),
        (" 7\u3000h ", 25_200), ("0", 0), ("18446744073709551615", U64_MAX), ("18446744073709551616", None),
        ("307445734561825861m", None), ("307445734561825860m", 18_446_744_073_709_551_600),
        ("9" * 100, None), ("", None), (None, None), ("-5", None), ("5w", None), ("5.5h", None),
        ("h", None), ("5hh", None), ("\u0665", None), ("5\x1fs", None), ("1 000", None),
    ],
)  # fmt: skip
def test_a_budget_of_time(text: str | None, seconds: int | None) -> None:
    assert total_budget_seconds(text) == seconds


@pytest.mark.parametrize(
    ("lines", "usage"),
    [
        ([], Usage()),
        ([line(1_000_000)], Usage(1_000_000, 8.0)),
        ([line({"input_other": 1_000_000, "output": 500_000})], Usage(1_500_000, 6.0)),
        ([line({"input_other": 1, "input_cache_read": 2, "input_cache_creation": 3})], Usage(6, 6 / 1e6 * 2.0)),
        ([line(5, kind="Status-Update")], Usage(5, 5 / 1e6 * 8.0)),
        ([line(5, kind="StatusUpdate")], Usage()),
        ([line(5, kind="turn_end")], Usage()),
        ([line(-5), line(5.5), line("5"), line(None), line(True), line([5]), line({}), line({"output": "x"})], Usage()),
        ([line({"input_other": 0, "input_cache_read": -5, "output": 7})], Usage(7, 7 / 1e6 * 8.0)),
        (["", "  ", "no json token_usage", "{}", "[]", '{"params": 5}'], Usage()),
        (['"token_usage"', '["token_usage"]', '{"params": "token_usage"}', '{"params": ["token_usage"]}'], Usage()),
        ([line(3, "m"), line(7, "m"), line(7, "m"), line(5, "m")], Usage(7, 7 / 1e6 * 8.0)),
        ([line(3, 17), line(3, 17)], Usage(6, 3 / 1e6 * 8.0 + 3 / 1e6 * 8.0)),
        ([line(U64_MAX), line(5)], Usage(U64_MAX, U64_MAX / 1e6 * 8.0 + 5 / 1e6 * 8.0)),
        ([line({"input_other": U64_MAX, "input_cache_read": 9, "output": 9})],
         Usage(U64_MAX, U64_MAX / 1e6 * 2.0 + 9 / 1e6 * 8.0)),
        ([line(0)], Usage(0, 0.0)),
        (['{"params":{"type":"status_update","payload":{"token\\u005fusage":4}}}'], Usage(4, 4 / 1e6 * 8.0)),
    ],
)  # fmt: skip
def test_usage_of_a_log(lines: list[str], usage: Usage) -> None:
    assert usage_in_lines(lines) == usage


def test_of_one_message_the_first_of_the_largest_counts_with_its_cost() -> None:
    cheap, dear = {"input_other": 10}, {"output": 10}
    assert usage_in_lines([line(cheap, "m"), line(dear, "m")]).cost_usd == 10 / 1e6 * 2.0
    assert usage_in_lines([line(dear, "m"), line(cheap, "m")]).cost_usd == 10 / 1e6 * 8.0


def point(used: Usage, at: str = CREATED, **goal: Any) -> dict[str, object]:
    return dict(checkpoint(read_goal(json.dumps(goal_json(**goal)), "/x"), used, "label", Timestamp.parse(at)))


def test_a_checkpoint_without_budgets_has_only_what_is_known() -> None:
    assert point(Usage(5, 0.25), "2026-06-11T10:16:20.048213376Z") == {
        "version": 1,
        "goal_id": GOAL_ID,
        "label": "label",
        "status": "not_ready",
        "phase": "proof",
        "recorded_at": "2026-06-11T10:16:20.048213376Z",
        "elapsed_since_created_secs": 59,
        "used_tokens": 5,
        "estimated_cost_usd": 0.25,
    }


def test_a_checkpoint_with_budgets_is_in_omks_order() -> None:
    members = point(Usage(5, 0.25), budget_time="1m", budget_tokens=3, budget_usd=0.5)
    assert list(members)[6:] == [
        "budget_time", "total_budget_secs", "elapsed_since_created_secs", "remaining_budget_secs", "budget_tokens",
        "used_tokens", "remaining_budget_tokens", "budget_usd", "estimated_cost_usd", "remaining_budget_usd",
    ]  # fmt: skip
    assert members["remaining_budget_tokens"] == 0
    assert members["remaining_budget_usd"] == 0.25


def test_nothing_that_remains_is_negative_not_even_zero() -> None:
    members = point(Usage(0, 0.75), "2026-06-12T10:15:20Z", budget_time="1m", budget_usd=0.5)
    assert members["remaining_budget_secs"] == 0
    assert repr(members["remaining_budget_usd"]) == "0.0"


def test_a_clock_before_the_goal_was_created_has_elapsed_nothing() -> None:
    assert point(Usage(), "2020-01-01T00:00:00Z")["elapsed_since_created_secs"] == 0
