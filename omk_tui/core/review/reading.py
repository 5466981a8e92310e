"""Everything that is shown of one goal: the review that decisions are bound to, and what is read beside it."""

from __future__ import annotations

from collections.abc import Mapping

from omk_tui.core.records.event_log import Timeline
from omk_tui.core.records.ledger_entries import LedgerEntry
from omk_tui.core.review.diff import DiffText
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.plan_comparison import PlanComparison
from omk_tui.light.dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """One goal as the desk shows it.

    `ledger` are the decisions of the goal's ledger, oldest first. `rollback` is the plan that a reject with a
    placeholder for its reason would write, or a sentence when it would be refused; `plan_on_disk` how an earlier one
    differs from it, or a sentence why that is not known; None without one. `written` says, by the number of a
    decision and by path, whether a file that it wrote is still what it wrote.
    """

    review: Review
    timeline: Timeline
    ledger: tuple[LedgerEntry, ...]
    diff: DiffText
    rollback: str | None
    plan_on_disk: PlanComparison | str | None = None
    written: Mapping[int, Mapping[str, bool]] = field(default_factory=dict)
