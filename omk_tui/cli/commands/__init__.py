"""What the commands do. Each is the module of its name here, loaded when it is called."""

from __future__ import annotations

from importlib import import_module

from omk_tui.cli.command import Action


def action(name: str) -> Action:
    """What the command of that name does; the desk for the empty one."""
    loaded: Action = import_module(f"{__name__}.{name or 'desk'}").ACTION
    return loaded
