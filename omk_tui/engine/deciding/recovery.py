"""Finishing a decision that was cut off: who may, when, and what is said where it may not be finished."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from omk_tui.core.decision.journal import (
    Journal,
    SealedJournal,
    StrangeJournal,
    TornJournal,
    read_journal,
)
from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import LARGEST_DOCUMENT
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.records.file_names import GOAL_FILE, JOURNAL_FILE
from omk_tui.core.text.printable import printable
from omk_tui.engine.deciding import transaction
from omk_tui.engine.deciding.telling import Tell, keep_quiet
from omk_tui.engine.deciding.torn_journal import nothing_begun
from omk_tui.engine.deciding.transaction import ChangedMeanwhile
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import Locked, goal_lock
from omk_tui.engine.files.journal_mark import has_journal, leftovers
from omk_tui.engine.files.seal_key import NoKey, read_key
from omk_tui.engine.reading.consistent import PATIENCE
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Recovery:
    """How decisions that were cut off are finished.

    `database` is the path of omk.db, `who` is noted while the lock is held, `tell` is told of what was finished.
    `repair_command` is the full command that finishes what a look may not. `approved` is the checksum of a journal that
    a person has looked at and wants finished although this user's key does not open it; empty where nobody was asked.
    """

    database: str
    who: str
    tell: Tell = keep_quiet
    repair_command: str = "omk-tui doctor --repair"
    approved: str = ""


class NotOurs(Exception):
    """A whole journal that this user's key did not seal: a look shows it and never carries it out."""


def recover(folder: GoalFolder, recovery: Recovery) -> str:
    """Finish a decision that was cut off, if its journal is there. Returns why it could not be, or the empty string.

    Waits a moment for a living decider; on a state that may not be written nothing is changed.
    """
    if not has_journal(folder):
        if leftovers(folder):
            with suppress(Locked, OSError), goal_lock(folder):
                return recover_locked(folder, recovery)
        return ""
    try:
        with goal_lock(folder, recovery.who, patience=PATIENCE):
            return recover_locked(folder, recovery)
    except Locked as error:
        return being_decided(folder, error)
    except OSError as error:
        return _not_finished(folder, Unreadable.of(error).reason)


def recover_locked(folder: GoalFolder, recovery: Recovery) -> str:
    """As `recover`, when the goal's lock is held."""

    def finish() -> None:
        _finish(folder, recovery)
        transaction.remove_leftovers(folder)

    return _told(folder, recovery, finish)


def obstacle(folder: GoalFolder, recovery: Recovery) -> str:
    """Why a decision that was cut off will not be finished, as far as a look at its journal tells."""

    def look() -> None:
        try:
            journal = _journal(folder, recovery)
        except TornJournal as error:
            _require_nothing_begun(folder, error)
            return
        if journal is not None:
            transaction.what_is_left(folder, journal)

    return _told(folder, recovery, look)


def awaiting_approval(folder: GoalFolder) -> tuple[str, str] | None:
    """What a journal that this user's key does not open would do, in a sentence, and its checksum.

    None where there is none, or where it could not be finished by anybody.
    """
    try:
        sealed = transaction.open_journal(folder)
        if sealed is None or _opens(sealed):
            return None
        journal = read_journal(sealed)
        _require_binding(folder, journal)
    except (TornJournal, StrangeJournal, Unreadable):
        return None
    what = f"the {journal.verb} of {journal.goal_id} by {journal.who} at {journal.decided_at}"
    files = ", ".join(dict.fromkeys(getattr(entry.step, "path", "the row in omk.db") for entry in journal.entries))
    return printable(f"{what}; it would write {files}", 1000), sealed.checksum


def being_decided(folder: GoalFolder, error: Locked) -> str:
    """What to say of a goal whose lock stays held: nothing, unless a decision is half written."""
    if not has_journal(folder):
        return ""
    return f"it is being decided right now by {error}; what is shown may be half of it"


