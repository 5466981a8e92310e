"""Rounds of acts with one fault in each: by strace at the n-th system call, or in the process where strace is not."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.stage import END, NOW

CHECKOUT = Path(__file__).parents[2]
FAULTS = ("SIGKILL", "ENOSPC", "EIO", "EINTR", "EACCES")

# Calls of memory and of the act's own end; all other calls on files and descriptors are points.
_NO_POINTS = {"mmap", "munmap", "mremap", "mprotect", "exit_group", "execve"}
_LINE = re.compile(r"^(\d+) +(\w+)\(", re.MULTILINE)
# The path of a descriptor, or a name.
_PATHS = re.compile(r'(?:AT_FDCWD|\d+)<([^>]*)>|"([^"]*)"')
# What changes something, or says that it is durable: the calls that are never left out of a sample.
WRITING = frozenset(
    ("open", "openat", "write", "pwrite64", "fdatasync", "fsync", "rename", "renameat", "renameat2", "unlink",
     "unlinkat", "rmdir", "mkdir", "mkdirat", "fchmod", "fchmodat", "ftruncate", "flock")
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """The n-th call of that name since the act began ends in an error, or the process is killed before it."""

    call: str
    what: str
    when: int

    def __str__(self) -> str:
        return f"{self.what} at {self.call} {self.when}"


@dataclass(frozen=True)
class Act:
    """What one process does: `decide` or `recover`, on one goal of one state root, at one reading of the clock.

    Without a snapshot the decision is bound to what is there when it is taken.
    """

    act: str
    root: str
    project: str
    goal_id: str
    verb: str = ""
    text: str = ""
    snapshot: str = ""
    now: int = NOW


@dataclass(frozen=True)
class Report:
    """How an act ended: its result, the traceback of what it raised, or nothing, when it was killed."""

    result: object = None
    raised: str = ""
    killed: bool = False
    counts: Mapping[str, int] | None = None


class Company:
    """The process of stage.py, and what is injected into it."""

    def __init__(self, folder: Path, *, by_strace: bool | None = None) -> None:
        self.folder = folder
        self.by_strace = strace_works() if by_strace is None else by_strace
        self._stage = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("stage.py")), str(CHECKOUT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        assert self._stage.stdin and self._stage.stdout
        self._stage.stdin.close()
        self._stage.wait(timeout=30)
        self._stage.stdout.close()

    def counts(self, act: Act) -> dict[str, int]:
        """How often each call is made by an act without a fault, in its order of first appearance."""
        if not self.by_strace:
            (report,) = self._round([act], {"what": "count"})
            assert report.counts is not None
            return {call: number for call, number in report.counts.items() if number}
        with self._traced("%file,%desc") as log:
            self._round([act], None)
        counts: dict[str, int] = {}
        for line in log.read_text("utf-8", "replace").splitlines():
            found = _LINE.match(line)
            if END in line:
                break
            if found and found[2] not in _NO_POINTS:
                counts[found[2]] = counts.get(found[2], 0) + 1
        return counts

    def trace(self, act: Act) -> Iterator[tuple[str, list[str]]]:
        """The writing calls of an act in their order, each with the paths of its descriptors and its names."""
        with self._traced(",".join(sorted(WRITING - {"openat", "open", "flock"})), "decode-fds=path") as log:
            self._round([act], None)
        for line in log.read_text("utf-8", "replace").splitlines():
            found = _LINE.match(line)
            if found is None or END in line or " = -1 " in line:
                continue
            # What is written may look like a path.
            words = line[found.end() :].partition(', "')[0] if "write" in found[2] else line[found.end() :]
            yield found[2], [one or two for one, two in _PATHS.findall(words)]

    def play(self, acts: Sequence[Act], fault: Fault | None = None) -> list[Report]:
        """Each act in a process of its own, each with that fault."""
        if fault is None:
            return self._round(acts, None)
        if not self.by_strace:
            return self._round(acts, {"call": fault.call, "what": fault.what, "when": fault.when})
        how = "signal" if fault.what.startswith("SIG") else "error"
        with self._traced(fault.call, f"inject={fault.call}:{how}={fault.what}:when={fault.when}") as log:
            reports = self._round(acts, None)
        traced = log.read_text("utf-8", "replace")
        reached = traced.count("(INJECTED)") if how == "error" else sum(report.killed for report in reports)
        assert reached == len(acts), f"{fault}: {reached} of {len(acts)} acts were reached\n{traced[-2000:]}"
        return reports

    @contextmanager
    def _traced(self, calls: str, *expressions: str) -> Iterator[Path]:
        self._tracing = ["-e", f"trace={calls}", *(word for one in expressions for word in ("-e", one))]
        try:
            yield self.folder / "strace.log"
        finally:
            self._tracing = []

    _tracing: Sequence[str] = ()

    def _round(self, acts: Sequence[Act], fault: Mapping[str, Any] | None) -> list[Report]:
        assert self._stage.stdin and self._stage.stdout
        reports = [self.folder / f"report-{number}" for number in range(len(acts))]
        for path in reports:
            path.unlink(missing_ok=True)
        documents = [
            {**vars(act), "report": str(path), "fault": fault} for act, path in zip(acts, reports, strict=True)
        ]
        self._stage.stdin.write(json.dumps(documents) + "\n")
        self._stage.stdin.flush()
        company = int(self._stage.stdout.readline())
        tracer = self._attach(company) if self._tracing else None
        os.kill(company, signal.SIGUSR1)
        ended = self._stage.stdout.readline()
        if tracer is not None:
            tracer.communicate(timeout=60)
        assert ended == "done\n", ended
        return [_report(path) for path in reports]

    def _attach(self, process: int) -> subprocess.Popen[str]:
        tracer = attach(process, self.folder / "strace.log", self._tracing)
        assert tracer is not None, "strace could not attach"
        return tracer


def attach(process: int, log: Path, words: Sequence[str]) -> subprocess.Popen[str] | None:
    """strace at work on a process, or None when it is not allowed to."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(process), "-o", str(log), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr
    if "attached" in tracer.stderr.readline():
        return tracer
    tracer.communicate(timeout=30)
    return None


def strace_works() -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        tracer = attach(sleeper.pid, Path(os.devnull), ["-e", "trace=none", "-e", "inject=read:error=EIO:when=99"])
        sleeper.kill()
    if tracer is None:
        return False
    tracer.communicate(timeout=30)
    return True


def _report(path: Path) -> Report:
    with suppress(FileNotFoundError), open(path, "rb") as file:
        result, raised, counts = pickle.load(file)
        return Report(result, raised, counts=counts)
    return Report(killed=True)
