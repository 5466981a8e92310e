"""Windows of one big file: what a log view needs to read from it, and the same over an open file descriptor."""

from __future__ import annotations

import asyncio
import errno
import os
from threading import Lock
from typing import Protocol

from aiofiles.base import wrap


class Windows(Protocol):
    """A file that somebody else has found, judged and opened. Each call may raise OSError."""

    async def size(self) -> int:
        """How many bytes it has now."""

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset` on; fewer only at the end."""

    def close(self) -> None:
        """No more will be read."""


class FileWindows:
    """Windows of an open, readable file descriptor of a regular file, read in threads; closes it in the end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = Lock()
        self._read = wrap(self._read_now)
        self._size = wrap(self._size_now)

    async def size(self) -> int:
        """How many bytes the file has now."""
        size: int = await self._size()
        return size

    async def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset` on; fewer only at the end of the file."""
        data: bytes = await self._read(offset, length)
        return data

    def close(self) -> None:
        """Close the descriptor, after a read that is under way."""
        asyncio.get_running_loop().run_in_executor(None, self._close_now)

    # These run in threads. The lock keeps a closed descriptor's number, which the system gives away again, from use.

    def _read_now(self, offset: int, length: int) -> bytes:
        with self._lock:
            self._insist_open()
            pieces: list[bytes] = []
            while length > 0 and (piece := os.pread(self._descriptor, length, offset)):
                pieces.append(piece)
                offset += len(piece)
                length -= len(piece)
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _size_now(self) -> int:
        with self._lock:
            self._insist_open()
            return os.fstat(self._descriptor).st_size

    def _close_now(self) -> None:
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def _insist_open(self) -> None:
        if self._descriptor < 0:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
