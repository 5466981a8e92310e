"""The documents of a goal in which nothing is missing, and the facts that they are read as."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.goal import read_goal
from omk_tui.core.records.proof import read_proof
from omk_tui.core.records.task_graph import read_task_graph

Members = dict[str, Any]

GOAL_ID = "goal-20260611-101520-048-0a1b2c3d"
GOAL_TEXT = "Build a log parser"
CREATED = "2026-06-11T10:15:20.048213377Z"


def gate(name: str, **changes: object) -> Members:
    """A required gate that passed."""
    members: Members = {
        "name": name, "passed": True, "stdout": "", "stderr": "", "duration_ms": 5, "required": True,
        "command_line": f"sh {name}.sh", "exit_code": 0, "timed_out": False, "timeout_secs": 60,
    }  # fmt: skip
    return members | changes


def task(task_id: str, status: str = "done", **changes: object) -> Members:
    """A task that is done."""
    members: Members = {
        "id": task_id, "title": "title", "description": "description", "status": status, "evidence": [],
        "retry_count": 0, "max_retries": 0, "lease_expires_at": None, "dependencies": [], "read_set": [],
        "write_set": [], "risk": "low", "acceptance": ["it works"],
    }  # fmt: skip
    return members | changes


def goal_json(goal_id: str = GOAL_ID, /, **changes: object) -> Members:
    """A goal that waits for its integrator."""
    members: Members = {
        "version": 1, "goal_id": goal_id, "original_goal": GOAL_TEXT, "normalized_goal": GOAL_TEXT,
        "status": "not_ready", "phase": "proof", "created_at": CREATED, "updated_at": CREATED, "until_ready": False,
        "terminal_criteria": {"proof_required": True, "gates_required": True, "human_blockers_stop": True},
        "delivery_policy": "local", "merge_policy": "disabled", "slice_execution": False, "artifacts": [],
        "state_dir": "",
    }  # fmt: skip
    return members | changes


def proof_json(goal_id: str = GOAL_ID, /, **changes: object) -> Members:
    """A proof in which nothing is missing."""
    members: Members = {
        "version": 1, "goal_id": goal_id, "status": "not_ready", "readiness": "not ready", "summary": "summary",
        "generated_at": CREATED, "artifacts": [],
        "task_graph_summary": {"total_tasks": 4, "pending_tasks": 0, "blocked_tasks": 0, "done_tasks": 4},
        "changed_files": ["src/parser.py"], "commits": [],
        "gates": [gate("acceptance"), gate("smoke"), gate("demo"), gate("bench")],
        "post_mutation_gates_ran": True, "known_gaps": [], "human_decisions_required": [],
    }  # fmt: skip
    return members | changes


def graph_json(goal_id: str = GOAL_ID, /, tasks: Iterable[Members] = (), **changes: object) -> Members:
    """A graph whose tasks are all done, `tasks` among them."""
    usual = ("goal-local-verify", "goal-agent-execute", "goal-review", "goal-security-review")
    members: Members = {
        "version": 1,
        "goal_id": goal_id,
        "generated_at": CREATED,
        "tasks": [*map(task, usual), *tasks],
    }
    return members | changes


def conflict_task(path: str | None = "artifacts/integration/merge-conflict-a.json", **delivery: object) -> Members:
    """A slice in conflict, its evidence at `path`."""
    members: Members = {"slice_id": "slice-a", "status": "blocked", "conflict_blocking_reason": "both change src"}
    if path is not None:
        members["conflict_evidence_path"] = path
    return task("goal-agent-implement-1", delivery=members | delivery)


def row_json(goal_id: str = GOAL_ID, goals_dir: str = "/goals", **changes: object) -> Members:
    """The goal's row in omk.db."""
    members: Members = {
        "goal_id": goal_id, "status": "not_ready", "phase": "proof", "kind": None, "original_goal": GOAL_TEXT,
        "normalized_goal": GOAL_TEXT, "goal_text": GOAL_TEXT, "project_dir": f"{goals_dir}/{goal_id}",
        "state_dir": f"{goals_dir}/{goal_id}", "policy": "local", "delivery_policy": "local",
        "merge_policy": "disabled", "until_ready": 0, "slice_execution": 0, "max_agents": None, "budget_time": None,
        "budget_tokens": None, "budget_usd": None, "cost_tracker_path": None, "terminal_criteria": None,
        "failure": None, "created_at": Timestamp.parse(CREATED).seconds,
        "updated_at": Timestamp.parse(CREATED).seconds, "completed_at": None, "controller_pid": None, "version": 1,
    }  # fmt: skip
    return members | changes


def facts_of(
    *, goal: Members | None = None, proof: Members | None = None, graph: Members | None = None, **more: Any
) -> Facts:
    """The facts in these documents, each complete unless it is given; `more` are further facts."""
    graph_text = json.dumps(graph_json() if graph is None else graph)
    return Facts(
        **{
            "goal_id": GOAL_ID,
            "goal_dir": f"/goals/{GOAL_ID}",
            "goal": read_goal(json.dumps(goal_json() if goal is None else goal), f"/goals/{GOAL_ID}"),
            "stored": read_proof(json.dumps(proof_json() if proof is None else proof)),
            "graph": read_task_graph(graph_text),
            "deliveries": read_deliveries(graph_text),
            **more,
        }
    )
