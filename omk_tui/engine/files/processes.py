"""Whether a process that somebody named is still there."""

from __future__ import annotations

import os


def process_exists(pid: int) -> bool:
    """Whether a process has this number; one of somebody else's counts."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
