"""What `history` says: every decision of a goal's ledger, and with `--verify` whether it still holds together."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.cli.page import FAILED, MET, WARNING, Page, Piece, outside, outside_lines
from omk_tui.core.records.ledger_entries import LedgerEntry, Unlisted

LIMITS_OF_PROOF = (
    "Hashes cannot show that lines were removed which were the newest then, or",
    "that somebody who may write these files wrote them anew, hashes and all.",
)

Written = Sequence[tuple[str, bool]]
"""Path of each file that a decision replaced, and whether it is still what was written."""


def history_page(entries: Sequence[LedgerEntry], unlisted: Sequence[Unlisted] = ()) -> Page:
    """The decisions, the newest first, and then those that left a file but no line."""
    page = Page()
    for entry in reversed(entries):
        if page.lines:
            page.gap()
        if not entry.members:
            page.add(Piece(f"{entry.number:>3}  {FAILED} ", "failed"), Piece(entry.fault, "failed"))
            continue
        page.add(f"{entry.number:>3}  ", outside(entry.text("verb"), "title"), "  ", outside(entry.text("decided_at")))
        page.add("status    ", outside(entry.text("status")), indent=5)
        page.add("who       ", outside(entry.text("who")), " with ", outside(entry.text("tool")), indent=5)
        first, *rest = outside_lines(entry.text("text")) or [""]
        page.add("text      ", Piece(first), indent=5)
        page.block(rest, indent=15)
        page.add("snapshot  ", outside(entry.text("snapshot")), indent=5, fit="whole")
        page.add("head      ", outside(entry.text("head") or "not known"), indent=5, fit="whole")
        if entry.fault:
            page.add(Piece(f"{FAILED} {entry.fault}", "failed"), indent=5)
    if unlisted:
        if page.lines:
            page.gap()
        page.add(Piece("NOT IN THIS RECORD", "title"), "  taken with omk itself, or the line was removed")
    for one in reversed(unlisted):
        page.add(
            Piece(f"   {WARNING} ", "warning"),
            outside(one.verb or "decision", "title"),
            "  ",
            outside(one.decided_at),
            "  ",
            one.path,
        )
        if one.verb:
            first, *rest = outside_lines(one.text) or [""]
            page.add("text      ", Piece(first), indent=7)
            page.block(rest, indent=17)
    return page


def verification_page(entries: Sequence[LedgerEntry], written: Written) -> Page:
    """Whether the lines hold together, and whether today's files are still what the last decision wrote."""
    page = Page()
    faults = [entry for entry in entries if entry.fault]
    page.heading("VERIFY")
    for entry in faults:
        page.add(Piece(f"   {FAILED} line {entry.number}: ", "failed"), Piece(entry.fault))
    if not faults:
        page.add(
            Piece(f"   {MET} ", "met"),
            "the line is unchanged"
            if len(entries) == 1
            else f"all {len(entries)} lines are unchanged, each after the one before it",
        )
    for path, same in written:
        sign = Piece(f"   {MET} ", "met") if same else Piece(f"   {WARNING} ", "warning")
        page.add(
            sign, outside(path), " is still what it wrote" if same else " is no longer what the last decision wrote"
        )
    page.block(LIMITS_OF_PROOF, indent=3, style="quiet")
    return page
