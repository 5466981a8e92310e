"""Faults without strace: the functions of `os` and `fcntl` fail at their n-th call. What SQLite does is not reached."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from collections.abc import Callable
from typing import Any

CALLS = (
    "open", "write", "fdatasync", "fsync", "rename", "unlink", "mkdir", "fchmod", "flock", "close", "dup", "fstat",
    "stat", "lstat", "readlink", "pread", "listdir",
)  # fmt: skip
"""What can fail. `flock` is that of `fcntl`, all others are those of `os`."""


def module_of(call: str) -> Any:
    """The module whose attribute it is."""
    return fcntl if call == "flock" else os


def install(call: str, what: str, when: int) -> None:
    """Let the `when`-th call end in `what`: an error's name, or SIGKILL."""

    def fail() -> None:
        if what == "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        # EINTR of the functions that Python tries again never arrives.
        if what != "EINTR" or call in ("rename", "unlink", "mkdir", "close"):
            number = getattr(errno, what)
            raise OSError(number, os.strerror(number))

    _wrap(call, when, fail)


def count() -> dict[str, int]:
    """The number of calls of each function from now on."""
    counts = dict.fromkeys(CALLS, 0)

    def counted(call: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*words: Any, **names: Any) -> Any:
            counts[call] += 1
            return original(*words, **names)

        return wrapped

    for call in CALLS:
        module = module_of(call)
        setattr(module, call, counted(call, getattr(module, call)))
    return counts


def _wrap(call: str, when: int, fail: Callable[[], None]) -> None:
    module = module_of(call)
    original = getattr(module, call)
    calls = 0

    def wrapped(*words: Any, **names: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == when:
            fail()
        return original(*words, **names)

    setattr(module, call, wrapped)
