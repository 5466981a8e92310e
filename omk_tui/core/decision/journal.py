"""The journal of one decision: everything that is to be written, whole before anything is.

It stands in the goal directory from the commit point until the last step is done. A whole journal that this user's key
sealed is rolled forward, a torn one, whose end is missing, is discarded; one that was damaged since, or that another
key or none sealed, is kept, for a person to look at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

from omk_tui.core.decision.plan import AppendLine, MakeFolder, ReplaceFile, Step, UpsertRow
from omk_tui.core.records.file_names import (
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    DECISION_FILES,
    DECISION_FOLDERS,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    LEDGER_FILE,
    LOGS,
    PROOF_FILE,
    RECORD_FILES,
)
from omk_tui.core.records.goal_row import COLUMNS, Cell
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import hashlib, hmac

_MAGIC = "omk-tui-journal/2"
_UNSEALED_MAGIC = "omk-tui-journal/1"
"""The version before seals: no key opens it."""
_NO_SEAL = "-" * 64
_HEAD_LENGTH = len(_MAGIC) + 2 * (1 + 64)
_ROW = "omk.db"

_AFTER_RECORD = (GRAPH_FILE, _ROW, GOAL_FILE, PROOF_FILE, EVENTS_FILE, CHECKPOINTS_FILE)
_AFTER = (_ROW, GOAL_FILE, PROOF_FILE, EVENTS_FILE, CHECKPOINTS_FILE, EVENTS_FILE, LEDGER_FILE)

T = TypeVar("T")

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
    """A decision to be carried out: the goal, the verb, when and by whom it was decided, and its entries in order.

    `directory` is the real path of the goal directory that it was made for, `inode` that directory's inode number; both
    are empty in a journal of the version before seals.
    """

    goal_id: str
    verb: str
    decided_at: str
    who: str
    entries: tuple[Entry, ...]
    directory: str = ""
    inode: int = 0

    @property
    def row_goal_id(self) -> str:
        """The goal whose row in omk.db it writes: the id inside goal.json."""
        row = next(entry.step.row for entry in self.entries if isinstance(entry.step, UpsertRow))
        return str(row["goal_id"])


@dataclass(frozen=True, slots=True)
class SealedJournal:
    """A whole journal file: its JSON body in bytes, the body's SHA-256, and its seal (None where it has none)."""

    body: bytes
    checksum: str
    seal: str | None

    def opens_with(self, key: bytes) -> bool:
        """Whether this key sealed it."""
        return self.seal is not None and hmac.compare_digest(self.seal, _seal(self.body, key))


class TornJournal(ValueError):
    """A journal that was not written whole: the decision never happened."""


class StrangeJournal(ValueError):
    """A journal that this program would not have left: another version's, another goal's, a forged or damaged one."""


def encode(journal: Journal, key: bytes | None = None) -> bytes:
    """The journal's bytes: a line with magic, checksum and seal (none without a key), then one line of JSON."""
    document = {
        "goal_id": journal.goal_id,
        "verb": journal.verb,
        "decided_at": journal.decided_at,
        "who": journal.who,
        "directory": journal.directory,
        "inode": journal.inode,
        "entries": [_entry_document(entry) for entry in journal.entries],
    }
    # A lone surrogate (in a user's name, say) becomes its JSON escape.
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    seal = _NO_SEAL if key is None else _seal(body, key)
    return f"{_MAGIC} {hashlib.sha256(body).hexdigest()} {seal}\n".encode("ascii") + body


def _seal(body: bytes, key: bytes) -> str:
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def open_journal(data: bytes) -> SealedJournal:
    """The whole journal file in `data`, whatever it says.

    Raises TornJournal when its end is missing, StrangeJournal when it was damaged or is no journal of ours.
    """
    head, _, body = data.partition(b"\n")
    magic, _, words = head.partition(b" ")
    checksum, _, seal = words.partition(b" ")
    if checksum != hashlib.sha256(body).hexdigest().encode("ascii"):
        if not body.endswith(b"\n") if body else len(head) <= _HEAD_LENGTH:
            raise TornJournal("the journal's end is missing")
        # The newline is the last byte that is written: the decision may be half carried out by now.
        raise StrangeJournal("its checksum does not hold: it was damaged")
    sealed = magic == _MAGIC.encode("ascii") and len(seal) == len(_NO_SEAL)
    if not sealed and (magic != _UNSEALED_MAGIC.encode("ascii") or seal):
        raise StrangeJournal("it was written by another version of omk-tui")
    text = seal.decode("ascii", "replace")
    return SealedJournal(body, checksum.decode("ascii"), text if sealed and text != _NO_SEAL else None)


def decode(data: bytes) -> Journal:
    """As `read_journal`, from the bytes of a whole file. Raises TornJournal and StrangeJournal."""
    return read_journal(open_journal(data))


