"""How much a gate may write: watched from outside, as neither a quota nor a limit of files bounds a whole folder."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress

from omk_tui.light.dataclass import dataclass

MOST_WRITTEN = 8 << 30
"""Bytes by which the folders of a gate may grow while it runs."""
LEAST_FREE = 512 << 20
"""Bytes that a gate has to leave free on the file system of its folders; half of what is free where that is less."""
MOST_FILES = 2_000_000
"""Files and folders that a gate may have."""
_LEAST_PAUSE = 0.25
_PAUSES = 10
"""How many times as long as a look takes is waited before the next."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one gate may write: see the constants of this module."""

    most_written: int = MOST_WRITTEN
    least_free: int = LEAST_FREE
    most_files: int = MOST_FILES


USUAL_LIMITS = Limits()


class DiskLimit:
    """Looks how much the folders of a gate have grown, and whether their file system is about to be full."""

    def __init__(self, folders: Sequence[str], limits: Limits) -> None:
        self._folders, self._limits = tuple(folders), limits
        self._before, _ = _size_of(self._folders, limits.most_files)
        free = _free(self._folders[0])
        self._least_free = min(limits.least_free, free // 2)
        self._free_then, self._left = free, limits.most_written
        self._next = time.monotonic() + _LEAST_PAUSE

    def overstepped(self) -> str:
        """Why the gate has to end, in a sentence; empty while it may go on. Often it looks no further than statvfs."""
        free, now = _free(self._folders[0]), time.monotonic()
        if free < self._least_free:
            return f"it was ended: less than {_mib(self._least_free)} were left on the disk of its checkout"
        if now < self._next and self._free_then - free < self._left // 2:
            return ""
        size, files = _size_of(self._folders, self._limits.most_files)
        took = time.monotonic() - now
        self._next = now + took + max(_LEAST_PAUSE, _PAUSES * took)
        self._free_then, self._left = free, self._limits.most_written - (size - self._before)
        if self._left < 0:
            return f"it was ended: it wrote more than {_mib(self._limits.most_written)}"
        if files > self._limits.most_files:
            return f"it was ended: it made more than {self._limits.most_files:,} files"
        return ""


def _free(folder: str) -> int:
    about = os.statvfs(folder)
    return about.f_bavail * about.f_frsize


def _size_of(folders: Sequence[str], most_files: int) -> tuple[int, int]:
    """Bytes on disk and number of entries below folders; counting ends above `most_files`. Links are not followed."""
    size, files, waiting = 0, 0, list(folders)
    linked: set[int] = set()
    while waiting and files <= most_files:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                files += 1
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif about.st_nlink > 1:
                        if about.st_ino in linked:
                            continue
                        linked.add(about.st_ino)
                    size += about.st_blocks * 512
    return size, files


def _mib(size: int) -> str:
    return f"{size >> 20:,} MiB"
