"""Folders of omk-tui's own below the user's: where one is, and how the oldest files in it are forgotten."""

from __future__ import annotations

import os
from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


def own_folder(environ: Mapping[str, str], variable: str, usual: str) -> str:
    """omk-tui's folder below the one that `variable` names, else below `usual` in the user's home.

    A relative value does not count, as the standard of these variables has it: the folder would appear in the project.
    """
    base = environ.get(variable, "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.abspath(os.path.expanduser("~")), usual)
    return os.path.join(base, "omk-tui")


def forget_oldest(folder: int, name_form: re.Pattern[str], most: int) -> None:
    """Remove the oldest files whose names have a form, all but the newest `most`. Raises OSError."""
    ours = [name for name in os.listdir(folder) if name_form.fullmatch(name)]
    if len(ours) <= most:
        return
    ours.sort(key=lambda name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime_ns, reverse=True)
    for name in ours[most:]:
        os.unlink(name, dir_fd=folder)
