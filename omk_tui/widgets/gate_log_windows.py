"""Windows of a gate's log: where standard error begins in it, and no empty one at its end."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass
from omk_tui.widgets.file_windows import Windows

STDOUT_MARK = b"[stdout]\n"
STDERR_MARK = b"[stderr]\n"
_BETWEEN = b"\n\n" + STDERR_MARK
_TAIL = 64 << 10
"""Bytes at the end in which standard error is looked for where the length of standard output does not lead to it."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The two streams of a log: the offset of the line that begins standard error, and whether one holds nothing."""

    stderr_at: int
    stdout_empty: bool
    stderr_empty: bool


class GateLogWindows:
    """The windows of a log that was written as `[stdout]`, its text, `[stderr]`, its text.

    `streams` is None until the size was asked for, and where the log has another form. An empty standard error is
    left out, so that whoever goes to the end sees the end of what was said.
    """

    def __init__(self, windows: Windows, stdout_size: int) -> None:
        """`stdout_size` is how many bytes standard output should have; else the end of the log is looked at."""
        self._windows = windows
        self._stdout_size = stdout_size
        self._whole = -1
        self.streams: Streams | None = None

    async def size(self) -> int:
        """How many bytes it has now, without an empty standard error. May raise OSError."""
        whole = await self._windows.size()
        if whole != self._whole:
            self.streams, self._whole = await self._look(whole), whole
        streams = self.streams
        return streams.stderr_at - 1 if streams is not None and streams.stderr_empty else whole

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset` on. May raise OSError."""
        return await self._windows.read(offset, length)

    def close(self) -> None:
        """No more will be read."""
        self._windows.close()

    async def _look(self, whole: int) -> Streams | None:
        if await self._windows.read(0, len(STDOUT_MARK)) != STDOUT_MARK:
            return None
        between = len(STDOUT_MARK) + self._stdout_size
        if await self._windows.read(between, len(_BETWEEN)) != _BETWEEN:
            start = max(whole - _TAIL, 0)
            at = (await self._windows.read(start, whole - start)).rfind(_BETWEEN)
            if at < 0:
                return None
            between = start + at
        begins = between + len(_BETWEEN)
        return Streams(between + 2, between <= len(STDOUT_MARK), whole - begins <= 1)
