"""What `plan` says: the decision's effect, file by file."""

from __future__ import annotations

from omk_tui.cli.page import Page, Piece, outside, outside_lines, padded
from omk_tui.core.decision.plan import DecisionPlan


def plan_page(plan: DecisionPlan, before: str = "") -> Page:
    """What the decision would write, and which one it replaces; the rollback plan of a reject comes last."""
    page = Page()
    page.add(f"{plan.verb} of ", outside(plan.goal_id, "title"), " would record; nothing is written yet", fit="whole")
    page.gap()
    page.add("status     ", Piece(plan.status, "met" if plan.status == "ready" else "missing"))
    page.add("readiness  ", outside(plan.readiness))
    if before:
        page.add("before     ", outside(before, limit=300), hang=11)
    page.add("snapshot   ", plan.snapshot, fit="whole")
    page.heading("KNOWN GAPS", "" if plan.known_gaps else "none")
    for gap in plan.known_gaps:
        page.add("- ", outside(gap), indent=5, hang=2)
    if plan.dropped_gaps:
        page.heading("DROPPED GAPS", "recorded now, gone afterwards")
        for gap in plan.dropped_gaps:
            page.add("- ", outside(gap), indent=5, hang=2)
    page.heading("FILES", "and the row in omk.db")
    sizes = [f"{one.size:,}" for one in plan.files]
    widest = max(map(len, sizes), default=0)
    for one, size in zip(plan.files, sizes, strict=True):
        page.add(f"   {padded(one.action, 8)}{size:>{widest}} bytes  ", outside(one.path), fit="whole")
    if plan.rollback is not None:
        page.heading("ROLLBACK PLAN")
        page.block(outside_lines(plan.rollback), indent=3, fit="whole")
    return page
