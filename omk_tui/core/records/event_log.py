"""The timeline: a goal's event log read as omk replays it (STATE-FORMAT 10.3, 10.4)."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.record_table import OPTIONAL, RAW, STRING, TIMESTAMP, U32, Field, FieldError, Table, enum
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.words import trim
from omk_tui.light.dataclass import dataclass, replace
from omk_tui.light.late import hashlib

SOURCES = ("events.jsonl", "event-log.jsonl")
"""The files that may hold the log: the first one that exists is read, and no other."""

MOST_ROWS = 5_000
"""How many of the newest events are kept."""

KINDS = (
    *("run_started", "run_completed", "run_failed"),
    *("worker_started", "worker_heartbeat", "worker_stalled", "worker_dead", "worker_recovered"),
    *("task_proposed", "task_accepted", "task_rejected", "task_graph_mutated", "task_claimed", "task_started"),
    *("task_output", "task_completed", "task_failed", "file_changed", "command_started", "command_finished"),
    *("gate_passed", "gate_failed", "retry_scheduled", "proof_written", "manual_interrupt"),
    *("goal_paused", "goal_resumed", "goal_budget_exhausted", "goal_budget_extended", "budget_checkpoint"),
    *("hook_triggered", "hook_resolved", "approval_requested", "approval_decided"),
    *("slice.lease.claimed", "slice.lease.released", "slice.lease.expired", "slice.lease.skipped"),
)
"""Every kind that omk 0.5.0 knows; a line of another kind is malformed."""

_SUMMARY_KEYS = (
    *("message", "label", "reason", "status", "phase", "task_id", "gate_id", "name", "action", "source", "worker_id"),
)
_SUMMARY_LIMIT = 4096
_DECISION_LABEL = "integration_decision"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event line; attributes are named as its keys (STATE-FORMAT 10.1)."""

    id: str
    run_id: str
    ts: Timestamp
    schema_version: int
    kind: str
    actor: str | None
    payload: Json


ENVELOPE = Table(
    Envelope,
    Field("id", STRING),
    Field("run_id", STRING),
    Field("ts", TIMESTAMP),
    Field("schema_version", U32),
    Field("kind", enum("event kind", KINDS)),
    Field("actor", STRING, default=OPTIONAL, write_null=True),
    Field("payload", RAW, default=OPTIONAL),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the timeline.

    `index` counts the readable events of the file from 0, duplicates included. `summary` is omk's replay text, empty
    when there is none, at most 4,096 characters. `decision` marks the `proof_written` of an accept or a reject, which
    have no kind of their own: a checkpoint with their label follows it.
    """

    index: int
    envelope: Envelope
    summary: str
    decision: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """What an event log says, in file order.

    `duplicates` and `malformed` count lines that are no row. `problem` is a sentence when omk could not replay the
    file; rows may be there all the same. `cut` is the number of older events that are not among `rows`, `skipped` the
    number of bytes at the beginning of the file that were not read. `source` is the file's path below the goal
    directory, empty when there is none.
    """

    rows: tuple[Event, ...] = ()
    duplicates: int = 0
    malformed: int = 0
    problem: str = ""
    cut: int = 0
    skipped: int = 0
    source: str = ""

    @property
    def newest_first(self) -> tuple[Event, ...]:
        """The rows by their own time, the newest first; of two at one instant the later line (STATE-FORMAT H28)."""
        return tuple(sorted(self.rows, key=lambda row: (row.envelope.ts, row.index), reverse=True))

    @property
    def checkpoints(self) -> tuple[dict[str, Json], ...]:
        """What the budget checkpoints say, in file order (STATE-FORMAT 4.7)."""
        envelopes = (row.envelope for row in self.rows if row.envelope.kind == "budget_checkpoint")
        return tuple(each.payload for each in envelopes if isinstance(each.payload, dict))


def read_timeline(lines: Iterable[bytes], *, source: str = "", skipped: int = 0, most: int = MOST_ROWS) -> Timeline:
    """The timeline in the lines of an event log, each with or without its newline (STATE-FORMAT 10.3).

    omk refuses a whole file for one byte that is not UTF-8; here that is the `problem`, and the other lines are rows.
    The newest `most` events are kept. `skipped` says how many bytes before the first line were left out.
    """
    rows: deque[Event] = deque(maxlen=most)
    distinct: set[bytes] = set()
    parsed = duplicates = malformed = undecodable = 0
    proof: Event | None = None
    for line in lines:
        text = _decoded(line)
        if text is None:
            undecodable += 1
            continue
        text = trim(text)
        if not text:
            continue
        envelope = read_event(text)
        if envelope is None:
            malformed += 1
            continue
        event = Event(parsed, envelope, summary_of(envelope.payload))
        parsed += 1
        canonical = _canonical(envelope)
        if canonical in distinct:
            duplicates += 1
            continue
        distinct.add(canonical)
        rows.append(event)
        if envelope.kind == "proof_written":
            proof = event
        elif envelope.kind == "budget_checkpoint" and proof is not None:
            if _label(envelope.payload) == _DECISION_LABEL:
                _mark(rows, proof)
            proof = None
    kept = len(rows)
    return Timeline(
        rows=tuple(rows),
        duplicates=duplicates,
        malformed=malformed + undecodable,
        problem=f"{source or SOURCES[0]}: stream did not contain valid UTF-8" if undecodable else "",
        cut=len(distinct) - kept,
        skipped=skipped,
        source=source,
    )


def read_event(text: str) -> Envelope | None:
    """The event in one line, or None when omk would call the line malformed."""
    try:
        return ENVELOPE.read(omk_json.parse_lenient(text))
    except (omk_json.JsonError, FieldError):
        return None


def summary_of(payload: Json) -> str:
    """omk's words for a payload (STATE-FORMAT 10.4), cut at 4,096 characters; empty when there are none."""
    parts: list[str] = []
    if isinstance(payload, dict):
        for key in _SUMMARY_KEYS:
            value = _scalar(payload.get(key))
            if value is not None:
                parts.append(f"{key}={value}")
    if parts:
        return ", ".join(parts)[:_SUMMARY_LIMIT]
    return "" if payload is None or payload == {} else omk_json.compact(payload)[:_SUMMARY_LIMIT]


def _scalar(value: Json) -> str | None:
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, dict):
        return _scalar(value.get("0"))
    if isinstance(value, list):
        parts = [part for part in map(_scalar, value) if part is not None]
        return ",".join(parts) if parts else None
    return omk_json.compact(value)


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _canonical(event: Envelope) -> bytes:
    """A digest that is equal for two events exactly when omk would write them again alike.

    That is so where all values are alike, the order of keys and the types of numbers too; the standard library's own
    spelling keeps these apart as omk's does, and is many times faster to make.
    """
    moment = (event.ts.seconds, event.ts.nanos)
    identity = (event.id, event.run_id, moment, event.schema_version, event.kind, event.actor, event.payload)
    return hashlib.blake2b(json.dumps(identity).encode("ascii"), digest_size=16).digest()


def _label(payload: Json) -> Json:
    return payload.get("label") if isinstance(payload, dict) else None


def _mark(rows: deque[Event], proof: Event) -> None:
    for back, row in enumerate(reversed(rows), start=1):
        if row is proof:
            rows[-back] = replace(proof, decision=True)
            return
