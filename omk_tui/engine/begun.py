"""Whether a decision whose journal lost its end was begun, as far as the files it would have written tell."""

from __future__ import annotations

from omk_tui.core import omk_json
from omk_tui.core.layout import ACCEPT_FILE, PROOF_FILE, REJECT_FILE
from omk_tui.core.omk_json import JsonError
from omk_tui.core.timestamp import Timestamp, TimestampError
from omk_tui.engine.folder import GoalFolder, Unreadable
from omk_tui.engine.ledger import read_history

_MOST = 64 << 20


def nothing_begun(folder: GoalFolder) -> bool:
    """Whether every decision that stands in the goal directory is told to its end; False when that cannot be known.

    A decision begins with its own file and ends with its line in the ledger; a proof that is newer than both was
    written after it.
    """
    try:
        decided = [at for path in (ACCEPT_FILE, REJECT_FILE) if (at := _moment(folder, path, "decided_at"))]
        if not decided:
            return True
        newest = max(decided)
        written = _moment(folder, PROOF_FILE, "generated_at")
        if written is not None and written > newest:
            return True
        entries = read_history(folder)
        return bool(entries) and Timestamp.parse(entries[-1].text("decided_at")) >= newest
    except (Unreadable, UnicodeDecodeError, JsonError, TimestampError):
        return False


def _moment(folder: GoalFolder, path: str, key: str) -> Timestamp | None:
    """The moment under `key` of a document; None when there is no such file. Raises what reading it raises."""
    try:
        document = omk_json.parse(folder.read(path, _MOST).decode("utf-8"))
    except Unreadable as error:
        if error.missing:
            return None
        raise
    moment = document.get(key) if isinstance(document, dict) else None
    return Timestamp.parse(moment if isinstance(moment, str) else "")
