"""The two event lines that a decision appends to events.jsonl (STATE-FORMAT 6.7, 10.1)."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.redaction import redact
from omk_tui.core.format.timestamp import Timestamp


def event_line(
    *, event_id: str, run_id: str, at: Timestamp, kind: str, actor: str | None, payload: dict[str, Json] | None
) -> str:
    """One event as a line with its newline; the payload, if it has one, is redacted."""
    envelope: dict[str, Json] = {
        "id": event_id,
        "run_id": run_id,
        "ts": at.text(),
        "schema_version": 1,
        "kind": kind,
        "actor": actor,
    }
    if payload is not None:
        envelope["payload"] = redact(payload)
    return omk_json.compact(envelope) + "\n"


def proof_written(event_id: str, goal_id: str, at: Timestamp, proof_path: str, status: str) -> str:
    """The line that says that proof.json was written."""
    payload: dict[str, Json] = {"proof_path": proof_path, "status": status}
    return event_line(event_id=event_id, run_id=goal_id, at=at, kind="proof_written", actor=None, payload=payload)


def budget_checkpoint(event_id: str, goal_id: str, at: Timestamp, members: dict[str, Json]) -> str:
    """The line that repeats a budget checkpoint."""
    return event_line(
        event_id=event_id, run_id=goal_id, at=at, kind="budget_checkpoint", actor="goal-controller", payload=members
    )
