"""Runs one command and leaves nothing of it behind. A program of its own: ``supervisor.py FD PARENT -- COMMAND``.

It becomes the parent of whatever the command leaves running, kills all of it when the command ends, when it is told to
end, or when its own parent (the process PARENT) dies, and says on descriptor FD how the command ended. The command
gets neither that descriptor nor a way to it through ``/proc``. Only the standard library is used.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE, _SET_CHILD_SUBREAPER = 1, 4, 36
_SECONDS_TO_DIE = 5.0
_LARGEST_FILE = 8 << 30


class _End(Exception):
    """This program was told to end."""


def main(words: Sequence[str]) -> int:
    """Run the command in WORDS, ``FD PARENT -- COMMAND [ARG]...``."""
    report, parent, _, *command = words
    os.set_inheritable(int(report), False)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _told_to_end)
    signal.signal(signal.SIGINT, _told_to_end)
    libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it died before anybody told of that
        return 1
    ended: dict[str, object] = {}
    try:
        ended = _run(command)
    except _End:
        ended = {"ended": True}
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _kill_descendants()
    os.write(int(report), json.dumps(ended).encode())
    return 0


def _told_to_end(_number: int, _frame: FrameType | None) -> None:
    raise _End


def _run(command: Sequence[str]) -> dict[str, object]:
    """How the command ended: its exit code, the signal that ended it, or why it could not be started; and its ms."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
            os.execvpe(command[0], list(command), os.environ)
        except OSError as error:
            os.write(writer, str(error.errno).encode())
        finally:
            os._exit(127)
    os.close(writer)
    trouble = os.read(reader, 16)
    os.close(reader)
    while True:
        pid, status = os.wait()
        if pid == child:
            break
    took = {"ms": int((time.monotonic() - began) * 1000)}
    if trouble:
        return {"spawn": int(trouble)}
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status), **took}
    return {"exit": os.WEXITSTATUS(status), **took}


def _kill_descendants() -> None:
    """Kill every process below this one until none is left, or the seconds for that are over."""
    deadline = time.monotonic() + _SECONDS_TO_DIE
    while time.monotonic() < deadline:
        running = _descendants()
        for pid in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            if not running:
                return
        time.sleep(0.002)


def _descendants() -> list[int]:
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                parents[int(name)] = int(fields[1])
    own, descendants, more = os.getpid(), set[int](), True
    while more:
        below = {pid for pid, parent in parents.items() if parent == own or parent in descendants} - descendants
        more = bool(below)
        descendants |= below
    return sorted(descendants)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
