"""One word and every warning for a goal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.facts import Controller, Facts, HeadCheck
from omk_tui.core.records.goal import STATUSES
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import read_proof
from omk_tui.core.records.recorded_decision import recorded_decision
from tests.core.documents import (
    CREATED,
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

BY_OMK = "with omk itself, so by whom is not recorded"
NEWER = "; a newer proof was written since"
ALIVE = Controller(4711, alive=True)


def decided(decision: str, at: str = CREATED, **proof: Any) -> Members:
    """A proof whose integration evidence was written at `at`."""
    return proof_json(integration_evidence={"status": decision, "decided_at": at}, **proof)


@pytest.mark.parametrize(
    ("proof", "word"),
    [
        (decided("accepted", status="ready"), "accepted"), (decided("accepted"), "accepted!"),
        (decided("rejected"), "rejected"), (decided("postponed"), ""),
        (decided("rejected", "2026-06-12T00:00:00Z"), ""), (decided("rejected", "soon"), ""), (proof_json(), ""),
    ],
)  # fmt: skip
def test_the_word_of_a_recorded_decision(proof: Members, word: str) -> None:
    decision = recorded_decision(read_proof(json.dumps(proof)))
    assert (decision.verdict if decision else "") == word


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ({"status": "accepted", "decided_at": CREATED, "summary": "good"}, f"accepted at {CREATED} {BY_OMK}: good"),
        ({"status": "rejected", "decided_at": "soon"}, f"rejected at soon {BY_OMK}{NEWER}: "),
        ({"status": 1, "decided_at": None}, f" at  {BY_OMK}{NEWER}: "), (None, ""), ([], ""),
    ],
)  # fmt: skip
def test_the_sentence_about_the_decision_before(evidence: Any, sentence: str) -> None:
    decision = recorded_decision(read_proof(json.dumps(proof_json(integration_evidence=evidence))))
    assert (decision.sentence if decision else "") == sentence


def without(record: str) -> Facts:
    """Facts in which one record could not be read."""
    lost: dict[str, Any] = {record: None}
    return replace(facts_of(), **lost)


def verdict(facts: Facts) -> str:
    return str(judge(facts).verdict)


def codes(facts: Facts) -> list[str]:
    return [warning.code for warning in judge(facts).warnings]


def test_a_complete_goal_is_acceptable_without_a_warning() -> None:
    judgement = judge(facts_of())
    assert (str(judgement.verdict), judgement.warnings, judgement.missing) == ("acceptable", (), ())
    assert judgement.ready


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("cancelled", "cancelled"),
        ("paused", "paused"),
        ("blocked_on_human", "decide"),
        ("running", "running"),
        ("blocked_on_external", "external"),
        ("needs_more_budget", "budget"),
        ("failed_infra", "infra"),
        ("ready", "acceptable"),
        ("not_ready", "acceptable"),
    ],
)
def test_the_word_of_each_status(status: str, word: str) -> None:
    assert verdict(facts_of(goal=goal_json(status=status))) == word


def test_every_status_has_a_word() -> None:
    assert len({verdict(facts_of(goal=goal_json(status=status))) for status in STATUSES}) == len(STATUSES) - 1


@pytest.mark.parametrize(
    ("proof", "word"),
    [
        (decided("accepted", status="ready"), "accepted"),
        (decided("accepted", status="not_ready"), "accepted!"),
        (decided("rejected"), "rejected"),
        (decided("accepted", at="2026-06-11T12:15:20.048213377+02:00", status="ready"), "accepted"),
        (decided("rejected", at="2026-06-11T10:15:20.048213378Z"), "acceptable"),
        (decided("rejected", at="yesterday"), "acceptable"),
        (decided("postponed"), "acceptable"),
        (proof_json(integration_evidence=None), "acceptable"),
        (proof_json(integration_evidence="rejected"), "acceptable"),
        (proof_json(integration_evidence={"status": "rejected"}), "acceptable"),
        (proof_json(integration_evidence={"status": "rejected", "decided_at": 5}), "acceptable"),
    ],
)
def test_a_decision_counts_while_the_proof_is_the_one_it_wrote(proof: Members, word: str) -> None:
    assert verdict(facts_of(proof=proof)) == word


def layered(*upper: str) -> Facts:
    """Facts in which `upper` and everything that comes after them in the order of verdicts hold at once."""
    given: dict[str, Any] = {}
    status, proof = "needs_more_budget", proof_json(gates=[])
    for name in upper:
        match name:
            case "unreadable":
                given |= {"graph": None, "graph_problem": Problem("task-graph.json", "it is torn")}
            case "cancelled" | "paused" | "blocked_on_human":
                status = name
            case "rejected":
                proof = decided("rejected", gates=[])
            case "running":
                given["controller"] = ALIVE
    graph = graph_json(tasks=[conflict_task()])
    return replace(facts_of(goal=goal_json(status=status), proof=proof, graph=graph), **given)


@pytest.mark.parametrize(
    ("upper", "word"),
    [
        (("unreadable", "cancelled", "rejected", "running"), "unreadable"),
        (("cancelled", "rejected", "running"), "cancelled"),
        (("paused", "rejected", "running"), "paused"),
        (("blocked_on_human", "rejected", "running"), "decide"),
        (("rejected", "running"), "rejected"),
        (("running",), "running"),
        ((), "budget"),
    ],
)
def test_the_first_word_that_applies_counts(upper: tuple[str, ...], word: str) -> None:
    assert verdict(layered(*upper)) == word


def test_missing_goes_before_conflict_and_conflict_before_acceptable() -> None:
    graph = graph_json(tasks=[conflict_task()])
    assert verdict(facts_of(proof=proof_json(gates=[]), graph=graph)) == "missing 3"
    assert verdict(facts_of(graph=graph)) == "conflict"
    assert verdict(facts_of(graph=graph_json(tasks=[conflict_task(status="merged")]))) == "acceptable"


@pytest.mark.parametrize("missing", ["goal", "stored", "graph"])
def test_a_goal_without_one_of_its_records_is_unreadable(missing: str) -> None:
    assert verdict(without(missing)) == "unreadable"


def test_other_warnings_do_not_change_the_word() -> None:
    proof = proof_json(human_decisions_required=["accept by hand"], known_gaps=["old gap"])
    judgement = judge(facts_of(proof=proof))
    assert (str(judgement.verdict), len(judgement.warnings)) == ("acceptable", 2)


@pytest.mark.parametrize(
    ("status", "guard"),
    [
        ("paused", f"Goal '{GOAL_ID}' is paused; run `omk goal resume {GOAL_ID}` before integrator review"),
        ("blocked_on_human", f"Goal '{GOAL_ID}' is blocked_on_human and needs testable success criteria first"),
        ("cancelled", f"Goal '{GOAL_ID}' is cancelled"),
        ("running", ""),
        ("ready", ""),
    ],
)
def test_the_guard_is_omks_sentence(status: str, guard: str) -> None:
    judgement = judge(facts_of(goal=goal_json(status=status)))
    assert judgement.guard == guard
    assert judgement.ready == (guard == "")


FAILED = gate("lint", passed=False, required=False, exit_code=1)
SKIPPED = gate("slow", command_line="<skipped by config>", required=False, exit_code=None)

WARNED: list[tuple[str, Facts, str]] = [
    ("open_conflict", facts_of(graph=graph_json(tasks=[conflict_task()])), "slice slice-a is in conflict: both change"),
    (
        "head_moved",
        facts_of(head=HeadCheck("moved", "HEAD moved: from a to b", "a", "b")),
        "HEAD moved: from a to b",
    ),
    ("skipped_gate", facts_of(proof=proof_json(gates=[*proof_json()["gates"], SKIPPED])), "gate slow was skipped"),
    ("optional_gate_failed", facts_of(proof=proof_json(gates=[*proof_json()["gates"], FAILED])), "gate lint failed"),
    ("human_decision", facts_of(proof=proof_json(human_decisions_required=["by hand"])), "asked for: by hand"),
    ("foreign_proof", facts_of(proof=proof_json("goal-other")), "belongs to goal goal-other"),
    ("foreign_graph", facts_of(graph=graph_json("goal-other")), "belongs to goal goal-other"),
    ("foreign_goal", facts_of(goal=goal_json("goal-other")), "its id is goal-other"),
    (
        "old_failure",
        facts_of(goal=goal_json(failure={"reason": "too slow", "recorded_at": CREATED})),
        "accept would keep: too slow",
    ),
    ("running", facts_of(goal=goal_json(status="running")), "the goal's status is running"),
    ("running", facts_of(controller=ALIVE), "process 4711"),
    ("dropped_gap", facts_of(proof=proof_json(known_gaps=["no load test"])), "drop a known gap: no load test"),
    ("torn_log", facts_of(torn_logs=("events.jsonl",)), "the last line of events.jsonl has no newline"),
    ("goal_from_row", facts_of(goal_from_row=True), "the row in omk.db stands in"),
]


@pytest.mark.parametrize(("code", "facts", "text"), WARNED, ids=[f"{one[0]}-{n}" for n, one in enumerate(WARNED)])
def test_each_warning_has_its_code_and_says_what_it_means(code: str, facts: Facts, text: str) -> None:
    warnings = [warning for warning in judge(facts).warnings if warning.code == code]
    assert len(warnings) == 1
    assert text in warnings[0].text
    assert codes(facts) == [code], "nothing else is warned of"


def test_a_clean_goal_has_none_of_these_warnings() -> None:
    assert codes(facts_of(head=HeadCheck("same", "HEAD is there"), controller=Controller(4711))) == []


def test_a_failed_required_gate_is_missing_evidence_and_no_warning() -> None:
    gates = [*proof_json()["gates"], gate("unit", passed=False, exit_code=1)]
    facts = facts_of(proof=proof_json(gates=gates))
    assert codes(facts) == []
    assert judge(facts).missing[0] == "required verification gates are missing or failing"


def test_a_gap_that_accept_would_record_again_is_not_dropped() -> None:
    gap = "changed-file evidence is missing"
    judgement = judge(facts_of(proof=proof_json(changed_files=[], known_gaps=[gap, "other"])))
    assert judgement.dropped_gaps == ("other",)


def test_a_conflict_on_an_unreadable_typed_graph_is_still_told() -> None:
    facts = replace(facts_of(graph=graph_json(tasks=[conflict_task(None)])), graph=None)
    assert codes(facts) == ["open_conflict"]


def test_without_proof_or_graph_there_is_no_checklist() -> None:
    for lost in ("stored", "graph"):
        judgement = judge(without(lost))
        assert (judgement.requirements, judgement.ready) == ((), False)


def test_without_a_finished_review_the_wall_is_empty() -> None:
    tasks = [task("goal-local-verify"), task("goal-agent-execute"), task("goal-review", "pending")]
    judgement = judge(facts_of(graph=graph_json() | {"tasks": tasks}))
    assert judgement.wall == ()
