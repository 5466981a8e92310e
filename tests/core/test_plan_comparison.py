"""The plan on disk beside the plan that a reject would write."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.decision.rollback import rollback_plan
from omk_tui.core.review.plan_comparison import MOST_LINES, PlanComparison, compare_plans

PLACEHOLDER = "<reason>"


def compared(on_disk: str, files: tuple[str, ...] = ("a", "b")) -> PlanComparison:
    return compare_plans(rollback_plan("goal-1", PLACEHOLDER, files, ()), PLACEHOLDER, on_disk)


@given(st.text())
def test_only_the_reason_may_differ_in_an_equal_plan(reason: str) -> None:
    plan = compared(rollback_plan("goal-1", reason, ("a", "b"), ()))
    if "\n\n## Scope\n" not in reason:
        assert plan == PlanComparison(reason)


def test_what_differs_is_told_from_both_sides() -> None:
    old = rollback_plan("goal-1", "slow", ("a", "old", "b", "b"), ())
    assert compared(old) == PlanComparison("slow", ("- `old`", "- `b`"), (), 2, 0, is_same=False)
    assert compared(rollback_plan("goal-1", "slow", ("b", "a"), ())) == PlanComparison("slow", is_same=False)
    other_goal = compared(rollback_plan("goal-2", "slow", ("a", "b"), ()))
    assert other_goal.reason is None
    assert other_goal.before == ("Goal: `goal-2`", "Rejection reason: slow")
    assert compared("").before == () and compared("").after_count > 10


def test_a_long_and_repeating_plan_is_compared_at_once() -> None:
    lines = "\n".join(str(number % 7) for number in range(200_000))
    began = time.monotonic()
    plan = compared(rollback_plan("goal-1", "x", ("a",), ()) + lines)
    assert time.monotonic() - began < 3
    assert len(plan.before) == MOST_LINES and plan.before_count >= 200_000
