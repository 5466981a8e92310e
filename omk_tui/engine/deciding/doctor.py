"""A check-up of a state root: what cut-off writes, other programs or loose permissions have left behind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

from omk_tui.core.decision.findings import Finding
from omk_tui.core.records.file_names import (
    ACCEPT_FILE,
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    LOGS,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.engine.deciding.ledger_history import read_history
from omk_tui.engine.deciding.recovery import Recovery, awaiting_approval, obstacle, recover
from omk_tui.engine.files.atomic import OMK_TEMPORARY
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import holder, is_locked
from omk_tui.engine.files.journal_mark import has_journal, leftovers
from omk_tui.engine.reading.records import is_torn
from omk_tui.light.dataclass import replace

# The widest permissions that omk gives (STATE-FORMAT 2): private files, and logs that only their owner writes.
_PRIVATE = 0o700
_LOG = 0o755
_WIDEST = {
    "": _PRIVATE,
    GOAL_FILE: _PRIVATE,
    PROOF_FILE: _PRIVATE,
    GRAPH_FILE: _PRIVATE,
    CHECKPOINTS_FILE: _PRIVATE,
    "failure.json": _PRIVATE,
    "cost.jsonl": _PRIVATE,
    "prd.md": _PRIVATE,
    "technical-plan.md": _PRIVATE,
    "test-spec.md": _PRIVATE,
    ACCEPT_FILE: _PRIVATE,
    REJECT_FILE: _PRIVATE,
    ROLLBACK_FILE: _PRIVATE,
    LEDGER_FILE: _PRIVATE,
    EVENTS_FILE: _LOG,
    "event-log.jsonl": _LOG,
    "decisions.jsonl": _LOG,
    ARTIFACTS_FOLDER: _LOG,
    INTEGRATION_FOLDER: _LOG,
}
_FILES = tuple(path for path in _WIDEST if path not in ("", ARTIFACTS_FOLDER, INTEGRATION_FOLDER, LEDGER_FILE))
_TEMPORARY_FOLDERS = ("", INTEGRATION_FOLDER, "artifacts/reviews", "artifacts/policy")


Approve = Callable[[str], bool]
"""Asks a person whether a decision is to be finished, given what that would do."""


def examine(folder: GoalFolder, goal_id: str, recovery: Recovery, approve: Approve | None) -> tuple[Finding, ...]:
    """The findings of one goal directory; with `approve`, interrupted decisions are finished first.

    `approve` is asked about one whose journal this user's key does not open: what it would do, in a sentence.
    """
    return tuple(_findings(folder, goal_id, recovery, approve))


def _findings(folder: GoalFolder, goal_id: str, recovery: Recovery, approve: Approve | None) -> Iterator[Finding]:
    yield from _interrupted(folder, goal_id, recovery, approve)
    for place in _TEMPORARY_FOLDERS:
        for name in folder.names(place):
            if OMK_TEMPORARY.fullmatch(name):
                path = os.path.join(place, name)
                yield Finding("omk_temporary", goal_id, f"{path} is left of a cut-off write of omk; omk ignores it")
    for name in LOGS:
        if is_torn(folder, name):
            text = f"the last line of {name} has no newline: a write was cut off; the next decision ends the line first"
            yield Finding("torn_log", goal_id, text)
    yield from _unreadable(folder, goal_id)
    yield from _permissions(folder, goal_id)
    yield from _ledger(folder, goal_id)


def _interrupted(folder: GoalFolder, goal_id: str, recovery: Recovery, approve: Approve | None) -> Iterator[Finding]:
    begun, left = has_journal(folder), leftovers(folder)
    if is_locked(folder):
        yield Finding("locked", goal_id, f"it is being decided right now by {holder(folder)}")
        return
    foreign = awaiting_approval(folder)
    if approve is not None:
        if foreign is not None and approve(foreign[0]):
            recovery = replace(recovery, approved=foreign[1])
        problem = recover(folder, recovery)
    else:
        problem = obstacle(folder, recovery)
    if begun:
        repaired = "" if problem else "finished it" if approve else f"{recovery.repair_command} finishes it"
        what = f". It is {foreign[0]}" if foreign is not None and problem else ""
        yield Finding("interrupted", goal_id, (problem or "a decision was begun and not finished") + what, repaired)
    stays = frozenset(leftovers(folder)) if approve else frozenset()
    for path in left:
        text = f"{path} is left of a cut-off write of omk-tui"
        repaired = "" if path in stays else "removed it" if approve else f"{recovery.repair_command} removes it"
        yield Finding("temporary", goal_id, text + " and could not be removed" * (path in stays), repaired)


def _unreadable(folder: GoalFolder, goal_id: str) -> Iterator[Finding]:
    """Files of omk's that are there and cannot be opened: a FIFO, a folder, a link to outside, no permission."""
    for path in _FILES:
        try:
            folder.open(path).close()
        except Unreadable as error:
            if not error.missing:
                yield Finding("unreadable", goal_id, f"{path}: {error.reason}")


def _permissions(folder: GoalFolder, goal_id: str) -> Iterator[Finding]:
    for path, widest in _WIDEST.items():
        try:
            info = os.lstat(os.path.join(folder.path, path))
        except OSError:
            continue
        mode = stat.S_IMODE(info.st_mode)
        if not stat.S_ISLNK(info.st_mode) and mode & 0o777 & ~widest:
            name = path or "the goal directory"
            text = f"{name} has mode {mode:04o}, wider than omk's own: others may {_what_others_may(mode & ~widest)} it"
            yield Finding("permissions", goal_id, text)


def _what_others_may(surplus: int) -> str:
    return "write" if surplus & 0o022 else "read"


def _ledger(folder: GoalFolder, goal_id: str) -> Iterator[Finding]:
    try:
        for entry in read_history(folder):
            if entry.fault:
                yield Finding("ledger", goal_id, f"{LEDGER_FILE}, line {entry.number}: {entry.fault}")
    except Unreadable as error:
        yield Finding("ledger", goal_id, f"{LEDGER_FILE}: {error.reason}")
