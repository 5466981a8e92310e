"""Removing a folder in which hostile programs were at work: of any depth, whatever modes they left, through no link."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from omk_tui.engine.files import open_flags
from omk_tui.light.late import shutil


def remove_tree(top: str) -> bool:
    """Remove a folder and all that is in it; whether nothing of it is left. Raises nothing.

    What is too deep for the usual way is gone through with one descriptor at a time.
    """
    with suppress(RecursionError):
        shutil.rmtree(top, ignore_errors=True)  # fast, and does it nearly always
    return remove_folder(top)


def remove_folder(top: str) -> bool:
    """As `remove_tree`, with one descriptor at a time from the start: what is small is removed at once so."""
    try:
        here = _opened(top, None)
    except OSError:
        return not os.path.lexists(top)
    names: list[str] = []
    stuck: set[tuple[int, int]] = set()
    while True:
        below = _empty(here, stuck)
        if below:
            try:
                deeper = _opened(below, here)
            except OSError:  # it cannot be entered: it is passed over
                stuck.add(_identity(below, here))
                continue
            names.append(below)
        elif names:
            deeper, name = os.open("..", open_flags.FOLDER, dir_fd=here), names.pop()
            try:
                os.rmdir(name, dir_fd=deeper)
            except OSError:
                stuck.add(_identity(name, deeper))
        else:
            break
        os.close(here)
        here = deeper
    os.close(here)
    with suppress(OSError):
        os.rmdir(top)
    return not os.path.lexists(top)


def _opened(name: str, parent: int | None) -> int:
    """A folder opened, with the modes that removing what is in it takes."""
    with suppress(OSError):
        about = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if stat.S_ISDIR(about.st_mode) and stat.S_IMODE(about.st_mode) & 0o700 != 0o700:
            os.chmod(name, 0o700, dir_fd=parent)
    return os.open(name, open_flags.FOLDER, dir_fd=parent)


def _empty(here: int, stuck: set[tuple[int, int]]) -> str:
    """Unlink what is no folder; the name of a folder that is not empty, or nothing when none is left to enter."""
    below = ""
    with os.scandir(here) as entries:
        names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in names:
        if not is_folder:
            with suppress(OSError):
                os.unlink(name, dir_fd=here)
            continue
        try:
            os.rmdir(name, dir_fd=here)
        except OSError:
            if not below and _identity(name, here) not in stuck:
                below = name
    return below


def _identity(name: str, parent: int) -> tuple[int, int]:
    try:
        about = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError:
        return (0, 0)
    return (about.st_dev, about.st_ino)
