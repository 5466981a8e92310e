"""The whole list of goals, and single rows of it, with notes on where directory and omk.db disagree."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Listing
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.dataclass import dataclass
from omk_tui.engine.database.goals_table import Rows, read_row, read_rows
from omk_tui.engine.files.goal_folder import Unreadable
from omk_tui.engine.files.progress import GoalsProgress
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.git.choice import GoalProjects
from omk_tui.engine.reading.disagreements import disagreements
from omk_tui.engine.reading.goal_ids import folder_names
from omk_tui.engine.reading.line_cache import SMALLEST_LIST, LineCache
from omk_tui.engine.reading.line_workers import Question, read_in_workers, worker_count
from omk_tui.engine.reading.listing import LineReader, ReadLine, ghost_lines

_LARGE_BATCH = 4096
"""Goals whose projects are asked of git at once when nobody waits for the first rows."""
_WORKERS_BATCH = 256
"""Goals of a worker's first batch at most: one that has to wait for the other's pipe would be idle."""


@dataclass(frozen=True, slots=True)
class GoalsList:
    """Reads the list of one state root; `projects` gives what finds the projects in one look."""

    root: StateRoot
    projects: Callable[[], GoalProjects]
    call: CommandLine
    now: Callable[[], Timestamp]

    def read(self, progress: GoalsProgress) -> Listing:
        """Every goal, newest first by `created_at`, then id, and the notes."""
        unreadable = self.problem()
        if unreadable:
            return Listing((), problem=unreadable)
        lines = self.lines(progress, cached=True)
        notes = self.notes(lines)
        if not self.root.exists:
            notes = (
                f"there is no state root at {self.root.path} ({self.root.origin}); name one with --state-root",
                *notes,
            )
        return Listing(tuple(sorted(lines, key=lambda line: line.sort_key, reverse=True)), notes)

    def lines(self, progress: GoalsProgress, *, cached: bool) -> tuple[GoalLine, ...]:
        """All rows, unsorted; `progress` is told how far the reading is."""
        goals = sum(map(len, folder_names(self.root.goals_dir)))
        lines: list[GoalLine] = []
        for batch in self.batches(_LARGE_BATCH, cached=cached):
            lines += batch
            progress(len(lines), goals)
        return tuple(lines)

    def batches(self, batch: int, *, cached: bool = True) -> Iterator[tuple[GoalLine, ...]]:
        """The rows in batches as they are read, unsorted; ghosts come last. Unless `cached`, each is read anew."""
        try:
            names = [name for names in folder_names(self.root.goals_dir) for name in names]
        except OSError:
            return
        rows = self.rows(names)
        cache = (
            LineCache(self.root.goals_dir, self.call, os.environ) if cached and len(names) >= SMALLEST_LIST else None
        )
        yield from self._cached_and_read(names, self._reader(rows), cache, batch)
        ghosts = ghost_lines(self.root.goals_dir, frozenset(names), rows, self.now())
        if ghosts:
            yield ghosts

    def notes(self, lines: tuple[GoalLine, ...]) -> tuple[str, ...]:
        """Where directory and omk.db disagree, given the rows that were read."""
        try:
            names, linked = folder_names(self.root.goals_dir)
        except OSError as error:
            return (self._unreadable(error),)
        return disagreements(self.rows((*names, *linked)), names, linked, lines, self.now())

    def line(self, goal_id: str) -> GoalLine | None:
        """The row of one goal read anew, or None when it is gone."""
        rows = read_row(self.root.database, goal_id)
        if os.path.isdir(os.path.join(self.root.goals_dir, goal_id)):
            return next(self._reader(rows).lines((goal_id,), 1))[0].line
        ghosts = ghost_lines(self.root.goals_dir, frozenset(), rows, self.now())
        return next((ghost for ghost in ghosts if ghost.goal_id == goal_id), None)

    def problem(self) -> str:
        """Why the folder of goals cannot be read; empty when it can, or is not there."""
        try:
            folder_names(self.root.goals_dir)
        except OSError as error:
            return self._unreadable(error)
        return ""

    def rows(self, names: tuple[str, ...] | list[str]) -> Rows:
        """The rows of omk.db: of these goals, and the newest of the others."""
        return read_rows(self.root.database, frozenset(names))

    def _unreadable(self, error: OSError) -> str:
        return f"{self.root.goals_dir} cannot be read: {Unreadable.of(error).reason}"

    def _reader(self, rows: Rows) -> LineReader:
        return LineReader(self.root.goals_dir, rows, self.projects(), self.call, self.now())

    def _cached_and_read(
        self, names: list[str], reader: LineReader, cache: LineCache | None, batch: int
    ) -> Iterator[tuple[GoalLine, ...]]:
        missing = names
        if cache:
            missing = []
            for start in range(0, len(names), _LARGE_BATCH):
                lines = reader.cached(names[start : start + _LARGE_BATCH], cache, missing)
                if lines:
                    yield lines
        for read in self._read(missing, reader, batch):
            yield tuple(one.line for one in read)
            if cache is not None:
                for one in read:
                    if one.signature is not None:
                        cache.put(one.line.goal_id, one.signature, one.line, one.origin)
        if cache is not None:
            cache.save(frozenset(names))

    def _read(self, names: list[str], reader: LineReader, batch: int) -> Iterator[tuple[ReadLine, ...]]:
        """The rows read from the goals' files, of very many in processes of our own."""
        unanswered = names
        if workers := worker_count(len(names)):
            unanswered = []
            projects = reader.projects
            place = (reader.goals_dir, self.root.database, projects.named, projects.here)
            question = Question(*place, self.call, reader.now, tuple(names), min(batch, _WORKERS_BATCH))
            yield from read_in_workers(question, workers, unanswered)
        yield from reader.lines(unanswered, batch)
