"""The app: holds what is shown, runs the workers, and is the only caller of the engine on the screens' side.

Each module adds one kind of work to the one before: `base` (what is shown, threads, watchers), `listing` (the list),
`reviewing` (the goal on the desk), `deciding` (dialogs and decisions), `desk` (the app itself).
"""

from __future__ import annotations

from omk_tui.app.desk import OmkApp, run
from omk_tui.app.leaving import leave

__all__ = ["OmkApp", "leave", "run"]
