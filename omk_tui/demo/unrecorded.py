"""What the samples' diffs do not hold of their small projects: lines above the first hunk, new files, branches."""

from __future__ import annotations

ABOVE = {
    "failing-gate": {
        "bucket/limiter.py": '''\
"""A token bucket: so many calls a second, and short bursts."""


class Limiter:
    def __init__(self, rate, burst, now):
        self.rate, self.burst, self.now = rate, burst, now
        self.tokens, self.last = float(burst), now()
''',
        "tests/regression/test_issue_41.py": '''\
"""Issue 41: limiters that were made one after the other shared their tokens."""

from bucket.limiter import Limiter

''',
    },
    "ready": {
        "logslice/parser.py": '''\
"""Lines of a log, one entry each."""

import re
from typing import NamedTuple

LINE = re.compile(r"(?P<at>\\S+) (?P<level>[A-Z]+) (?P<service>[\\w-]+): (?P<text>.*)")


class Entry(NamedTuple):
    at: str
    level: str
    service: str
    text: str


def entries(lines):
    for line in lines:
''',
    },
    "running": {
        "csvwide/read.py": '''\
"""One column of a wide CSV file."""

import csv
''',
    },
    "conflicts": {
        "notes/store.py": '''\
import json
from pathlib import Path


class Store:
    """Notes in one JSON file."""
''',
    },
}
"""By sample and path: the lines of a file above the first hunk of its diff."""

NEW_FILES = {
    "ready": {
        "logslice/table.py": '''\
"""Rows as a plain table."""


def table(rows):
    width = max((len(name) for name, _ in rows), default=0)
    return "\\n".join(f"{name:<{width}}  {count}" for name, count in rows)
''',
        "tests/acceptance/test_by_service.py": """\
from logslice.parser import by_service, entries


def test_the_busiest_service_comes_first():
    lines = ["1 ERROR api: a", "2 ERROR db: b", "3 ERROR db: c"]
    assert by_service(entries(lines)) == [("db", 2), ("api", 1)]
""",
    },
    "missing-evidence": {
        "timetrack/weeks.py": '''\
"""Hours per week."""

from collections import Counter


def per_week(entries):
    return Counter(entry.day.isocalendar().week for entry in entries)
''',
        "tests/test_weeks.py": """\
from timetrack.weeks import per_week


def test_nothing_was_tracked():
    assert per_week([]) == {}
""",
    },
    "failing-gate": {"CHANGES.md": "# Changes\n\n- a clock that steps back no longer takes tokens\n"},
}
"""By sample and path: files that the agent added, which a plain git diff leaves out."""

LATER = {"failing-gate": {"bucket/limiter.py": "\n# The tokens have to be capped again, see the gate `unit`.\n"}}
"""What somebody appended to a file after the gates had run: the working tree differs from what was recorded."""

MOVED_ON = ("missing-evidence",)
"""Samples whose work was committed since, so that HEAD is no longer where the evidence was made."""

_INTEGRATOR = """\
    def all(self):
        with self.path.open(encoding="utf-8") as file:
            return json.load(file)
"""
_STORE_IO = """\
    def all(self):
        return self.load()

    def load(self):
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else []
"""
_ALL = """\
    def all(self):
        if not self.path.exists():
            return []
        return json.loads(self.path.read_text(encoding="utf-8"))
"""

BRANCHES = {
    "conflicts": {
        "integrator": ("notes/store.py", _ALL, _INTEGRATOR),
        "store-io": ("notes/store.py", _ALL, _STORE_IO),
        "search": ("notes/cli.py", "import sys\n", "import re\nimport sys\n"),
    }
}
"""By sample and slice: the file that its branch changes, what was there, and what is there now.

`store-io` still conflicts with `integrator`; `search` was redone since its conflict was recorded, and merges cleanly.
"""
