"""One regular file of a work tree, read through no link and within a bound."""

from __future__ import annotations

import os
import stat

from omk_tui.engine.files import open_flags


def read_below(top: str, path: str, largest: int) -> bytes | str | None:
    """A regular file inside the working tree, through no link; None when there is none, a `str` when it is not read."""
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
        with open(os.open(names[-1], open_flags.FILE, dir_fd=folder), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > largest:
                return "it is no regular file, or too large"
            return file.read(largest + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        return str(error)
    finally:
        if folder >= 0:
            os.close(folder)
