"""The desk from the first frame to the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from omk_tui.app.omk_app import OmkApp
from omk_tui.engine import Engine

SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that reads gives way: a key is answered before anybody notices."""


def run(engine: Engine, goal_id: str | None, root_label: str | None = None, welcome: Sequence[str] = ()) -> int:
    """Run the TUI on a goal (its full id), or on the list, below lines of welcome if any; returns the exit code.

    An error that nobody foresaw is raised here, when the terminal is itself again.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = OmkApp(engine, goal_id, root_label, welcome=welcome)
    code = app.run()
    app.decisions.drafts.close()
    with app.decisions.recording:
        pass  # a decision that was being recorded is
    if "marking" in vars(app):
        app.marking.finish()
    if app.fatal_error is not None:
        raise app.fatal_error
    return (app.return_code or 0) if code is None else code
