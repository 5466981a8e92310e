"""What changed between two readings of a goal, in sentences: requirement by requirement, then everything else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from omk_tui.core.conflict import Conflict
from omk_tui.core.judgement import recorded_decision
from omk_tui.core.layout import GOAL_FILE, GRAPH_FILE, PROOF_FILE
from omk_tui.core.printable import printable
from omk_tui.core.proof import Gate, Proof
from omk_tui.core.review import Review, changed_parts

GIT_PART = "git"
"""The part of the snapshot digest that stands for the project's branch, HEAD and dirty flag."""

_PREDICATE = re.compile(r" (?:is|are) (?:missing|incomplete)\b.*", re.DOTALL)
_TEXT_LIMIT = 300
_NAMES_SHOWN = 5
_DECIDED = {"": "none", "accepted": "accepted", "accepted!": "accepted, but not ready", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence, and the parts of the snapshot digest whose change it tells."""

    text: str
    parts: tuple[str, ...] = ()


def changes(before: Review, after: Review) -> tuple[str, ...]:
    """What is different in `after`, one sentence each; empty when both show the same.

    The sentences are clean: outside text in them is printable and bounded. Parts that changed without a consequence
    for anything that is shown come last, by name.
    """
    told = list(_told(before, after))
    explained = {part for change in told for part in change.parts}
    silent = [part for part in changed_parts(before.parts, after.parts) if part not in explained]
    rest = (f"{_clean(part)}: the bytes differ, nothing that is shown here does" for part in silent)
    return tuple(dict.fromkeys((*(change.text for change in told), *rest)))


def requirement_name(sentence: str) -> str:
    """What a requirement is about, in omk's words: its sentence without `is missing` and what follows."""
    return _PREDICATE.sub("", sentence)


def _told(before: Review, after: Review) -> Iterator[Change]:
    yield from _verdict(before, after)
    yield from _requirements(before, after)
    yield from _gates(_proof(before), _proof(after))
    yield from _warnings(before, after)
    yield from _records(before, after)
    yield from _conflicts(before.conflicts, after.conflicts)
    yield from _evidence_files(before, after)
    yield from _project(before, after)


def _verdict(before: Review, after: Review) -> Iterator[Change]:
    old, new = before.judgement.verdict, after.judgement.verdict
    if old != new:
        yield Change(f"verdict: {old} -> {new}")
    if before.judgement.guard != after.judgement.guard:
        yield Change(_clean(after.judgement.guard) or "the status allows a decision now", (GOAL_FILE,))
    was, now = (recorded_decision(one.facts.stored) if one.facts.stored else "" for one in (before, after))
    if was != now:
        yield Change(f"recorded decision: {_DECIDED[was]} -> {_DECIDED[now]}", (PROOF_FILE,))


def _requirements(before: Review, after: Review) -> Iterator[Change]:
    old, new = before.judgement.requirements, after.judgement.requirements
    if bool(old) != bool(new):
        told = "can be judged now" if new else "cannot be judged any more"
        yield Change(f"the nine requirements {told}", (PROOF_FILE, GRAPH_FILE, GOAL_FILE))
    for number, (was, now) in enumerate(zip(old, new, strict=False), 1):
        if was == now:
            continue
        name = f"{number} {requirement_name(now.text)}"
        if was.met != now.met:
            told = f"{name}: {_met(was.met)} -> {_met(now.met)}: {_clean(now.facts)}"
        else:
            told = f"{name}: still {_met(now.met)}, now: {_clean(now.facts)}"
        yield Change(told, (PROOF_FILE, GRAPH_FILE, GOAL_FILE))


def _gates(before: Proof | None, after: Proof | None) -> Iterator[Change]:
    old, new = (_by_name(proof.gates if proof else ()) for proof in (before, after))
    for name, gate in new.items():
        was = old.get(name)
        if was is None:
            yield Change(f"gate {_clean(name)}: new, {gate_result(gate)}", (PROOF_FILE,))
        elif gate_result(was) != gate_result(gate) or was.required != gate.required:
            told = f"gate {_clean(name)}: {_gate_state(was)} -> {_gate_state(gate)}"
            yield Change(told, (PROOF_FILE,))
    for name in old:
        if name not in new:
            yield Change(f"gate {_clean(name)}: no longer in the proof", (PROOF_FILE,))


def gate_result(gate: Gate) -> str:
    """How a gate ended, in a few words: `pass`, `FAIL exit 1`, `FAIL timeout`, `FAIL not started`, `SKIP`."""
    if gate.skipped:
        return "SKIP"
    if gate.passed:
        return "pass"
    if gate.timed_out:
        return "FAIL timeout"
    return "FAIL not started" if gate.exit_code is None else f"FAIL exit {gate.exit_code}"


def _gate_state(gate: Gate) -> str:
    return gate_result(gate) + ("" if gate.required else " (optional)")


def _by_name(gates: Sequence[Gate]) -> dict[str, Gate]:
    """The gates by name; the second one of a name is called `name (2)`."""
    found: dict[str, Gate] = {}
    for gate in gates:
        name, number = gate.name, 1
        while name in found:
            number += 1
            name = f"{gate.name} ({number})"
        found[name] = gate
    return found


def _warnings(before: Review, after: Review) -> Iterator[Change]:
    old = Counter((one.code, one.text) for one in before.judgement.warnings)
    new = Counter((one.code, one.text) for one in after.judgement.warnings)
    for code, text in new - old:
        yield Change(f"new warning {code}: {_clean(text)}", _WARNING_PARTS.get(code, ()))
    for code, text in old - new:
        yield Change(f"warning gone {code}: {_clean(text)}", _WARNING_PARTS.get(code, ()))


_WARNING_PARTS: dict[str, tuple[str, ...]] = {
    "open_conflict": (GRAPH_FILE,),
    "head_moved": (GIT_PART,),
    "skipped_gate": (PROOF_FILE,),
    "optional_gate_failed": (PROOF_FILE,),
    "human_decision": (PROOF_FILE,),
    "foreign_proof": (PROOF_FILE,),
    "foreign_graph": (GRAPH_FILE,),
    "foreign_goal": (GOAL_FILE,),
    "goal_from_row": (GOAL_FILE,),
    "old_failure": (GOAL_FILE,),
    "running": (GOAL_FILE,),
    "dropped_gap": (PROOF_FILE,),
}


def _records(before: Review, after: Review) -> Iterator[Change]:
    old, new = before.facts, after.facts
    was = {problem.file: problem.sentence for problem in old.problems}
    now = {problem.file: problem.sentence for problem in new.problems}
    for file, sentence in now.items():
        if was.get(file) != sentence:
            yield Change(f"unreadable: {_clean(sentence)}", (file,))
    for file in was:
        if file not in now:
            yield Change(f"{_clean(file)}: can be read again", (file,))
    if old.goal and new.goal:
        for name, a, b in (
            ("status", old.goal.status, new.goal.status),
            ("phase", old.goal.phase, new.goal.phase),
            ("goal text", old.goal.original_goal, new.goal.original_goal),
            ("recorded failure", _failure(before), _failure(after)),
        ):
            if a != b:
                yield Change(f"{name}: {_clean(a) or 'none'} -> {_clean(b) or 'none'}", (GOAL_FILE,))
    if old.stored and new.stored:
        a_proof, b_proof = old.stored.proof, new.stored.proof
        yield from _list_change("known gaps", a_proof.known_gaps, b_proof.known_gaps, PROOF_FILE)
        yield from _list_change("changed files", a_proof.changed_files, b_proof.changed_files, PROOF_FILE)
        if a_proof.status != b_proof.status:
            yield Change(f"status in the proof: {a_proof.status} -> {b_proof.status}", (PROOF_FILE,))


def _failure(review: Review) -> str:
    goal = review.facts.goal
    return goal.failure.reason if goal and goal.failure else ""


def _list_change(what: str, before: Sequence[str], after: Sequence[str], part: str) -> Iterator[Change]:
    came = list((Counter(after) - Counter(before)).elements())
    went = list((Counter(before) - Counter(after)).elements())
    if came:
        yield Change(f"{what}: {len(came)} more: {_names(came)}", (part,))
    if went:
        yield Change(f"{what}: {len(went)} fewer: {_names(went)}", (part,))


def _conflicts(before: Sequence[Conflict], after: Sequence[Conflict]) -> Iterator[Change]:
    old, new = _numbered(before), _numbered(after)
    for key, (index, conflict) in new.items():
        name = f"slice {_clean(conflict.section_id)}"
        parts = (GRAPH_FILE, _evidence_part(index, conflict))
        if key not in old:
            yield Change(f"{name}: new conflict record, {conflict_state(conflict)}", parts)
            continue
        was = old[key][1]
        if conflict_state(was) != conflict_state(conflict):
            yield Change(f"{name}: {conflict_state(was)} -> {conflict_state(conflict)}", parts)
        elif was.evidence != conflict.evidence:
            yield Change(f"{name}: the evidence that a reject would embed is another one now", parts)
        if was.reason != conflict.reason:
            told = f"{name}: blocking reason: {_clean(was.reason or 'none')} -> {_clean(conflict.reason or 'none')}"
            yield Change(told, (GRAPH_FILE,))
    for key, (_, conflict) in old.items():
        if key not in new:
            yield Change(f"slice {_clean(conflict.section_id)}: the conflict record is gone", (GRAPH_FILE,))


def conflict_state(conflict: Conflict) -> str:
    """`open`, `settled` or `clean now`, and whether the evidence can be read."""
    state = "clean now" if conflict.stale else "open" if conflict.open else "settled"
    readable = conflict.evidence is None or conflict.evidence.readable
    return state if readable else f"{state}, evidence unreadable"


def _numbered(conflicts: Sequence[Conflict]) -> dict[tuple[str, str, int], tuple[int, Conflict]]:
    """The conflicts by section, task and their number among equals, each with its place in the plan."""
    met: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, str, int], tuple[int, Conflict]] = {}
    for index, conflict in enumerate(conflicts):
        key = (conflict.section_id, conflict.task_id)
        found[(*key, met[key])] = (index, conflict)
        met[key] += 1
    return found


