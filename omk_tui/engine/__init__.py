"""The decision engine: one way to read, judge, plan and decide, for the TUI, the commands and your own programs.

>>> from omk_tui.engine import Engine, find_state_root
>>> engine = Engine(find_state_root(None, os.environ))
>>> review = engine.review(engine.goals().goals[0].goal_id)

Each name is loaded when it is first asked for: what opens a branch, say, does without reading and judging goals.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.engine.engine import Engine
    from omk_tui.engine.files.progress import Cancelled, Progress
    from omk_tui.engine.files.state_root import RootError, StateRoot, find_state_root
    from omk_tui.engine.git.command import end_git

__all__ = ["Cancelled", "Engine", "Progress", "RootError", "StateRoot", "end_git", "find_state_root"]

_MODULES = {
    "Cancelled": "files.progress",
    "Engine": "engine",
    "Progress": "files.progress",
    "RootError": "files.state_root",
    "StateRoot": "files.state_root",
    "end_git": "git.command",
    "find_state_root": "files.state_root",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
