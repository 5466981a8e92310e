"""One process of git: started in a group of its own, fed and read while it runs, bounded, ended whole.

It is spawned by the operating system's own call, which costs a fraction of what loading `subprocess` does.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import time
from _thread import allocate_lock
from collections.abc import Mapping
from contextlib import suppress

_LARGEST_COMPLAINT = 64 << 10
_PIECE = 1 << 16
_FIRST_FREE = 3
"""The first descriptor that is none of the three standard streams."""
_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
_running: set[int] = set()
_running_guard = allocate_lock()
"""Process numbers of commands that run now and have not been reaped, so the numbers are theirs."""


class Process:
    """A program that runs with three pipes of ours. Raises OSError or ValueError where it cannot be started.

    `deadline` is a reading of `time.monotonic`, `largest` the bytes of standard output that are taken.
    """

    def __init__(
        self, words: list[str], environment: Mapping[str, str], stdin: bytes, largest: int, deadline: float
    ) -> None:
        self._stdin, self._largest, self._deadline = memoryview(stdin), largest, deadline
        self._code: int | None = None
        self._is_running = False
        self._pipes: list[int] = []
        try:
            theirs_in, self._input = self._pipe()
            self._output, theirs_out = self._pipe()
            self._complaint, theirs_err = self._pipe()
            to = os.POSIX_SPAWN_DUP2
            self._number = os.posix_spawn(
                words[0],
                words,
                environment,
                file_actions=[(to, theirs_in, 0), (to, theirs_out, 1), (to, theirs_err, 2)],
                setsid=True,
                setsigdef=_IGNORED_BY_PYTHON,
            )
        except BaseException:
            self._close(*self._pipes)
            raise
        with _running_guard:
            _running.add(self._number)
        self._is_running = True
        self._close(theirs_in, theirs_out, theirs_err)
        os.set_blocking(self._input, False)
        self._feed()

    def exchange(self) -> tuple[int | None, bytes, bytes]:
        """Feed and read it until it ends: exit code (None where a limit came first), output, complaint."""
        try:
            output, complaint, is_whole = self._read()
            self.end(self._deadline if is_whole else 0.0)
        except BaseException:
            self.end()
            raise
        return self._code, output, complaint

    def end(self, deadline: float = 0.0) -> None:
        """Wait for it until the deadline, then end whatever is left of its group. Without a deadline at once."""
        self._close(*self._pipes)
        if not self._is_running:
            return
        ended = _wait(self._number, deadline)
        # The process is not reaped yet, so its number is still its group's and nobody else's.
        with _running_guard:
            _running.discard(self._number)
        _kill_group(self._number)
        self._is_running = False
        with suppress(ChildProcessError):  # somebody else reaped it
            code = os.waitstatus_to_exitcode(os.waitpid(self._number, 0)[1])
            self._code = code if ended else None

    def _pipe(self) -> tuple[int, int]:
        """A pipe whose ends are none of the standard streams, even where those are closed."""
        ends = os.pipe()
        for place, end in enumerate(ends):
            self._pipes.append(end)
            if end < _FIRST_FREE:
                moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE)
                self._close(end)
                self._pipes.append(moved)
                ends = (moved, ends[1]) if place == 0 else (ends[0], moved)
        return ends

    def _close(self, *pipes: int) -> None:
        for pipe in pipes:
            if pipe in self._pipes:
                self._pipes.remove(pipe)
                with suppress(OSError):
                    os.close(pipe)

    def _read(self) -> tuple[bytes, bytes, bool]:
        """Its output and complaint until it closes both. The last value is false when a limit came first."""
        read = {self._output: bytearray(), self._complaint: bytearray()}
        output, complaint = read.values()
        open_ends = select.poll()
        for pipe in read:
            open_ends.register(pipe, select.POLLIN)
        if self._input in self._pipes:
            open_ends.register(self._input, select.POLLOUT)
        while read:
            left = self._deadline - time.monotonic()
            if left <= 0:
                return bytes(output), bytes(complaint), False
            for pipe, _ in open_ends.poll(left * 1000):
                if pipe == self._input:
                    if not self._feed():
                        open_ends.unregister(pipe)
                    continue
                piece = os.read(pipe, _PIECE)
                if not piece:
                    open_ends.unregister(pipe)
                    del read[pipe]
                elif pipe == self._output or len(complaint) < _LARGEST_COMPLAINT:
                    read[pipe].extend(piece)
            if len(output) > self._largest:
                return bytes(output[: self._largest]), bytes(complaint), False
        return bytes(output), bytes(complaint), True

    def _feed(self) -> bool:
        """Give it as much of its input as it takes now; whether there is more to come. Closes the pipe where not."""
        try:
            while self._stdin:
                self._stdin = self._stdin[os.write(self._input, self._stdin[:_PIECE]) :]
        except BlockingIOError:
            return True
        except OSError:  # it reads no more
            pass
        self._close(self._input)
        return False


def end_all() -> None:
    """Kill every command that runs now, with its children: nobody waits for the answers any more."""
    with _running_guard:
        for number in _running:
            _kill_group(number)


def _wait(number: int, deadline: float) -> bool:
    """Wait until a child has ended, and leave it to be reaped; false when the deadline came first."""
    if _has_ended(number):
        return True
    try:
        descriptor = os.pidfd_open(number)
    except (AttributeError, OSError):  # an old Linux, or another system
        while not _has_ended(number):
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.001)
        return True
    try:
        ended = select.poll()
        ended.register(descriptor, select.POLLIN)
        ended.poll(max(deadline - time.monotonic(), 0.0) * 1000)
    finally:
        os.close(descriptor)
    return _has_ended(number)


def _has_ended(number: int) -> bool:
    try:
        return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _kill_group(number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)
