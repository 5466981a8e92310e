"""The exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, as the shell sees it."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    MISSING = 3
    REFUSED = 4
    INTERRUPTED = 130


EXPLAINED = """\
exit codes:
  0  done (check: nothing is missing; plan: a plan could be made; list: also with unreadable goals)
  1  failed: unknown goal, unreadable or unwritable files
  2  usage
  3  evidence is missing (accept: nothing was written)
  4  refused: paused, blocked_on_human, cancelled, stale snapshot, locked, ambiguous latest
  130  interrupted (ctrl+c)"""
