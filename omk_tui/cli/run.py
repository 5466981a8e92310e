"""Runs one command and gives its exit code: data on standard output, narration on standard error."""

from __future__ import annotations

from omk_tui.cli.call import engine_for
from omk_tui.cli.command import Call, Request
from omk_tui.cli.commands import action
from omk_tui.cli.console import Console
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed
from omk_tui.engine import RootError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.cli.command import OpenDesk


def run(request: Request, console: Console, open_desk: OpenDesk) -> int:
    """Carry out what the command line asks for. Raises UsageError when a text from standard input is none."""
    call = Call(request, console, open_desk, lambda: engine_for(request, console))
    try:
        return action(request.command).run(call)
    except RootError as error:
        return stopped(call, Failed(str(error)))
