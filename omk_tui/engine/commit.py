"""Taking a decision: lock, recover, re-read, compare with what was seen, plan, carry out, look again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from omk_tui.core.changes import changes
from omk_tui.core.decision import Decision, objection
from omk_tui.core.journal import JOURNAL_FILE, Journal, StrangeJournal, TornJournal
from omk_tui.core.layout import GOAL_FILE, PROOF_FILE
from omk_tui.core.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.plan import DecisionPlan
from omk_tui.core.printable import printable
from omk_tui.core.review import Review, document_hash
from omk_tui.core.seen import Seen, seen_of
from omk_tui.engine import transaction
from omk_tui.engine.begun import nothing_begun
from omk_tui.engine.folder import GoalFolder, Unreadable
from omk_tui.engine.locking import Locked, goal_lock
from omk_tui.engine.steady import PATIENCE
from omk_tui.engine.transaction import ChangedMeanwhile

DECIDER_PATIENCE = 0.2
"""Seconds that a decider waits for the lock: a reader holds it for a moment, another decider for longer."""

_FORGOTTEN = "what has changed since is not known: what that snapshot showed was not kept"

Plan = Callable[[Review], DecisionPlan | Refused | Failed]
Tell = Callable[[str], None]
"""Is told, in a sentence, of a decision that was cut off and has been finished just now."""


def keep_quiet(sentence: str) -> None:
    """Tell nobody."""


def decide(
    folder: GoalFolder,
    decision: Decision,
    *,
    seen: Callable[[], Seen | None],
    read: Callable[[], Review],
    plan: Plan,
    database: str,
    who: str,
) -> Outcome:
    """Take a decision on an open goal directory. Expected failures are values; nothing is written when it is refused.

    `read` reads the review anew under the lock; `plan` plans with fresh clock readings; `seen` gives what the
    person was shown, if that is at hand, to say what changed since.
    """
    try:
        with goal_lock(folder, who, patience=DECIDER_PATIENCE):
            finished: list[str] = []
            obstacle = recover_locked(folder, database, finished.append)
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
            return _carry_out(folder, review, planned, database, who)
    except Locked as error:
        why = f"{decision.goal_id} is being decided right now by {error}; look again when that is done"
        return Refused("locked", why)
    except Unreadable as error:
        return Failed(f"nothing was recorded: {folder.path}: {error.reason}")
    except OSError as error:
        return Failed(f"nothing was recorded: {error.filename or folder.path}: {Unreadable.of(error).reason}")


def recover(folder: GoalFolder, database: str, who: str, tell: Tell = keep_quiet) -> str:
    """Finish a decision that was cut off, if its journal is there. Returns why it could not be, or the empty string.

    Waits a moment for a living decider; on a state that may not be written nothing is changed.
    """
    if not transaction.has_journal(folder):
        if transaction.leftovers(folder):
            with suppress(Locked, OSError), goal_lock(folder):
                return recover_locked(folder, database, tell)
        return ""
    try:
        with goal_lock(folder, who, patience=PATIENCE):
            return recover_locked(folder, database, tell)
    except Locked as error:
        return being_decided(folder, error)
    except OSError as error:
        return _not_finished(folder, Unreadable.of(error).reason)


def recover_locked(folder: GoalFolder, database: str, tell: Tell = keep_quiet) -> str:
    """As `recover`, when the goal's lock is held."""
    kept = os.path.join(folder.path, JOURNAL_FILE)
    try:
        _finish(folder, database, tell)
        transaction.remove_leftovers(folder)
    except ChangedMeanwhile as error:
        return _contested(kept, error)
    except StrangeJournal as error:
        return _strange(kept, str(error))
    except Unreadable as error:
        return _not_finished(folder, error.reason)
    except OSError as error:
        return _not_finished(folder, Unreadable.of(error).reason)
    return ""


def obstacle(folder: GoalFolder) -> str:
    """Why a decision that was cut off will not be finished, as far as a look at its journal tells."""
    kept = os.path.join(folder.path, JOURNAL_FILE)
    try:
        journal = transaction.read_journal(folder)
        if journal is not None:
            transaction.what_is_left(folder, journal)
    except ChangedMeanwhile as error:
        return _contested(kept, error)
    except StrangeJournal as error:
        return _strange(kept, str(error))
    except Unreadable as error:
        return _not_finished(folder, error.reason)
    except OSError as error:
        return _not_finished(folder, Unreadable.of(error).reason)
    except TornJournal as error:
        return "" if nothing_begun(folder) else _strange(kept, str(error))
    return ""


def _contested(kept: str, error: ChangedMeanwhile) -> str:
    given_up = (
        "what it has already written stays, and has to be put right by hand"
        if error.begun
        else "nothing of it is written yet"
    )
    return (
        f"a decision was interrupted, and since then another program changed {error}; both versions are kept: compare "
        f"with {kept}. To have it finished, put back what the file was before; to give it up, remove {JOURNAL_FILE}: "
        f"{given_up}"
    )


def _strange(kept: str, why: str) -> str:
    return (
        f"a decision was interrupted, but {kept} is not as this omk-tui left it ({why}); it is kept: "
        "look at it, then remove it to give up what it stands for"
    )


def being_decided(folder: GoalFolder, error: Locked) -> str:
    """What to say of a goal whose lock stays held: nothing, unless a decision is half written."""
    if not transaction.has_journal(folder):
        return ""
    return f"it is being decided right now by {error}; what is shown may be half of it"


def _finish(folder: GoalFolder, database: str, tell: Tell) -> None:
    """Roll a whole journal forward, discard a torn one."""
    try:
        journal = transaction.read_journal(folder)
    except TornJournal as error:
        # The rename that puts a journal in place comes after it was synced: a torn one was never a decision,
        # unless it lost its end later.
        if not nothing_begun(folder):
            raise StrangeJournal(f"{error}, but its decision seems to be begun") from None
        transaction.withdraw(folder)
        return
    if journal is not None:
        notes = transaction.roll_forward(folder, journal, database)
        what = printable(f"the {journal.verb} by {journal.who} at {journal.decided_at}", 300)
        tell("; ".join((f"a decision that was cut off has been finished just now: {what}", *notes)))


def _not_finished(folder: GoalFolder, reason: str) -> str:
    return (
        f"a decision was interrupted and could not be finished now ({reason}); the files are shown as they are. "
        f"omk-tui finishes it as soon as {folder.path} may be written"
    )


def _carry_out(folder: GoalFolder, review: Review, plan: DecisionPlan, database: str, who: str) -> Outcome:
    """Journal and apply a plan. Up to the commit point an error is a failure; after it, a decision not finished yet."""
    journal = transaction.prepare(folder, plan, who)
    stale = _not_as_read(review, journal)
    if stale:
        return _changed_just_now(stale)
    try:
        transaction.write_journal(folder, journal)
    except OSError:
        # A network file system may report the failure of a rename that it has done.
        if not transaction.has_journal(folder):
            raise
    return _apply(folder, plan, journal, database)


def _apply(folder: GoalFolder, plan: DecisionPlan, journal: Journal, database: str) -> Outcome:
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
    return Recorded(plan, (*notes, *_overwritten(folder, plan))) if folder.is_in_place() else _gone(folder)


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
    if decision.verb == "accept" and review.judgement.missing and not decision.record_not_ready:
        return Refused("missing", "evidence is missing; nothing was written", review.judgement.missing)
    return None


def _as_it_is(review: Review) -> tuple[str, ...]:
    """What the goal is now."""
    judgement = review.judgement
    return (f"it is now: {judgement.verdict}", *(f"missing: {text}" for text in judgement.missing))
