"""A goal made to do harm: valid omk state (STATE-FORMAT 4) whose every text attacks whoever shows it.

Its evidence is complete by omk's rules, yet three slices are in conflict, so every screen and both decisions have
something to say about it. The same bytes each time.
"""

from __future__ import annotations

import json
from typing import Any, Final

from omk_tui.demo import hostile_evidence as evidence
from omk_tui.demo.attacks import EVERYTHING, FORGED, LONG_LINE, MARKUP, SEQUENCES
from omk_tui.demo.relocate import PROJECT, ROOT, Cell, Places

GOAL_ID: Final = "goal-20261122-204500-000-0badc0de"
_CREATED, _UPDATED = "2026-11-22T20:45:00Z", "2026-11-22T20:47:30.000000001Z"
_CREATED_SECONDS = 1795380300
_STATE_DIR = f"{ROOT}/goals/{GOAL_ID}"

_GOAL = f"Build a harmless-looking page {EVERYTHING}\nwith a second line"
_NORMALIZED = " ".join(_GOAL.split())
_BUDGET_TIME = f"2h{SEQUENCES[1]}[/]"
_CRITERIA = {"proof_required": True, "gates_required": True, "human_blockers_stop": True}
_GATES = (
    ("acceptance" + SEQUENCES[0], True, True),
    ("[@click=app.quit]smoke[/]", True, True),
    ("demo \u202eenod", True, True),
    (f"bench{SEQUENCES[4]}", True, True),
    (f"owned {EVERYTHING}", False, False),
)
"""Name, passed, required. Their names hold the words that satisfy the greenfield oracle and the performance pass."""

_CHANGED_FILES = (
    "src/plain.py",
    f"src/{EVERYTHING}.py",
    "-rf",
    "../../outside.py",
    f"src/{FORGED}",
    "src/" + "deep/" * 60 + "file.py",
)

ROW: Final[dict[str, Cell]] = {
    "goal_id": GOAL_ID,
    "status": "not_ready",
    "phase": "proof",
    "kind": None,
    "original_goal": _GOAL,
    "normalized_goal": _NORMALIZED,
    "goal_text": _GOAL,
    "project_dir": _STATE_DIR,
    "state_dir": _STATE_DIR,
    "policy": "local",
    "delivery_policy": "local",
    "merge_policy": "disabled",
    "until_ready": 0,
    "slice_execution": 0,
    "max_agents": None,
    "budget_time": _BUDGET_TIME,
    "budget_tokens": None,
    "budget_usd": None,
    "cost_tracker_path": f"{_STATE_DIR}/cost.jsonl",
    "terminal_criteria": json.dumps(_CRITERIA, separators=(",", ":")),
    "failure": json.dumps({"reason": EVERYTHING, "recorded_at": _UPDATED}, ensure_ascii=False, separators=(",", ":")),
    "created_at": _CREATED_SECONDS,
    "updated_at": _CREATED_SECONDS + 150,
    "completed_at": _CREATED_SECONDS + 150,
    "controller_pid": None,
    "version": 1,
}
"""The row of table `goals` (STATE-FORMAT 7.3), paths still as placeholders."""


def files(places: Places) -> dict[str, bytes]:
    """Every file of the goal: its path in the goal directory and its bytes, with real paths in them."""
    documents = {
        "goal.json": _pretty(_goal()),
        "proof.json": _pretty(_proof()),
        "task-graph.json": _pretty(_task_graph()),
        "events.jsonl": _events(),
        "budget-checkpoints.jsonl": "".join(_compact(_checkpoint(label)) for label in ("goal_created", EVERYTHING)),
        "prd.md": f"# Goal Brief\n\n{EVERYTHING}\n{FORGED}\n",
        "artifacts/reviews/goal-review.md": f"# Goal Review\n\n{EVERYTHING}\n{FORGED}\n",
        "artifacts/reviews/goal-security-review.md": f"# Goal Security Review\n\n{EVERYTHING}\n",
        "artifacts/agent-runs/goal-agent-execute/changed-files.json": _pretty(list(_CHANGED_FILES)),
    }
    written = {path: places.in_file(path, text.encode()) for path, text in documents.items()}
    written |= {_log_path(number): evidence.gate_log(number) for number in range(1, len(_GATES) + 1)}
    return written | evidence.FILES


