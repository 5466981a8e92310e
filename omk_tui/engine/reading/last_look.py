"""When somebody last looked at a goal: kept in omk-tui's own state folder, never in the goal directory."""

from __future__ import annotations

import os
from contextlib import suppress

from omk_tui.core.review.last_look import Look
from omk_tui.engine.files import app_state
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot


def last_look(root: StateRoot, goal_id: str) -> Look | None:
    """When the goal was last looked at; None where that is not known."""
    try:
        with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
            return app_state.read_look(folder.real, os.environ)
    except OSError:
        return None


def keep_look(root: StateRoot, goal_id: str, look: Look) -> None:
    """Keep that the goal was looked at. What cannot be kept is not: it draws one line only."""
    with suppress(OSError), GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
        app_state.write_look(folder.real, look, os.environ)
