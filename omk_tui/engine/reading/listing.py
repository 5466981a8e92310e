"""The goals list: every directory under `goals/` and every ghost row of omk.db."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.judgement.line_of_goal import line_of
from omk_tui.core.judgement.verdict import UNREADABLE
from omk_tui.core.records.facts import Facts
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.engine.database.goals_table import Row, Rows
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import is_locked
from omk_tui.engine.files.journal_mark import has_journal
from omk_tui.engine.git.choice import GoalProjects, recorded_project_dir
from omk_tui.engine.git.project import evidence_commit
from omk_tui.engine.reading.consistent import read_steadily
from omk_tui.engine.reading.goal_ids import id_objection
from omk_tui.engine.reading.line_cache import CachedLine, LineCache, Signature, is_keepable, line_signature
from omk_tui.engine.reading.records import controller_of, ghost_facts, read_records
from omk_tui.engine.reading.review import with_branch

LONGEST_BATCH = 1.0
"""Seconds after which a batch that is not full is given out all the same."""

_INTERRUPTED = "a decision was interrupted; opening the goal finishes it"


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of one goal: its facts, and the project folder that its own record names.

    `signature` is that of the files before and after they were read, None where the row is not to be kept.
    """

    name: str
    facts: Facts
    project_dir: str | None
    signature: Signature | None

    @property
    def commit(self) -> str | None:
        """The commit of the goal's evidence."""
        return evidence_commit(self.facts.stored.proof if self.facts.stored else None)


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads rows of the list: of the goals in `goals_dir`, with what `rows` of omk.db add, as of `now`.

    `projects` finds each goal's project, `call` is how the program was called; `cache` has rows of earlier looks.
    """

    goals_dir: str
    rows: Rows
    projects: GoalProjects
    call: CommandLine
    now: Timestamp
    cache: LineCache | None = None

    def lines(self, names: Iterable[str], batch: int) -> Iterator[tuple[GoalLine, ...]]:
        """The rows of the named directories, in batches as they are read; on a slow mount the batches are smaller."""
        waiting: list[_Read | CachedLine | GoalLine] = []
        batch_start = time.monotonic()
        for name in names:
            waiting.append(self._look(name))
            if len(waiting) >= batch or time.monotonic() - batch_start > LONGEST_BATCH:
                yield self._judged(waiting)
                waiting, batch_start = [], time.monotonic()
        if waiting:
            yield self._judged(waiting)

    def _look(self, name: str) -> _Read | CachedLine | GoalLine:
        """The row of an earlier look where it still holds, else what is in the goal's files."""
        objection = id_objection(name)
        if objection:
            return _unreadable(name, objection)
        try:
            with GoalFolder(os.path.join(self.goals_dir, name)) as folder:
                row = self.rows.of(name)
                signature = line_signature(folder) if self.cache and controller_of(row, self.now).pid is None else None
                cached = self.cache.get(name, signature) if self.cache and signature else None
                return cached or self._read(folder, name, row, signature)
        except OSError as error:
            return _unreadable(name, f"the goal directory cannot be opened: {Unreadable.of(error).reason}")

    def _read(self, folder: GoalFolder, name: str, row: Row | None, signature: Signature | None) -> _Read:
        facts = read_steadily(
            folder,
            lambda interrupted: read_records(folder, name, row, self.now, interrupted).facts,
            free=lambda: _interrupted(folder),
            held=lambda: _INTERRUPTED if has_journal(folder) else "",
            given_up=lambda _: "",
        )
        project_dir = recorded_project_dir(folder)
        is_same = signature is not None and is_keepable(facts) and line_signature(folder) == signature
        return _Read(name, facts, project_dir, signature if is_same else None)

    def _judged(self, batch: list[_Read | CachedLine | GoalLine]) -> tuple[GoalLine, ...]:
        """The rows of one batch; each project's git is asked once for all its commits."""
        asking = [one for one in batch if not isinstance(one, GoalLine)]
        projects = iter(self.projects.of_goals([(one.project_dir, one.commit) for one in asking]))
        lines = []
        for one in batch:
            if isinstance(one, GoalLine):
                lines.append(one)
                continue
            head = next(projects).check_head(one.commit)
            if isinstance(one, CachedLine) and one.holds(head):
                lines.append(one.line)
                continue
            read = self._again(one.line.goal_id) if isinstance(one, CachedLine) else one
            if isinstance(read, GoalLine):
                lines.append(read)
                continue
            line = line_of(with_branch(replace(read.facts, call=self.call, head=head), self.projects))
            lines.append(line)
            if self.cache and read.signature is not None:
                self.cache.put(read.name, read.signature, CachedLine(line, read.project_dir, read.commit, head.state))
        return tuple(lines)

    def _again(self, name: str) -> _Read | GoalLine:
        """What is in the files of a goal whose HEAD is judged otherwise than when its row was made."""
        try:
            with GoalFolder(os.path.join(self.goals_dir, name)) as folder:
                return self._read(folder, name, self.rows.of(name), line_signature(folder))
        except OSError as error:
            return _unreadable(name, f"the goal directory cannot be opened: {Unreadable.of(error).reason}")


def ghost_lines(goals_dir: str, names: frozenset[str], rows: Rows, now: Timestamp) -> tuple[GoalLine, ...]:
    """The lines of rows whose goal directory is gone."""
    ghosts = []
    for row in rows.rows:
        goal_id = row.get("goal_id")
        if isinstance(goal_id, str) and goal_id not in names:
            path = os.path.join(goals_dir, goal_id)
            line = line_of(ghost_facts(goal_id, path, row, now))
            gone = f"the goal directory {path} is gone; only its row in omk.db is left"
            why = (gone, "put the directory back to decide the goal; the row alone does no harm")
            ghosts.append(replace(line, source="row", verdict=UNREADABLE, problem=gone, why=why, next=""))
    return tuple(ghosts)


def _interrupted(folder: GoalFolder) -> str:
    """A sentence when a decision was begun and nobody is at work on it; the list itself finishes nothing."""
    return _INTERRUPTED if has_journal(folder) and not is_locked(folder) else ""


def _unreadable(name: str, problem: str) -> GoalLine:
    return GoalLine(name, None, None, None, None, None, UNREADABLE, 0, problem, why=(problem,))
