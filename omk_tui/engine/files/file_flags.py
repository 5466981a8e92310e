"""Flags of a file system that forbid even its owner to change a file (chattr +i, +a)."""

from __future__ import annotations

import array
import fcntl
import os

from omk_tui.engine.files import open_flags

IMMUTABLE = "immutable (chattr +i)"
APPEND_ONLY = "append-only (chattr +a)"

_GET_FLAGS = 0x80086601
"""The request FS_IOC_GETFLAGS of Linux, for 64-bit systems."""
_IMMUTABLE_BIT, _APPEND_BIT = 0x10, 0x20


def fixed_by(name: str, parent: int) -> str:
    """`IMMUTABLE`, `APPEND_ONLY`, or empty: also where the file cannot be opened or the system has no such flags.

    `name` is a regular file or a folder in the open folder `parent`.
    """
    try:
        fd = os.open(name, open_flags.FILE, dir_fd=parent)
    except OSError:
        return ""
    try:
        flags = array.array("l", [0])
        fcntl.ioctl(fd, _GET_FLAGS, flags, True)
    except OSError:
        return ""
    finally:
        os.close(fd)
    return IMMUTABLE if flags[0] & _IMMUTABLE_BIT else APPEND_ONLY if flags[0] & _APPEND_BIT else ""
