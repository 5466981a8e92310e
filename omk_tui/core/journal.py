"""The journal of one decision: everything that is to be written, whole before anything is.

It stands in the goal directory from the commit point until the last step is done. A whole journal is rolled forward,
a torn one is discarded; both can be told apart by its checksum.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omk_tui.core.goal_row import Cell
from omk_tui.core.layout import (
    ACCEPT_FILE,
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.core.plan import AppendLine, MakeFolder, ReplaceFile, Step, UpsertRow

JOURNAL_FILE = ".omk-tui.txn"
_MAGIC = "omk-tui-journal/1"

_PATHS = frozenset(
    (
        ARTIFACTS_FOLDER,
        INTEGRATION_FOLDER,
        ACCEPT_FILE,
        REJECT_FILE,
        ROLLBACK_FILE,
        GOAL_FILE,
        PROOF_FILE,
        EVENTS_FILE,
        CHECKPOINTS_FILE,
        LEDGER_FILE,
    )
)

ABSENT = "absent"
"""The fingerprint of a file that is not there."""


def fingerprint(content: bytes) -> str:
    """What a regular file of that content looks like to recovery."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One step and what stood in its place before.

    `before` is a fingerprint for a replaced file; `size` is the length in bytes of a log before its line. Both are
    unused for other steps.
    """

    step: Step
    before: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """A decision to be carried out: the goal, the verb, when and by whom it was decided, and its entries in order."""

    goal_id: str
    verb: str
    decided_at: str
    who: str
    entries: tuple[Entry, ...]


class TornJournal(ValueError):
    """A journal that was not written whole: the decision never happened."""


def encode(journal: Journal) -> bytes:
    """The journal's bytes: a line with magic and checksum, then one line of JSON."""
    document = {
        "goal_id": journal.goal_id,
        "verb": journal.verb,
        "decided_at": journal.decided_at,
        "who": journal.who,
        "entries": [_entry_document(entry) for entry in journal.entries],
    }
    body = json.dumps(document).encode("ascii") + b"\n"
    return f"{_MAGIC} {hashlib.sha256(body).hexdigest()}\n".encode("ascii") + body


def decode(data: bytes) -> Journal:
    """The journal in `data`. Raises TornJournal when its checksum does not hold."""
    head, _, body = data.partition(b"\n")
    if head != f"{_MAGIC} {hashlib.sha256(body).hexdigest()}".encode("ascii"):
        raise TornJournal("the journal's checksum does not hold")
    try:
        document = json.loads(body)
        journal = Journal(
            goal_id=document["goal_id"],
            verb=document["verb"],
            decided_at=document["decided_at"],
            who=document["who"],
            entries=tuple(_entry(entry) for entry in document["entries"]),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TornJournal("the journal is no journal of this program") from error
    strange = {entry.step.path for entry in journal.entries if not isinstance(entry.step, UpsertRow)} - _PATHS
    if strange:
        raise TornJournal("the journal names files that no decision writes")
    return journal


def _entry_document(entry: Entry) -> dict[str, Any]:
    step = entry.step
    match step:
        case MakeFolder(path, exists, private):
            return {"step": "folder", "path": path, "exists": exists, "private": private}
        case ReplaceFile(path, data, exists):
            text = data.decode("utf-8")
            return {"step": "replace", "path": path, "exists": exists, "before": entry.before, "data": text}
        case AppendLine(path, data, exists, private):
            text = data.decode("utf-8")
            return {
                "step": "append",
                "path": path,
                "exists": exists,
                "private": private,
                "size": entry.size,
                "data": text,
            }
        case UpsertRow(row):
            return {"step": "row", "row": dict(row)}


def _entry(document: Mapping[str, Any]) -> Entry:
    match document["step"]:
        case "folder":
            return Entry(MakeFolder(document["path"], document["exists"], document["private"]))
        case "replace":
            step = ReplaceFile(document["path"], document["data"].encode("utf-8"), document["exists"])
            return Entry(step, before=document["before"])
        case "append":
            data = document["data"].encode("utf-8")
            return Entry(
                AppendLine(document["path"], data, document["exists"], document["private"]), size=document["size"]
            )
        case _:
            row: dict[str, Cell] = document["row"]
            return Entry(UpsertRow(row))


def first_pending(states: Sequence[bool | None]) -> int:
    """The index of the first entry still to be carried out.

    `states` tells of each entry whether its effect is seen (True), is not (False), or leaves no trace (None). Steps
    are carried out in order, so everything up to the last seen effect is done, even where another program has changed
    the file again since.
    """
    return max((index + 1 for index, seen in enumerate(states) if seen), default=0)
