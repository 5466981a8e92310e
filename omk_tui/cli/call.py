"""What a command is carried out with: the engine on what was named, and how the TUI is opened."""

from __future__ import annotations

import os
from collections.abc import Callable

from omk_tui.cli.arguments import Request
from omk_tui.cli.console import Console
from omk_tui.cli.stopping import call_of
from omk_tui.engine import Engine, RootError, find_state_root

Desk = Callable[[Engine, str | None, str], int]
"""Opens the TUI: engine, the goal to open first or None, and what the header calls the state root."""

CarryOut = Callable[[Request, Engine, Console, Desk], int]
"""Runs a command on an engine and gives the exit code."""


def engine_for(request: Request, console: Console) -> Engine:
    """The engine on the state root and project that the request names. Raises RootError when one is not there."""
    engine = Engine(find_state_root(request.state_root, console.environ), project_dir(request))
    engine.call = call_of(request)
    engine.tell = lambda sentence: console.say(f"note: {sentence}")
    return engine


def project_dir(request: Request) -> str | None:
    """The absolute path of the project that was named, or None. Raises RootError when it is not there."""
    named = request.project_dir
    if named is not None and not os.path.isdir(named):
        raise RootError(f"there is no project folder at {named} (named by --project-dir)")
    try:
        return os.path.abspath(named) if named is not None else None
    except FileNotFoundError:
        raise RootError("the current directory is gone; name the project by its full path") from None
