"""The files of an opened goal, as omk leaves a goal after its intake (STATE-FORMAT 2, 4), from the intake record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.redaction import redact
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.known_gaps import NO_PROMPT
from omk_tui.core.judgement.oracle import consult
from omk_tui.core.opening.branch_work import Work
from omk_tui.core.records.budget import Usage, checkpoint
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.events import event_line
from omk_tui.core.records.file_names import (
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    INTEGRATION_FOLDER,
    PROOF_FILE,
)
from omk_tui.core.records.goal import Artifact, Goal, TerminalCriteria, write_goal
from omk_tui.core.records.intake import INTAKE_FILE, Intake, write_intake
from omk_tui.core.records.proof import GitEvidence, Proof, Sidecars, StoredProof, TaskCounts, write_proof
from omk_tui.core.records.task_names import AGENT_EXECUTE, LOCAL_VERIFY, REVIEW, SECURITY_REVIEW
from omk_tui.core.text.words import first_few, normalise
from omk_tui.light.fresh_id import fresh_id

RUN_FOLDER = f"artifacts/agent-runs/{AGENT_EXECUTE}"
CONFLICT_FILE = f"{INTEGRATION_FOLDER}/merge-conflict-{AGENT_EXECUTE}.json"
CONTROLLER = "goal-controller"
GATES_NOT_RUN = "verification gates have not run for this goal"
REVIEW_NOT_RUN = "review evidence has not run for this goal yet"
SECURITY_NOT_RUN = "security review evidence has not run for this goal yet"
NOT_READY = "not ready: verification gates and reviews have not run on the branch yet"
_MOST_NAMED = 5
_PLANNING = (("prd", "prd.md"), ("technical_plan", "technical-plan.md"), ("task_graph", GRAPH_FILE))
_PLANS = (*_PLANNING, ("test_spec", "test-spec.md"), ("proof", PROOF_FILE), ("decisions", "decisions.jsonl"))
NewId = Callable[[], str]


def goal_files(
    intake: Intake, text: str, work: Work, state_dir: str, now: Timestamp, new_id: NewId = fresh_id
) -> tuple[Goal, dict[str, bytes]]:
    """The goal and all its files by path below the goal directory; `state_dir` is that directory's path."""
    goal = _goal(intake, text, state_dir, now)
    graph = omk_json.pretty(_graph(intake, work, now))
    deliveries = tuple(delivery.as_json() for delivery in read_deliveries(graph))
    proof = write_proof(StoredProof(_proof(intake, goal, work, now), Sidecars()), deliveries)
    point = checkpoint(goal, Usage(), "goal_created", now)
    files = {
        GOAL_FILE: write_goal(goal).encode(),
        PROOF_FILE: proof.encode(),
        GRAPH_FILE: graph.encode(),
        EVENTS_FILE: _events(intake, goal, point, now, new_id).encode(),
        CHECKPOINTS_FILE: f"{omk_json.compact(point)}\n".encode(),
        "decisions.jsonl": _decisions(intake, now).encode(),
        "prd.md": _brief(intake, text, now).encode(),
        "technical-plan.md": _plan(intake, now).encode(),
        "test-spec.md": _test_spec(intake, goal, now).encode(),
        f"{RUN_FOLDER}/mutation.diff": work.diff or b"No project file changes were detected after the agent wave.\n",
        f"{RUN_FOLDER}/changed-files.json": omk_json.pretty(redact(list(work.files))).encode(),
        INTAKE_FILE: write_intake(intake),
    }
    if intake.merge == "conflict":
        files[CONFLICT_FILE] = omk_json.pretty(_conflict(intake, work)).encode()
    return goal, files


def _goal(intake: Intake, text: str, state_dir: str, now: Timestamp) -> Goal:
    return Goal(
        version=1,
        goal_id=intake.goal_id,
        original_goal=text,
        normalized_goal=normalise(text),
        status="not_ready",
        phase="proof",
        created_at=now,
        updated_at=now,
        completed_at=now,
        until_ready=False,
        budget_time=None,
        budget_tokens=None,
        budget_usd=None,
        max_agents=None,
        cost_tracker_path=f"{state_dir.rstrip('/')}/cost.jsonl",
        terminal_criteria=TerminalCriteria(),
        delivery_policy="local",
        merge_policy="disabled",
        slice_execution=False,
        artifacts=tuple(Artifact(kind, path, now) for kind, path in _PLANS),
        failure=None,
        state_dir=state_dir,
    )


