"""What a command says that was refused or failed: why, as a document too if one was asked for, and the way out."""

from __future__ import annotations

import os

from omk_tui.cli.command import PROJECT_DIR, STATE_ROOT, Call, Request
from omk_tui.cli.command_table import TABLE
from omk_tui.cli.commands import action
from omk_tui.cli.document import Document, line
from omk_tui.cli.exit_code import Exit
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.text.printed_commands import CommandLine


def stopped(call: Call, outcome: Refused | Failed, goal_id: str | None = None) -> int:
    """Say why nothing was done, as a document too if one was asked for, and give the exit code for it."""
    request, console = call.request, call.console
    if request.json:
        document = failure_document(request, goal_id or request.goal or "", outcome)
        if document is not None:
            console.exact(line(document))
    console.say(f"omk-tui: {outcome.why}")
    if isinstance(outcome, Refused):
        console.say(*(f"  {detail}" for detail in outcome.details))
        console.say(*_way_out(request, outcome, goal_id))
    elif goal_id is None and request.goal is not None:
        console.say(*_meant(request.goal))
    return stop_exit(outcome)


def failure_document(request: Request, goal_id: str, outcome: Refused | Failed) -> Document | None:
    """The document of a command that could not do what was asked; None where it has no documents."""
    failure = action(request.command).failure
    return failure(request, goal_id, outcome) if failure else None


def call_of(request: Request) -> CommandLine:
    """What printed commands repeat of a request: a folder by its full path, so that they work from anywhere."""
    named = (request.value(STATE_ROOT), request.value(PROJECT_DIR))
    return CommandLine(*(os.path.abspath(path) if path else "" for path in named))


def stop_exit(outcome: Refused | Failed) -> Exit:
    """The exit code of a command that was refused or failed."""
    if isinstance(outcome, Failed):
        return Exit.FAILED
    return Exit.MISSING if outcome.kind == "missing" else Exit.REFUSED


def _way_out(request: Request, outcome: Refused, goal_id: str | None) -> list[str]:
    if goal_id is None:
        return []
    check = call_of(request).desk("check", goal_id)
    match outcome.kind:
        case "missing":
            return [f"What to do about each: {check}", "To record it as not ready, as omk does: add --record-not-ready"]
        case "conflict":
            return [f"What conflicts: {check}", "To accept all the same, as omk does: add --despite-conflicts"]
        case "stale" | "status" | "outside":
            return [f"To see it as it is now: {check}"]
        case _:
            return []


def _meant(goal: str) -> list[str]:
    """A hint when an unknown goal looks like a command that was misspelt."""
    import difflib

    close = difflib.get_close_matches(goal, TABLE, n=1, cutoff=0.7)
    return [f"If the command was meant: omk-tui {close[0]}"] if close else []
