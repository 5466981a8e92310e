"""A decision and what it would write. Planning is pure: preview and commit are the same function."""

from __future__ import annotations

from omk_tui.core.decision.objection import is_unicode, objection
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, UpsertRow
from omk_tui.core.decision.rollback import rollback_plan
from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.redaction import redact
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.oracle import Oracle
from omk_tui.core.records.budget import checkpoint
from omk_tui.core.records.conflict import DECISION_FILE, EMBED_LIMIT, Evidence, embedded_text
from omk_tui.core.records.events import budget_checkpoint, proof_written
from omk_tui.core.records.file_names import (
    ACCEPT_FILE,
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    INTEGRATION_FOLDER,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.core.records.goal import Artifact, Failure, Goal, with_artifact, write_goal
from omk_tui.core.records.goal_row import row_of
from omk_tui.core.records.proof import Proof, StoredProof, write_proof
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.light.dataclass import dataclass, replace


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person asks for: a verb, the goal's id, and the summary (accept) or reason (reject), trimmed.

    `snapshot` is the digest of what the person saw; None binds the decision to what is there when it is taken.
    `record_not_ready` lets an accept with missing evidence be recorded, `despite_conflicts` one with an open conflict,
    as omk does. `looked_at` names the sections
    that the person had open, for the ledger.
    """

    verb: Verb
    goal_id: str
    text: str
    snapshot: str | None = None
    record_not_ready: bool = False
    despite_conflicts: bool = False
    looked_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moments:
    """The four clock readings of a decision, never decreasing (STATE-FORMAT 6.2, 6.7)."""

    decided: Timestamp
    proof_event: Timestamp
    checkpoint: Timestamp
    checkpoint_event: Timestamp


@dataclass(frozen=True, slots=True)
class EventIds:
    """The v4 uuids of the decision's two events."""

    proof_event: str
    checkpoint_event: str


def _text_objection(text: str) -> Failed | None:
    """Why a summary or reason cannot be written down, or None."""
    return None if is_unicode(text) else Failed("the text is not valid UTF-8, and no file of omk could hold it")


def plan_accept(review: Review, summary: str, moments: Moments, ids: EventIds) -> DecisionPlan | Refused | Failed:
    """Every byte that omk's accept would write for this review (STATE-FORMAT 6.2, 6.7); the summary is trimmed.

    With missing evidence the plan records `not_ready`, as omk does; whether that is wanted is the caller's question.
    """
    facts = review.facts
    hindrance = objection(review, "accept") or _text_objection(summary)
    if hindrance:
        return hindrance
    assert facts.goal and facts.stored and review.judgement.oracle
    missing = review.judgement.missing
    now = moments.decided
    evidence = _evidence("accepted", summary, now, ACCEPT_FILE, missing)
    goal = replace(
        facts.goal,
        status="not_ready" if missing else "ready",
        phase="proof",
        updated_at=now,
        completed_at=now,
        artifacts=with_artifact(facts.goal.artifacts, Artifact("integration_acceptance", ACCEPT_FILE, now)),
    )
    name = goal.normalized_goal
    proof = replace(
        facts.stored.proof,
        readiness="not ready: integrator acceptance found missing proof evidence"
        if missing
        else "ready: integration and oracle evidence passed",
        summary=f"Goal '{name}' cannot be accepted as ready until missing evidence is resolved."
        if missing
        else f"Goal '{name}' is proof-backed ready: gates, execution, review, integration, and oracle evidence passed.",
        known_gaps=missing,
    )
    decision_file = ReplaceFile(ACCEPT_FILE, _redacted(evidence), review.target(ACCEPT_FILE).exists)
    return _plan(review, "accept", goal, proof, evidence, review.judgement.oracle, (decision_file,), moments, ids)


def plan_reject(review: Review, reason: str, moments: Moments, ids: EventIds) -> DecisionPlan | Refused | Failed:
    """Every byte that omk's reject would write for this review (STATE-FORMAT 6.2, 6.6, 6.7); the reason is trimmed."""
    facts = review.facts
    hindrance = objection(review, "reject") or _text_objection(reason)
    if hindrance:
        return hindrance
    assert facts.goal and facts.stored and review.judgement.oracle
    now = moments.decided
    evidence = _evidence("rejected", reason, now, REJECT_FILE, (reason,))
    artifacts = with_artifact(facts.goal.artifacts, Artifact("integration_rejection", REJECT_FILE, now))
    goal = replace(
        facts.goal,
        status="not_ready",
        phase="proof",
        updated_at=now,
        completed_at=now,
        failure=Failure(reason, now),
        artifacts=with_artifact(artifacts, Artifact("integration_rollback_plan", ROLLBACK_FILE, now)),
    )
    proof = replace(
        facts.stored.proof,
        readiness="not ready: integration rejected by local integrator",
        summary=f"Goal '{goal.normalized_goal}' was rejected by the local integrator: {reason}",
        known_gaps=(reason,),
    )
    decision_bytes = _redacted(evidence)
    rollback = rollback_text(review, reason, decision_bytes)
    files = (
        ReplaceFile(REJECT_FILE, decision_bytes, review.target(REJECT_FILE).exists),
        ReplaceFile(ROLLBACK_FILE, rollback.encode("utf-8"), review.target(ROLLBACK_FILE).exists),
    )
    return _plan(review, "reject", goal, proof, evidence, review.judgement.oracle, files, moments, ids)


def rollback_text(review: Review, reason: str, decision_bytes: bytes) -> str:
    """The rollback plan; evidence that names the decision file embeds `decision_bytes`, written just before."""
    facts = review.facts
    own = Evidence(text=embedded_text(decision_bytes[: EMBED_LIMIT + 1]))
    conflicts = [
        replace(conflict, evidence=own) if conflict.evidence == DECISION_FILE else conflict
        for conflict in review.conflicts
    ]
    assert facts.goal and facts.stored
    return rollback_plan(facts.goal.goal_id, reason, facts.stored.proof.changed_files, conflicts)


def _evidence(status: str, text: str, now: Timestamp, path: str, missing: tuple[str, ...]) -> dict[str, Json]:
    """The decision object of integrator-*.json and `integration_evidence` (STATE-FORMAT 4.6)."""
    return {
        "status": status,
        "summary": text,
        "decided_at": now.text(),
        "artifact_path": path,
        "missing_evidence": list(missing),
    }


def _redacted(evidence: dict[str, Json]) -> bytes:
    return omk_json.pretty(redact(evidence)).encode("utf-8")


def _plan(
    review: Review,
    verb: Verb,
    goal: Goal,
    proof: Proof,
    evidence: dict[str, Json],
    oracle: Oracle,
    decision_files: tuple[ReplaceFile, ...],
    moments: Moments,
    ids: EventIds,
) -> DecisionPlan:
    """The steps that both verbs share, round the files of the one."""
    facts = review.facts
    assert facts.stored and facts.deliveries is not None
    new_proof = replace(
        proof,
        status=goal.status,
        generated_at=moments.decided,
        artifacts=goal.artifacts,
        git=review.git or proof.git,
    )
    sidecars = replace(facts.stored.sidecars, integration_evidence=(evidence,), oracle_evidence=(oracle.as_json(),))
    deliveries = tuple(delivery.as_json() for delivery in facts.deliveries)
    proof_text = write_proof(StoredProof(new_proof, sidecars), deliveries)
    point = checkpoint(goal, review.usage, "integration_decision", moments.checkpoint)
    proof_path = f"{goal.state_dir.rstrip('/')}/{PROOF_FILE}"
    events = [
        proof_written(ids.proof_event, goal.goal_id, moments.proof_event, proof_path, goal.status),
        budget_checkpoint(ids.checkpoint_event, goal.goal_id, moments.checkpoint_event, point),
    ]
    log, points = review.target(EVENTS_FILE), review.target(CHECKPOINTS_FILE)
    first, second = (event.encode("utf-8") for event in events)
    point_line = (omk_json.compact(point) + "\n").encode("utf-8")
    return DecisionPlan(
        verb=verb,
        goal_id=facts.goal_id,
        snapshot=review.snapshot,
        goal=goal,
        proof=new_proof,
        steps=(
            MakeFolder(ARTIFACTS_FOLDER, review.target(ARTIFACTS_FOLDER).exists, private=False),
            MakeFolder(INTEGRATION_FOLDER, review.target(INTEGRATION_FOLDER).exists, private=True),
            *decision_files,
            UpsertRow(row_of(goal)),
            ReplaceFile(GOAL_FILE, write_goal(goal).encode("utf-8"), review.target(GOAL_FILE).exists),
            ReplaceFile(PROOF_FILE, proof_text.encode("utf-8"), exists=True),
            AppendLine(EVENTS_FILE, b"\n" * log.torn + first, log.exists, private=False),
            AppendLine(CHECKPOINTS_FILE, b"\n" * points.torn + point_line, points.exists, private=True),
            AppendLine(EVENTS_FILE, second, exists=True, private=False),
        ),
        dropped_gaps=tuple(gap for gap in facts.stored.proof.known_gaps if gap not in new_proof.known_gaps),
    )
