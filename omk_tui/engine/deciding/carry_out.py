"""Carrying out a plan that is to be written: sealed into the journal, applied, looked at again. The lock is held."""

from __future__ import annotations

import os
from contextlib import suppress

from omk_tui.core.decision.journal import Journal
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import ReplaceFile, WritePlan
from omk_tui.core.records.file_names import GOAL_FILE, GRAPH_FILE, PROOF_FILE
from omk_tui.core.review.goal_review import Review, document_hash
from omk_tui.engine.deciding import transaction
from omk_tui.engine.deciding.recovery import Recovery
from omk_tui.engine.deciding.transaction import ChangedMeanwhile
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.journal_mark import has_journal
from omk_tui.engine.files.seal_key import NoKey, make_key
from omk_tui.light.dataclass import dataclass

_READ = (GOAL_FILE, PROOF_FILE, GRAPH_FILE)
"""The records that a plan is made from, where it replaces them."""
_LOOKED_AT_AGAIN = (GOAL_FILE, PROOF_FILE)
_A_DECISION = ("the decision", "look at the goal again, then decide")
_A_REVIEW = ("the review", "it is not recorded: give the same command again")
_WORDS = {
    "gate": ("the result of the gate", "that result is not recorded: run the gate again"),
    "review": _A_REVIEW,
    "security_review": _A_REVIEW,
}
"""What is written, and what to do where another program was there first; anything else is a decision."""


@dataclass(frozen=True, slots=True)
class Written:
    """The plan is on disk. `notes` tell what did not go as usual.

    `finished` is false when it is journalled but its last steps could not be done yet: the next look does them.
    """

    notes: tuple[str, ...] = ()
    finished: bool = True


def carry_out(folder: GoalFolder, review: Review, plan: WritePlan, recovery: Recovery) -> Written | Refused | Failed:
    """Journal and apply a plan that was made from `review`. Raises OSError up to the commit point.

    After it nothing is a failure any more, only a plan that is not finished yet.
    """
    key: bytes | None = None
    unsealed: tuple[str, ...] = ()
    try:
        key = make_key(os.environ)
    except NoKey as error:
        unsealed = (f"its journal had no seal, as no key could be kept ({error}); README says what that means",)
    journal = transaction.prepare(folder, plan, recovery.who)
    stale = _not_as_read(review, journal)
    if stale:
        return changed_just_now(stale, plan.verb)
    try:
        transaction.write_journal(folder, journal, key)
    except OSError:
        # A network file system may report the failure of a rename that it has done.
        if not has_journal(folder):
            raise
    return _apply(folder, plan, journal, recovery.database, unsealed)


def changed_just_now(paths: str, verb: str) -> Refused:
    """The refusal where another program was there between reading and writing; `verb` is what was to be recorded."""
    _, then = _WORDS.get(verb, _A_DECISION)
    return Refused("stale", f"{paths} was changed by another program just now; {then}")


def _apply(
    folder: GoalFolder, plan: WritePlan, journal: Journal, database: str, unsealed: tuple[str, ...]
) -> Written | Refused | Failed:
    """Carry out a journalled plan. It is recorded from here on, unless nothing of it was begun and it is withdrawn."""
    try:
        notes = transaction.roll_forward(folder, journal, database)
    except ChangedMeanwhile as error:
        if not error.begun:
            with suppress(OSError):
                transaction.withdraw(folder)
                return changed_just_now(str(error), plan.verb)
        return Written((f"another program changed {error} at the same moment; both versions are kept",), False)
    except Exception as error:  # behind the commit point nothing is a failure: every look carries the journal out
        if not folder.is_in_place():
            return _gone(folder, plan.verb)
        reason = Unreadable.of(error).reason if isinstance(error, OSError) else str(error) or type(error).__name__
        return Written((f"the last steps could not be done ({reason}); the next look at the goal does them",), False)
    return (
        Written((*notes, *_overwritten(folder, plan), *unsealed)) if folder.is_in_place() else _gone(folder, plan.verb)
    )


def _gone(folder: GoalFolder, verb: str) -> Failed:
    subject, _ = _WORDS.get(verb, _A_DECISION)
    return Failed(
        f"{folder.path} was moved or removed while {subject} was written: nothing is recorded there; "
        f"where the directory is now, the next look at it finishes {subject}"
    )


def _not_as_read(review: Review, journal: Journal) -> str:
    """The name of a record that is no longer what the review read, or the empty string."""
    read = {part.name: f"sha256:{part.sha256}" for part in review.parts if part.name in _READ}
    for entry in journal.entries:
        path = getattr(entry.step, "path", "")
        # A link is replaced, not followed: its fingerprint says where it leads, not what was read through it.
        if not entry.before.startswith("link:") and entry.before != read.get(path, entry.before):
            return path
    return ""


def _overwritten(folder: GoalFolder, plan: WritePlan) -> tuple[str, ...]:
    """What another program has already written over the plan; omk takes no lock."""
    subject, _ = _WORDS.get(plan.verb, _A_DECISION)
    written = {step.path: step.data for step in plan.steps if isinstance(step, ReplaceFile)}
    notes = []
    for path in _LOOKED_AT_AGAIN:
        wanted = written.get(path)
        try:
            same = wanted is None or document_hash(folder.read(path, transaction.MAX_JOURNAL)) == document_hash(wanted)
        except Unreadable:
            same = False
        if not same:
            notes.append(f"{path} was overwritten by another program right after {subject}: look at the goal again")
    return tuple(notes)
