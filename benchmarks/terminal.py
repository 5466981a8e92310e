"""A program in a pseudo-terminal: from its start until something stands on its screen, and what memory it takes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS, COLUMNS = 40, 120
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
"""What a modern terminal answers to the questions that Textual asks of it."""


def memory_of(pid: int) -> float:
    """MiB of a process's memory that are in use now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Terminal:
    """A program with a terminal of 120x40 cells that nobody sees. Use as a context manager."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start the program."""
        self._began = time.perf_counter()
        self._seen = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(words[0], list(words), {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def until(self, text: bytes, seconds: float = 120.0) -> float:
        """Milliseconds from the start until these bytes have been written. Raises TimeoutError."""
        return (self._wait(text, seconds) - self._began) * 1000

    def key(self, keys: bytes, text: bytes, seconds: float = 10.0) -> float:
        """Milliseconds from pressing these keys until these bytes have been written. Raises TimeoutError."""
        began = time.perf_counter()
        os.write(self._fd, keys)
        return (self._wait(text, seconds) - began) * 1000

    def after(self, began: float, text: bytes, seconds: float = 30.0) -> float:
        """Milliseconds from `began` until these bytes have been written. Raises TimeoutError."""
        return (self._wait(text, seconds) - began) * 1000

    @property
    def memory(self) -> float:
        """MiB of the program's memory that is in use now."""
        return memory_of(self.pid)

    def rest(self, seconds: float) -> None:
        """Let the program work, and forget what it writes."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self._read(left)
        self._seen = b""

    def _wait(self, text: bytes, seconds: float) -> float:
        deadline = time.perf_counter() + seconds
        while text not in self._seen:
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"{text!r} did not appear in {seconds} s")
            self._read(left)
        moment = time.perf_counter()
        self._seen = self._seen.partition(text)[2]
        return moment

    def _read(self, seconds: float) -> None:
        if not select.select([self._fd], [], [], seconds)[0]:
            return
        piece = os.read(self._fd, 1 << 16)
        for question, answer in _ANSWERS.items():
            if question in piece:
                os.write(self._fd, answer)
        self._seen += piece
