"""`omk-tui history`: every decision of a goal's ledger, and with `--verify` whether it still holds together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import Action, Call, Request
from omk_tui.cli.command_table import VERIFY
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import resolve
from omk_tui.cli.page import FAILED, MET, WARNING, Page, Piece, outside, outside_lines
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.records.ledger_entries import History, LedgerEntry, Unlisted


def run(call: Call) -> int:
    """Print the decisions; with `--verify` examine their chain and today's files too."""
    console, engine, verify = call.console, call.engine, call.request.has(VERIFY)
    goal_id = resolve(call)
    if not isinstance(goal_id, str):
        return stopped(call, goal_id)
    history = engine.history(goal_id)
    if not isinstance(history, History):
        return stopped(call, history)
    entries = history.entries
    written = engine.written_now(goal_id, entries[-1]) if entries and verify else ()
    if call.request.json:
        console.exact(line(document(goal_id, history, written, verified=verify)))
    else:
        console.show(history_page(entries, history.unlisted))
        if verify and entries:
            console.show(verification_page(entries, written))
        if not entries and not history.interrupted:
            console.say(
                f"The record of decisions on {goal_id} is empty; what stands above is in omk's own files."
                if history.unlisted
                else f"No decision has been taken on {goal_id} with omk-tui; omk itself keeps no such record."
            )
            if verify:
                console.say(*LIMITS_OF_PROOF)
    if history.interrupted:
        console.say(f"note: {history.interrupted}")
    broken = verify and (history.interrupted or any(entry.fault for entry in entries))
    return console.ending(Exit.FAILED if broken else Exit.DONE)


# The page


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
        waived = entry.members.get("waived")
        waivers = f", {waived} waived" if isinstance(waived, int) and waived else ""
        page.add("status    ", outside(entry.text("status")), waivers, indent=5)
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
    for decision in reversed(unlisted):
        page.add(
            Piece(f"   {WARNING} ", "warning"),
            outside(decision.verb or "decision", "title"),
            "  ",
            outside(decision.decided_at),
            "  ",
            decision.path,
        )
        if decision.verb:
            first, *rest = outside_lines(decision.text) or [""]
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


# The document


class LedgerDecision(TypedDict):
    """One line of the ledger; `null` where the line does not say it."""

    number: Annotated[int, Key("The line's number, from 1.", 1)]
    decided_at: Annotated[str | None, Key("When it was decided.", "2026-11-22T21:04:11.482Z")]
    who: Annotated[str | None, Key("Who decided: user@host.", "ada@desk")]
    tool: Annotated[str | None, Key("With which program.", "omk-tui 0.1.0")]
    verb: Annotated[str | None, Key("accept or reject.", "reject")]
    status: Annotated[str | None, Key("The status the goal got.", "not_ready")]
    text: Annotated[str | None, Key("The summary or reason, scrubbed of secrets.", "slices conflict")]
    snapshot: Annotated[str | None, Key("The snapshot digest that was decided on.", "91d0e4...")]
    snapshot_version: Annotated[int, Key("Which version of the digest it is.", 2)]
    head: Annotated[str | None, Key("The project's HEAD.", "4be1c02...")]
    looked_at: Annotated[list[str], Key("The sections that were open before.", ["checklist"])]
    written: Annotated[
        dict[str, str], Key("The SHA-256 of what was written to each file.", {"goal.json": "e3b0c442..."})
    ]
    fault: Annotated[str | None, Key("Why the line does not fit the chain.", None)]


class WrittenFile(TypedDict):
    """A file that the last decision replaced."""

    path: Annotated[str, Key("Its path in the goal directory.", "proof.json")]
    unchanged: Annotated[bool, Key("Whether it is still what the decision wrote.", True)]


class UnlistedDecision(TypedDict):
    """A decision that omk's own file records and the ledger does not."""

    path: Annotated[str, Key("That file, in the goal directory.", "artifacts/integration/integrator-accept.json")]
    verb: Annotated[str, Key("accept or reject; empty where only a checkpoint tells of it.", "accept")]
    decided_at: Annotated[str, Key("When it was decided.", "2026-11-22T21:04:11.482Z")]
    text: Annotated[str, Key("The summary or reason, where it is known.", "all gates pass")]


class HistoryDocument(TypedDict):
    """`omk-tui history GOAL --json`: the decisions taken with omk-tui, oldest first."""

    schema: Annotated[Literal["omk-tui/history/1"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's full id, or what was asked for.", "goal-20261122-205557-473-03da4154")]
    decisions: Annotated[list[LedgerDecision], Key("The lines of the ledger.")]
    unlisted: Annotated[
        list[UnlistedDecision],
        Key(
            "Decisions that omk's own files tell of and the ledger does not: taken with omk itself, or "
            "their line was removed."
        ),
    ]
    interrupted: Annotated[
        str | None, Key("Why a decision that was begun is not finished; null when there is none.", None)
    ]
    intact: Annotated[
        bool | None,
        Key(
            "With --verify: whether each line is unchanged, this goal's, and follows the one before it; "
            "else null. Hashes cannot show that lines were removed which were the newest then, or that lines were "
            "written anew.",
            True,
        ),
    ]
    files: Annotated[list[WrittenFile], Key("With --verify: the files of the last decision.")]
    why: Annotated[str | None, Key("Why nothing could be read; null when it could.", None)]


def document(goal_id: str, history: History, written: Written, *, verified: bool) -> Document:
    """The decisions of a goal's ledger, oldest first."""
    return HistoryDocument(
        schema="omk-tui/history/1",
        goal_id=goal_id,
        decisions=[_ledger_decision(entry) for entry in history.entries],
        unlisted=[
            UnlistedDecision(path=decision.path, verb=decision.verb, decided_at=decision.decided_at, text=decision.text)
            for decision in history.unlisted
        ],
        interrupted=history.interrupted or None,
        intact=not any(entry.fault for entry in history.entries) if verified else None,
        files=[WrittenFile(path=path, unchanged=same) for path, same in written],
        why=None,
    )


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a history that could not be read."""
    return HistoryDocument(
        schema="omk-tui/history/1",
        goal_id=goal_id,
        decisions=[],
        unlisted=[],
        interrupted=None,
        intact=None,
        files=[],
        why=outcome.why,
    )


def _ledger_decision(entry: LedgerEntry) -> LedgerDecision:
    looked, version = entry.members.get("looked_at"), entry.members.get("snapshot_version")
    return LedgerDecision(
        number=entry.number,
        decided_at=entry.text("decided_at") or None,
        who=entry.text("who") or None,
        tool=entry.text("tool") or None,
        verb=entry.text("verb") or None,
        status=entry.text("status") or None,
        text=entry.text("text") or None,
        snapshot=entry.text("snapshot") or None,
        snapshot_version=version if isinstance(version, int) else 1,
        head=entry.text("head") or None,
        looked_at=[section for section in looked if isinstance(section, str)] if isinstance(looked, list) else [],
        written=entry.written,
        fault=entry.fault or None,
    )


ACTION = Action(run, failure=failure, documents=lambda: (HistoryDocument,))
