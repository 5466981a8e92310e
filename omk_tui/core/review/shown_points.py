"""What a person was shown of a goal, as plain points: small enough to keep, and to lay beside a later reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from omk_tui.core.format.record_table import STRING, Field, Table, array
from omk_tui.core.judgement.gate_words import gate_result
from omk_tui.core.judgement.requirements import COUNTED
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.records.file_names import GOAL_FILE, GRAPH_FILE, PROOF_FILE
from omk_tui.core.review.goal_review import Part, Review, document_hash
from omk_tui.core.text.printable import printable
from omk_tui.light.dataclass import dataclass, replace

GIT_PART = "git"
"""The part of the snapshot digest that stands for the project's branch, HEAD and dirty flag."""
RECORDS = (GOAL_FILE, PROOF_FILE, GRAPH_FILE)

_TEXT_LIMIT = 300
_DECIDED = {"": "none", "accepted": "accepted", "accepted!": "accepted, but not ready", "rejected": "rejected"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was shown: what it is about, its state in a word or two, and the facts behind that.

    `item` names one of several of a kind, whose coming and going is news too (a gate, a warning, a file); it is empty
    for what every goal has. `part` names the part of the snapshot digest that the point tells of; it is empty where
    that is the records and the project. All texts are clean: printable and bounded.
    """

    kind: str
    item: str = ""
    state: str = ""
    detail: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person was shown of a goal: the snapshot digest, the parts that it covers, and every point."""

    snapshot: str
    parts: tuple[Part, ...]
    points: tuple[Point, ...]


_SEEN = Table(
    Seen,
    Field("snapshot", STRING),
    Field("parts", array(Table(Part, Field("name", STRING), Field("sha256", STRING)))),
    Field(
        "points",
        array(
            Table(
                Point,
                Field("kind", STRING),
                Field("item", STRING),
                Field("state", STRING),
                Field("detail", STRING),
                Field("part", STRING),
            )
        ),
    ),
)


def encode_seen(seen: Seen) -> bytes:
    """What was shown as bytes to keep: one line of JSON."""
    return _SEEN.encode(seen)


def decode_seen(data: bytes, snapshot: str) -> Seen | None:
    """What `encode_seen` gave for this snapshot digest; None when the bytes are anything else."""
    seen = _SEEN.decode(data)
    return seen if seen is not None and seen.snapshot == snapshot else None


def seen_of(review: Review) -> Seen:
    """What a review shows."""
    met: Counter[tuple[str, str]] = Counter()
    points = []
    for point in _points(review):
        clean = replace(point, item=_clean(point.item), state=_clean(point.state), detail=_clean(point.detail))
        key = (clean.kind, clean.item)
        met[key] += 1
        # Equal names are told apart by their number: omk lets two gates, or two records, be called the same.
        points.append(replace(clean, item=f"{clean.item} ({met[key]})") if met[key] > 1 else clean)
    return Seen(review.snapshot, review.parts, tuple(points))


def _points(review: Review) -> Iterator[Point]:
    yield from _decision(review)
    yield from _requirements(review)
    yield from _gates(review)
    yield from _warnings(review)
    yield from _records(review)
    for index, conflict in enumerate(review.conflicts):
        yield from _conflict(index, conflict)
    yield from _evidence_files(review)
    yield from _project(review)


def _decision(review: Review) -> Iterator[Point]:
    judgement, decision = review.judgement, review.facts.decision
    yield Point("verdict", state=str(judgement.verdict))
    yield Point("deciding", state="forbidden" if judgement.guard else "allowed", detail=judgement.guard)
    yield Point("recorded decision", state=_DECIDED[decision.verdict if decision else ""])


def _requirements(review: Review) -> Iterator[Point]:
    requirements = review.judgement.requirements
    yield Point(f"the {COUNTED}", state="judged" if requirements else "cannot be judged")
    for number, requirement in enumerate(requirements, 1):
        name = f"{number} {requirement.name}"
        yield Point(name, state="met" if requirement.met else "missing", detail=requirement.facts)


def _gates(review: Review) -> Iterator[Point]:
    stored = review.facts.stored
    for gate in stored.proof.gates if stored else ():
        state = gate_result(gate) + ("" if gate.required else " (optional)")
        yield Point("gate", gate.name, state)


def _warnings(review: Review) -> Iterator[Point]:
    for warning in review.judgement.warnings:
        yield Point(f"warning {warning.code}", warning.text)


def _records(review: Review) -> Iterator[Point]:
    facts = review.facts
    problems = {problem.file: problem.sentence for problem in facts.problems}
    for file in RECORDS:
        state = "unreadable" if file in problems else "readable"
        yield Point(file, state=state, detail=problems.get(file, ""))
    if facts.goal:
        failure = facts.goal.failure.reason if facts.goal.failure else ""
        for kind, text in (
            ("status", facts.goal.status),
            ("phase", facts.goal.phase),
            ("goal text", facts.goal.original_goal),
            ("recorded failure", failure),
        ):
            yield Point(kind, state=text or "none")
    if facts.stored:
        proof = facts.stored.proof
        yield Point("status in the proof", state=proof.status)
        yield from _named("known gap", proof.known_gaps)
        yield from _named("changed file", proof.changed_files)


def _named(kind: str, names: Iterable[str]) -> Iterator[Point]:
    return (Point(kind, name) for name in names)


def _conflict(index: int, conflict: Conflict) -> Iterator[Point]:
    part = f"evidence {index} {conflict.evidence_path}"
    reason = f"blocking reason: {conflict.reason or 'none'}"
    yield Point("conflict of slice", conflict.section_id, _conflict_state(conflict), reason)
    if conflict.evidence is not None:
        content = (conflict.evidence.text, conflict.evidence.error)
        evidence_hash = document_hash(repr(content).encode("utf-8", "replace"))[:12]
        state = "can be embedded" if conflict.evidence.readable else "unreadable"
        yield Point("conflict evidence of slice", conflict.section_id, state, f"SHA-256 {evidence_hash}", part)


def _conflict_state(conflict: Conflict) -> str:
    """`open`, `settled` or `clean now` (the evidence says so)."""
    return "clean now" if conflict.stale else "open" if conflict.open else "settled"


def _evidence_files(review: Review) -> Iterator[Point]:
    hashes = {part.name: part.sha256 for part in review.parts}
    files = {log.path: (log.size, log.problem) for log in review.gate_logs if log.path}
    files |= {diff.path: (diff.size, diff.problem) for diff in review.diffs}
    for path, (size, problem) in files.items():
        state = problem or f"{size:,} bytes"
        yield Point("file", path, state, f"SHA-256 {hashes.get(path, 'unknown')[:12]}", path)


def _project(review: Review) -> Iterator[Point]:
    git, head = review.git, review.facts.head
    yield Point("project", state="a git repository" if git else "not readable as a git repository")
    if git:
        yield Point("project branch", state=git.branch)
        yield Point("project HEAD", state=git.head)
        yield Point("project working tree", state="changed" if git.dirty else "clean")
    yield Point("evidence and HEAD", state=head.state, detail=head.text)


def _clean(text: str) -> str:
    return printable(text, _TEXT_LIMIT)
