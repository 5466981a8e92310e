"""The app: holds what is shown, runs the workers, and is the only caller of the engine on the screens' side.

`desk` is the app itself; its controllers are `listing` (the list), `reviewing` (the goal on the desk) and `deciding`
(dialogs and decisions), which work with what `shell` gives: the values on screen, threads, watchers.
"""

from __future__ import annotations

from omk_tui.app.leaving import leave
from omk_tui.app.omk_app import OmkApp
from omk_tui.app.run import run

__all__ = ["OmkApp", "leave", "run"]
