"""What a command says that was refused or failed: why, as a document too if one was asked for, and the way out."""

from __future__ import annotations

import os

from omk_tui.cli.arguments import Request
from omk_tui.cli.console import Console
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.manual import COMMANDS
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.text.printed_commands import CommandLine


def stopped(request: Request, console: Console, outcome: Refused | Failed, goal_id: str | None = None) -> int:
    """Say why nothing was done, as a document too if one was asked for, and give the exit code for it."""
    if request.json:
        from omk_tui.cli.answers import (
            check_failure,
            decision_answer,
            doctor_failure,
            history_failure,
            list_failure,
            plan_answer,
        )

        named = goal_id or request.goal or ""
        if request.command == "plan" and request.verb:
            document = plan_answer(request.verb, named, outcome)
        elif request.verb:
            document = decision_answer(request.verb, named, outcome)
        elif request.command == "check":
            document = check_failure(named, outcome.why)
        elif request.command == "history":
            document = history_failure(named, outcome.why)
        elif request.command == "doctor":
            document = doctor_failure(outcome.why)
        else:
            document = list_failure(outcome.why)
        console.exact(document.line())
    console.say(f"omk-tui: {outcome.why}")
    if isinstance(outcome, Refused):
        console.say(*(f"  {detail}" for detail in outcome.details))
        console.say(*_way_out(request, outcome, goal_id))
    elif goal_id is None and request.goal is not None:
        console.say(*_meant(request.goal))
    return stop_exit(outcome)


def call_of(request: Request) -> CommandLine:
    """What printed commands repeat of a request: a folder by its full path, so that they work from anywhere."""
    named = (request.state_root, request.project_dir)
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

    close = difflib.get_close_matches(goal, COMMANDS, n=1, cutoff=0.7)
    return [f"If the command was meant: omk-tui {close[0]}"] if close else []
