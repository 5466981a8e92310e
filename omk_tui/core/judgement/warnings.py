"""Warnings: what omk's rules would let pass. How grave each is, and where it is to be seen, stands with it."""

from __future__ import annotations

from collections.abc import Iterator

from omk_tui.core.judgement.branch_warnings import branch_warnings
from omk_tui.core.judgement.evidence_place import GATE_LOGS, EvidencePlace
from omk_tui.core.judgement.integrator_warning import IntegratorWarning
from omk_tui.core.judgement.known_gaps import dropped_sentence, is_mere_note
from omk_tui.core.records.conflict import conflicting, is_open
from omk_tui.core.records.facts import Facts
from omk_tui.core.text.words import joined_lines


def warnings_of(facts: Facts, dropped_gaps: tuple[str, ...]) -> Iterator[IntegratorWarning]:
    """Every warning about what was read of a goal. `dropped_gaps` are the known gaps that an accept would drop."""
    if facts.interrupted:
        yield IntegratorWarning("interrupted", facts.interrupted, "failed", blocks=True)
    yield from _of_conflicts(facts)
    if facts.intake is not None:
        yield from branch_warnings(facts, facts.intake)
    elif facts.head.state == "moved":
        yield IntegratorWarning("head_moved", facts.head.text, "stale")
    yield from _of_gates(facts)
    yield from _of_names(facts)
    if facts.goal_from_row:
        text = "goal.json is missing; the row in omk.db stands in for it, without artifacts"
        yield IntegratorWarning("goal_from_row", text, "unreadable")
    if facts.goal and facts.goal.failure:
        text = f"the goal carries a failure text that accept would keep: {joined_lines(facts.goal.failure.reason)}"
        yield IntegratorWarning("old_failure", text)
    if facts.controller.alive:
        text = f"a controller (process {facts.controller.pid}) is at work on this goal"
        yield IntegratorWarning("running", text, "stale")
    elif facts.goal and facts.goal.status == "running":
        text = "the goal's status is running: a controller may still write to it"
        yield IntegratorWarning("running", text, "stale")
    if dropped_gaps and not is_mere_note(dropped_gaps):
        yield IntegratorWarning("dropped_gap", dropped_sentence(dropped_gaps))
    for log in facts.torn_logs:
        text = f"the last line of {log} has no newline: a write was cut off"
        yield IntegratorWarning("torn_log", text, "unreadable", place=EvidencePlace("timeline", "the event log"))


def _of_conflicts(facts: Facts) -> Iterator[IntegratorWarning]:
    place = EvidencePlace("conflicts", "the slices in conflict")
    if facts.unrecorded_conflict:
        yield IntegratorWarning("open_conflict", facts.unrecorded_conflict, "failed", blocks=True, place=place)
    for delivery in conflicting(facts.deliveries or ()):
        if is_open(delivery):
            why = delivery.text("conflict_blocking_reason") or "conflict evidence is recorded"
            text = f"slice {delivery.section_id} is in conflict: {why}"
            yield IntegratorWarning("open_conflict", text, "failed", blocks=True, place=place)


def _of_gates(facts: Facts) -> Iterator[IntegratorWarning]:
    proof = facts.stored.proof if facts.stored else None
    for gate in proof.gates if proof else ():
        if gate.skipped:
            text = f"gate {gate.name} was skipped by configuration and counts as passed"
            yield IntegratorWarning("skipped_gate", text, "skipped", place=GATE_LOGS)
        elif not gate.passed and not gate.required:
            yield IntegratorWarning(
                "optional_gate_failed", f"optional gate {gate.name} failed", "failed", place=GATE_LOGS
            )
    for decision in proof.human_decisions_required if proof else ():
        yield IntegratorWarning("human_decision", f"a human decision is still asked for: {joined_lines(decision)}")


def _of_names(facts: Facts) -> Iterator[IntegratorWarning]:
    """Documents that say they are another goal's."""
    proof = facts.stored.proof if facts.stored else None
    if proof and proof.goal_id != facts.goal_id:
        text = f"proof.json says it belongs to goal {proof.goal_id}"
        yield IntegratorWarning("foreign_proof", text, "failed")
    if facts.graph and facts.graph.goal_id != facts.goal_id:
        text = f"task-graph.json says it belongs to goal {facts.graph.goal_id}"
        yield IntegratorWarning("foreign_graph", text, "failed")
    if facts.goal and facts.goal.goal_id != facts.goal_id:
        text = f"goal.json says its id is {facts.goal.goal_id}; omk writes row and events under that id"
        yield IntegratorWarning("foreign_goal", text, "failed")
