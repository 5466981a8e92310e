"""Asks the process that looks for syntax, and ends it when it takes too long: lexers have time bombs."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Any

LARGEST_CODE = 64 << 10
"""Characters of one question; more than that is not coloured."""
SECONDS = 1.0
"""How long one question may take, beyond the start of the process."""
_SECONDS_TO_START = 10.0
_MOST_DEATHS = 3
"""After so many processes that had to be ended nothing is coloured any more."""
_LARGEST_ANSWER = 8 << 20

Spans = list[list[tuple[int, int, str]]]


class Highlighter:
    """Spans of code by line. It may be asked from any thread, one question at a time; it never raises."""

    def __init__(self, program: Sequence[str] = (sys.executable, "-P", "-m", "omk_tui.syntax.server")) -> None:
        """A highlighter; `program` is started at the first question."""
        self._program = list(program)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._deaths = 0

    def spans(self, file_name: str, codes: Sequence[str]) -> list[Spans]:
        """For each piece of code and each of its lines the spans that have a class; empty where it is not known."""
        nothing: list[Spans] = [[] for _ in codes]
        if sum(map(len, codes)) > LARGEST_CODE:
            return nothing
        with self._lock:
            if self._deaths >= _MOST_DEATHS:
                return nothing
            answer = self._ask({"name": file_name, "codes": list(codes)})
            if answer is None:
                self._end()
                self._deaths += 1
                return nothing
        return answer if len(answer) == len(codes) else nothing

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, question: dict[str, Any]) -> list[Spans] | None:
        try:
            seconds = SECONDS if self._process is not None else _SECONDS_TO_START
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            answer: list[Spans] = json.loads(_line(process.stdout.fileno(), time.monotonic() + seconds))
            return answer
        except (OSError, ValueError):
            return None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "PYTHONPATH")}
            self._process = subprocess.Popen(
                self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=kept,
                start_new_session=True,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def _line(descriptor: int, deadline: float) -> bytes:
    """The next line of a pipe. Raises ValueError when there is none in time, or it is too long."""
    line = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or len(line) > _LARGEST_ANSWER or not selector.select(left):
                raise ValueError("no answer in time")
            piece = os.read(descriptor, 1 << 16)
            if not piece:
                raise ValueError("the process ended")
            line += piece
    return bytes(line)
