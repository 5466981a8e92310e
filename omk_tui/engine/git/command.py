"""Runs one git command: an absolute git, an environment of its own, bounded in time and output, killed whole."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from omk_tui.dataclass import dataclass
from omk_tui.late import selectors, subprocess

SECONDS_OF_ONE_LOOK = 5.0
"""Seconds that all git commands of one look take together, at most."""
LARGEST_ANSWER = 64 << 20
"""Bytes of standard output that are taken from one command; one with more to say is ended."""
_LARGEST_COMPLAINT = 64 << 10
_PIECE = 1 << 16
_running: set[int] = set()
_running_guard = threading.Lock()
"""Process numbers of commands that run now and have not been reaped, so the numbers are theirs."""
_PASSED_ON = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "USER", "LOGNAME")
_FIXED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",  # looking never writes: without it git renews the index
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "",
    "GIT_TRACE2": "0",
    "GIT_TRACE2_EVENT": "0",
    "GIT_TRACE2_PERF": "0",
}


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """How a git command ended: its exit code (None: killed at a limit), its output in bytes, and its complaint."""

    code: int | None
    output: bytes = b""
    complaint: str = ""

    @property
    def text(self) -> str:
        """The output as text, invalid bytes as U+FFFD."""
        return self.output.decode("utf-8", "replace")

    @property
    def names(self) -> str:
        """The output as text in which invalid bytes stay what they are, for names that git is asked about again."""
        return self.output.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Git:
    """The git program of one look: its absolute path, the PATH that it sees, and when all its commands must be done.

    `deadline` is a reading of `time.monotonic`.
    """

    program: str
    search_path: str
    deadline: float

    @property
    def out_of_time(self) -> bool:
        """Whether the time of this look is used up."""
        return time.monotonic() >= self.deadline

    def run(
        self,
        words: Sequence[str],
        *,
        folder: str,
        variables: Mapping[str, str],
        given: bytes = b"",
        largest: int = LARGEST_ANSWER,
    ) -> GitAnswer:
        """Run ``git WORDS`` in `folder` with these variables and nothing of the environment's own git variables.

        `given` is its standard input, `largest` the bytes of output that are taken. Raises nothing: what cannot be
        started is an answer without an exit code.
        """
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"PATH": self.search_path, **_FIXED, **variables}
        if self.out_of_time:
            return GitAnswer(None, complaint="out of time")
        try:
            process = subprocess.Popen(
                [self.program, "--no-pager", *words],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return GitAnswer(None, complaint=str(error))
        with _running_guard:
            _running.add(process.pid)
        try:
            output, complaint, whole = _exchange(process, given, largest, self.deadline)
            code = _end(process, self.deadline if whole else 0.0)
        except BaseException:
            _end(process, 0.0)
            raise
        finally:
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        return GitAnswer(code, output, complaint.decode("utf-8", "replace"))


def find_git(environ: Mapping[str, str], seconds: float = SECONDS_OF_ONE_LOOK) -> Git | None:
    """The git of the first absolute folder of PATH that has one; None where there is none.

    A relative or empty entry of PATH does not count: it would be looked up in whatever folder one stands in.
    """
    folders = [entry for entry in environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(entry)]
    for folder in folders:
        program = os.path.join(folder, "git")
        if os.path.isfile(program) and os.access(program, os.X_OK):
            return Git(program, os.pathsep.join(folders), time.monotonic() + seconds)
    return None


def end_git() -> None:
    """Kill every git command that runs now, with its children: nobody waits for the answers any more."""
    with _running_guard:
        for number in _running:
            _kill_group(number)


def _kill_group(number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)


def _exchange(
    process: subprocess.Popen[bytes], given: bytes, largest: int, deadline: float
) -> tuple[bytes, bytes, bool]:
    """Feed and read the process until it closes its output. The last value is false when a limit came first."""
    assert process.stdin and process.stdout and process.stderr
    output, complaint = bytearray(), bytearray()
    waiting = memoryview(given)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, output)
        selector.register(process.stderr, selectors.EVENT_READ, complaint)
        if waiting:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        else:
            process.stdin.close()
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return bytes(output), bytes(complaint), False
            for key, _ in selector.select(left):
                if key.fileobj is process.stdin:
                    waiting = _feed(process, waiting)
                    if not waiting:
                        selector.unregister(process.stdin)
                        with suppress(OSError):
                            process.stdin.close()
                    continue
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fileobj)
                elif key.data is output or len(complaint) < _LARGEST_COMPLAINT:
                    key.data.extend(piece)
            if len(output) > largest:
                return bytes(output[:largest]), bytes(complaint), False
    return bytes(output), bytes(complaint), True


def _feed(process: subprocess.Popen[bytes], waiting: memoryview) -> memoryview:
    assert process.stdin
    try:
        return waiting[os.write(process.stdin.fileno(), waiting[:_PIECE]) :]
    except BlockingIOError:
        return waiting
    except OSError:  # it reads no more
        return memoryview(b"")


def _end(process: subprocess.Popen[bytes], deadline: float) -> int | None:
    """Wait for the process until the deadline, then end whatever is left of its group. None when it was killed."""
    while process.returncode is None:
        finished = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if finished is not None or time.monotonic() >= deadline:
            # The process is not reaped yet, so its number is still its group's and nobody else's.
            with _running_guard:
                _running.discard(process.pid)
            _kill_group(process.pid)
            process.wait()
            return process.returncode if finished is not None else None
        time.sleep(0.001)
    return process.returncode
