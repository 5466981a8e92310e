"""Taking a decision: lock, recover, re-read, compare with what was seen, plan, carry out, look again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from omk_tui.core.decision.journal import Journal
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import Decision, objection
from omk_tui.core.judgement.judge import after_branch_decision
from omk_tui.core.records.file_names import GOAL_FILE, PROOF_FILE
from omk_tui.core.review.changes import changes
from omk_tui.core.review.goal_review import Review, document_hash
from omk_tui.core.review.shown_points import Seen, seen_of
from omk_tui.engine.deciding import transaction
from omk_tui.engine.deciding.recovery import Recovery, recover_locked
from omk_tui.engine.deciding.transaction import ChangedMeanwhile
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import Locked, goal_lock
from omk_tui.engine.files.journal_mark import has_journal
from omk_tui.engine.files.seal_key import NoKey, make_key
from omk_tui.engine.git.choice import NotAsked

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
        return _changed_just_now(decision.goal_id)
    except Locked as error:
        why = f"{decision.goal_id} is being decided right now by {error}; look again when that is done"
        return Refused("locked", why)
    except Unreadable as error:
        return Failed(f"nothing was recorded: {folder.path}: {error.reason}")
    except OSError as error:
        return Failed(f"nothing was recorded: {error.filename or folder.path}: {Unreadable.of(error).reason}")


def _carry_out(folder: GoalFolder, review: Review, plan: DecisionPlan, recovery: Recovery) -> Outcome:
    """Journal and apply a plan. Up to the commit point an error is a failure; after it, a decision not finished yet."""
    key: bytes | None = None
    unsealed: tuple[str, ...] = ()
    try:
        key = make_key(os.environ)
    except NoKey as error:
        unsealed = (f"its journal had no seal, as no key could be kept ({error}); README says what that means",)
    journal = transaction.prepare(folder, plan, recovery.who)
    stale = _not_as_read(review, journal)
    if stale:
        return _changed_just_now(stale)
    try:
        transaction.write_journal(folder, journal, key)
    except OSError:
        # A network file system may report the failure of a rename that it has done.
        if not has_journal(folder):
            raise
    outcome = _apply(folder, plan, journal, recovery.database, unsealed)
    if not isinstance(outcome, Recorded):
        return outcome
    then = after_branch_decision(review.facts, f"{plan.verb}ed")
    waived = review.judgement.waived if plan.verb == "accept" else 0
    return replace(outcome, replaces=review.facts.decision, waived=waived, then=then)


def _apply(
    folder: GoalFolder, plan: DecisionPlan, journal: Journal, database: str, unsealed: tuple[str, ...]
) -> Outcome:
    """Carry out a journalled plan. It is recorded from here on, unless nothing of it was begun and it is withdrawn."""
    try:
        notes = transaction.roll_forward(folder, journal, database)
    except ChangedMeanwhile as error:
        if not error.begun:
            with suppress(OSError):
                transaction.withdraw(folder)
                return _changed_just_now(str(error))
        return Recorded(plan, (f"another program changed {error} at the same moment; both versions are kept",), False)
    except Exception as error:  # behind the commit point nothing is a failure: every look carries the journal out
        if not folder.is_in_place():
            return _gone(folder)
        reason = Unreadable.of(error).reason if isinstance(error, OSError) else str(error) or type(error).__name__
        return Recorded(
            plan, (f"the last steps could not be done ({reason}); the next look at the goal does them",), False
        )
    return Recorded(plan, (*notes, *_overwritten(folder, plan), *unsealed)) if folder.is_in_place() else _gone(folder)


def _gone(folder: GoalFolder) -> Failed:
    return Failed(
        f"{folder.path} was moved or removed while the decision was written: nothing is recorded there; "
        "where the directory is now, the next look at it finishes the decision"
    )


def _changed_just_now(paths: str) -> Refused:
    return Refused("stale", f"{paths} was changed by another program just now; look at the goal again, then decide")


def _not_as_read(review: Review, journal: Journal) -> str:
    """The name of a record that is no longer what the review read, or the empty string."""
    read = {part.name: f"sha256:{part.sha256}" for part in review.parts if part.name in (GOAL_FILE, PROOF_FILE)}
    for entry in journal.entries:
        path = getattr(entry.step, "path", "")
        # A link is replaced, not followed: its fingerprint says where it leads, not what was read through it.
        if not entry.before.startswith("link:") and entry.before != read.get(path, entry.before):
            return path
    return ""


def _overwritten(folder: GoalFolder, plan: DecisionPlan) -> tuple[str, ...]:
    """What another program has already written over the decision; omk takes no lock."""
    notes = []
    for path in (GOAL_FILE, PROOF_FILE):
        wanted = plan.written(path)
        try:
            same = wanted is None or document_hash(folder.read(path, transaction.MAX_JOURNAL)) == document_hash(wanted)
        except Unreadable:
            same = False
        if not same:
            notes.append(f"{path} was overwritten by another program right after the decision: look at the goal again")
    return tuple(notes)


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
        slices = tuple(one.text for one in review.judgement.warnings if one.code == "open_conflict")
        return Refused("conflict", "a conflict is open; nothing was written", slices)
    return None


def _as_it_is(review: Review) -> tuple[str, ...]:
    """What the goal is now."""
    judgement = review.judgement
    return (f"it is now: {judgement.verdict}", *(f"missing: {text}" for text in judgement.missing))
