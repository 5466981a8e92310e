"""The decision engine: one way to read, judge, plan and decide, for the TUI, the commands and your own programs.

>>> from omk_tui.engine import Engine, find_state_root
>>> engine = Engine(find_state_root(None, os.environ))
>>> review = engine.review(engine.goals().goals[0].goal_id)
"""

from __future__ import annotations

from omk_tui.engine.engine import Engine
from omk_tui.engine.files.progress import Cancelled, Progress
from omk_tui.engine.files.state_root import RootError, StateRoot, find_state_root
from omk_tui.engine.git.command import end_git

__all__ = ["Cancelled", "Engine", "Progress", "RootError", "StateRoot", "end_git", "find_state_root"]
