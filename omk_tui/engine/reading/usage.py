"""What the agents of a goal used, from their wire logs (STATE-FORMAT 8.1)."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator

from omk_tui.core.records.budget import Usage, usage_in_lines
from omk_tui.engine.files.file_memory import FileMemory, Identity, identity_of
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.progress import Progress
from omk_tui.light.dataclass import dataclass, field

AGENT_RUNS = "artifacts/agent-runs"
WIRE_LOG = "wire-events.jsonl"
_PIECE = 1 << 20
MAX_LINE = 32 << 20
"""Bytes of the longest line that is read; a log with a longer one contributes nothing."""
LOOK_LIMIT = 128 << 20
"""Bytes of all wire logs that are read in one look; a log behind that bound contributes nothing."""
MOST_ENTRIES = 100_000
"""How many files and folders below the agent runs are looked at."""


@dataclass(slots=True)
class UsageReader:
    """Sums up the wire logs of one look; a file of several names is read once and counts each time, as in omk."""

    memory: FileMemory
    progress: Progress
    _left: int = LOOK_LIMIT
    _in_this_look: dict[Identity, Usage | None] = field(default_factory=dict)

    def scan(self, folder: GoalFolder) -> Usage:
        """The sum over every ``wire-events.jsonl`` below the agent runs, in sorted order.

        A log that cannot be read, is not UTF-8 or lies behind the bound of one look contributes nothing.
        """
        total = Usage()
        try:
            top = folder.locate(AGENT_RUNS)
        except Unreadable:
            return total
        for parts in _wire_logs(folder, top):
            self.progress(0)
            try:
                with folder.open_located(parts) as file:
                    usage = self._of(file)
            except (Unreadable, OSError):
                continue
            if usage is not None:
                total = total.plus(usage)
        return total

    def _of(self, file: io.FileIO) -> Usage | None:
        """What one log reports; None where it contributes nothing. Raises OSError."""
        identity = identity_of(file.fileno())
        if identity in self._in_this_look:
            return self._in_this_look[identity]
        usage: Usage | None = None
        if identity[2] <= self._left:
            self._left -= identity[2]
            usage = self.memory.value(file.fileno(), identity, lambda: _usage_of(file, self.progress))
        self._in_this_look[identity] = usage
        return usage


class _LineTooLong(Exception):
    pass


def _usage_of(raw: io.FileIO, progress: Progress) -> Usage | None:
    """What the lines of a log report; None where it is not UTF-8 or a line is too long. Raises OSError."""
    file = io.BufferedReader(raw)

    def decoded() -> Iterator[str]:
        unreported = 0
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise _LineTooLong
            unreported += len(line)
            if unreported >= _PIECE:
                progress(unreported)
                unreported = 0
            yield line.decode("utf-8")

    try:
        return usage_in_lines(decoded())
    except (UnicodeDecodeError, _LineTooLong):
        return None
    finally:
        file.detach()


def _wire_logs(folder: GoalFolder, top: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The regular files of that name, depth first; symlinks below the top are not followed."""
    folders, room = [top], MOST_ENTRIES
    while folders and room > 0:
        parts = folders.pop()
        try:
            with folder.parent((*parts, "")) as fd:
                entries = sorted(
                    (name, os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode) for name in os.listdir(fd)
                )
        except OSError:
            continue
        room -= len(entries)
        for name, mode in entries:
            if stat.S_ISREG(mode) and name == WIRE_LOG:
                yield (*parts, name)
        folders.extend((*parts, name) for name, mode in reversed(entries) if stat.S_ISDIR(mode))