def read_journal(sealed: SealedJournal) -> Journal:
    """The decision in a whole journal. Raises StrangeJournal when it is none.

    Nothing in a journal is believed: it must name exactly the steps of a decision, in their order.
    """
    try:
        document = json.loads(sealed.body)
        journal = Journal(
            goal_id=_a(str, document["goal_id"]),
            verb=_a(str, document["verb"]),
            decided_at=_a(str, document["decided_at"]),
            who=_a(str, document["who"]),
            entries=tuple(_entry(entry) for entry in document["entries"]),
            directory=_a(str, document.get("directory", "")),
            inode=_a(int, document.get("inode", 0)),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise StrangeJournal("it is no record of a decision") from None
    if [_place(entry) for entry in journal.entries] != _expected(journal.verb):
        raise StrangeJournal("its steps are not those of a decision")
    if journal.verb in DECISION_FILES and any(
        not _is_line(entry.step.data) for entry in journal.entries if isinstance(entry.step, AppendLine)
    ):
        raise StrangeJournal("it is no record of a decision")
    if not _is_row_of_its_goal(journal):
        raise StrangeJournal("its row in omk.db is another goal's")
    return journal


def _expected(verb: str) -> list[str]:
    """Where the steps of a decision, or of a record of evidence, write: in this order and nowhere else."""
    if verb in RECORD_FILES:
        return [ARTIFACTS_FOLDER, *RECORD_FILES[verb], *_AFTER_RECORD]
    own = next((paths for each, paths in DECISION_FILES.items() if each == verb), ())
    return [*DECISION_FOLDERS, *own, *_AFTER]


def _is_row_of_its_goal(journal: Journal) -> bool:
    """Whether the row is that of the goal.json beside it: no journal reaches another goal's row."""
    row = next(entry.step.row for entry in journal.entries if isinstance(entry.step, UpsertRow))
    written = next(entry.step for entry in journal.entries if _place(entry) == GOAL_FILE)
    try:
        goal = json.loads(written.data) if isinstance(written, ReplaceFile) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(goal, dict) and goal.get("goal_id") == row["goal_id"]


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
    """One entry. Raises ValueError, LookupError or TypeError when it is none."""
    kind = document["step"]
    if kind == "row":
        row = {column: _cell(document["row"][column]) for column in COLUMNS}
        return Entry(UpsertRow(row))
    path, exists = _a(str, document["path"]), _a(bool, document["exists"])
    if kind == "folder":
        return Entry(MakeFolder(path, exists, _a(bool, document["private"])))
    data = _a(str, document["data"]).encode("utf-8")
    if kind == "replace":
        return Entry(ReplaceFile(path, data, exists), before=_a(str, document["before"]))
    size = _a(int, document["size"])
    if kind != "append" or path not in LOGS or not 0 <= size < 1 << 62 or not _are_lines(data):
        raise ValueError
    return Entry(AppendLine(path, data, exists, _a(bool, document["private"])), size=size)


def _a(kind: type[T], value: object) -> T:
    """The value, if it is of exactly that type. Raises TypeError."""
    if type(value) is not kind:
        raise TypeError
    return value


def _cell(value: object) -> Cell:
    if value is None or type(value) is str or type(value) is int:
        return value
    raise TypeError


def _is_line(data: bytes) -> bool:
    """Whether it is one line with its newline; newlines before it end a torn line."""
    line = data.lstrip(b"\n")
    return line.endswith(b"\n") and line.count(b"\n") == 1


def _are_lines(data: bytes) -> bool:
    """Whether it is whole lines, none of them empty; newlines before them end a torn line."""
    lines = data.lstrip(b"\n")
    return lines.endswith(b"\n") and b"\n\n" not in lines


def _place(entry: Entry) -> str:
    return _ROW if isinstance(entry.step, UpsertRow) else entry.step.path


State = Literal["before", "done", "changed", "untold"]
"""What is seen of an entry: its place is as before, as decided, neither of both, or it leaves no trace of its own."""


def remaining(entries: Sequence[Entry], states: Sequence[State]) -> tuple[tuple[Entry, State], ...]:
    """The entries still to be carried out, in order, with their states.

    Steps are carried out in order, so those up to the last one whose effect is seen are done, even where another
    program has changed the place again since. What still is as before is done again all the same: a disk may lose a
    write and keep a later one. So is the database row, whose write may have failed, as long as goal.json is this
    decision's.
    """
    seen = list(zip(entries, states, strict=True))
    last = max((index for index, state in enumerate(states) if state == "done"), default=-1)
    ours = any(_place(entry) == GOAL_FILE and state in ("before", "done") for entry, state in seen)
    chosen: list[tuple[Entry, State]] = []
    for index, (entry, state) in reversed(list(enumerate(seen))):
        match entry.step:
            case _ if index > last:
                wanted = True
            case UpsertRow():
                wanted = ours
            case MakeFolder(path):
                wanted = any(_place(other).startswith(f"{path}/") for other, _ in chosen)
            case _:
                wanted = state == "before"
        if wanted:
            chosen.append((entry, state))
    return tuple(reversed(chosen))
