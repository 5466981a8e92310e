"""The whole list of goals, and single rows of it, with notes on where directory and omk.db disagree."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Listing
from omk_tui.core.text.printed_commands import CommandLine
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
from omk_tui.light.dataclass import dataclass

_LARGE_BATCH = 4096
"""Goals whose projects are asked of git at once when nobody waits for the first rows."""
_WORKERS_BATCH = 256
"""Goals of a worker's first batch at most: one that has to wait for the other's pipe would be idle."""


@dataclass(frozen=True, slots=True)
class Goals:
    """Which goals there are: directories by `names`, symlinks to directories (`linked`), and the rows of omk.db."""

    names: tuple[str, ...]
    linked: tuple[str, ...]
    rows: Rows

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of all directories, linked ones too."""
        return self.names + self.linked


@dataclass(frozen=True, slots=True)
class GoalsList:
    """Reads the list of one state root; `projects` gives what finds the projects in one look."""

    root: StateRoot
    projects: Callable[[], GoalProjects]
    call: CommandLine
    now: Callable[[], Timestamp]

    def read(self, progress: GoalsProgress) -> Listing:
        """Every goal, newest first by `created_at`, then id, and the notes."""
        try:
            goals = self.find()
        except OSError as error:
            return Listing((), problem=self._unreadable(error))
        lines = self.lines(goals, progress, cached=True)
        notes = self.notes_on(goals, lines)
        if not self.root.exists:
            notes = (
                f"there is no state root at {self.root.path} ({self.root.origin}); name one with --state-root",
                *notes,
            )
        return Listing(tuple(sorted(lines, key=lambda line: line.sort_key, reverse=True)), notes)

    def find(self) -> Goals:
        """Which goals there are. Raises OSError when their folder cannot be read."""
        names, linked = folder_names(self.root.goals_dir)
        return Goals(names, linked, read_rows(self.root.database, frozenset((*names, *linked))))

    def lines(self, goals: Goals, progress: GoalsProgress, *, cached: bool) -> tuple[GoalLine, ...]:
        """All rows of these goals, unsorted; `progress` is told how far the reading is. Unless `cached`, all anew."""
        lines: list[GoalLine] = []
        for batch in self._batches(goals, _LARGE_BATCH, cached=cached):
            lines += batch
            progress(len(lines), len(goals.folders))
        return tuple(lines)

    def batches(self, batch: int) -> Iterator[tuple[GoalLine, ...]]:
        """The rows in batches as they are read, unsorted; ghosts come last. None where the folder cannot be read."""
        try:
            goals = self.find()
        except OSError:
            return
        yield from self._batches(goals, batch, cached=True)

    def notes(self, lines: tuple[GoalLine, ...]) -> tuple[str, ...]:
        """Where directory and omk.db disagree now, given the rows that were read."""
        try:
            return self.notes_on(self.find(), lines)
        except OSError as error:
            return (self._unreadable(error),)

    def notes_on(self, goals: Goals, lines: tuple[GoalLine, ...]) -> tuple[str, ...]:
        """Where directory and omk.db disagree about these goals, given their rows."""
        return disagreements(goals.rows, goals.names, goals.linked, lines, self.now())

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

    def _unreadable(self, error: OSError) -> str:
        return f"{self.root.goals_dir} cannot be read: {Unreadable.of(error).reason}"

    def _reader(self, rows: Rows) -> LineReader:
        return LineReader(self.root.goals_dir, rows, self.projects(), self.call, self.now())

    def _batches(self, goals: Goals, batch: int, *, cached: bool) -> Iterator[tuple[GoalLine, ...]]:
        names = goals.folders
        is_kept = cached and len(names) >= SMALLEST_LIST
        cache = LineCache(self.root.goals_dir, self.call, os.environ) if is_kept else None
        yield from self._cached_and_read(names, self._reader(goals.rows), cache, batch)
        ghosts = ghost_lines(self.root.goals_dir, frozenset(names), goals.rows, self.now())
        if ghosts:
            yield ghosts

    def _cached_and_read(
        self, names: Sequence[str], reader: LineReader, cache: LineCache | None, batch: int
    ) -> Iterator[tuple[GoalLine, ...]]:
        missing = list(names)
        if cache:
            missing = []
            for start in range(0, len(names), _LARGE_BATCH):
                lines = reader.cached(names[start : start + _LARGE_BATCH], cache, missing)
                if lines:
                    yield lines
        for batch_lines in self._read(missing, reader, batch):
            yield tuple(read_line.line for read_line in batch_lines)
            if cache is not None:
                for read_line in batch_lines:
                    if read_line.signature is not None:
                        cache.put(read_line.line.goal_id, read_line.signature, read_line.line, read_line.origin)
        if cache is not None:
            cache.save(frozenset(names))

    def _read(self, names: list[str], reader: LineReader, batch: int) -> Iterator[tuple[ReadLine, ...]]:
        """The rows read from the goals' files, of very many in processes of our own."""
        unanswered = names
        if workers := worker_count(len(names)):
            unanswered = []
            projects = reader.projects
            place = (reader.goals_dir, self.root.database, projects.named, projects.here)
            size, yielding = min(batch, _WORKERS_BATCH), batch < _LARGE_BATCH
            question = Question(*place, self.call, reader.now, tuple(names), size, yielding)
            yield from read_in_workers(question, workers, unanswered)
        yield from reader.lines(unanswered, batch)
