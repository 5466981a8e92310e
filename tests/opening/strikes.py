"""Kills a piece of work at each call that changes files, in a process of its own."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any

CALLS = (
    "mkdir",
    "open",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "replace",
    "chmod",
    "fchmod",
    "unlink",
    "rmdir",
    "link",
)


def strike(work: Callable[[], object], number: int) -> bool:
    """Run `work` in a child that is killed at its call NUMBER (from 1); False when it ended before that."""
    child = os.fork()
    if child == 0:
        try:
            left = number

            def counted(call: Callable[..., Any]) -> Callable[..., Any]:
                @wraps(call)
                def counting(*args: Any, **keys: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return call(*args, **keys)

                return counting

            for name in CALLS:
                setattr(os, name, counted(getattr(os, name)))
            sqlite3.connect = counted(sqlite3.connect)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