def _proof(intake: Intake, goal: Goal, work: Work, now: Timestamp) -> Proof:
    gaps = [GATES_NOT_RUN, REVIEW_NOT_RUN, SECURITY_NOT_RUN, *work.notes]
    if intake.text_from == "first commit":
        gaps.append(NO_PROMPT)
    return Proof(
        version=1,
        goal_id=goal.goal_id,
        status="not_ready",
        readiness=NOT_READY,
        summary=f"Goal '{goal.normalized_goal}' was opened from {intake.branch_name}; nothing has been verified yet.",
        generated_at=now,
        artifacts=goal.artifacts,
        task_graph_summary=TaskCounts(total_tasks=6, pending_tasks=3, blocked_tasks=0, done_tasks=3),
        changed_files=work.files,
        commits=(intake.head, *(each.id for each in work.commits if each.id != intake.head)),
        git=GitEvidence(intake.branch_name, intake.head, intake.uncommitted > 0),
        gates=(),
        post_mutation_gates_ran=False,
        known_gaps=tuple(gaps),
        human_decisions_required=(),
        recovery_status=None,
    )


def _graph(intake: Intake, work: Work, now: Timestamp) -> dict[str, Json]:
    brief = _evidence("artifact", "prd.md", "The brief records the goal's text and where it came from.")
    plan = _evidence("artifact", "technical-plan.md", "The plan records the branch, its base and their commits.")
    commits = [
        _evidence("commit", each.id, "; ".join((f"{each.subject} ({each.author})", *each.trailers)))
        for each in work.commits
    ]
    execute = _task(AGENT_EXECUTE, f"Work on branch {intake.branch_name}", "done", now, commits, [LOCAL_VERIFY])
    execute["delivery"] = _delivery(intake, work)
    tasks: list[Json] = [
        _task("goal-intake", "Record where the goal came from", "done", now, [brief], []),
        _task("goal-plan", "Record what is to be judged", "done", now, [plan], ["goal-intake"]),
        _task(LOCAL_VERIFY, "Run the gates of the base on the branch", "pending", now, [], ["goal-plan"]),
        execute,
        _task(REVIEW, "Review the branch", "pending", now, [], [AGENT_EXECUTE]),
        _task(SECURITY_REVIEW, "Review the branch for security", "pending", now, [], [AGENT_EXECUTE]),
    ]
    return {"version": 1, "goal_id": intake.goal_id, "generated_at": now.text(), "tasks": tasks}


def _evidence(kind: str, path: str, summary: str) -> dict[str, Json]:
    return {"kind": kind, "path": path, "summary": summary}


def _task(
    name: str, title: str, status: str, now: Timestamp, evidence: Sequence[dict[str, Json]], after: Sequence[str]
) -> dict[str, Json]:
    """A task by omk's keys in their order (STATE-FORMAT 4.2)."""
    done: dict[str, Json] = {"completed_at": now.text()} if status == "done" else {}
    return {
        "id": name,
        "title": title,
        "description": f"{title}.",
        "status": status,
        "owner_role": CONTROLLER,
        **done,
        "evidence": list(evidence),
        "retry_count": 0,
        "max_retries": 0,
        "lease_expires_at": None,
        "dependencies": list(after),
        "read_set": [],
        "write_set": [],
        "risk": "medium",
        "acceptance": [title],
    }


def _delivery(intake: Intake, work: Work) -> dict[str, Json]:
    """The branch as omk's delivery record; in a conflict with omk's members for that (STATE-FORMAT 4.2, 4.5)."""
    clean = intake.merge != "conflict"
    delivery: dict[str, Json] = (
        {} if clean else {"merge_conflict_artifact": CONFLICT_FILE, "merge_conflict_clean": False}
    )
    delivery |= {"slice_id": intake.branch_name, "branch": intake.branch_name}
    if intake.worktree:
        delivery["worktree_path"] = intake.worktree
    delivery |= {"commit_sha": intake.head, "verification_summary": intake.merge_text}
    delivery["status"] = "ready_for_review" if clean else "blocked"
    if not clean:
        delivery["conflict_evidence_path"] = CONFLICT_FILE
        delivery["conflict_blocking_reason"] = _conflict_words(intake, work)
    return delivery


def _conflict_words(intake: Intake, work: Work) -> str:
    files = first_few(work.conflicts, _MOST_NAMED) or "files that git did not name"
    return f"{intake.branch_name} does not merge into {intake.base_ref}: {files}"


