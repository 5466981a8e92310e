"""One supervised process: started, read within bounds, ended at its limit, and nothing of it left running."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from omk_tui.dataclass import dataclass, field

KEPT = 8 << 20
"""Bytes of each output stream that are kept: the first and the last half of them."""
_PIECE = 1 << 16
_GRACE = 8.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.1
_SUPERVISOR = str(Path(__file__).with_name("supervisor.py"))


@dataclass(slots=True)
class Stream:
    """The beginning and the end of an output stream of any length."""

    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def take(self, piece: bytes) -> None:
        """Add a piece; what is in the middle of too much is dropped."""
        room = KEPT // 2 - len(self.head)
        if room > 0:
            self.head += piece[:room]
            piece = piece[room:]
        self.tail += piece
        excess = len(self.tail) - KEPT // 2
        if excess > 0:
            del self.tail[:excess]
            self.dropped += excess

    @property
    def text(self) -> str:
        """What was kept, with a line that says how much was dropped."""
        between = f"\n... {self.dropped:,} bytes dropped ...\n".encode() if self.dropped else b""
        return bytes(self.head + between + self.tail).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code (None: it was ended, or not started), and what it said.

    `overstepped` is why it was ended before its time was up; empty where it was not.
    """

    exit_code: int | None
    timed_out: bool
    spawn_error: str
    stdout: str
    stderr: str
    duration_ms: int
    overstepped: str = ""


class Interrupted(Exception):
    """Somebody ended the run while a process was running; nothing of it is recorded."""


class _Overstepped(Exception):
    """The process did more than it may; the text says what."""


def run_supervised(
    words: Sequence[str],
    *,
    folder: str,
    environment: Mapping[str, str],
    seconds: int,
    wanted: Callable[[], bool] = lambda: True,
    said: Callable[[int, bytes], None] = lambda _stream, _piece: None,
    overstepped: Callable[[], str] = lambda: "",
) -> Ended:
    """Run a command in `folder` for at most `seconds`. Raises Interrupted when `wanted` says that nobody wants it.

    `said` is given each piece of standard output (0) and standard error (1) as it comes. `overstepped` is asked often
    and ends the process by a sentence.
    """
    reader, writer = os.pipe()
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _SUPERVISOR, str(writer), "--", *words],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(writer,),
            start_new_session=True,
        )
    finally:
        os.close(writer)
    streams = Stream(), Stream()

    def take(stream: int, piece: bytes) -> None:
        streams[stream].take(piece)
        said(stream, piece)

    def go_on() -> None:
        if not wanted():
            raise Interrupted
        if reason := overstepped():
            raise _Overstepped(reason)

    try:
        limit_reached = ""
        try:
            in_time = _read(process, take, began + seconds, go_on)
        except _Overstepped as error:
            in_time, limit_reached = True, str(error)
        took = int((time.monotonic() - began) * 1000)
        if not in_time or limit_reached:
            _end(process)
            _read(process, take, time.monotonic() + _GRACE, lambda: None)
        process.wait(_GRACE)
        report = _report(reader)
    finally:
        _end(process)
        os.close(reader)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    exit_code, spawn_error = _meaning(report)
    own = report.get("ms")  # without the start and the end of the supervisor
    took = own if isinstance(own, int) and in_time and not limit_reached else took
    return Ended(
        exit_code=exit_code if in_time and not limit_reached else None,
        timed_out=not in_time,
        spawn_error=spawn_error,
        stdout=streams[0].text,
        stderr=streams[1].text,
        duration_ms=took,
        overstepped=limit_reached,
    )


def _read(
    process: subprocess.Popen[bytes],
    take: Callable[[int, bytes], None],
    deadline: float,
    go_on: Callable[[], None],
) -> bool:
    """Read until the process has ended and closed its output; False when the deadline came first.

    `go_on` is called often, and ends the reading by what it raises.
    """
    assert process.stdout and process.stderr
    with selectors.DefaultSelector() as selector:
        for stream, pipe in enumerate((process.stdout, process.stderr)):
            if not pipe.closed:
                selector.register(pipe, selectors.EVENT_READ, stream)
        while selector.get_map():
            go_on()
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            for key, _ in selector.select(min(left, 0.1)):
                piece = os.read(key.fd, _PIECE)
                if piece:
                    take(key.data, piece)
                else:
                    selector.unregister(key.fileobj)
    pause = _FIRST_PAUSE
    while process.poll() is None:  # it has closed its output and goes on
        if time.monotonic() >= deadline:
            return False
        go_on()
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the supervisor end everything; where it does not, end the supervisor."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _report(reader: int) -> Mapping[str, object]:
    os.set_blocking(reader, False)
    try:
        report = json.loads(os.read(reader, 4096) or b"{}")
    except (ValueError, BlockingIOError):
        return {}
    return report if isinstance(report, dict) else {}


def _meaning(report: Mapping[str, object]) -> tuple[int | None, str]:
    """Exit code and spawn error in a report; a signal is no exit code, as for omk."""
    code, errno_ = report.get("exit"), report.get("spawn")
    if isinstance(errno_, int):
        return None, f"{os.strerror(errno_)} (os error {errno_})"
    return (code, "") if isinstance(code, int) else (None, "")