def _pretty(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _compact(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _log_path(number: int) -> str:
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in _GATES[number - 1][0])[:40]
    return f"artifacts/gates/post-mutation/gate-{number:02d}-{name}.log"


def _artifacts() -> list[dict[str, str]]:
    paths = {
        "prd": "prd.md",
        "task_graph": "task-graph.json",
        "proof": "proof.json",
        "agent_run": "artifacts/agent-runs/goal-agent-execute",
        "review": "artifacts/reviews/goal-review.md",
        "security_review": "artifacts/reviews/goal-security-review.md",
        EVERYTHING: f"../../{EVERYTHING}",
    }
    return [{"kind": kind, "path": path, "created_at": _CREATED} for kind, path in paths.items()]


def _goal() -> dict[str, Any]:
    """STATE-FORMAT 4.1."""
    return {
        "version": 1,
        "goal_id": GOAL_ID,
        "original_goal": _GOAL,
        "normalized_goal": _NORMALIZED,
        "status": "not_ready",
        "phase": "proof",
        "created_at": _CREATED,
        "updated_at": _UPDATED,
        "completed_at": _UPDATED,
        "until_ready": False,
        "budget_time": _BUDGET_TIME,
        "cost_tracker_path": f"{_STATE_DIR}/cost.jsonl",
        "terminal_criteria": _CRITERIA,
        "delivery_policy": "local",
        "merge_policy": "disabled",
        "slice_execution": False,
        "artifacts": _artifacts(),
        "failure": {"reason": EVERYTHING, "recorded_at": _UPDATED},
        "state_dir": _STATE_DIR,
    }


def _proof() -> dict[str, Any]:
    """STATE-FORMAT 4.3."""
    tasks = _task_graph()["tasks"]
    return {
        "version": 1,
        "goal_id": GOAL_ID,
        "status": "not_ready",
        "readiness": f"not ready: {EVERYTHING}",
        "summary": f"Goal '{EVERYTHING}' {FORGED}",
        "generated_at": _UPDATED,
        "artifacts": _artifacts(),
        "task_graph_summary": {
            "total_tasks": len(tasks),
            "pending_tasks": 0,
            "blocked_tasks": 0,
            "done_tasks": len(tasks),
        },
        "review_artifacts": [_review(name) for name in ("architect", "code", EVERYTHING)],
        "changed_files": list(_CHANGED_FILES),
        "commits": [f"--output=owned {EVERYTHING}"],
        "git": {"branch": f"--owned {EVERYTHING}", "head": f"--output=owned {EVERYTHING}", "dirty": True},
        "gates": [_gate(number) for number in range(1, len(_GATES) + 1)],
        "post_mutation_gates_ran": True,
        "known_gaps": [EVERYTHING, LONG_LINE, FORGED, *MARKUP, *SEQUENCES],
        "human_decisions_required": [EVERYTHING],
        "recovery_status": EVERYTHING,
    }


def _review(name: str) -> dict[str, Any]:
    return {
        "pass": name,
        "status": "passed",
        "path": f"artifacts/reviews/{EVERYTHING}.md",
        "summary": EVERYTHING,
        "evidence": [EVERYTHING, FORGED],
        "risks": [EVERYTHING],
        "known_gaps": [LONG_LINE],
        "recommended_next_step": EVERYTHING,
    }


def _gate(number: int) -> dict[str, Any]:
    name, passed, required = _GATES[number - 1]
    return {
        "name": name,
        "passed": passed,
        "stdout": f"{EVERYTHING}\n{LONG_LINE}\n{FORGED}\n",
        "stderr": "" if passed else f"Traceback (most recent call last):\n  File {EVERYTHING}\nAssertionError: [/]\n",
        "duration_ms": 10**15 + number,
        "required": required,
        "command_line": f"make {EVERYTHING}",
        "exit_code": 0 if passed else -(2**31),
        "timed_out": False,
        "stdout_summary": EVERYTHING,
        "stderr_summary": EVERYTHING,
        "output_path": f"{_STATE_DIR}/{_log_path(number)}",
        "timeout_secs": 0,
    }


def _task(task_id: str, delivery: dict[str, Any] | None = None) -> dict[str, Any]:
    task: dict[str, Any] = {
        "id": task_id,
        "title": f"Title {EVERYTHING}",
        "description": f"{EVERYTHING}\n{FORGED}",
        "status": "done",
        "owner_role": EVERYTHING,
        "completed_at": _UPDATED,
        "evidence": [{"kind": EVERYTHING, "path": EVERYTHING, "summary": LONG_LINE}],
        "retry_count": 0,
        "max_retries": 0,
        "lease_expires_at": None,
        "dependencies": [],
        "read_set": [EVERYTHING],
        "write_set": [PROJECT, EVERYTHING],
        "risk": EVERYTHING,
        "acceptance": [EVERYTHING],
    }
    return task if delivery is None else {**task, "delivery": delivery}


def _task_graph() -> dict[str, Any]:
    """STATE-FORMAT 4.2."""
    known = ("goal-local-verify", "goal-agent-execute", "goal-review", "goal-security-review")
    slices = [
        _task(f"goal-agent-implement-{number} {SEQUENCES[number]}", delivery)
        for number, delivery in enumerate(evidence.deliveries(), start=1)
    ]
    tasks = [*map(_task, known), _task(f"goal-agent-cleanup-{EVERYTHING}"), *slices]
    return {"version": 1, "goal_id": GOAL_ID, "generated_at": _CREATED, "tasks": tasks}


def _checkpoint(label: str) -> dict[str, Any]:
    """STATE-FORMAT 4.7."""
    return {
        "version": 1,
        "goal_id": GOAL_ID,
        "label": label,
        "status": "not_ready",
        "phase": "proof",
        "recorded_at": _UPDATED,
        "budget_time": _BUDGET_TIME,
        "elapsed_since_created_secs": 150,
        "used_tokens": 0,
        "estimated_cost_usd": 0.0,
    }


def _events() -> str:
    """STATE-FORMAT 10.1: hostile in actor and payload, one event repeated, one line that is no event."""
    told: list[tuple[str, str | None, dict[str, Any]]] = [
        ("run_started", None, {"mode": "goal", "project_dir": PROJECT, "description": EVERYTHING}),
        *(("task_output", "controller", {"message": text}) for text in (*MARKUP, *SEQUENCES, FORGED, LONG_LINE)),
        ("task_failed", EVERYTHING, {"task_id": EVERYTHING, "worker_id": EVERYTHING, "error": EVERYTHING}),
        ("gate_failed", None, {"gate_id": EVERYTHING, "name": EVERYTHING, "required": True, "timed_out": False}),
        ("worker_stalled", EVERYTHING, {EVERYTHING: {EVERYTHING: [EVERYTHING]}}),
        ("proof_written", None, {"proof_path": f"{_STATE_DIR}/proof.json", "status": EVERYTHING}),
        ("budget_checkpoint", "goal-controller", _checkpoint(EVERYTHING)),
    ]
    lines = [
        _compact(
            {
                "id": f"0badc0de-0000-4000-8000-{number:012x}",
                "run_id": GOAL_ID,
                "ts": f"2026-11-22T20:46:{number % 60:02d}Z",
                "schema_version": 1,
                "kind": kind,
                "actor": actor,
                "payload": payload,
            }
        )
        for number, (kind, actor, payload) in enumerate(told)
    ]
    return "".join((*lines, lines[-1], f'{{"no event": {EVERYTHING}\n'))


MODES: Final[dict[str, int]] = {
    "./": 0o700,
    "artifacts/": 0o755,
    "artifacts/agent-runs/": 0o755,
    "artifacts/agent-runs/goal-agent-execute/": 0o700,
    "artifacts/gates/": 0o755,
    "artifacts/gates/post-mutation/": 0o755,
    "artifacts/integration/": 0o755,
    "artifacts/reviews/": 0o700,
    **dict.fromkeys(map(_log_path, range(1, len(_GATES) + 1)), 0o644),
    **dict.fromkeys(evidence.FILES, 0o600),
    "artifacts/agent-runs/goal-agent-execute/changed-files.json": 0o600,
    "artifacts/reviews/goal-review.md": 0o600,
    "artifacts/reviews/goal-security-review.md": 0o600,
    "budget-checkpoints.jsonl": 0o600,
    "events.jsonl": 0o644,
    "goal.json": 0o600,
    "prd.md": 0o600,
    "proof.json": 0o600,
    "task-graph.json": 0o600,
}
"""Permission bits by path, directories ending in `/`: what omk gives such files (STATE-FORMAT 2)."""
