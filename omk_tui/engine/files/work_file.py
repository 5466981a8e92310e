"""One regular file of a work tree, reached through no link and read within a bound."""

from __future__ import annotations

import os
import stat

from omk_tui.engine.files import open_flags


def read_below(top: str, path: str, largest: int) -> bytes | str | None:
    """A regular file inside the working tree, through no link; None when there is none, a `str` when it is not read."""
    descriptor = _open_below(top, path)
    if not isinstance(descriptor, int):
        return descriptor
    try:
        with open(descriptor, "rb") as file:
            if os.fstat(file.fileno()).st_size > largest:
                return "it is too large"
            return file.read(largest + 1)
    except OSError as error:
        return str(error)


def why_not_below(top: str, path: str) -> str:
    """Why no regular file is reached at a path inside the working tree through no link; empty where one is."""
    descriptor = _open_below(top, path)
    if isinstance(descriptor, int):
        os.close(descriptor)
        return ""
    return "it is not there" if descriptor is None else descriptor


def _open_below(top: str, path: str) -> int | str | None:
    """A descriptor of the file, None where there is none, or why it is not opened."""
    names = path.split("/")
    if not path or any(name in ("", ".", "..", ".git") for name in names):
        return "it is outside the working tree"
    folder = -1
    try:
        folder = os.open(top, open_flags.FILE | os.O_DIRECTORY)
        for name in names[:-1]:
            below = os.open(name, open_flags.FILE | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = below
        descriptor = os.open(names[-1], open_flags.FILE, dir_fd=folder)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        return "it is no regular file"
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        return str(error)
    finally:
        if folder >= 0:
            os.close(folder)
