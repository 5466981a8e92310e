"""The rollback plan, byte for byte (STATE-FORMAT 6.6)."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omk_tui.core.decision.rollback import rollback_plan
from omk_tui.core.records.conflict import Conflict, Evidence

HEAD = """# Rejected Goal Rollback Plan

Goal: `goal-1`

Rejection reason: no
good

## Scope

Review and revert only the files changed by this rejected goal slice:

"""
STEPS = """## Recovery Steps

1. Keep the durable goal state and proof artifacts for auditability.
2. Revert or replace the rejected code changes in a task-scoped branch.
3. Re-run the goal verification gates and integrator review before accepting again.
"""


def conflict(path: str | None = "e", reason: str | None = None, evidence: Evidence | None = None) -> Conflict:
    return Conflict("s", "t", None, None, reason, path, open=True, evidence=evidence)


def sections(*conflicts: Conflict) -> str:
    plan = rollback_plan("goal-1", "no\ngood", ["a"], conflicts)
    head = HEAD + "- `a`\n" + STEPS
    assert plan.startswith(head)
    return plan.removeprefix(head)


def test_a_plan_without_files_and_sections() -> None:
    assert rollback_plan("goal-1", "no\ngood", [], []) == HEAD + "- no changed-file evidence recorded\n" + STEPS


def test_files_are_listed_as_they_are_without_a_blank_line_behind() -> None:
    plan = rollback_plan("goal-1", "no\ngood", ["b", "a `x`\ny", ""], [])
    assert plan == HEAD + "- `b`\n- `a `x`\ny`\n- ``\n" + STEPS


def test_a_section_with_everything() -> None:
    found = sections(conflict("e.json", "both", Evidence(text="{}")))
    assert found == (
        "## Conflict evidence — slice `s`\n\n**Blocking reason:** both\n\n"
        "**Evidence artifact:** `e.json`\n\n```\n{}\n```\n\n"
    )


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (conflict(None, "both"), "**Blocking reason:** both\n\n"),
        (conflict(None, ""), "**Blocking reason:** \n\n"),
        (conflict("", None, Evidence(error="gone")), "**Evidence artifact:** ``\n\n_(unreadable: gone)_\n\n"),
        (conflict("e", None, Evidence(text="")), "**Evidence artifact:** `e`\n\n```\n\n```\n\n"),
        (conflict("e", None, Evidence(text="x\n")), "**Evidence artifact:** `e`\n\n```\nx\n```\n\n"),
        (conflict("e", None, Evidence(text="x\n\n")), "**Evidence artifact:** `e`\n\n```\nx\n\n```\n\n"),
    ],
)
def test_what_a_section_leaves_out(one: Conflict, text: str) -> None:
    assert sections(one) == "## Conflict evidence — slice `s`\n\n" + text


def test_sections_stand_back_to_back() -> None:
    one = conflict(None, "r")
    assert sections(one, one) == 2 * sections(one)


@given(st.text(alphabet="`ab\n", max_size=60))
@example("`````\n```")
def test_no_evidence_can_close_its_own_fence(text: str) -> None:
    found = sections(conflict("e", None, Evidence(text=text)))
    fence = re.findall(r"^`{3,}$", found, re.M)[0]
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    assert len(fence) == max(3, longest + 1)
    assert fence not in text
    assert found.count(fence) == 2