def _evidence_part(index: int, conflict: Conflict) -> str:
    return f"evidence {index} {conflict.evidence_path}"


def _evidence_files(before: Review, after: Review) -> Iterator[Change]:
    old: dict[str, tuple[int, str]] = {log.path: (log.size, log.problem) for log in before.gate_logs if log.path}
    new: dict[str, tuple[int, str]] = {log.path: (log.size, log.problem) for log in after.gate_logs if log.path}
    old |= {diff.path: (diff.size, diff.problem) for diff in before.diffs}
    new |= {diff.path: (diff.size, diff.problem) for diff in after.diffs}
    touched = set(changed_parts(before.parts, after.parts))
    for path, (size, problem) in new.items():
        if path not in old:
            yield Change(f"{_clean(path)}: new evidence file, {size:,} bytes", (path,))
        elif old[path] != (size, problem):
            told = _clean(problem) or f"{old[path][0]:,} -> {size:,} bytes"
            yield Change(f"{_clean(path)}: {told}", (path,))
        elif path in touched:
            yield Change(f"{_clean(path)}: other content of the same size", (path,))
    for path in old:
        if path not in new:
            yield Change(f"{_clean(path)}: no longer evidence", (path,))


def _project(before: Review, after: Review) -> Iterator[Change]:
    old, new = before.git, after.git
    if old and new:
        for name, a, b in (("branch", old.branch, new.branch), ("HEAD", old.head, new.head)):
            if a != b:
                yield Change(f"project {name}: {_clean(a)} -> {_clean(b)}", (GIT_PART,))
        if old.dirty != new.dirty:
            yield Change(f"project working tree: {_dirty(old.dirty)} -> {_dirty(new.dirty)}", (GIT_PART,))
    elif old != new:
        told = "can be read as a git repository now" if new else "cannot be read as a git repository any more"
        yield Change(f"the project {told}", (GIT_PART,))
    if before.facts.head.state != after.facts.head.state:
        yield Change(f"evidence and HEAD: {before.facts.head.state} -> {_clean(after.facts.head.text)}")


def _proof(review: Review) -> Proof | None:
    return review.facts.stored.proof if review.facts.stored else None


def _met(met: bool) -> str:
    return "met" if met else "missing"


def _dirty(dirty: bool) -> str:
    return "changed" if dirty else "clean"


def _names(names: Iterable[str]) -> str:
    every = [printable(name, 120) for name in names]
    more = f" and {len(every) - _NAMES_SHOWN} more" if len(every) > _NAMES_SHOWN else ""
    return ", ".join(every[:_NAMES_SHOWN]) + more


def _clean(text: str) -> str:
    return printable(text, _TEXT_LIMIT)
