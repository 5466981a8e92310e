"""Reading the rows of many goals in processes of our own: a long list takes all processors, and none of the desk's."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.engine.reading.line_cache import decode_entry
from omk_tui.engine.reading.listing import ReadLine
from omk_tui.light.dataclass import dataclass, replace
from omk_tui.light.late import selectors, subprocess

END = "end"
"""The last line of an answer that is whole."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be read: the goals of these names, with what a LineReader needs.

    A `yielding` reader gives way to whoever asks, who has a screen to draw meanwhile.
    """

    goals_dir: str
    database: str
    named: str | None
    here: str | None
    call: CommandLine
    now: Timestamp
    names: tuple[str, ...]
    batch: int
    yielding: bool = False

    def text(self) -> str:
        """The question as one line of JSON."""
        call, now = (self.call.state_root, self.call.project_dir), (self.now.seconds, self.now.nanos)
        place = (self.goals_dir, self.database, self.named, self.here)
        return json.dumps((*place, call, now, self.names, self.batch, self.yielding))

    @classmethod
    def of(cls, text: str) -> Question:
        """The question that `text` made. Raises ValueError or TypeError for anything else."""
        goals_dir, database, named, here, call, now, names, batch, yielding = json.loads(text)
        place = (goals_dir, database, named, here)
        return cls(*place, CommandLine(*call), Timestamp(*now), tuple(names), batch, yielding)


FEWEST_GOALS = 1000
"""How many goals are read in processes: starting those takes about as long as reading a hundred goals."""
MOST_WORKERS = 8
SILENT_FOR = 15.0
"""Seconds without a row from any process after which the rest is not waited for."""

_FLAGS = [
    *(["-I"] if sys.flags.isolated else []),
    *(["-E"] if sys.flags.ignore_environment else []),
    *(["-s"] if sys.flags.no_user_site else []),
]
_PROGRAM = (sys.executable, "-P", *_FLAGS, "-m", "omk_tui.engine.reading.line_worker")


def worker_count(goals: int) -> int:
    """How many processes are to read so many goals; 0 where reading them in this one is as quick."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(processors, MOST_WORKERS) if processors > 1 and goals >= FEWEST_GOALS else 0


def read_in_workers(question: Question, workers: int, missing: list[str]) -> Iterator[tuple[ReadLine, ...]]:
    """The rows of the question's goals as they come; `missing` gains the names of those that did not.

    A process that cannot be started, or dies, costs its time only. All are ended when the caller goes away.
    """
    shares = [question.names[number::workers] for number in range(workers)]
    readers = [_Worker(replace(question, names=names)) for names in shares]
    try:
        with selectors.DefaultSelector() as selector:
            for reader in readers:
                if reader.start():
                    selector.register(reader.descriptor, selectors.EVENT_READ, reader)
            while selector.get_map():
                ready = selector.select(SILENT_FOR)
                if not ready:  # stopped, or waiting for a disk: what is left is read here
                    break
                for key, _ in ready:
                    batches = key.data.take()
                    if batches is None:
                        selector.unregister(key.fileobj)
                        continue
                    yield from batches
    finally:
        for reader in readers:
            reader.end()
    for reader in readers:
        missing += reader.unanswered


class _Worker:
    """One process with its share of the question."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._process: subprocess.Popen[bytes] | None = None
        self._bytes = bytearray()
        self._answered: set[str] = set()

    @property
    def descriptor(self) -> int:
        """The pipe that its answers come through."""
        assert self._process is not None and self._process.stdout is not None
        return self._process.stdout.fileno()

    @property
    def unanswered(self) -> Sequence[str]:
        """The names of the goals whose rows did not come."""
        return [name for name in self._question.names if name not in self._answered]

    def start(self) -> bool:
        """Start the process and ask it; whether that could be done."""
        with suppress(OSError):
            self._process = subprocess.Popen(
                _PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/"
            )
            assert self._process.stdin is not None
            self._process.stdin.write(self._question.text().encode() + b"\n")
            self._process.stdin.close()
            return True
        return False

    def take(self) -> list[tuple[ReadLine, ...]] | None:
        """The batches that have come through the pipe; None at its end, or where what comes is no answer."""
        piece = os.read(self.descriptor, 1 << 16)
        if not piece:
            return None
        self._bytes += piece
        *lines, rest = self._bytes.split(b"\n") if b"\n" in piece else [self._bytes]
        self._bytes = rest
        try:
            batches = [_batch(line) for line in lines]
        except (ValueError, TypeError, RecursionError):
            return None
        self._answered.update(row.line.goal_id for batch in batches for row in batch)
        return batches

    def end(self) -> None:
        """End the process, if it is still there."""
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


def _batch(line: bytes | bytearray) -> tuple[ReadLine, ...]:
    """The rows in one line of an answer. Raises ValueError, TypeError or RecursionError for anything else."""
    rows = json.loads(line)
    return () if rows == END else tuple(_row(text, signature) for text, signature in rows)


def _row(text: str, signature: list[list[int]] | None) -> ReadLine:
    line, origin = decode_entry(text)
    return ReadLine(line, origin, tuple(map(tuple, signature)) if signature is not None else None)
