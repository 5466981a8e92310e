"""How the desk ends: as soon as a person says so, whatever a thread still reads; only a commit is waited for."""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from omk_tui.engine import end_git

PATIENCE = 0.3
"""Seconds that threads get to notice that nobody wants their answer any more."""


class UnawaitedThreads(ThreadPoolExecutor):
    """Threads for work that may be given up: the event loop does not wait for them when it closes."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work, and forget what has not begun."""
        super().shutdown(wait=False, cancel_futures=True)


def leave(code: int) -> int:
    """Give `code` back, or end the process with it where threads go on: the interpreter would wait for them."""
    end_git()
    until = time.monotonic() + PATIENCE
    for thread in _others():
        thread.join(max(0.0, until - time.monotonic()))
    if not _others():
        return code
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _others() -> list[threading.Thread]:
    """The threads for which the interpreter would wait at its end."""
    here = threading.current_thread()
    return [thread for thread in threading.enumerate() if thread is not here and not thread.daemon]
