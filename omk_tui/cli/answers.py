"""From the engine's values to the documents of `--json`; imported only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Literal

from omk_tui.cli import check_document as check
from omk_tui.cli import documents as out
from omk_tui.cli.check_page import remedy
from omk_tui.cli.document import Document
from omk_tui.cli.manual import COMMANDS
from omk_tui.core.decision.findings import Finding
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement import goal_line
from omk_tui.core.judgement.judge import after_decision
from omk_tui.core.judgement.oracle import Oracle
from omk_tui.core.judgement.review_wall import Pass
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.records.ledger_entries import History, LedgerEntry
from omk_tui.core.records.recorded_decision import RecordedDecision
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import SNAPSHOT_VERSION, Review


def list_answer(goals: Sequence[goal_line.GoalLine], notes: Sequence[str], state_root: str) -> Document:
    """The list of goals in the given order."""
    return out.ListDocument(goals=[_listed(goal) for goal in goals], notes=list(notes), state_root=state_root, why=None)


def list_failure(why: str) -> Document:
    """The document of a list that could not be made."""
    return out.ListDocument(goals=[], notes=[], state_root=None, why=why)


def check_answer(review: Review) -> Document:
    """What was read of one goal and what it means."""
    facts, judgement = review.facts, review.judgement
    return check.CheckDocument(
        goal_id=review.goal_id,
        status=facts.goal.status if facts.goal else None,
        verdict=str(judgement.verdict),
        snapshot=review.snapshot,
        snapshot_version=SNAPSHOT_VERSION,
        ready=judgement.ready,
        missing=list(judgement.missing),
        requirements=[
            check.CheckedRequirement(text=one.text, met=one.met, facts=one.facts, next=one.next)
            for one in judgement.requirements
        ],
        oracle=_oracle(judgement.oracle) if judgement.oracle else None,
        wall=[_pass(one) for one in judgement.wall],
        conflicts=[_conflict(one) for one in review.conflicts],
        evidence=[*_evidence(review)],
        decision=_recorded(facts.decision),
        after_decision=list(after_decision(facts)),
        warnings=[check.CheckedWarning(code=one.code, text=one.text) for one in judgement.warnings],
        problems=[
            check.CheckedProblem(
                file=one.file, field=one.field, what=one.what, found=one.found, next=remedy(one, review.goal_id)
            )
            for one in facts.problems
        ],
        head=check.CheckedHead.model_validate(
            {
                "state": facts.head.state,
                "text": facts.head.text,
                "evidence": facts.head.evidence,
                "project": facts.head.project,
                "project_dir": facts.head.project_dir or None,
                "origin": facts.head.origin or None,
            }
        ),
        guard=judgement.guard or None,
        dropped_gaps=list(judgement.dropped_gaps),
        why=None,
    )


def _evidence(review: Review) -> Iterator[check.EvidenceFile]:
    for log in review.gate_logs:
        if log.path is not None:
            yield _evidence_file(review, log.path, log.gate, log.size, log.problem)
    for diff in review.diffs:
        yield _evidence_file(review, diff.path, diff.run, diff.size, diff.problem)


def _evidence_file(review: Review, path: str, of: str, size: int, problem: str) -> check.EvidenceFile:
    by_identity = path in review.by_identity
    return check.EvidenceFile(path=path, of=of, size=size, problem=problem or None, by_identity=by_identity)


def check_failure(goal_id: str, why: str) -> Document:
    """The document of a goal that could not be checked at all."""
    return check.CheckDocument(
        goal_id=goal_id,
        status=None,
        verdict=None,
        snapshot=None,
        snapshot_version=SNAPSHOT_VERSION,
        ready=False,
        missing=[],
        requirements=[],
        oracle=None,
        wall=[],
        conflicts=[],
        evidence=[],
        decision=None,
        after_decision=[],
        warnings=[],
        problems=[],
        head=None,
        guard=None,
        dropped_gaps=[],
        why=why,
    )


def plan_answer(verb: Verb, goal_id: str, outcome: DecisionPlan | Refused | Failed) -> Document:
    """What a decision would write, or why it would not be taken."""
    planned = outcome if isinstance(outcome, DecisionPlan) else None
    return out.PlanDocument(
        **_decided(goal_id, planned, outcome),
        decision=verb,
        outcome="planned" if planned else _stopping(outcome),
        rollback=planned.rollback if planned else None,
    )


def decision_answer(verb: Verb, goal_id: str, outcome: Outcome) -> Document:
    """What was recorded, or why nothing was."""
    kind = out.AcceptDocument if verb == "accept" else out.RejectDocument
    plan = outcome.plan if isinstance(outcome, Recorded) else None
    notes = list(outcome.notes) if isinstance(outcome, Recorded) else []
    finished = isinstance(outcome, Recorded) and outcome.finished
    ended = "recorded" if plan else _stopping(outcome)
    replaces = _recorded(outcome.replaces) if isinstance(outcome, Recorded) else None
    return kind(**_decided(goal_id, plan, outcome), outcome=ended, notes=notes, finished=finished, replaces=replaces)


def _recorded(decision: RecordedDecision | None) -> check.CheckedDecision | None:
    if decision is None:
        return None
    return check.CheckedDecision(
        what=decision.what, at=decision.at, who=decision.who or None, text=decision.text, stands=decision.stands
    )


def history_answer(goal_id: str, history: History, written: Sequence[tuple[str, bool]], *, verified: bool) -> Document:
    """The decisions of a goal's ledger, oldest first."""
    return out.HistoryDocument(
        goal_id=goal_id,
        decisions=[_ledger_entry(entry) for entry in history.entries],
        unlisted=[out.UnlistedDecision(**asdict(one)) for one in history.unlisted],
        interrupted=history.interrupted or None,
        intact=not any(entry.fault for entry in history.entries) if verified else None,
        files=[out.WrittenFile(path=path, unchanged=same) for path, same in written],
        why=None,
    )


