"""Taking a decision: lock, re-read, compare with what was seen, plan, apply in omk's order (STATE-FORMAT 6.2)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from omk_tui.core.decision import Decision, EventIds, Moments, objection, plan_accept, plan_reject
from omk_tui.core.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, Step, UpsertRow, Verb
from omk_tui.core.review import Review
from omk_tui.engine.atomic import append_line, make_folder, replace_file
from omk_tui.engine.database import upsert_row
from omk_tui.engine.folder import GoalFolder, Unreadable


class Locked(Exception):
    """Somebody else decides on this goal now."""


@contextmanager
def goal_lock(folder: GoalFolder) -> Iterator[None]:
    """An exclusive lock on the goal directory itself: it leaves no file and dies with its process.

    Raises Locked when it is held, OSError when the file system has no such lock.
    """
    try:
        fcntl.flock(folder.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked from None
    try:
        yield
    finally:
        fcntl.flock(folder.fd, fcntl.LOCK_UN)


def plan_decision(
    review: Review, verb: Verb, text: str, moments: Moments, ids: EventIds
) -> DecisionPlan | Refused | Failed:
    """The plan of either verb: the one function behind preview and commit."""
    return (plan_accept if verb == "accept" else plan_reject)(review, text, moments, ids)


def decide(
    folder: GoalFolder,
    decision: Decision,
    seen: Review | None,
    read: Callable[[], Review],
    plan: Callable[[Review], DecisionPlan | Refused | Failed],
    database: str,
) -> Outcome:
    """Take a decision on an open goal directory. Expected failures are values; nothing is written when it is refused.

    `read` reads the review anew under the lock; `plan` plans with fresh clock readings; `seen` is the review that the
    person saw, if there is one, to say what changed since.
    """
    try:
        with goal_lock(folder):
            review = read()
            refusal = _refusal(review, decision, seen)
            if refusal is not None:
                return refusal
            planned = plan(review)
            if not isinstance(planned, DecisionPlan):
                return planned
            notes = _apply(folder, planned, database)
            return Recorded(planned, notes)
    except Locked:
        return Refused(
            "locked", f"{decision.goal_id} is being decided by somebody else right now; look again, then decide"
        )
    except Unreadable as error:
        return Failed(f"{folder.path}: {error.reason}")
    except OSError as error:
        return Failed(f"{error.filename or folder.path}: {Unreadable.of(error).reason}")


def _refusal(review: Review, decision: Decision, seen: Review | None) -> Refused | Failed | None:
    hindrance = objection(review, decision.verb)
    if hindrance is not None:
        return hindrance
    if decision.snapshot is not None and decision.snapshot != review.snapshot:
        from omk_tui.core.changes import changes

        details = changes(seen, review) if seen is not None else ()
        return Refused(
            "stale",
            f"the goal is no longer what snapshot {decision.snapshot[:12]} shows; it is now {review.snapshot[:12]}: "
            "look at it again, then decide",
            details,
        )
    if decision.verb == "accept" and review.judgement.missing and not decision.record_not_ready:
        return Refused("missing", "evidence is missing; nothing was written", review.judgement.missing)
    return None


def _apply(folder: GoalFolder, plan: DecisionPlan, database: str) -> tuple[str, ...]:
    """Carry out the steps of a plan in their order; returns what could not be done as omk does it."""
    notes = [_carry_out(folder, step, database) for step in plan.steps]
    return tuple(note for note in notes if note)


def _carry_out(folder: GoalFolder, step: Step, database: str) -> str:
    match step:
        case UpsertRow(row):
            problem = upsert_row(database, row)
            return f"omk.db was not updated, so omk's own list may show the old state: {problem}" if problem else ""
        case MakeFolder(path, _, private):
            with _place(folder, path) as (parent, name):
                make_folder(parent, name, private=private)
        case ReplaceFile(path, data):
            with _place(folder, path, follow=False) as (parent, name):
                replace_file(parent, name, data)
        case AppendLine(path, data, _, private):
            with _place(folder, path) as (parent, name):
                append_line(parent, name, data, private=private)
    return ""


@contextmanager
def _place(folder: GoalFolder, path: str, *, follow: bool = True) -> Iterator[tuple[int, str]]:
    """The open parent folder and the name to write to; symlinks inside the goal directory are followed if wanted."""
    above, _, name = path.rpartition("/")
    parts = (*folder.locate(above), name)
    if follow and os.path.lexists(os.path.join(folder.path, path)):
        parts = folder.locate(path)
    with folder.parent(parts) as parent:
        yield parent, parts[-1]
