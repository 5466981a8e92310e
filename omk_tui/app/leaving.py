"""How the desk ends: as soon as a person says so, whatever a thread still reads; only a commit is waited for."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NoReturn

from omk_tui.engine import end_git


class UnawaitedThreads(ThreadPoolExecutor):
    """Threads for work that may be given up: the event loop does not wait for them when it closes."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work, and forget what has not begun."""
        super().shutdown(wait=False, cancel_futures=True)


def leave(code: int) -> NoReturn:
    """End the process with `code` at once.

    The interpreter would wait for threads that still read, and would take every value of a large goal apart first.
    """
    end_git()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
