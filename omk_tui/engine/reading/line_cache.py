"""Rows of the list as an earlier look made them, for goals of which nothing has changed since.

Only the list is made from it: a goal that is opened, checked or decided on is always read from its files. A row counts
when its stamp is that of the files as they are now (device, inode, size, times of content and of status) and of its own
text, and when the project's HEAD is judged as it was.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Collection, Mapping
from contextlib import suppress

import omk_tui
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.judgement.line_values import decode_line, encode_line
from omk_tui.core.records.facts import Controller, Facts
from omk_tui.core.records.file_names import (
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    JOURNAL_FILE,
    LEDGER_FILE,
    PROOF_FILE,
)
from omk_tui.core.records.intake import INTAKE_FILE
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.engine.database.line_table import Entry, LineTable, cache_folder
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import hashlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.records.facts import HeadState

SMALLEST_LIST = 100
"""How many goals a list must have for its rows to be kept: a short one is read as quickly."""
SETTLED_AFTER = 2.0
"""Seconds after its last change that a file counts as settled: within them a change may leave the times as they are."""

_FILES = (GOAL_FILE, PROOF_FILE, GRAPH_FILE, EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE)
_ABSENT_FILES = (JOURNAL_FILE, INTAKE_FILE)

Signature = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class LineOrigin:
    """What a row says of git, which is asked anew at each look.

    `project_dir` is the project folder that the goal's own record names, `commit` that of its evidence; `head_state`
    is how HEAD was judged when the row was made, and the row itself has the sentence.
    """

    project_dir: str | None
    commit: str | None
    head_state: HeadState


def line_signature(folder: GoalFolder) -> Signature | None:
    """What tells that nothing of a row has changed; None for a goal whose row is not kept.

    That is one in which a decision is unfinished, one that was opened from a branch, one without goal.json, one with a
    record that is no regular file, and one that was written a moment ago.
    """
    stats: list[tuple[int, ...]] = []
    newest = 0
    for name in _FILES:
        try:
            status = os.stat(name, dir_fd=folder.fd, follow_symlinks=False)
        except FileNotFoundError:
            if name == GOAL_FILE:
                return None
            stats.append(())
            continue
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
        stats.append((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    for name in _ABSENT_FILES:
        try:
            os.stat(name, dir_fd=folder.fd, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except OSError:
            return None
        return None
    return tuple(stats) if newest < time.time_ns() - SETTLED_AFTER * 1e9 else None


class LineCache:
    """The rows of one list: of one folder of goals, as one call of the program prints them."""

    def __init__(self, goals_dir: str, call: CommandLine, environ: Mapping[str, str]) -> None:
        """The rows that are at hand; none where they cannot be read."""
        context = repr((goals_dir, call, os.geteuid(), omk_tui.__version__, _code_stamp()))
        self._context = hashlib.blake2b(context.encode("utf-8", "surrogateescape"), digest_size=32).digest()
        self._table = LineTable(os.path.join(cache_folder(environ), f"lines-{self._context[:16].hex()}.sqlite"))
        self._entries = self._table.read()
        self._new: dict[str, Entry] = {}

    def __bool__(self) -> bool:
        """Whether there is any row of an earlier look."""
        return bool(self._entries)

    def get(self, name: str, signature: Signature) -> tuple[GoalLine, LineOrigin] | None:
        """The row of the goal's directory `name`, if it was made from files of this signature."""
        entry = self._entries.get(name)
        if entry is None or entry[0] != self._stamp(name, signature, entry[1]):
            return None
        try:
            return decode_entry(entry[1])
        except (ValueError, TypeError, RecursionError):
            return None

    def put(self, name: str, signature: Signature, line: GoalLine, origin: LineOrigin) -> None:
        """Keep a row that was made from files of this signature; it is written by `save`."""
        text = encode_entry(line, origin)
        self._new[name] = (self._stamp(name, signature, text), text)

    def save(self, names: Collection[str]) -> None:
        """Write what is new, and forget the rows of all but these names."""
        self._table.write(self._new, self._entries.keys() - names)
        self._entries |= self._new
        self._new = {}

    def _stamp(self, name: str, signature: Signature, text: str) -> bytes:
        content = f"{name}\0{signature}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, key=self._context, digest_size=32).digest()


def encode_entry(line: GoalLine, origin: LineOrigin) -> str:
    """A row and its origin as text."""
    words = (origin.project_dir, origin.commit, origin.head_state)
    return json.dumps((words, encode_line(line)), separators=(",", ":"))


def decode_entry(text: str) -> tuple[GoalLine, LineOrigin]:
    """The row and its origin. Raises ValueError, TypeError or RecursionError for what `encode_entry` did not make."""
    origin, line = json.loads(text)
    return decode_line(line), LineOrigin(*origin)


def is_keepable(facts: Facts) -> bool:
    """Whether a row depends on nothing but the files of its signature, and on HEAD."""
    return (
        facts.intake is None
        and not facts.problems  # what could not be read may be readable the next time, and the files be the same
        and not facts.interrupted
        and not facts.goal_from_row
        and facts.controller == Controller()
    )


def _code_stamp() -> int:
    """When the newest file of this program was written, in nanoseconds: other code may judge otherwise."""
    newest = 0
    for folder, _, names in os.walk(os.path.dirname(omk_tui.__file__)):
        for name in names:
            if name.endswith(".py"):
                with suppress(OSError):
                    newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
    return newest
