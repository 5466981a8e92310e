"""`omk-tui` without a command: the desk itself, or without a terminal what it would show first."""

from __future__ import annotations

from omk_tui.cli.command import Call, Command, help_line
from omk_tui.cli.commands import TABLE, command


def run(call: Call) -> int:
    """Open the TUI, or print the list or the goal."""
    from omk_tui.cli.goal_argument import resolve  # not for the help page
    from omk_tui.cli.stopping import stopped

    goal = call.request.goal
    if not call.console.is_terminal:
        name = "list" if goal is None else "check"
        ending = command(name).run(call)
        call.console.say(
            f"This is `omk-tui {TABLE[name].words}`: the desk itself needs a terminal (see omk-tui --help)."
        )
        return ending
    goal_id = None
    if goal is not None:
        resolved = resolve(call)
        if not isinstance(resolved, str):
            return stopped(call, resolved)
        goal_id = resolved
    return call.open_desk(call.engine, goal_id, call.engine.root.path, ())


_OVERVIEW = "\n".join(help_line(entry.words, entry.about) for entry in TABLE.values())

COMMAND = Command(
    name="",
    usage="omk-tui [GOAL] | omk-tui COMMAND ...",
    about="""\
The integrator's desk for omk goals: see what is missing and why, preview what a decision would write, decide.
Without a command it opens the desk in the terminal; without a terminal it prints what list or check print.""",
    more=f"commands (each has its own --help):\n{_OVERVIEW}",
    examples="""\
  omk-tui                                     the desk
  omk-tui goal-20261122-205557-473-03da4154   the desk with this goal open
  omk-tui list --status not_ready
  omk-tui -- list                             a goal whose id is the name of a command""",
    run=run,
    goal="optional",
)
