"""What the list says of one goal, from the facts that were read of it."""

from __future__ import annotations

from sys import intern

from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.judge import Judgement, after_decision, decide_command, judge, later_work
from omk_tui.core.judgement.requirements import COUNTED
from omk_tui.core.records.facts import Facts

_STATUS_NEXT = {
    "blocked_on_human": "show",
    "blocked_on_external": "show",
    "needs_more_budget": "budget",
    "failed_infra": "show",
    "paused": "resume",
    "running": "status",
    "cancelled": "show",
}

MOST_NAMED = 100
"""The most failing gates that a row names."""


def line_of(facts: Facts, project_dir: str | None = None) -> GoalLine:
    """The list's line for what was read of one goal; `project_dir` is the folder that its first event names."""
    judgement = judge(facts)
    goal, proof = facts.goal, facts.stored.proof if facts.stored else None
    problem = "; ".join(problem.sentence for problem in facts.problems) or None
    oracle, wall = judgement.oracle, judgement.wall
    return GoalLine(
        goal_id=facts.goal_id,
        status=goal.status if goal else None,
        phase=goal.phase if goal else None,
        goal=goal.original_goal if goal else None,
        created_at=goal.created_at if goal else None,
        updated_at=goal.updated_at if goal else None,
        verdict=judgement.verdict,
        warnings=judgement.news,
        problem=problem,
        gates=Tally(sum(gate.passed for gate in proof.gates), len(proof.gates)) if proof else None,
        oracle=Tally(sum(check.passed for check in oracle.checks), len(oracle.checks)) if oracle else None,
        wall=Tally(sum(review_pass.passed for review_pass in wall), len(wall)) if proof and facts.graph else None,
        conflicts=sum(warning.code == "open_conflict" for warning in judgement.warnings)
        if facts.deliveries is not None
        else None,
        why=_why(facts, judgement),
        next=_next(facts, judgement),
        head=facts.head.text,
        branch=facts.intake.branch_name if facts.intake else "",
        failing=tuple(gate.name for gate in proof.gates if gate.required and not gate.passed)[:MOST_NAMED]
        if proof
        else (),
        project=intern(facts.intake.repository.removesuffix("/.git") if facts.intake else project_dir or ""),
    )


def _why(facts: Facts, judgement: Judgement) -> tuple[str, ...]:
    if facts.interrupted:
        return (facts.interrupted,)
    if facts.problems:
        return tuple(problem.sentence for problem in facts.problems)
    if judgement.guard:
        return (judgement.guard,)
    if facts.decision is not None and facts.decision.verdict:
        return (facts.decision.sentence, *_missing(judgement))
    conflicts = tuple(
        f"merge conflict: {warning.text}" for warning in judgement.warnings if warning.code == "open_conflict"
    )
    if judgement.unwaived:
        return (*conflicts, *_missing(judgement))
    waived = f", {judgement.waived} of them waived" if judgement.waived else ""
    return (*conflicts, f"nothing is missing: all {COUNTED} of omk are met{waived}")


def _missing(judgement: Judgement) -> tuple[str, ...]:
    return tuple(
        f"{requirement.text}: {requirement.facts}"
        for requirement in judgement.requirements
        if not (requirement.met or requirement.waived)
    )


def _next(facts: Facts, judgement: Judgement) -> str:
    goal_id, goal = facts.goal_id, facts.goal
    if facts.problems or facts.interrupted or goal is None:
        return facts.call.desk("check", goal_id)
    if facts.decision is not None and facts.decision.verdict and not judgement.guard:
        return after_decision(facts)[-1]
    if goal.status in _STATUS_NEXT:
        return facts.step(_STATUS_NEXT[goal.status])
    later = later_work(facts)
    if later is not None and later.command:
        return later.command
    if judgement.conflict_open:
        return decide_command(facts, judgement, "reject")
    if judgement.ready:
        return decide_command(facts, judgement, "accept")
    return next(
        (requirement.next.splitlines()[-1] for requirement in judgement.requirements if requirement.next),
        facts.call.desk("check", goal_id),
    )
