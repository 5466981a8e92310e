"""The engine that a request asks for."""

from __future__ import annotations

import os

from omk_tui.cli.command import PROJECT_DIR, STATE_ROOT, Request
from omk_tui.cli.console import Console
from omk_tui.cli.stopping import call_of
from omk_tui.engine import RootError, StateRoot, find_state_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.engine import Engine


def engine_for(request: Request, console: Console) -> Engine:
    """The engine on the state root and project that the request names. Raises RootError when one is not there."""
    from omk_tui.engine import Engine

    return Engine(
        root_for(request, console),
        project_dir(request),
        tell=lambda sentence: console.say(f"note: {sentence}"),
        call=call_of(request),
    )


def root_for(request: Request, console: Console) -> StateRoot:
    """The state root that the request names. Raises RootError when it is not there."""
    return find_state_root(request.value(STATE_ROOT), console.environ)


def project_dir(request: Request) -> str | None:
    """The absolute path of the project that was named, or None. Raises RootError when it is not there."""
    named = request.value(PROJECT_DIR)
    if named is not None and not os.path.isdir(named):
        raise RootError(f"there is no project folder at {named} (named by --project-dir)")
    try:
        return os.path.abspath(named) if named is not None else None
    except FileNotFoundError:
        raise RootError("the current directory is gone; name the project by its full path") from None
