"""Reading the list: in batches, shown as they come, and again when something changed."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from typing import Any

from textual import on
from textual.worker import get_current_worker

from omk_tui.app.base import DeskBase
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.messages import LinesRead, ListRead, Trouble
from omk_tui.screens.shown import Goals

PUBLISH_AFTER = 0.2
"""Seconds for which rows of the list are gathered before they are shown."""
WATCH_LIMIT = 1000
"""The longest list whose goal folders are watched one by one."""
SWEEP_LIMIT = 200
"""The longest list that is read as a whole from time to time, in case the watcher missed something."""


class ListingApp(DeskBase, inherit_bindings=False):
    """The base, and the goals list."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lines: dict[str, GoalLine] = {}
        self._publishing = False
        self._list_busy = self._list_again = False

    def _read_list(self) -> None:
        if self._list_busy:
            self._list_again = True
            return
        self._list_busy = True
        self._in_thread("list", self._list_job, lambda why: ListRead(frozenset(self._lines), (why,)))

    def _list_job(self) -> ListRead | None:
        worker = get_current_worker()
        lines: list[GoalLine] = []
        for batch in self._engine.lines():
            if worker.is_cancelled:
                return None
            lines.extend(batch)
            self.post_message(LinesRead(batch))
        return ListRead(frozenset(line.goal_id for line in lines), self._engine.listing_notes(tuple(lines)))

    @on(LinesRead)
    def _take_lines(self, event: LinesRead) -> None:
        for line in event.lines:
            if self._lines.get(line.goal_id) != line:
                self._lines[line.goal_id] = line
        if not self.goals.lines:
            self._publish()
        elif not self._publishing:
            self._publishing = True
            self.set_timer(PUBLISH_AFTER, self._publish)

    def _publish(self) -> None:
        self._publishing = False
        lines = tuple(sorted(self._lines.values(), key=lambda line: line.sort_key, reverse=True))
        self.goals = Goals(lines, self.goals.notes, self.goals.reading)

    @on(ListRead)
    def _take_list(self, event: ListRead) -> None:
        first = self.goals.reading
        before = frozenset(line.goal_id for line in self.goals.lines)
        self._lines = {goal_id: line for goal_id, line in self._lines.items() if goal_id in event.goal_ids}
        self.goals = Goals(self.goals.lines, event.notes, reading=False)
        self._publish()
        self._mark_read()
        self._list_busy = False
        if first:
            gc.collect()
            gc.freeze()
        if first or before != event.goal_ids:
            self._watch_list()
        if self._list_again:
            self._list_again = False
            self._read_list()

    def _read_lines(self, goal_ids: Sequence[str]) -> None:
        def job() -> LinesRead:
            lines = (self._engine.line(goal_id) for goal_id in goal_ids)
            return LinesRead(tuple(line for line in lines if line is not None))

        self._in_thread("line", job, Trouble)

    # Noticing changes

    def _sweep(self) -> None:
        if len(self.goals.lines) <= SWEEP_LIMIT:
            self._read_list()

    def _watch_list(self) -> None:
        folders = list(self._engine.watch_folders(None))
        if len(self._lines) <= WATCH_LIMIT:
            goals_dir = self._engine.root.goals_dir
            places = (os.path.join(goals_dir, line.goal_id) for line in self._lines.values() if line.source != "row")
            folders += [place for place in places if os.path.isdir(place)]
        self._watch_folders("list", folders)
