"""What omk's rules would let pass of a goal that was opened from a branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omk_tui.core.judgement.evidence_place import GATE_LOGS, EvidencePlace
from omk_tui.core.judgement.integrator_warning import IntegratorWarning
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.gate_run import what_lacks
from omk_tui.core.records.intake import Intake
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few, joined_lines

INSTANT_MS = 15
"""Milliseconds: a gate that passed in less has started no test runner (docs/architecture.md has the measurements)."""
_MOST_NAMED = 5
_DIFF = EvidencePlace("diff", "the diff")


def branch_warnings(facts: Facts, intake: Intake) -> Iterator[IntegratorWarning]:
    """Every warning about branch, base, and what the gates can be worth."""
    branch = facts.branch
    yield from _gone_on(facts)
    yield from _reopened(facts)
    is_accepted = facts.decision is not None and facts.decision.verdict.startswith("accepted")
    if branch is not None and branch.merged and not is_accepted:
        text = "its commit is in the base already: a reject takes nothing out of it, only a revert does"
        yield IntegratorWarning("merged", text, "stale")
    if branch is not None and branch.base_text:
        yield IntegratorWarning("base_moved", branch.base_text, "stale")
    if intake.uncommitted:
        text = f"{intake.uncommitted} uncommitted changes of the work tree are not part of what is judged"
        yield IntegratorWarning("uncommitted", text, "stale")
    yield from _self_graded(intake)
    yield from _of_gates(facts, intake)


def before_evidence(facts: Facts) -> tuple[str, ...]:
    """What is to be known before evidence is recorded now, in sentences."""
    return tuple(text for text in (_of_earlier_commit(facts), _reopening(facts)) if text)


def _reopening(facts: Facts) -> str:
    """That evidence recorded now takes a goal out of its rejection; empty where it is not rejected."""
    decision = facts.decision
    if decision is None or decision.verdict != "rejected":
        return ""
    reopens = "evidence that is recorded now reopens it, and a new decision is needed"
    return f"the goal was rejected at {decision.at} {decision.by}; {reopens}"


def _reopened(facts: Facts) -> Iterator[IntegratorWarning]:
    """That evidence was recorded after a rejection."""
    decision = facts.decision
    if decision is not None and decision.what == "rejected" and not decision.stands:
        why = f"it was rejected at {decision.at} {decision.by}: {joined_lines(decision.text)}"
        text = f"{why}; evidence was recorded since, so a new decision is needed"
        yield IntegratorWarning("reopened", text, "stale")


def _of_earlier_commit(facts: Facts) -> str:
    """That evidence recorded now speaks of an earlier commit than the branch's; empty while the branch is there."""
    gone_on = "; ".join(warning.text for warning in _gone_on(facts))
    return f"{gone_on}; this is about {facts.intake.head[:12]} only" if gone_on and facts.intake is not None else ""


def _gone_on(facts: Facts) -> Iterator[IntegratorWarning]:
    """That the branch is no longer where it was judged."""
    if facts.branch is not None and facts.branch.state in ("moved", "gone"):
        yield IntegratorWarning("branch_moved", facts.branch.text, "stale", blocks=True)
    if facts.superseded_by:
        text = f"the branch was opened again: {facts.superseded_by} has its later work"
        yield IntegratorWarning("superseded", text, "stale", blocks=True)


def _self_graded(intake: Intake) -> Iterator[IntegratorWarning]:
    if intake.self_graded:
        text = f"the branch changes what grades it: {_listed(intake.self_graded)}"
        yield IntegratorWarning("self_graded", text, "failed", place=_DIFF)
    if intake.tests_changed:
        text = f"the branch changes existing tests: {_listed(intake.tests_changed)}"
        yield IntegratorWarning("self_graded", text, "stale", place=_DIFF)
    losses = [
        f"{number} {word}"
        for number, word in ((intake.tests_removed, "removed"), (intake.tests_skipped, "skipped"))
        if number
    ]
    if losses:
        yield IntegratorWarning(
            "self_graded", f"the branch takes tests away: {', '.join(losses)}", "failed", place=_DIFF
        )


def _listed(files: Sequence[str]) -> str:
    return first_few(files, _MOST_NAMED, show=lambda name: printable(name, 100))


def _incomplete(facts: Facts) -> Iterator[IntegratorWarning]:
    """What of the tree was not there for the gates."""
    pointers = max((note.lfs_pointers for note in facts.gate_notes), default=0)
    submodules = max((note.submodules for note in facts.gate_notes), default=0)
    if lacks := what_lacks(pointers, submodules):
        yield IntegratorWarning("incomplete_tree", lacks, "stale", place=GATE_LOGS)


def _of_gates(facts: Facts, intake: Intake) -> Iterator[IntegratorWarning]:
    gates = facts.stored.proof.gates if facts.stored else ()
    by_name = {note.name: note for note in facts.gate_notes}
    for gate in gates:
        note = by_name.get(gate.name)
        if note is None:
            text = f"gate {gate.name} was not run by omk-tui: nothing is known of the tree that it ran on"
            yield IntegratorWarning("foreign_gate", text, "failed", place=GATE_LOGS)
            continue
        if gate.passed and note.duration_ms < INSTANT_MS and not gate.skipped:
            text = f"gate {gate.name} passed in {note.duration_ms} ms: it can hardly have checked anything"
            yield IntegratorWarning("instant_gate", text, "skipped", place=GATE_LOGS)
        if note.no_tests:
            yield IntegratorWarning("no_tests", f"gate {gate.name} ran no test", "failed", place=GATE_LOGS)
        if note.skipped > 0:
            text = f"gate {gate.name} skipped {note.skipped} of {note.tests} tests"
            yield IntegratorWarning("skipped_tests", text, "skipped", place=GATE_LOGS)
        if note.changed:
            text = f"gate {gate.name} changed tracked files: {_listed(note.changed)}"
            yield IntegratorWarning("gate_changed_files", text, "stale")
    yield from _incomplete(facts)
    on_head = [note.name for note in facts.gate_notes if not note.merged]
    if on_head and intake.merge == "clean" and intake.merge_base != intake.base:
        text = (
            "the gates ran on the branch alone; merging it gives another tree (omk-tui gate --merged runs them there)"
        )
        yield IntegratorWarning("unmerged_tree", text, "stale", place=GATE_LOGS)
