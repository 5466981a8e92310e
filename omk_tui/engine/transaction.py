"""One decision is one transaction: journal, apply in omk's order, clear the journal; and recovery of a cut-off one.

The commit point is the rename that puts the journal in its place. Before it, nothing of the decision is there; after
it, every step is carried out, by this process or by whoever recovers the goal next.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from omk_tui.core.journal import (
    ABSENT,
    JOURNAL_FILE,
    Entry,
    Journal,
    decode,
    encode,
    fingerprint,
    first_pending,
)
from omk_tui.core.layout import ARTIFACTS_FOLDER, INTEGRATION_FOLDER
from omk_tui.core.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, Step, UpsertRow
from omk_tui.engine.atomic import OWN_TEMPORARY, append_once, has_line, make_folder, replace_file
from omk_tui.engine.database import upsert_row
from omk_tui.engine.folder import GoalFolder, Unreadable, read_up_to

MAX_JOURNAL = 256 << 20
"""Bytes of the largest journal that is read."""


class ChangedMeanwhile(Exception):
    """Another program changed files that an unfinished decision was about to replace; both versions are kept."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def prepare(folder: GoalFolder, plan: DecisionPlan, who: str) -> Journal:
    """The journal of a plan: each step with what stands in its place now. Raises OSError or Unreadable."""
    return Journal(
        goal_id=plan.goal_id,
        verb=plan.verb,
        decided_at=plan.proof.generated_at.text(),
        who=who,
        entries=tuple(_entry(folder, step) for step in plan.steps),
    )


def write_journal(folder: GoalFolder, journal: Journal) -> None:
    """The commit point: the whole journal, durable, in the goal directory. Raises OSError, and then left nothing."""
    replace_file(folder.fd, JOURNAL_FILE, encode(journal))


def read_journal(folder: GoalFolder) -> Journal | None:
    """The journal that stands in the goal directory, or None. Raises TornJournal, or Unreadable."""
    try:
        file = folder.open_located((JOURNAL_FILE,))
    except Unreadable as error:
        if error.missing:
            return None
        raise
    with file:
        return decode(read_up_to(file, MAX_JOURNAL))


def has_journal(folder: GoalFolder) -> bool:
    """Whether a decision was begun and not finished."""
    try:
        os.stat(JOURNAL_FILE, dir_fd=folder.fd, follow_symlinks=False)
    except OSError:
        return False
    return True


def roll_forward(folder: GoalFolder, journal: Journal, database: str) -> tuple[str, ...]:
    """Carry out what is left of a journal's steps, in their order, and clear it. Idempotent.

    Returns notes on what could not be done as omk does it (the database). Raises OSError when a step fails, and
    ChangedMeanwhile when another program was there first; in both cases the journal stays.
    """
    os.fsync(folder.fd)
    entries = journal.entries
    pending = entries[first_pending([_seen(folder, entry) for entry in entries]) :]
    changed = tuple(path for entry in pending if (path := _changed_path(folder, entry)))
    if changed:
        raise ChangedMeanwhile(changed)
    notes = [note for entry in pending if (note := _carry_out(folder, entry, database))]
    _sync_folders(folder)
    clear_journal(folder)
    return tuple(notes)


def clear_journal(folder: GoalFolder) -> None:
    """Remove the journal, durably. Raises OSError."""
    os.unlink(JOURNAL_FILE, dir_fd=folder.fd)
    os.fsync(folder.fd)


def remove_leftovers(folder: GoalFolder) -> tuple[str, ...]:
    """Remove temporary files of this program that a cut-off write left; returns their paths. Needs the goal's lock."""
    removed = []
    for path in leftovers(folder):
        parts = path.split("/")
        with suppress(OSError), folder.parent(tuple(parts)) as parent:
            os.unlink(parts[-1], dir_fd=parent)
            removed.append(path)
    return tuple(removed)


def leftovers(folder: GoalFolder) -> tuple[str, ...]:
    """Temporary files of this program in the folders that it writes to."""
    found = []
    for place in ("", INTEGRATION_FOLDER):
        with suppress(Unreadable):
            above = "/".join(folder.locate(place))
            found += [f"{above}/{name}".lstrip("/") for name in folder.names(above) if OWN_TEMPORARY.fullmatch(name)]
    return tuple(found)


# -- steps -----------------------------------------------------------------------------------------------------------


def _entry(folder: GoalFolder, step: Step) -> Entry:
    match step:
        case ReplaceFile(path):
            return Entry(step, before=_fingerprint(folder, path))
        case AppendLine(path):
            return Entry(step, size=_size(folder, path))
        case _:
            return Entry(step)


def _seen(folder: GoalFolder, entry: Entry) -> bool | None:
    """Whether the effect of an entry is on disk; None for a step that leaves no trace of its own."""
    match entry.step:
        case ReplaceFile(path, data):
            after = fingerprint(data)
            return None if after == entry.before else _fingerprint(folder, path) == after
        case AppendLine(path, data):
            return has_line(_grown(folder, path, entry.size), data)
        case _:
            return None


def _changed_path(folder: GoalFolder, entry: Entry) -> str:
    """The path of a file that is neither as before nor as decided, or the empty string."""
    match entry.step:
        case ReplaceFile(path, data) if _fingerprint(folder, path) not in (entry.before, fingerprint(data)):
            return path
        case _:
            return ""


def _carry_out(folder: GoalFolder, entry: Entry, database: str) -> str:
    match entry.step:
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
                append_once(parent, name, data, entry.size, private=private)
    return ""


@contextmanager
def _place(folder: GoalFolder, path: str, *, follow: bool = True) -> Iterator[tuple[int, str]]:
    """The open parent folder and the name to write to; symlinks inside the goal directory are followed if wanted."""
    above, _, name = path.rpartition("/")
    try:
        parts = (*folder.locate(above), name)
        if follow:
            with suppress(Unreadable):
                parts = folder.locate(path)
    except Unreadable as error:
        raise OSError(error.code or errno.EACCES, error.reason, path) from None
    with folder.parent(parts) as parent:
        yield parent, parts[-1]


def _sync_folders(folder: GoalFolder) -> None:
    for path in (INTEGRATION_FOLDER, ARTIFACTS_FOLDER):
        with _place(folder, f"{path}/.") as (parent, _):
            os.fsync(parent)
    os.fsync(folder.fd)


def _fingerprint(folder: GoalFolder, path: str) -> str:
    """What stands at `path`: absent, a regular file of some content, a link to somewhere, or something else."""
    above, _, name = path.rpartition("/")
    try:
        with folder.parent((*folder.locate(above), name)) as parent, suppress(OSError):
            return f"link:{os.readlink(name, dir_fd=parent)}"
        with folder.open_located((*folder.locate(above), name)) as file:
            return fingerprint(read_up_to(file, MAX_JOURNAL))
    except Unreadable as error:
        return ABSENT if error.missing else f"other:{error.reason}"
    except OSError as error:
        return f"other:{error.errno}"


def _size(folder: GoalFolder, path: str) -> int:
    try:
        return folder.size(path)
    except Unreadable as error:
        if error.missing:
            return 0
        raise


def _grown(folder: GoalFolder, path: str, size: int) -> bytes:
    try:
        with folder.open(path) as file:
            file.seek(size)
            return read_up_to(file, MAX_JOURNAL)
    except (Unreadable, OSError):
        return b""