def _told(folder: GoalFolder, recovery: Recovery, work: Callable[[], None]) -> str:
    """Do the work; what it raises becomes a sentence."""
    path = os.path.join(folder.path, JOURNAL_FILE)
    try:
        work()
    except ChangedMeanwhile as error:
        return _contested(path, error)
    except StrangeJournal as error:
        return (
            f"a decision was interrupted, but {path} is not as this omk-tui left it ({error}); it is kept: "
            "look at it, then remove it to give up what it stands for"
        )
    except NotOurs as error:
        return (
            f"a decision was interrupted, but {path} was not sealed with this user's key ({error}), so a look does not "
            f"carry it out. To see what it would do, and to have it done: {recovery.repair_command}"
        )
    except Unreadable as error:
        return _not_finished(folder, error.reason)
    except OSError as error:
        return _not_finished(folder, Unreadable.of(error).reason)
    return ""


def _finish(folder: GoalFolder, recovery: Recovery) -> None:
    """Roll a whole journal forward, discard a torn one."""
    try:
        journal = _journal(folder, recovery)
    except TornJournal as error:
        # The rename that puts a journal in place comes after it was synced: a torn one was never a decision,
        # unless it lost its end later.
        _require_nothing_begun(folder, error)
        transaction.withdraw(folder)
        return
    if journal is not None:
        notes = transaction.roll_forward(folder, journal, recovery.database)
        what = printable(f"the {journal.verb} by {journal.who} at {journal.decided_at}", 300)
        recovery.tell("; ".join((f"a decision that was cut off has been finished just now: {what}", *notes)))


def _require_nothing_begun(folder: GoalFolder, error: TornJournal) -> None:
    if not nothing_begun(folder):
        raise StrangeJournal(f"{error}, but its decision seems to be begun") from None


def _journal(folder: GoalFolder, recovery: Recovery) -> Journal | None:
    """The journal that may be carried out here, or None where there is none.

    Raises TornJournal, StrangeJournal, NotOurs or Unreadable.
    """
    sealed = transaction.open_journal(folder)
    if sealed is None:
        return None
    if sealed.checksum != recovery.approved and not _opens(sealed):
        raise NotOurs("it has no seal" if sealed.seal is None else "another key sealed it, or it was changed")
    journal = read_journal(sealed)
    _require_binding(folder, journal)
    return journal


def _opens(sealed: SealedJournal) -> bool:
    try:
        return sealed.opens_with(read_key(os.environ))
    except NoKey:
        return False


def _require_binding(folder: GoalFolder, journal: Journal) -> None:
    """Raises StrangeJournal unless the journal was made for this directory and for the goal that stands in it."""
    if journal.goal_id not in (folder.real_name, folder.name):
        raise StrangeJournal("it belongs to another goal")
    moved = journal.directory != folder.real_path and journal.inode != os.fstat(folder.fd).st_ino
    if journal.directory and moved:
        raise StrangeJournal(f"it was made for another directory, {printable(journal.directory, 300)}")
    if journal.row_goal_id != _standing_goal_id(folder):
        raise StrangeJournal("its row in omk.db is not that of the goal that stands here")


def _standing_goal_id(folder: GoalFolder) -> str | None:
    """The id inside the goal.json that stands in the directory; where none does, the directory's name."""
    try:
        document = omk_json.parse(folder.read(GOAL_FILE, LARGEST_DOCUMENT).decode("utf-8"))
    except Unreadable as error:
        return folder.real_name if error.missing else None
    except (UnicodeDecodeError, JsonError):
        return None
    goal_id = document.get("goal_id") if isinstance(document, dict) else None
    return goal_id if isinstance(goal_id, str) else None


def _contested(path: str, error: ChangedMeanwhile) -> str:
    given_up = (
        "what it has already written stays, and has to be put right by hand"
        if error.begun
        else "nothing of it is written yet"
    )
    return (
        f"a decision was interrupted, and since then another program changed {error}; both versions are kept: compare "
        f"with {path}. To have it finished, put back what the file was before; to give it up, remove {JOURNAL_FILE}: "
        f"{given_up}"
    )


def _not_finished(folder: GoalFolder, reason: str) -> str:
    return (
        f"a decision was interrupted and could not be finished now ({reason}); the files are shown as they are. "
        f"omk-tui finishes it as soon as {folder.path} may be written"
    )
