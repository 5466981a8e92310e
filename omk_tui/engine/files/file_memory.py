"""What was learnt from a file's content, remembered for as long as the file stays as it was."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from typing import Generic, TypeVar

from omk_tui.dataclass import dataclass, field

T = TypeVar("T")

SETTLED_AFTER = 2_000_000_000
"""Nanoseconds since its last change after which a file's times tell the next change for certain."""
_MOST = 8192

Identity = tuple[int, int, int, int, int]
"""Device, inode, size, modification time and change time (nanoseconds) of a file. The change time cannot be set."""


def identity_of(fd: int) -> Identity:
    """What tells one state of an open file from another without reading it. Raises OSError."""
    info = os.fstat(fd)
    return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


@dataclass(slots=True)
class FileMemory(Generic[T]):
    """One value for each file, by the file's identity; the least used ones are forgotten first."""

    _values: OrderedDict[Identity, T] = field(default_factory=OrderedDict)

    def recall(self, identity: Identity) -> tuple[T] | None:
        """The value for a file that has not changed since, in a tuple, or None where none is known."""
        if identity not in self._values:
            return None
        self._values.move_to_end(identity)
        return (self._values[identity],)

    def keep(self, identity: Identity, value: T) -> None:
        """Keep a value, unless the file changed so lately that its times might stay with other content."""
        if time.time_ns() - max(identity[3], identity[4]) < SETTLED_AFTER:
            return
        self._values[identity] = value
        if len(self._values) > _MOST:
            self._values.popitem(last=False)
