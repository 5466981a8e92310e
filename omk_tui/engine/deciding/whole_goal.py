"""What the desk shows of one goal besides its review: its logs, its diffs, and what was decided before."""

from __future__ import annotations

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.rollback import REASON_PLACEHOLDER
from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.records.ledger_entries import History
from omk_tui.core.review.diff import DiffText
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.reading import Reading
from omk_tui.engine.deciding.decision_files import unlisted
from omk_tui.engine.deciding.ledger_history import read_history, readable_history, written_now
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.reading.text_file import plan_on_disk, run_diff
from omk_tui.engine.reading.timeline import read_timeline


def read_whole(folder: GoalFolder, review: Review, reject: DecisionPlan | Refused | Failed) -> Reading:
    """The review with everything beside it; `reject` is the plan whose rollback plan is shown."""
    ledger = readable_history(folder)
    rollback = reject.rollback if isinstance(reject, DecisionPlan) else reject.why
    return Reading(
        review,
        timeline=read_timeline(folder),
        ledger=ledger,
        diff=DiffText(tuple(run_diff(folder, diff) for diff in review.diffs)),
        rollback=rollback,
        plan_on_disk=plan_on_disk(folder, review, rollback, REASON_PLACEHOLDER),
        written=written_now(folder, ledger),
    )


def history_of(folder: GoalFolder, interrupted: str) -> History | Failed:
    """The goal's decisions; `interrupted` says why one stays unfinished, or is empty."""
    try:
        entries = read_history(folder)
        return History(entries, interrupted, () if interrupted else unlisted(folder, entries))
    except Unreadable as error:
        return Failed(f"{LEDGER_FILE}: {error.reason}")
