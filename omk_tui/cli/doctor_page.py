"""What `doctor` says: what is not as it should be, goal by goal."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.cli.page import MET, WARNING, Page, Piece, outside
from omk_tui.core.decision.findings import Finding


def doctor_page(findings: Sequence[Finding]) -> Page:
    """The findings, those about the whole state root first."""
    page = Page()
    if not findings:
        page.add(Piece(f"{MET} ", "met"), "nothing to mend")
    goal_id = None
    for finding in findings:
        if finding.goal_id != goal_id:
            goal_id = finding.goal_id
            if page.lines:
                page.gap()
            page.add(outside(goal_id or "the state root", "title"), fit="whole")
        page.add(Piece(f"   {WARNING} {finding.code:<14}", "warning"), outside(finding.text))
        if finding.repair:
            page.add(outside(finding.repair, "command"), indent=21)
    return page
