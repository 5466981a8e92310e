"""Taking a decision: lock, recover, re-read, compare with what was seen, plan, carry out, look again."""

from __future__ import annotations

from collections.abc import Callable

from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import Decision
from omk_tui.core.judgement.judge import after_branch_decision, verdict_after
from omk_tui.core.review.changes import changes
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.shown_points import Seen, seen_of
from omk_tui.engine.deciding.carry_out import Written, carry_out, changed_just_now
from omk_tui.engine.deciding.recovery import Recovery, recover_locked
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import Locked, goal_lock
from omk_tui.engine.git.choice import NotAsked
from omk_tui.light.dataclass import replace

DECIDER_PATIENCE = 0.2
"""Seconds that a decider waits for the lock: a reader holds it for a moment, another decider for longer."""

_FORGOTTEN = "what has changed since is not known: what that snapshot showed was not kept"

Plan = Callable[[Review], DecisionPlan | Refused | Failed]


def decide(
    folder: GoalFolder,
    decision: Decision,
    *,
    seen: Callable[[], Seen | None],
    read: Callable[[], Review],
    plan: Plan,
    recovery: Recovery,
) -> Outcome:
    """Take a decision on an open goal directory. Expected failures are values; nothing is written when it is refused.

    `read` reads the review anew under the lock; `plan` plans with fresh clock readings; `seen` gives what the
    person was shown, if that is at hand, to say what changed since.
    """
    try:
        with goal_lock(folder, recovery.who, patience=DECIDER_PATIENCE):
            finished: list[str] = []
            obstacle = recover_locked(folder, replace(recovery, tell=finished.append))
            if obstacle:
                return Refused("interrupted", obstacle)
            if finished and decision.snapshot is None:  # bound to nothing, it would land on what nobody has seen
                return Refused("interrupted", f"{finished[0]}; look at the goal again, then decide")
            review = read()
            refusal = _refusal(review, decision, seen)
            if refusal is not None:
                return refusal
            planned = plan(review)
            if not isinstance(planned, DecisionPlan):
                return planned
            return _carry_out(folder, review, planned, recovery)
    except NotAsked:
        return changed_just_now(decision.goal_id, decision.verb)
    except Locked as error:
        why = f"{decision.goal_id} is being decided right now by {error}; look again when that is done"
        return Refused("locked", why)
    except Unreadable as error:
        return Failed(f"nothing was recorded: {folder.path}: {error.reason}")
    except OSError as error:
        return Failed(f"nothing was recorded: {error.filename or folder.path}: {Unreadable.of(error).reason}")


def _carry_out(folder: GoalFolder, review: Review, plan: DecisionPlan, recovery: Recovery) -> Outcome:
    """Write a plan, and say what it replaces and what comes next."""
    written = carry_out(folder, review, plan, recovery)
    if not isinstance(written, Written):
        return written
    return Recorded(
        plan,
        verdict_after(review.judgement, plan.verb),
        written.notes,
        written.finished,
        replaces=review.facts.decision,
        then=after_branch_decision(review.facts, f"{plan.verb}ed"),
    )


def _refusal(review: Review, decision: Decision, seen: Callable[[], Seen | None]) -> Refused | Failed | None:
    hindrance = objection(review, decision.verb)
    if hindrance is not None:
        return hindrance
    if decision.snapshot is not None and decision.snapshot != review.snapshot:
        before = seen()
        return Refused(
            "stale",
            f"the goal is no longer what snapshot {decision.snapshot[:12]} shows; it is now {review.snapshot[:12]}: "
            "look at it again, then decide",
            (*(changes(before, seen_of(review)) if before is not None else (_FORGOTTEN,)), *_as_it_is(review)),
        )
    if decision.verb == "accept" and review.judgement.unwaived and not decision.record_not_ready:
        return Refused("missing", "evidence is missing; nothing was written", review.judgement.unwaived)
    if decision.verb == "accept" and review.judgement.conflict_open and not decision.despite_conflicts:
        slices = tuple(warning.text for warning in review.judgement.warnings if warning.code == "open_conflict")
        return Refused("conflict", "a conflict is open; nothing was written", slices)
    return None


def _as_it_is(review: Review) -> tuple[str, ...]:
    """What the goal is now."""
    judgement = review.judgement
    return (f"it is now: {judgement.verdict.words}", *(f"missing: {text}" for text in judgement.unwaived))
