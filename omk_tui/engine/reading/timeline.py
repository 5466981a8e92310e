"""Reading a goal's event log: bounded, line by line, the newest part of a very large one."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

from omk_tui.core.records.event_log import SOURCES, Timeline
from omk_tui.core.records.event_log import read_timeline as read_lines
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable

TAIL = 8 << 20
"""Bytes at the end of a log that are read; what stands before them is counted as skipped."""
LONGEST_LINE = 4 << 20


def read_timeline(folder: GoalFolder) -> Timeline:
    """The timeline of an open goal directory (STATE-FORMAT 10.3): the first of the two logs that exists."""
    for name in SOURCES:
        try:
            with folder.open(name) as file:
                size = os.fstat(file.fileno()).st_size
                skipped = max(0, size - TAIL)
                return read_lines(_lines(file, skipped), source=name, skipped=skipped)
        except Unreadable as error:
            if not error.missing:
                return Timeline(source=name, problem=f"{name}: {error.reason}")
        except OSError as error:
            return Timeline(source=name, problem=f"{name}: {Unreadable.of(error).reason}")
    return Timeline()


def _lines(file: io.FileIO, start: int) -> Iterator[bytes]:
    """The lines from `start` on; a first partial line is left out, and a longer line than is read comes cut."""
    with os.fdopen(os.dup(file.fileno()), "rb") as buffered:
        buffered.seek(start)
        if start:
            buffered.readline(LONGEST_LINE)
        while line := buffered.readline(LONGEST_LINE):
            yield line
