"""Whether a decision whose journal lost its end was begun, as far as the files it would have written tell."""

from __future__ import annotations

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.file_names import DECISION_FILES, PROOF_FILE
from omk_tui.engine.deciding.decision_files import NOT_KNOWN, read_moment
from omk_tui.engine.deciding.ledger_history import read_history
from omk_tui.engine.files.goal_folder import GoalFolder


def nothing_begun(folder: GoalFolder) -> bool:
    """Whether every decision that stands in the goal directory is told to its end; False when that cannot be known.

    A decision begins with its own file and ends with its line in the ledger; a proof that is newer than both was
    written after it.
    """
    try:
        decided = [at for path, *_ in DECISION_FILES.values() if (at := read_moment(folder, path, "decided_at"))]
        if not decided:
            return True
        newest = max(decided)
        written = read_moment(folder, PROOF_FILE, "generated_at")
        if written is not None and written > newest:
            return True
        entries = read_history(folder)
        return bool(entries) and Timestamp.parse(entries[-1].text("decided_at")) >= newest
    except NOT_KNOWN:
        return False
