"""`omk-tui` without a command: the desk itself, or without a terminal what it would show first."""

from __future__ import annotations

from omk_tui.cli.command import Action, Call
from omk_tui.cli.command_table import TABLE
from omk_tui.cli.commands import action


def run(call: Call) -> int:
    """Open the TUI, or print the list or the goal."""
    from omk_tui.cli.goal_argument import resolve  # not for the help page
    from omk_tui.cli.stopping import stopped

    goal = call.request.goal
    if not call.console.is_terminal:
        name = "list" if goal is None else "check"
        ending = action(name).run(call)
        call.console.say(
            f"This is `omk-tui {TABLE[name].shown}`: the desk itself needs a terminal (see omk-tui --help)."
        )
        return ending
    goal_id = None
    if goal is not None:
        resolved = resolve(call)
        if not isinstance(resolved, str):
            return stopped(call, resolved)
        goal_id = resolved
    return call.open_desk(call.engine, goal_id, call.engine.root.path, ())


ACTION = Action(run)
