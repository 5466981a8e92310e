"""One decision is one transaction: journal, apply in omk's order, clear the journal; and recovery of a cut-off one.

The commit point is the rename that puts the journal in its place. Before it, nothing of the decision is there; after
it, every step is carried out, by this process or by whoever recovers the goal next.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from omk_tui.core.decision import journal as journal_file
from omk_tui.core.decision.journal import (
    Entry,
    Journal,
    SealedJournal,
    State,
    StrangeJournal,
    encode,
    remaining,
)
from omk_tui.core.decision.plan import AppendLine, MakeFolder, ReplaceFile, Step, UpsertRow, WritePlan
from omk_tui.core.records.file_names import INTEGRATION_FOLDER, JOURNAL_FILE
from omk_tui.engine.database.row_writer import upsert_row
from omk_tui.engine.deciding.write_state import fingerprints, log_size, state_of
from omk_tui.engine.files.atomic import append_line, make_folder, replace_file
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable, read_up_to
from omk_tui.engine.files.journal_mark import leftovers

MAX_JOURNAL = 64 << 20
"""Bytes of the largest journal that is written or read."""
_NO_FILE = (0, errno.EISDIR, errno.ELOOP, errno.ENXIO)
"""How opening something that is no regular file fails; 0 is our own refusal."""


class ChangedMeanwhile(Exception):
    """Another program changed files that an unfinished decision was about to replace; both versions are kept.

    `begun` tells whether something of the decision is already there.
    """

    def __init__(self, paths: tuple[str, ...], *, begun: bool) -> None:
        super().__init__(", ".join(paths))
        self.paths, self.begun = paths, begun


def prepare(folder: GoalFolder, plan: WritePlan, who: str) -> Journal:
    """The journal of a plan: each step with what stands in its place now. Raises OSError."""
    return Journal(
        goal_id=folder.real_name,
        verb=plan.verb,
        decided_at=plan.decided_at,
        who=who,
        entries=tuple(_entry(folder, step) for step in plan.steps),
        directory=folder.real_path,
        inode=os.fstat(folder.fd).st_ino,
    )


def write_journal(folder: GoalFolder, journal: Journal, key: bytes | None = None) -> None:
    """The commit point: the whole journal, durable, in the goal directory, sealed if there is a key.

    Raises OSError, and then left nothing.
    """
    data = encode(journal, key)
    if len(data) > MAX_JOURNAL:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), JOURNAL_FILE)
    replace_file(folder.fd, JOURNAL_FILE, data)


def open_journal(folder: GoalFolder) -> SealedJournal | None:
    """The journal file that stands in the goal directory, or None.

    Raises TornJournal, StrangeJournal (damaged, or no file at all), or Unreadable.
    """
    try:
        file = folder.open_located((JOURNAL_FILE,))
    except Unreadable as error:
        if error.missing:
            return None
        if error.code in _NO_FILE:
            raise StrangeJournal(error.reason) from None
        raise
    with file:
        if os.fstat(file.fileno()).st_size > MAX_JOURNAL:
            raise StrangeJournal("it is larger than any that omk-tui writes")
        data = read_up_to(file, MAX_JOURNAL)
    return journal_file.open_journal(data)


def roll_forward(folder: GoalFolder, journal: Journal, database: str) -> tuple[str, ...]:
    """Carry out what is left of a journal's steps, in their order, and clear it. Idempotent.

    Returns notes on what could not be done as omk does it (the database). Raises OSError when a step fails, and
    ChangedMeanwhile when another program was there first; in both cases the journal stays.
    """
    os.fsync(folder.fd)
    left = what_is_left(folder, journal)
    notes = [note for entry, _ in left if (note := _carry_out(folder, entry, database))]
    _make_durable(folder, journal)
    # Nothing has to be durable any more: a journal that comes back finds every step done, and is removed again.
    os.unlink(JOURNAL_FILE, dir_fd=folder.fd)
    return tuple(notes)


def what_is_left(folder: GoalFolder, journal: Journal) -> tuple[tuple[Entry, State], ...]:
    """The steps that are not done yet. Raises OSError, and ChangedMeanwhile when another program was there first."""
    states = [state_of(folder, entry) for entry in journal.entries]
    left = remaining(journal.entries, states)
    changed = tuple(
        entry.step.path for entry, state in left if state == "changed" and isinstance(entry.step, ReplaceFile)
    )
    if changed:
        raise ChangedMeanwhile(changed, begun="done" in states)
    return left


def withdraw(folder: GoalFolder) -> None:
    """Remove a journal of which nothing was carried out, durably: its decision was never taken. Raises OSError."""
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


# -- steps -----------------------------------------------------------------------------------------------------------


def _entry(folder: GoalFolder, step: Step) -> Entry:
    match step:
        case ReplaceFile(path):
            return Entry(step, before=fingerprints(folder, path)[0])
        case AppendLine(path):
            return Entry(step, size=log_size(folder, path))
        case _:
            return Entry(step)


def _carry_out(folder: GoalFolder, entry: Entry, database: str) -> str:
    """Do one step. Returns what could not be done as omk does it. Raises OSError."""
    match entry.step:
        case UpsertRow(row):
            if not folder.is_in_place():  # the row would be written of a goal that is not there any more
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), folder.path)
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
                append_line(parent, name, data, entry.size, private=private)
    return ""


@contextmanager
def _place(folder: GoalFolder, path: str, *, follow: bool = True) -> Iterator[tuple[int, str]]:
    """The open parent folder and the name to write to; symlinks inside the goal directory are followed if wanted.

    Raises OSError.
    """
    above, _, name = path.rpartition("/")
    try:
        parts = (*folder.locate(above), name)
        if follow:
            try:
                parts = folder.locate(path) or (".",)
            except Unreadable as error:
                if not error.missing:
                    raise
    except Unreadable as error:
        raise error.as_os_error(path) from None
    with folder.parent(parts) as parent:
        yield parent, parts[-1]


def _make_durable(folder: GoalFolder, journal: Journal) -> None:
    """Sync the logs and folders of a decision, whoever wrote them; what somebody has removed since needs no sync.

    Files that are replaced were synced before their renames, and the database syncs itself. Raises OSError.
    """
    steps = [entry.step for entry in journal.entries]
    for path in dict.fromkeys(step.path for step in steps if isinstance(step, AppendLine)):
        try:
            with folder.open(path) as log:
                os.fdatasync(log.fileno())
        except Unreadable as error:
            if not error.missing:
                raise error.as_os_error(path) from None
    new_folders = [step.path for step in steps if isinstance(step, MakeFolder) and not step.exists]
    for path in dict.fromkeys([INTEGRATION_FOLDER, *(path.rpartition("/")[0] for path in new_folders), ""]):
        with suppress(FileNotFoundError), _place(folder, f"{path}/.".lstrip("/"), follow=False) as (parent, _):
            os.fsync(parent)
