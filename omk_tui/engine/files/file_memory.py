"""What was learnt from a file's content, remembered for as long as the file stays as it was."""

from __future__ import annotations

import os
import time
from collections import OrderedDict

from omk_tui.light.dataclass import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

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
class FileMemory:
    """One value for each file, by the file's identity; the least used ones are forgotten first."""

    _values: OrderedDict[Identity, Any] = field(default_factory=OrderedDict)

    def value(self, fd: int, identity: Identity, compute: Callable[[], T]) -> T:
        """The value of an open file that had this identity before it was read: remembered, or computed by reading it.

        It is remembered unless the file changed meanwhile, or so lately that its times might stay with other content.
        One memory has values of one type. Raises OSError, and whatever `compute` raises.
        """
        if identity in self._values:
            self._values.move_to_end(identity)
            remembered: T = self._values[identity]
            return remembered
        value = compute()
        if identity_of(fd) == identity and time.time_ns() - max(identity[3], identity[4]) >= SETTLED_AFTER:
            self._values[identity] = value
            if len(self._values) > _MOST:
                self._values.popitem(last=False)
        return value
