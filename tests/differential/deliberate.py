"""Which deliberate difference applies to a case: decided by rule, from the state and from what omk did with it.

The rules are those of docs/COMPATIBILITY.md; nothing here knows a seed or a case by name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.golden.case import Case
from tests.golden.confinement import evidence_paths, is_outside
from tests.golden.observe import Observation

EVIDENCE_LIMIT = 65_536
DEEPEST = 127
LARGEST, MOST_VALUES = 16 << 20, 1_000_000
_WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DOCUMENTS = ("goal.json", "proof.json", "task-graph.json")
_LOGS = ("events.jsonl", "budget-checkpoints.jsonl")


def trimmed(text: str) -> str:
    """Text without Unicode White_Space round it (STATE-FORMAT 0.3)."""
    return re.sub(f"^[{_WHITE_SPACE}]+|[{_WHITE_SPACE}]+\\Z", "", text)


def is_name(text: str) -> bool:
    """Whether an id is the name of one directory."""
    return text not in (".", "..") and not re.search("[/\x00-\x1f\x7f-\x9f]", text)


def deliberate_rule(case: Case, omk: Observation) -> str | None:
    """The deliberate difference that applies, or None. `omk`: the case as omk decided it."""
    goal = trimmed(omk.places.fill(case.goal))
    if goal and not is_name(goal):
        return "goal-id"
    if omk.before.links_outside:
        return "confined"
    deep = any(_depth(_before(omk, f"goals/{goal}/{name}")) > DEEPEST for name in _DOCUMENTS)
    if omk.result.exit != 0:
        return "half-written" if _written(omk) else "deep" if deep else None
    if any(map(_is_large, _documents(omk, goal))):
        return "large"
    folder = omk.places.root / "goals" / goal
    evidence = list(_evidence(folder, omk)) if case.verb == "reject" else []
    if any(content is None for content in evidence):
        return "confined"
    if any(_is_torn(_before(omk, f"goals/{goal}/{name}")) for name in _LOGS):
        return "torn"
    if deep:
        return "deep"
    return "fence" if any(content is not None and b"```" in content for content in evidence) else None


def _written(omk: Observation) -> bool:
    """Whether omk left anything but an empty database behind a failure."""
    before, after = (scene.database.rows if scene.database else () for scene in (omk.before, omk.after))
    return omk.before.state != omk.after.state or omk.before.beside != omk.after.beside or before != after


def _before(omk: Observation, name: str) -> bytes:
    entry = omk.before.state.get(name)
    return entry.content if entry is not None and entry.kind == "file" else b""


def _documents(omk: Observation, goal: str) -> Iterator[bytes]:
    """The documents that a decision reads, and the proof that omk wrote."""
    for name in _DOCUMENTS:
        yield _before(omk, f"goals/{goal}/{name}")
    written = omk.after.state.get(f"goals/{goal}/proof.json")
    yield written.content if written is not None and written.kind == "file" else b""


def _is_large(document: bytes) -> bool:
    return len(document) > LARGEST or sum(document.count(sign) for sign in (b",", b"[", b"{")) > MOST_VALUES


def _is_torn(log: bytes) -> bool:
    return bool(log) and not log.endswith(b"\n")


def _evidence(folder: Path, omk: Observation) -> Iterator[bytes | None]:
    """Each conflict evidence as far as it would be embedded; None for what lies outside the goal directory."""
    for path in evidence_paths(_before(omk, f"goals/{folder.name}/task-graph.json")):
        target = os.path.join(folder, omk.places.fill(path))
        if is_outside(folder, target):
            yield None
        elif "\0" not in target:
            name = os.path.relpath(os.path.realpath(target), os.path.realpath(omk.places.root))
            # The decision file is written before the evidence is read; all else is read as it was.
            scene = omk.after if name.endswith("/integrator-reject.json") else omk.before
            entry = scene.state.get(name)
            yield entry.content[:EVIDENCE_LIMIT] if entry is not None else b""


def _depth(document: bytes) -> int:
    """How deep lists and objects are nested in a JSON text; what stands inside its texts does not count."""
    deepest = depth = 0
    for match in re.finditer(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', document):
        if match[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in b"]}":
            depth -= 1
    return deepest
