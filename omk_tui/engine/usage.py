"""What the agents of a goal used, from their wire logs (STATE-FORMAT 8.1)."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator

from omk_tui.core.budget import Usage, usage_in_lines
from omk_tui.engine.folder import GoalFolder, Unreadable

AGENT_RUNS = "artifacts/agent-runs"
WIRE_LOG = "wire-events.jsonl"
MAX_LINE = 32 << 20
"""Bytes of the longest line that is read; a log with a longer one contributes nothing."""


def scan_usage(folder: GoalFolder) -> Usage:
    """The sum over every ``wire-events.jsonl`` below the agent runs, in sorted order.

    A log that cannot be read or is not UTF-8 contributes nothing.
    """
    total = Usage()
    try:
        top = folder.locate(AGENT_RUNS)
    except Unreadable:
        return total
    for parts in _wire_logs(folder, top):
        try:
            total = total.plus(_usage_of(folder, parts))
        except (Unreadable, UnicodeDecodeError, _LineTooLong):
            continue
    return total


class _LineTooLong(Exception):
    pass


def _usage_of(folder: GoalFolder, parts: tuple[str, ...]) -> Usage:
    with folder.open_located(parts) as raw:
        file = io.BufferedReader(raw)

        def decoded() -> Iterator[str]:
            while line := file.readline(MAX_LINE + 1):
                if len(line) > MAX_LINE:
                    raise _LineTooLong
                yield line.decode("utf-8")

        try:
            return usage_in_lines(decoded())
        except OSError as error:
            raise Unreadable.of(error) from None


def _wire_logs(folder: GoalFolder, top: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The regular files of that name, depth first; symlinks below the top are not followed."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        try:
            with folder.parent((*here, "")) as fd:
                entries = sorted(
                    (name, os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode) for name in os.listdir(fd)
                )
        except OSError:
            continue
        for name, mode in entries:
            if stat.S_ISREG(mode) and name == WIRE_LOG:
                yield (*here, name)
        waiting.extend((*here, name) for name, mode in reversed(entries) if stat.S_ISDIR(mode))
