"""The process that reads rows of the list for another one: a JSON line asks, JSON lines answer.

`python -P -m omk_tui.engine.reading.line_worker`
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys

from omk_tui.engine.database.goals_table import read_rows
from omk_tui.engine.git.choice import GoalProjects
from omk_tui.engine.reading.line_cache import encode_entry
from omk_tui.engine.reading.line_workers import END, Question
from omk_tui.engine.reading.listing import LineReader, ReadLine

_NICENESS = 10


def answer(read: ReadLine) -> tuple[str, object]:
    """A row as it is handed over: its text, and the signature of what it was made from."""
    return encode_entry(read.line, read.origin), read.signature


def main() -> None:
    """Answer the one question on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a ctrl+c in the terminal is for whoever asks, who ends this process
    gc.disable()  # next to nothing is kept: what is dropped is freed without it
    question = Question.of(sys.stdin.readline())
    if question.yielding:
        os.nice(_NICENESS)
    rows = read_rows(question.database, frozenset(question.names))
    projects = GoalProjects(question.named, question.here)
    reader = LineReader(question.goals_dir, rows, projects, question.call, question.now)
    for batch in reader.lines(question.names, question.batch):
        sys.stdout.write(json.dumps([answer(read) for read in batch]) + "\n")
        sys.stdout.flush()
    sys.stdout.write(json.dumps(END) + "\n")


if __name__ == "__main__":
    main()
