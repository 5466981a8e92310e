"""What is written when gates ran or a review was given on an opened goal: every byte, planned before anything is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from omk_tui.core.decision.plan import AppendLine, MakeFolder, ReplaceFile, Step, UpsertRow
from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.known_gaps import GATES_NEVER_RAN
from omk_tui.core.judgement.review_wall import GOAL_REVIEW, build_wall, gates_hold
from omk_tui.core.judgement.review_wall import SECURITY_REVIEW as SECURITY_FILE
from omk_tui.core.opening.documents import CONTROLLER, GATES_NOT_RUN, REVIEW_NOT_RUN, SECURITY_NOT_RUN, NewId
from omk_tui.core.records.budget import checkpoint
from omk_tui.core.records.events import event_line
from omk_tui.core.records.file_names import (
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    PROOF_FILE,
)
from omk_tui.core.records.gate_run import GATE_RUN_FILE, GateNote, GateRun, never_ran, write_gate_run
from omk_tui.core.records.goal import Artifact, Goal, with_artifact, write_goal
from omk_tui.core.records.goal_row import row_of
from omk_tui.core.records.proof import Gate, Proof, Sidecars, StoredProof, TaskCounts, write_proof
from omk_tui.core.records.task_names import LOCAL_VERIFY, REVIEW, SECURITY_REVIEW
from omk_tui.core.review.goal_review import Review
from omk_tui.light.dataclass import dataclass, replace
from omk_tui.light.fresh_id import fresh_id

RecordVerb = Literal["gate", "review", "security_review"]
REVIEWS_FOLDER = "artifacts/reviews"
GATES_FAILED = "required verification gates failed"
_REVIEW_OF: dict[RecordVerb, tuple[str, str, str, str]] = {
    "review": (REVIEW, GOAL_REVIEW, REVIEW_NOT_RUN, "review"),
    "security_review": (SECURITY_REVIEW, SECURITY_FILE, SECURITY_NOT_RUN, "security_review"),
}
REVIEW_TASKS: dict[RecordVerb, str] = {verb: task for verb, (task, *_) in _REVIEW_OF.items()}
"""The task of the graph that each kind of review does."""


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """Everything that recording evidence writes, as steps in their order."""

    verb: RecordVerb
    goal_id: str
    at: Timestamp
    steps: tuple[Step, ...]

    @property
    def decided_at(self) -> str:
        """When it was recorded, as the journal says it."""
        return self.at.text()


def gate_record(
    review: Review,
    graph: Mapping[str, Json],
    gates: Sequence[Gate],
    notes: Sequence[GateNote],
    now: Timestamp,
    new_id: NewId = fresh_id,
    required: tuple[str, ...] = (),
) -> RecordPlan:
    """The plan for gates that ran; `graph` is the raw task graph. Gates of the same name give way, others stay.

    `required` names all gates that have to pass. While one of them never ran, local verification stays pending: omk's
    rule for gates asks only for those of which there is a record.
    """
    facts = review.facts
    assert facts.goal and facts.stored
    merged = _merged(facts.stored.proof.gates, gates)
    hold, unrun = gates_hold(merged), never_ran(required, merged)
    verified = hold and not unrun
    passed = sum(gate.passed for gate in merged)
    counts = f"{passed}/{len(merged)} gate(s) succeeded."
    outcome = "passed" if verified else "is pending" if hold else "is blocked"
    evidence: list[Json] = [
        {
            "kind": "gate_artifacts",
            "path": "artifacts/gates",
            "summary": f"Local verification {outcome}: {counts}",
        },
        {"kind": "proof", "path": PROOF_FILE, "summary": "Goal proof refreshed from local verification evidence."},
    ]
    state = "done" if verified else "pending" if hold else "blocked"
    new_graph = _with_task(graph, LOCAL_VERIFY, state, evidence, now)
    gaps = [
        gap
        for gap in facts.stored.proof.known_gaps
        if gap not in (GATES_NOT_RUN, GATES_FAILED) and not gap.startswith(GATES_NEVER_RAN)
    ]
    gaps += [] if hold else [GATES_FAILED]
    gaps += [GATES_NEVER_RAN + ", ".join(unrun)] if unrun else []
    proof = replace(
        facts.stored.proof,
        gates=merged,
        post_mutation_gates_ran=facts.stored.proof.post_mutation_gates_ran or any(not gate.skipped for gate in gates),
        known_gaps=tuple(gaps),
    )
    goal = replace(facts.goal, updated_at=now)
    by_name = {note.name: note for note in (*facts.gate_notes, *notes)}
    kept = tuple(by_name[gate.name] for gate in merged if gate.name in by_name)
    own = (ReplaceFile(GATE_RUN_FILE, write_gate_run(GateRun(kept, required)), exists=bool(facts.gate_notes)),)
    events = [_gate_events(gate, goal.goal_id, now, new_id) for gate in gates]
    if state != "pending":
        events.append(_task_event(LOCAL_VERIFY, verified, counts, goal.goal_id, now, new_id))
    return _plan("gate", review, goal, proof, facts.stored.sidecars, new_graph, own, events, now, new_id)


def review_record(
    verb: RecordVerb,
    review: Review,
    graph: Mapping[str, Json],
    text: bytes,
    about: str,
    settled: bool,
    now: Timestamp,
    new_id: NewId = fresh_id,
) -> RecordPlan:
    """The plan for a review: its file, and its task done where it speaks of the judged commit (`settled`)."""
    facts = review.facts
    assert facts.goal and facts.stored
    task, path, gap, kind = _REVIEW_OF[verb]
    evidence: list[Json] = [{"kind": kind, "path": path, "summary": about}]
    new_graph = _with_task(graph, task, "done" if settled else "pending", evidence, now)
    artifacts = with_artifact(facts.goal.artifacts, Artifact(kind, path, now))
    goal = replace(facts.goal, updated_at=now, artifacts=artifacts)
    gaps = [each for each in facts.stored.proof.known_gaps if each != gap]
    proof = replace(facts.stored.proof, artifacts=artifacts, known_gaps=tuple(gaps) if settled else (*gaps, gap))
    done = {name for name, status in _states(new_graph) if status == "done"}
    wall = build_wall(
        reviewed=REVIEW in done,
        security_reviewed=SECURITY_REVIEW in done,
        gates=proof.gates,
        changed_files=proof.changed_files,
    )
    recorded: tuple[Json, ...] = tuple({"pass": review_pass.name, **review_pass.members} for review_pass in wall)
    sidecars = replace(facts.stored.sidecars, review_artifacts=recorded)
    own = (MakeFolder(REVIEWS_FOLDER, exists=False, private=True), ReplaceFile(path, text, exists=False))
    events = [_task_event(task, settled, about, goal.goal_id, now, new_id)]
    return _plan(verb, review, goal, proof, sidecars, new_graph, own, events, now, new_id)


def _plan(
    verb: RecordVerb,
    review: Review,
    goal: Goal,
    proof: Proof,
    sidecars: Sidecars,
    graph: dict[str, Json],
    own: tuple[Step, ...],
    events: Sequence[str],
    now: Timestamp,
    new_id: NewId,
) -> RecordPlan:
    facts = review.facts
    assert facts.deliveries is not None
    counts = _counts(graph)
    verified = gates_hold(proof.gates) and (LOCAL_VERIFY, "done") in _states(graph)
    reviewed = counts.pending_tasks == 0 and counts.blocked_tasks == 0
    readiness = (
        "not ready: required verification evidence is incomplete or failing"
        if not verified
        else "not ready: verification gates passed, but review evidence is missing"
        if not reviewed
        else "not ready: integrator acceptance is missing"
    )
    status: Literal["not_ready"] = "not_ready"
    goal = replace(goal, status=status, phase="proof")
    new_proof = replace(
        proof,
        status=status,
        readiness=readiness,
        summary=f"Goal '{goal.normalized_goal}' has {len(proof.gates)} gate result(s) and remains not ready until all "
        "required execution and review evidence exists.",
        generated_at=now,
        task_graph_summary=counts,
    )
    deliveries = tuple(delivery.as_json() for delivery in facts.deliveries)
    label = "verify_completed" if verb == "gate" else "review_completed"
    point = checkpoint(goal, review.usage, label, now)
    proof_path = f"{goal.state_dir.rstrip('/')}/{PROOF_FILE}"
    written: dict[str, Json] = {"proof_path": proof_path, "status": status}
    lines = [
        *events,
        event_line(event_id=new_id(), run_id=goal.goal_id, at=now, kind="proof_written", actor=None, payload=written),
        event_line(
            event_id=new_id(), run_id=goal.goal_id, at=now, kind="budget_checkpoint", actor=CONTROLLER, payload=point
        ),
    ]
    log, points = review.target(EVENTS_FILE), review.target(CHECKPOINTS_FILE)
    point_line = (omk_json.compact(point) + "\n").encode()
    return RecordPlan(
        verb,
        facts.goal_id,
        now,
        (
            MakeFolder(ARTIFACTS_FOLDER, review.target(ARTIFACTS_FOLDER).exists, private=False),
            *own,
            ReplaceFile(GRAPH_FILE, omk_json.pretty(graph).encode(), exists=True),
            UpsertRow(row_of(goal)),
            ReplaceFile(GOAL_FILE, write_goal(goal).encode(), exists=True),
            ReplaceFile(PROOF_FILE, write_proof(StoredProof(new_proof, sidecars), deliveries).encode(), exists=True),
            AppendLine(EVENTS_FILE, b"\n" * log.torn + "".join(lines).encode(), log.exists, private=False),
            AppendLine(CHECKPOINTS_FILE, b"\n" * points.torn + point_line, points.exists, private=True),
        ),
    )


def _merged(before: Sequence[Gate], now: Sequence[Gate]) -> tuple[Gate, ...]:
    by_name = {gate.name: gate for gate in now}
    stay = [by_name.pop(gate.name, gate) for gate in before]
    return (*stay, *by_name.values())


def _with_task(
    graph: Mapping[str, Json], name: str, status: str, evidence: list[Json], now: Timestamp
) -> dict[str, Json]:
    """The raw task graph with one task's state and evidence; everything else of it stays as it is."""
    tasks = graph.get("tasks")
    changed: list[Json] = []
    for task in tasks if isinstance(tasks, list) else ():
        if isinstance(task, dict) and task.get("id") == name:
            members: dict[str, Json] = {}
            for key, value in task.items():
                if key == "status":
                    members["status"] = status
                elif key == "evidence":
                    if status == "done":
                        members["completed_at"] = now.text()
                    members["evidence"] = evidence
                elif key != "completed_at":
                    members[key] = value
            changed.append(members)
        else:
            changed.append(task)
    return {**graph, "tasks": changed}


