"""One supervised process: started, read within bounds, ended at its limit, and nothing of it left running."""

from __future__ import annotations

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from omk_tui.light.dataclass import dataclass, field

KEPT = 8 << 20
"""Bytes of each output stream that are kept: the first and the last half of them."""
EDGE = 4096
"""Bytes beside a gap that are dropped too: a secret that was cut in two is not known for one any more."""
_LARGEST_REPORT = 4096
_PIECE = 1 << 16
_GRACE = 8.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.1
MARK = "OMK_TUI_GATE_RUN"
"""The variable by which the processes of one run are known."""
_SUPERVISOR = str(Path(__file__).with_name("supervisor.py"))


@dataclass(slots=True)
class Stream:
    """The beginning and the end of an output stream of any length."""

    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    dropped: int = 0

    def take(self, piece: bytes) -> None:
        """Add a piece; what is in the middle of too much is dropped."""
        half = KEPT // 2 + EDGE
        room = half - len(self.head)
        if room > 0:
            self.head += piece[:room]
            piece = piece[room:]
        self.tail += piece
        excess = len(self.tail) - half
        if excess > 0:
            del self.tail[:excess]
            self.dropped += excess

    @property
    def text(self) -> str:
        """What was kept, with a line that says how much was dropped."""
        if not self.dropped:
            return bytes(self.head + self.tail).decode("utf-8", "replace")
        between = f"\n... {self.dropped + 2 * EDGE:,} bytes dropped ...\n".encode()
        return bytes(self.head[:-EDGE] + between + self.tail[EDGE:]).decode("utf-8", "replace")


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
    wrote: Callable[[int, bytes], None] = lambda _stream, _piece: None,
    overstepped: Callable[[], str] = lambda: "",
) -> Ended:
    """Run a command in `folder` for at most `seconds`. Raises Interrupted when `wanted` says that nobody wants it.

    `wrote` is given each piece of standard output (0) and standard error (1) as it comes. `overstepped` is asked often
    and ends the process by a sentence.
    """
    reader, writer = os.pipe()
    mark = secrets.token_hex(16)
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _SUPERVISOR, str(writer), str(os.getpid()), "--", *words],
            cwd=folder,
            env={**environment, MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(writer,),
            start_new_session=True,
        )
    finally:
        os.close(writer)
    streams = Stream(), Stream()
    report: Mapping[str, object] = {}

    def take(stream: int, piece: bytes) -> None:
        streams[stream].take(piece)
        wrote(stream, piece)

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
        if not report:
            _kill_marked(mark)
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


def _kill_marked(mark: str) -> None:
    """Kill what a supervisor that was ended itself has left running, as far as it still has the mark of its run."""
    entry = f"{MARK}={mark}".encode()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            with suppress(OSError):
                with open(f"/proc/{name}/environ", "rb") as file:
                    is_marked = entry in file.read().split(b"\0")
                if is_marked:
                    os.kill(int(name), signal.SIGKILL)


def _report(reader: int) -> Mapping[str, object]:
    """The one object that the supervisor wrote before it ended; nothing where it wrote anything else."""
    os.set_blocking(reader, False)
    written = b""
    try:
        while len(written) <= _LARGEST_REPORT and (piece := os.read(reader, _LARGEST_REPORT)):
            written += piece
    except BlockingIOError:
        return {}
    try:
        report = json.loads(written or b"{}") if len(written) <= _LARGEST_REPORT else {}
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


def _meaning(report: Mapping[str, object]) -> tuple[int | None, str]:
    """Exit code and spawn error in a report; a signal is no exit code, as for omk."""
    code, errno_ = report.get("exit"), report.get("spawn")
    if isinstance(errno_, int):
        return None, f"{os.strerror(errno_)} (os error {errno_})"
    return (code, "") if isinstance(code, int) else (None, "")