def _conflict(intake: Intake, work: Work) -> dict[str, Json]:
    return {
        "task_id": AGENT_EXECUTE,
        "source_ref": intake.head,
        "target_ref": intake.base,
        "clean_merge": False,
        "conflicting_files": list(work.conflicts),
        "command_line": f"git merge-tree {intake.base} {intake.head}",
        "stdout_summary": "\n".join(work.conflicts),
        "stderr_summary": "",
        "artifact_path": CONFLICT_FILE,
        "conflict_classification": {"Unsafe": {"reason": _conflict_words(intake, work)}},
    }


def _events(intake: Intake, goal: Goal, point: Mapping[str, Json], now: Timestamp, new_id: NewId) -> str:
    def line(kind: str, actor: str | None, payload: dict[str, Json] | None) -> str:
        return event_line(event_id=new_id(), run_id=goal.goal_id, at=now, kind=kind, actor=actor, payload=payload)

    lines = [
        line(
            "run_started",
            None,
            {"mode": "goal", "project_dir": intake.project_dir, "description": goal.original_goal},
        )
    ]
    for name, title in (
        ("goal-intake", "Record where the goal came from"),
        ("goal-plan", "Record what is to be judged"),
        (AGENT_EXECUTE, f"Work on branch {intake.branch_name}"),
    ):
        lines.append(line("task_started", CONTROLLER, {"task_id": name, "worker_id": CONTROLLER, "title": title}))
        summary = f"{intake.commits} commits" if name == AGENT_EXECUTE else title
        done: dict[str, Json] = {"task_id": name, "worker_id": CONTROLLER, "output_summary": summary}
        lines.append(line("task_completed", CONTROLLER, done))
    lines.append(line("budget_checkpoint", CONTROLLER, dict(point)))
    lines.append(line("run_completed", None, None))
    return "".join(lines)


def _decisions(intake: Intake, now: Timestamp) -> str:
    """omk's three lines of planning decisions (STATE-FORMAT 2)."""
    decisions = (
        ("planning", "planning_boundary", "Record the branch before anything is judged.", "prd.md"),
        ("decomposition", "task_graph_shape", "One task for the branch, one for its gates, two reviews.", GRAPH_FILE),
        ("execution", "execution_boundary", "Nothing of the branch runs before its gates are asked for.", PROOF_FILE),
    )
    lines: list[Json] = [
        {
            "version": 1,
            "goal_id": intake.goal_id,
            "created_at": now.text(),
            "actor": CONTROLLER,
            "phase": phase,
            "kind": kind,
            "decision": decision,
            "rationale": "A branch is judged by what its base defines.",
            "constraints": ["readiness requires verification evidence"],
            "artifacts": [path],
        }
        for phase, kind, decision, path in decisions
    ]
    return "".join(f"{omk_json.compact(line)}\n" for line in lines)


def _brief(intake: Intake, text: str, now: Timestamp) -> str:
    return (
        f"# Goal Brief\n\nGenerated: {now.human()}\n\n## Original Goal\n\n{text}\n\n## Normalized Goal\n\n"
        f"{normalise(text)}\n\n## Current Scope\n\nOpened from {intake.branch_name} by {intake.opened_by} with "
        f"{intake.tool}; the text is from: {intake.text_from}.\n"
    )


def _plan(intake: Intake, now: Timestamp) -> str:
    return (
        f"# Technical Plan\n\nGenerated: {now.human()}\n\n- branch: {intake.branch_name} at `{intake.head}`\n"
        f"- base: {intake.base_ref} at `{intake.base}`, merge base `{intake.merge_base}`\n"
        f"- merge: {intake.merge_text}\n- commits: {intake.commits}, by {', '.join(intake.authors) or 'nobody'}\n"
        f"\nGoal ID: `{intake.goal_id}`\n"
    )


def _test_spec(intake: Intake, goal: Goal, now: Timestamp) -> str:
    oracle = consult(goal.normalized_goal, ())
    checks = "".join(f"- `{check.name}`\n" for check in oracle.checks)
    return (
        f"# Test Spec\n\nGenerated: {now.human()}\n\n## Oracle Criteria\n\nOracle kind: `{oracle.kind}`\n\n"
        f"Required checks before `ready`:\n\n{checks}\nGoal ID: `{intake.goal_id}`\n"
    )
