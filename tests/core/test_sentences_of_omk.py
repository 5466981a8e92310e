"""What is said, word for word: the review wall as omk words it (STATE-FORMAT 6.5), warnings, facts and next steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.judgement.judge import judge
from omk_tui.core.judgement.requirements import missing
from omk_tui.core.judgement.review_wall import Pass
from omk_tui.core.records.facts import Controller, Facts
from omk_tui.core.text.printed_commands import CommandLine, omk_command
from tests.core.documents import (
    GOAL_ID,
    Members,
    conflict_task,
    facts_of,
    gate,
    goal_json,
    graph_json,
    proof_json,
    task,
)

RP, SP = "artifacts/reviews/goal-review.md", "artifacts/reviews/goal-security-review.md"
RISKS = (
    "architecture fit is inferred from local controller artifacts only",
    "code review is deterministic and does not replace maintainer judgment",
    "gate coverage only reflects configured local gates",
    "secret scanning is a local high-confidence heuristic",
    "performance confidence depends on the configured perf/benchmark gate",
    "anti-slop evidence is deterministic and cannot replace a human maintainability review",
)
GAPS = (
    "architect review artifact is missing",
    "code review is blocked until changed-file evidence exists",
    "test review is blocked until required verification gates pass",
    "security review artifact is missing",
    "performance review is blocked until performance or benchmark gate evidence exists",
    "anti-slop review is blocked until changed-file evidence and passing gates exist",
)
NAMES = ("architect", "code", "test", "security", "performance", "anti-slop")
PATHS = (RP, RP, RP, SP, RP, RP)
REVIEWS = ["goal-review", "goal-security-review"]


def told(wall: tuple[Pass, ...]) -> list[tuple[str, str, str]]:
    """Summary, evidence and next step of each pass; what is the same in every wall is checked here."""
    assert tuple(one.name for one in wall) == NAMES
    assert tuple(one.path for one in wall) == PATHS
    assert tuple(one.risk for one in wall) == RISKS
    assert tuple(one.gap for one in wall) == GAPS
    return [(one.summary, one.evidence, one.recommended_next_step) for one in wall]


def graph_with(*done: str, pending: tuple[str, ...] = ()) -> Members:
    tasks = [task(name) for name in done] + [task(name, "pending") for name in pending]
    return graph_json() | {"tasks": tasks or [task("other")]}


def test_a_wall_that_stands() -> None:
    proof = proof_json(gates=[gate("bench"), gate("unit", passed=False, required=False)], changed_files=["a", "b"])
    gates, files = "gate results: bench=passed, unit=failed", "changed files: a, b"
    assert told(judge(facts_of(proof=proof)).wall) == [
        ("architecture review artifact is present", f"controller review path: {RP}",
         "Carry architecture evidence into the PR for human review."),
        ("code review has changed-file evidence to inspect", files, "Inspect the changed files in the PR diff."),
        ("test review passed because required verification gates passed", gates,
         "Keep the gate output attached to the PR evidence."),
        ("security review artifact is present", f"security review path: {SP}",
         "Review security evidence and changed files before merge."),
        ("performance review passed because a performance/benchmark gate passed", gates,
         "Keep the performance gate evidence with the PR."),
        ("anti-slop review passed because changed-file evidence and local gates are present", files,
         "Keep the PR small and carry the simplification rationale into review."),
    ]  # fmt: skip


@pytest.mark.parametrize("review", REVIEWS)
def test_a_wall_that_is_blocked(review: str) -> None:
    proof = proof_json(gates=[], changed_files=[])
    gates, files = "no gate evidence recorded", "no changed-file evidence captured"
    architect = {
        "goal-review": "Carry architecture evidence into the PR for human review.",
        "goal-security-review": "Run `omk goal review latest` after agent execution evidence exists.",
    }
    security = {
        "goal-review": "Run `omk goal review latest` and resolve any security findings.",
        "goal-security-review": "Review security evidence and changed files before merge.",
    }
    assert told(judge(facts_of(proof=proof, graph=graph_with(review))).wall) == [
        ("architecture review artifact is present", f"controller review path: {RP}", architect[review]),
        (GAPS[1], files, "Capture project mutation evidence before PR readiness review."),
        (GAPS[2], gates, "Run or fix required local verification gates."),
        ("security review artifact is present", f"security review path: {SP}", security[review]),
        (GAPS[4], gates, "Add or run a performance/benchmark gate for this goal."),
        (GAPS[5], files, "Run a focused cleanup review after local gates and changed-file evidence exist."),
    ]


def warnings(facts: Facts) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in judge(facts).warnings]


EXTRA_GATES = [gate("g1", command_line="<skipped by config>"), gate("g2", passed=False, required=False)]


@pytest.mark.parametrize(
    ("facts", "code", "text"),
    [
        (replace(facts_of(), interrupted="it stopped half way"), "interrupted", "it stopped half way"),
        (facts_of(graph=graph_json(tasks=[conflict_task()])), "open_conflict",
         "slice slice-a is in conflict: both change src"),
        (facts_of(graph=graph_json(tasks=[conflict_task(conflict_blocking_reason="")])), "open_conflict",
         "slice slice-a is in conflict: conflict evidence is recorded"),
        (facts_of(proof=proof_json(gates=[*proof_json()["gates"], EXTRA_GATES[0]])), "skipped_gate",
         "gate g1 was skipped by configuration and counts as passed"),
        (facts_of(proof=proof_json(gates=[*proof_json()["gates"], EXTRA_GATES[1]])), "optional_gate_failed",
         "optional gate g2 failed"),
        (facts_of(proof=proof_json(human_decisions_required=["may I?"])), "human_decision",
         "a human decision is still asked for: may I?"),
        (facts_of(proof=proof_json("p")), "foreign_proof", "proof.json says it belongs to goal p"),
        (facts_of(graph=graph_json("t")), "foreign_graph", "task-graph.json says it belongs to goal t"),
        (facts_of(goal=goal_json("g")), "foreign_goal",
         "goal.json says its id is g; omk writes row and events under that id"),
        (replace(facts_of(), goal_from_row=True), "goal_from_row",
         "goal.json is missing; the row in omk.db stands in for it, without artifacts"),
        (facts_of(controller=Controller(42, alive=True)), "running",
         "a controller (process 42) is at work on this goal"),
        (facts_of(goal=goal_json(status="running")), "running",
         "the goal's status is running: a controller may still write to it"),
        (facts_of(torn_logs=("events.jsonl",)), "torn_log",
         "the last line of events.jsonl has no newline: a write was cut off"),
        (facts_of(proof=proof_json(known_gaps=["old"])), "dropped_gap", "accept would drop a known gap: old"),
    ],
)  # fmt: skip
def test_each_warning_in_full(facts: Facts, code: str, text: str) -> None:
    assert warnings(facts) == [(code, text)]


def test_an_old_failure_is_told_and_an_unfinished_decision_before_all() -> None:
    failure = {"reason": "too slow", "recorded_at": "2026-06-11T10:15:20Z"}
    facts = facts_of(goal=goal_json(failure=failure))
    assert warnings(facts) == [
        ("old_failure", "the goal carries a failure text that accept would keep: too slow")
    ]  # fmt: skip
    unfinished = replace(facts, interrupted="it stopped half way")
    assert str(judge(unfinished).verdict) == "interrupted"
    assert [code for code, _ in warnings(unfinished)] == ["interrupted", "old_failure"]


def test_a_conflict_is_open_when_one_of_the_warnings_says_so() -> None:
    assert not judge(facts_of()).conflict_open
    assert not judge(facts_of(proof=proof_json(known_gaps=["old"]))).conflict_open
    both = facts_of(proof=proof_json(known_gaps=["old"]), graph=graph_json(tasks=[conflict_task()]))
    assert judge(both).conflict_open


def test_without_a_goal_no_status_forbids_anything() -> None:
    lost: dict[str, Any] = {"goal": None}
    assert judge(replace(facts_of(), **lost)).guard == ""


def told_of(number: int, **documents: Any) -> tuple[bool, str, str]:
    """Whether requirement `number` (from 1) is met, its facts and its next step."""
    one = judge(facts_of(**documents)).requirements[number - 1]
    return one.met, one.facts, one.next


VERIFY, EXECUTE, REVIEW = (f"omk goal {verb} {GOAL_ID}" for verb in ("verify", "execute", "review"))
STANZA = '[[gates]]\nname = "{0}"\ncommand = "sh"\nargs = ["-c", "./scripts/{0}.sh"]\nrequired = true'
BENCH = f"# .omk/gates.toml: a passed gate must have perf or bench in its name\n{STANZA.format('bench')}\n{VERIFY}"


@pytest.mark.parametrize(
    ("number", "documents", "met", "facts", "next_step"),
    [
        (1, {}, True, "4 of 4 required gates passed", ""),
        (1, {"proof": proof_json(gates=[])}, False, "the proof has no gate", VERIFY),
        (1, {"proof": proof_json(gates=[gate("a"), gate("b", passed=False, exit_code=3),
                                        gate("c", passed=False, timed_out=True),
                                        gate("d", passed=False, exit_code=None)])}, False,
         "1 of 4 required gates passed; failed: b (exit 3), c (timed out after 60 s), d (did not start)", VERIFY),
        (2, {}, True, "task goal-local-verify is done", ""),
        (2, {"graph": graph_with()}, False, "there is no task goal-local-verify", VERIFY),
        (3, {}, True, "task goal-agent-execute is done", ""),
        (3, {"graph": graph_with(pending=("goal-agent-execute",))}, False, "task goal-agent-execute is pending",
         EXECUTE),
        (3, {"graph": graph_with()}, False,
         "there is no task goal-agent-execute and none that begins with goal-agent-implement-", EXECUTE),
        (3, {"graph": graph_with("goal-agent-implement-1")}, True,
         "1 of 1 goal-agent-implement-* tasks are done", ""),
        (3, {"graph": graph_with("goal-agent-implement-1",
                                 pending=("goal-agent-implement-2", "goal-agent-implement-3"))}, False,
         "1 of 3 goal-agent-implement-* tasks are done; waiting: goal-agent-implement-2, goal-agent-implement-3",
         EXECUTE),
        (4, {"graph": graph_with(pending=("goal-review",))}, False, "task goal-review is pending", REVIEW),
        (5, {"graph": graph_with()}, False, "there is no task goal-security-review", REVIEW),
        (6, {}, True, "1 changed file: src/parser.py", ""),
        (6, {"proof": proof_json(changed_files=["a", "b"])}, True, "2 changed files: a, b", ""),
        (
            6,
            {"proof": proof_json(changed_files=list("abcdefghij"))},
            True,
            "10 changed files: a, b, c, d, e, f, g, h and 2 more",
            "",
        ),
        (6, {"proof": proof_json(changed_files=[])}, False, "the proof names no changed file", EXECUTE),
        (7, {}, True, "gates ran after the agent's change", ""),
        (7, {"proof": proof_json(post_mutation_gates_ran=False)}, False,
         "gates did not run after the agent's change", EXECUTE),
        (8, {}, True, "6 of 6 passes", ""),
        (8, {"graph": graph_with()}, False, "no review has run yet, so omk's wall is empty", REVIEW),
        (8, {"graph": graph_with("goal-review")}, False, "5 of 6 passes; blocked: security", REVIEW),
        (8, {"graph": graph_with("goal-security-review")}, False,
         "3 of 6 passes; blocked: architect, code, anti-slop", REVIEW),
        (8, {"proof": proof_json(changed_files=[])}, False, "4 of 6 passes; blocked: code, anti-slop", EXECUTE),
        (8, {"proof": proof_json(gates=[gate("bench"), gate("unit", passed=False)])}, False,
         "4 of 6 passes; blocked: test, anti-slop", VERIFY),
        (8, {"proof": proof_json(gates=[gate("unit")])}, False, "5 of 6 passes; blocked: performance", BENCH),
        (8, {"proof": proof_json(gates=[], changed_files=[]), "graph": graph_with()}, False,
         "no review has run yet, so omk's wall is empty", f"{REVIEW}\n{EXECUTE}\n{BENCH}"),
        (9, {}, True,
         'kind greenfield, chosen by "build" (greenfield); acceptance: acceptance, smoke: smoke, demo: demo', ""),
        (9, {"goal": goal_json(normalized_goal="Hello")}, True,
         "kind greenfield, the default: no word of another kind is in the goal; "
         "acceptance: acceptance, smoke: smoke, demo: demo", ""),
        (9, {"goal": goal_json(normalized_goal="port the docs")}, False,
         'kind mixed, chosen by "port" (rewrite), "docs" (docs); '
         "acceptance: acceptance, compatibility: no passed gate",
         "# .omk/gates.toml: a part of the gate's name must be exactly: compatibility\n"
         f"{STANZA.format('compatibility')}\n{VERIFY}"),
        (9, {"goal": goal_json(normalized_goal="rewrite it")}, False,
         'kind rewrite, chosen by "rewrite" (rewrite); compatibility: no passed gate, golden: no passed gate',
         "# .omk/gates.toml: a part of the gate's name must be exactly: compatibility, golden\n"
         f"{STANZA.format('compatibility')}\n{STANZA.format('golden')}\n{VERIFY}"),
    ],
)  # fmt: skip
def test_facts_and_next_step_of_each_requirement(
    number: int, documents: dict[str, Any], met: bool, facts: str, next_step: str
) -> None:
    assert told_of(number, **documents) == (met, facts, next_step)


def test_only_what_is_not_met_is_missing() -> None:
    nine = judge(facts_of(proof=proof_json(post_mutation_gates_ran=False))).requirements
    assert missing(nine) == ("post-mutation verification evidence is missing",)


@pytest.mark.parametrize(
    ("goal_id", "omk", "desk"),
    [
        ("goal-1", "omk goal verify goal-1", "omk-tui accept goal-1 --summary TEXT"),
        ("my goal", "omk goal verify 'my goal'", "omk-tui accept 'my goal' --summary TEXT"),
        ("-x", "omk goal verify -- -x", "omk-tui accept --summary TEXT -- -x"),
    ],
)
def test_commands_in_full(goal_id: str, omk: str, desk: str) -> None:
    assert omk_command("verify", goal_id) == omk
    assert CommandLine().desk("accept", goal_id, "--summary", "TEXT") == desk
