"""The goals list: every directory under `goals/` and every ghost row of omk.db."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

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
from omk_tui.engine.reading.line_cache import LineCache, LineOrigin, Signature, is_keepable, line_signature
from omk_tui.engine.reading.records import controller_of, ghost_facts, read_records
from omk_tui.engine.reading.review import with_branch
from omk_tui.light.dataclass import dataclass, replace

LONGEST_BATCH = 1.0
"""Seconds after which a batch that is not full is given out all the same."""
LARGEST_BATCH = 1024
"""Up to how many goals each batch is twice as large as the one before: git is asked once for each batch."""

_INTERRUPTED = "a decision was interrupted; opening the goal finishes it"


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row of the list that was read from the goal's files.

    `origin` and `signature` are for the cache: what the row was made from; the latter is None where it is not kept.
    """

    line: GoalLine
    origin: LineOrigin
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class _ReadGoal:
    """What was read of one goal; `signature` is that of its files before and after, or None."""

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

    `projects` finds each goal's project, `call` is how the program was called.
    """

    goals_dir: str
    rows: Rows
    projects: GoalProjects
    call: CommandLine
    now: Timestamp

    def cached(self, names: Iterable[str], cache: LineCache, missing: list[str]) -> tuple[GoalLine, ...]:
        """The rows of an earlier look that still hold; `missing` gains the names of the other goals."""
        entries = []
        for name in names:
            signature = self._signature(name)
            entry = cache.get(name, signature) if signature else None
            if entry is None:
                missing.append(name)
            else:
                entries.append((name, *entry))
        projects = self.projects.of_goals([(origin.project_dir, origin.commit) for _, _, origin in entries])
        lines = []
        for (name, line, origin), project in zip(entries, projects, strict=True):
            head = project.check_head(origin.commit)
            if (head.state, head.text) == (origin.head_state, line.head):
                lines.append(line)
            else:
                missing.append(name)
        return tuple(lines)

    def lines(self, names: Iterable[str], batch: int) -> Iterator[tuple[ReadLine, ...]]:
        """The rows of the named directories, in batches as they are read; on a slow mount the batches are smaller."""
        waiting: list[_ReadGoal | GoalLine] = []
        batch_start = time.monotonic()
        for name in names:
            waiting.append(self._read(name))
            if len(waiting) >= batch or time.monotonic() - batch_start > LONGEST_BATCH:
                yield self._judged(waiting)
                waiting, batch_start = [], time.monotonic()
                batch = max(batch, min(2 * batch, LARGEST_BATCH))
        if waiting:
            yield self._judged(waiting)

    def _signature(self, name: str) -> Signature | None:
        if id_objection(name) or controller_of(self.rows.of(name), self.now).pid is not None:
            return None
        try:
            with GoalFolder(os.path.join(self.goals_dir, name)) as folder:
                return line_signature(folder)
        except OSError:
            return None

    def _read(self, name: str) -> _ReadGoal | GoalLine:
        objection = id_objection(name)
        if objection:
            return _unreadable(name, objection)
        try:
            with GoalFolder(os.path.join(self.goals_dir, name)) as folder:
                return self._read_open(folder, name, self.rows.of(name))
        except OSError as error:
            return _unreadable(name, f"the goal directory cannot be opened: {Unreadable.of(error).reason}")

    def _read_open(self, folder: GoalFolder, name: str, row: Row | None) -> _ReadGoal:
        signature = line_signature(folder)
        facts = read_steadily(
            folder,
            lambda interrupted: read_records(folder, name, row, self.now, interrupted).facts,
            unlocked=lambda: _interrupted(folder),
            locked=lambda: _INTERRUPTED if has_journal(folder) else "",
            refused=lambda _: "",
        )
        project_dir = recorded_project_dir(folder)
        is_same = signature is not None and is_keepable(facts) and line_signature(folder) == signature
        return _ReadGoal(facts, project_dir, signature if is_same else None)

    def _judged(self, batch: list[_ReadGoal | GoalLine]) -> tuple[ReadLine, ...]:
        """The rows of one batch; each repository's git is asked once for all its commits and branches."""
        goals = [goal for goal in batch if isinstance(goal, _ReadGoal)]
        projects = iter(self.projects.of_goals([(goal.project_dir, goal.commit) for goal in goals]))
        branches = iter(
            self.projects.branches_of([goal.facts.intake for goal in goals if goal.facts.intake is not None])
        )
        lines = []
        for goal in batch:
            if isinstance(goal, GoalLine):
                lines.append(ReadLine(goal, LineOrigin(None, None, "not checked")))
                continue
            head = next(projects).check_head(goal.commit)
            facts = replace(goal.facts, call=self.call, head=head)
            if facts.intake is not None:
                facts = with_branch(facts, facts.intake, next(branches))
            line = line_of(facts, goal.project_dir)
            lines.append(ReadLine(line, LineOrigin(goal.project_dir, goal.commit, head.state), goal.signature))
        return tuple(lines)


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
