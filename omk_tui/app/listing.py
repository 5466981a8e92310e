"""Reading the list: in batches, shown as they come, and again when something changed."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence

from textual.worker import get_current_worker

from omk_tui.app.shell import Shell
from omk_tui.core.judgement.goal_line import GoalLine, SortKey
from omk_tui.light.dataclass import replace
from omk_tui.messages.desk import Trouble
from omk_tui.messages.listing import LinesRead, ListRead
from omk_tui.screens.state import Goals

GATHER_READING = 0.2
"""Seconds for which rows are gathered before they are shown, while the whole list is read."""
GATHER_CHANGES = 0.03
"""The same for goals that have changed."""
WATCH_LIMIT = 20_000
"""The longest list whose goal folders are watched one by one."""
SWEEP_LIMIT = 1000
"""The longest list that is read as a whole from time to time, in case the watcher missed something."""


class Listing:
    """Keeps the list of goals on screen as the directory is."""

    def __init__(self, app: Shell) -> None:
        self._app = app
        self.lines: dict[str, GoalLine] = {}
        """Every row by its goal's id, in no order."""
        self.busy = False
        """Whether the list is being read."""
        self._publishing = self._again = False
        self._keys: list[SortKey] = []
        self._places: dict[str, int] = {}
        self._changed: set[str] = set()
        self._order_changed = False

    def read(self) -> None:
        """Read the whole list, once more if it is being read already."""
        if self.busy:
            self._again = True
            return
        self.busy = True
        self._app.in_thread("list", self._job, lambda why: ListRead(frozenset(self.lines), (why,)))

    def _job(self) -> ListRead | None:
        worker = get_current_worker()
        lines: list[GoalLine] = []
        for batch in self._app.engine.lines():
            if worker.is_cancelled:
                return None
            lines.extend(batch)
            self._app.post_message(LinesRead(batch))
        return ListRead(frozenset(line.goal_id for line in lines), self._app.engine.listing_notes(tuple(lines)))

    def take_lines(self, event: LinesRead) -> None:
        """Rows were read: show them together with those that come soon after."""
        for line in event.lines:
            old = self.lines.get(line.goal_id)
            if old == line:
                continue
            self.lines[line.goal_id] = line
            if old is None:
                self._keys.append(line.sort_key)
                self._order_changed = True
            elif old.sort_key != line.sort_key:
                self._keys = [each.sort_key for each in self.lines.values()]
                self._order_changed = True
            else:
                self._changed.add(line.goal_id)
        if not self._app.goals.lines:
            self._publish()
        elif not self._publishing:
            self._publishing = True
            self._app.set_timer(GATHER_READING if self.busy else GATHER_CHANGES, self._publish)

    def _publish(self) -> None:
        self._publishing = False
        if self._order_changed or self._changed:
            self._app.goals = self._newest(self._app.goals)

    def _newest(self, goals: Goals) -> Goals:
        """The list with all that has been read since it was published."""
        if self._order_changed:
            self._keys.sort(reverse=True)  # what was sorted before is one run of it
            lines = tuple(self.lines[key[-1]] for key in self._keys)
            self._places = {}
            newest = Goals(lines, goals.notes, goals.reading)
        else:
            newest = self._with_changes(goals)
        self._order_changed = False
        self._changed.clear()
        return newest

    def _with_changes(self, goals: Goals) -> Goals:
        """The list with what has changed since it was published, in the same order."""
        if not self._places:
            self._places = {line.goal_id: at for at, line in enumerate(goals.lines)}
        lines, places = list(goals.lines), tuple(self._places[goal_id] for goal_id in self._changed)
        for at in places:
            lines[at] = self.lines[lines[at].goal_id]
        return Goals(tuple(lines), goals.notes, goals.reading, goals.lines, places)

    def take_list(self, event: ListRead) -> None:
        """The list was read to its end: what is not in it is gone."""
        first = self._app.goals.reading
        before = frozenset(line.goal_id for line in self._app.goals.lines)
        if not self.lines.keys() <= event.goal_ids:
            self.lines = {goal_id: line for goal_id, line in self.lines.items() if goal_id in event.goal_ids}
            self._keys = [line.sort_key for line in self.lines.values()]
            self._order_changed = True
        self._app.goals = replace(self._newest(self._app.goals), notes=event.notes, reading=False)
        self._app.mark_read()
        self.busy = False
        if first:
            gc.collect(1)  # all of the heap would be a tenth of a second in which no key is answered
            gc.freeze()
            self._app.in_thread("code", self._app.engine.load_code, Trouble)
        if first or before != event.goal_ids:
            self._watch_list()
        if self._again:
            self._again = False
            self.read()

    def read_lines(self, goal_ids: Sequence[str]) -> None:
        """Read the rows of these goals again."""

        def job() -> LinesRead:
            lines = (self._app.engine.line(goal_id) for goal_id in goal_ids)
            return LinesRead(tuple(line for line in lines if line is not None))

        self._app.in_thread("line", job, Trouble)

    # Noticing changes

    def sweep(self) -> None:
        """Read a short list behind the watcher's back."""
        if len(self._app.goals.lines) <= SWEEP_LIMIT:
            self.read()

    def _watch_list(self) -> None:
        folders = list(self._app.engine.watch_folders(None))
        if len(self.lines) <= WATCH_LIMIT:
            goals_dir = self._app.engine.root.goals_dir
            folders += [os.path.join(goals_dir, line.goal_id) for line in self.lines.values() if line.source != "row"]
        self._app.watch_folders("list", folders)
