"""Where the state lives: a named root, or omk's own rule (STATE-FORMAT 1)."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping

from omk_tui.light.dataclass import dataclass

VARIABLE = "OMK_TUI_STATE_ROOT"


class RootError(ValueError):
    """The state root that somebody named is not there; the message has its path."""


@dataclass(frozen=True, slots=True)
class StateRoot:
    """The folder that holds `goals/` and `omk.db`, as spelled; `origin` says who named it."""

    path: str
    origin: str
    exists: bool

    @property
    def goals_dir(self) -> str:
        """The folder of all goal directories."""
        return os.path.join(self.path, "goals")

    @property
    def database(self) -> str:
        """The path of omk.db."""
        return os.path.join(self.path, "omk.db")


def find_state_root(named: str | None, environ: Mapping[str, str]) -> StateRoot:
    """The root named by an option, else by OMK_TUI_STATE_ROOT (if not empty), else omk's default.

    Raises RootError when a named root is not a folder. omk's default may be missing: then `exists` is false.
    """
    for path, origin in ((named, "--state-root"), (environ.get(VARIABLE), VARIABLE)):
        if path:
            if not os.path.isdir(path):
                raise RootError(
                    f"there is no state root at {path} (named by {origin}); name a folder that holds goals/"
                )
            try:
                return _named_root(os.path.abspath(path), origin)
            except FileNotFoundError:
                raise RootError(
                    f"the current directory is gone; name the whole path of the state root {path}"
                ) from None
    path = default_root(environ)
    return StateRoot(path, "omk's default", os.path.isdir(path))


def _named_root(path: str, origin: str) -> StateRoot:
    """The root at a path; where the path is the folder of goals itself, the folder above is meant."""
    above, name = os.path.split(path)
    if name == "goals" and not os.path.isdir(os.path.join(path, "goals")):
        return StateRoot(above, f"{origin}, which named its goals/", exists=True)
    return StateRoot(path, origin, exists=True)


def default_root(environ: Mapping[str, str]) -> str:
    """Omk's active state root: ``~/.omk/state`` if ``~/.omk`` exists, else the XDG folder."""
    home = environ.get("HOME") or _passwd_home()
    legacy = os.path.join(home, ".omk") if home else "/tmp/.omk"
    if os.path.exists(legacy):
        return os.path.join(legacy, "state")
    xdg = environ.get("XDG_STATE_HOME")
    if xdg is not None:
        return os.path.join(xdg, "omk")
    return os.path.join(home, ".local/state/omk") if home else "/tmp/.local/state/omk"


def _passwd_home() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
