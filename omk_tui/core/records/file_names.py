"""The files of a goal directory that a decision reads and writes (STATE-FORMAT 2)."""

from __future__ import annotations

GOAL_FILE = "goal.json"
PROOF_FILE = "proof.json"
GRAPH_FILE = "task-graph.json"
EVENTS_FILE = "events.jsonl"
CHECKPOINTS_FILE = "budget-checkpoints.jsonl"
ARTIFACTS_FOLDER = "artifacts"
INTEGRATION_FOLDER = "artifacts/integration"
ACCEPT_FILE = f"{INTEGRATION_FOLDER}/integrator-accept.json"
REJECT_FILE = f"{INTEGRATION_FOLDER}/integrator-reject.json"
LEDGER_FILE = f"{INTEGRATION_FOLDER}/integrator-decisions.jsonl"
ROLLBACK_FILE = f"{INTEGRATION_FOLDER}/rollback-rejected-slice.md"
