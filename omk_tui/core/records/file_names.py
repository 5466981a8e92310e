"""The files of a goal directory that a decision reads and writes (STATE-FORMAT 2)."""

from __future__ import annotations

from omk_tui.core.records.verb import Verb

GOAL_FILE = "goal.json"
PROOF_FILE = "proof.json"
GRAPH_FILE = "task-graph.json"
EVENTS_FILE = "events.jsonl"
CHECKPOINTS_FILE = "budget-checkpoints.jsonl"
ARTIFACTS_FOLDER = "artifacts"
INTEGRATION_FOLDER = "artifacts/integration"
ACCEPT_FILE = f"{INTEGRATION_FOLDER}/integrator-accept.json"
REJECT_FILE = f"{INTEGRATION_FOLDER}/integrator-reject.json"
JOURNAL_FILE = ".omk-tui.txn"
"""Stands there while a decision is carried out; omk ignores it."""
LEDGER_FILE = f"{INTEGRATION_FOLDER}/integrator-decisions.jsonl"
ROLLBACK_FILE = f"{INTEGRATION_FOLDER}/rollback-rejected-slice.md"

DECISION_FOLDERS = (ARTIFACTS_FOLDER, INTEGRATION_FOLDER)
"""The folders that a decision makes where they are not there."""
DECISION_FILES: dict[Verb, tuple[str, ...]] = {"accept": (ACCEPT_FILE,), "reject": (REJECT_FILE, ROLLBACK_FILE)}
"""The files that only this decision writes, the record of the decision itself first."""
RECORD_FILES: dict[str, tuple[str, ...]] = {
    "gate": ("artifacts/intake/gates.json",),
    "review": ("artifacts/reviews", "artifacts/reviews/goal-review.md"),
    "security_review": ("artifacts/reviews", "artifacts/reviews/goal-security-review.md"),
}
"""What recording evidence on an opened goal writes besides the records that it shares with every other."""
STATE_FILES = (GOAL_FILE, PROOF_FILE)
"""The files that every decision replaces."""
LOGS = (EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE)
"""The files that every decision adds lines to."""


def written_paths(verb: Verb) -> tuple[str, ...]:
    """Every path that a decision writes, relative to the goal directory."""
    return (*DECISION_FOLDERS, *DECISION_FILES[verb], *STATE_FILES, *LOGS)