def _states(graph: Mapping[str, Json]) -> list[tuple[str, str]]:
    tasks = graph.get("tasks")
    return [
        (str(task.get("id")), str(task.get("status")))
        for task in (tasks if isinstance(tasks, list) else ())
        if isinstance(task, dict)
    ]


def _counts(graph: Mapping[str, Json]) -> TaskCounts:
    states = [status for _, status in _states(graph)]
    return TaskCounts(len(states), states.count("pending"), states.count("blocked"), states.count("done"))


def _gate_events(gate: Gate, goal_id: str, now: Timestamp, new_id: NewId) -> str:
    """The two lines that omk's verify writes for each gate; a skipped one has none of its own."""
    about: dict[str, Json] = {"gate_id": gate.name, "name": gate.name}
    ended: dict[str, Json] = {"command_line": gate.command_line}
    if gate.exit_code is not None:
        ended["exit_code"] = gate.exit_code
    ended["timed_out"] = gate.timed_out
    path: dict[str, Json] = {"output_path": gate.output_path} if gate.output_path else {}
    sums: dict[str, Json] = {"stdout_summary": gate.stdout_summary, "stderr_summary": gate.stderr_summary}
    short: dict[str, Json] = {key: value for key, value in sums.items() if value is not None}
    finished = {**about, **ended, **sums, **path}
    verdict = {**about, "required": gate.required, **ended, **short, **path, "timeout_secs": gate.timeout_secs}
    kind = "gate_passed" if gate.passed else "gate_failed"
    return event_line(
        event_id=new_id(), run_id=goal_id, at=now, kind="command_finished", actor=None, payload=finished
    ) + event_line(event_id=new_id(), run_id=goal_id, at=now, kind=kind, actor=None, payload=verdict)


def _task_event(task: str, done: bool, summary: str, goal_id: str, now: Timestamp, new_id: NewId) -> str:
    payload: dict[str, Json] = {"task_id": task, "worker_id": CONTROLLER}
    payload |= {"output_summary": summary} if done else {"summary": summary}
    kind = "task_completed" if done else "task_failed"
    return event_line(event_id=new_id(), run_id=goal_id, at=now, kind=kind, actor=CONTROLLER, payload=payload)