def history_failure(goal_id: str, why: str) -> Document:
    """The document of a history that could not be read."""
    return out.HistoryDocument(
        goal_id=goal_id, decisions=[], unlisted=[], interrupted=None, intact=None, files=[], why=why
    )


def doctor_answer(findings: Sequence[Finding], *, repaired: bool) -> Document:
    """What a check-up found."""
    shown = [
        out.DoctorFinding(code=one.code, goal_id=one.goal_id or None, text=one.text, repair=one.repair or None)
        for one in findings
    ]
    return out.DoctorDocument(findings=shown, repaired=repaired, why=None)


def doctor_failure(why: str) -> Document:
    """The document of a check-up that could not be made."""
    return out.DoctorDocument(findings=[], repaired=False, why=why)


def _ledger_entry(entry: LedgerEntry) -> out.LedgerDecision:
    looked = entry.members.get("looked_at")
    return out.LedgerDecision(
        number=entry.number,
        decided_at=entry.text("decided_at") or None,
        who=entry.text("who") or None,
        tool=entry.text("tool") or None,
        verb=entry.text("verb") or None,
        status=entry.text("status") or None,
        text=entry.text("text") or None,
        snapshot=entry.text("snapshot") or None,
        snapshot_version=version if isinstance(version := entry.members.get("snapshot_version"), int) else 1,
        head=entry.text("head") or None,
        looked_at=[one for one in looked if isinstance(one, str)] if isinstance(looked, list) else [],
        written=entry.written,
        fault=entry.fault or None,
    )


def crash(words: Sequence[str], why: str) -> Document:
    """The document of a command that ended where none should end, as far as its arguments tell which it was."""
    command = next((word for word in words if word in COMMANDS), "list")
    goal_id = next((word for word in words[words.index(command) + 1 :] if not word.startswith("-")), "")
    match command:
        case "check":
            return check_failure(goal_id, why)
        case "history":
            return history_failure(goal_id, why)
        case "doctor":
            return doctor_failure(why)
        case "plan":
            return plan_answer("reject" if "reject" in words else "accept", goal_id, Failed(why))
        case "accept" | "reject":
            return decision_answer("accept" if command == "accept" else "reject", goal_id, Failed(why))
        case _:
            return list_failure(why)


def _decided(goal_id: str, plan: DecisionPlan | None, outcome: object) -> dict[str, Any]:
    files = plan.files if plan else ()
    return {
        "goal_id": plan.goal_id if plan else goal_id,
        "status": plan.status if plan else None,
        "readiness": plan.readiness if plan else None,
        "known_gaps": list(plan.known_gaps) if plan else [],
        "dropped_gaps": list(plan.dropped_gaps) if plan else [],
        "files": [out.ChangedFile(path=one.path, action=one.action, size=one.size, sha256=one.sha256) for one in files],
        "snapshot": plan.snapshot if plan else None,
        "snapshot_version": SNAPSHOT_VERSION,
        "why": outcome.why if isinstance(outcome, Refused | Failed) else None,
        "details": list(outcome.details) if isinstance(outcome, Refused) else [],
        "refusal": outcome.kind if isinstance(outcome, Refused) else None,
    }


def _stopping(outcome: object) -> Literal["refused", "failed"]:
    return "refused" if isinstance(outcome, Refused) else "failed"


def _listed(goal: goal_line.GoalLine) -> out.ListedGoal:
    return out.ListedGoal(
        goal_id=goal.goal_id,
        status=goal.status,
        phase=goal.phase,
        goal=goal.goal,
        created_at=_instant(goal.created_at),
        updated_at=_instant(goal.updated_at),
        verdict=str(goal.verdict),
        warnings=goal.warnings,
        problem=goal.problem,
        gates=_tally(goal.gates),
        oracle=_tally(goal.oracle),
        wall=_tally(goal.wall),
        conflicts=goal.conflicts,
        why=list(goal.why),
        next=goal.next,
        source=goal.source,
    )


def _oracle(oracle: Oracle) -> check.CheckedOracle:
    return check.CheckedOracle(
        kind=oracle.kind,
        matched=list(oracle.matched),
        status="passed" if oracle.passed else "blocked",
        checks=[
            check.CheckedOracleCheck(name=one.name, status="passed" if one.passed else "blocked", gate=one.gate)
            for one in oracle.checks
        ],
    )


def _pass(one: Pass) -> check.CheckedPass:
    return check.CheckedPass.model_validate(
        {
            "pass": one.name,
            "status": one.status,
            "path": one.path,
            "summary": one.summary,
            "evidence": [one.evidence],
            "risks": [one.risk],
            "known_gaps": list(one.known_gaps),
            "recommended_next_step": one.recommended_next_step,
        }
    )


def _conflict(one: Conflict) -> check.CheckedConflict:
    merge = one.merge
    return check.CheckedConflict(
        slice_id=one.slice_id,
        section_id=one.section_id,
        task_id=one.task_id,
        status=one.status,
        reason=one.reason,
        evidence_path=one.evidence_path,
        readable=one.evidence.readable if one.evidence else None,
        error=one.evidence.error if one.evidence else None,
        clean_merge=merge.clean_merge if merge else None,
        files=list(merge.files) if merge else [],
        classification=merge.classification or None if merge else None,
        classification_reason=merge.classification_reason or None if merge else None,
        source_ref=merge.source_ref or None if merge else None,
        target_ref=merge.target_ref or None if merge else None,
        open=one.open,
        stale=one.stale,
    )


def _instant(instant: Timestamp | None) -> str | None:
    return instant.text() if instant else None


def _tally(tally: goal_line.Tally | None) -> out.Tally | None:
    return out.Tally(good=tally.good, all=tally.all) if tally else None
