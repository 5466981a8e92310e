"""The search through all the logs of a section: in a thread, with progress, ended by Esc."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator

from textual.worker import get_current_worker

from omk_tui.app.shell import Shell
from omk_tui.core.text.log_matches import Matches, matching_lines
from omk_tui.engine import Cancelled
from omk_tui.messages.searching import LogSearchAsked, LogsSearched, SearchGoesOn
from omk_tui.screens.review import ReviewScreen

_AT_ONCE = 1 << 20
_TELL_EVERY = 0.2


class Searching:
    """Looks through the logs of the goal on the desk."""

    def __init__(self, app: Shell) -> None:
        self._app = app

    def take(self, event: LogSearchAsked | LogsSearched | SearchGoesOn) -> None:
        """Start or end a search, or show what is known of one."""
        if not isinstance(event, LogSearchAsked):
            self.show(event)
        elif event.paths:
            self.start(event)
        else:
            self.cancel()

    def start(self, event: LogSearchAsked) -> None:
        """Look through the logs that were asked for; an earlier search ends."""
        self.cancel()
        goal_id = self._app.opened.goal_id
        self._app.in_thread(
            "log search",
            lambda: self._search(goal_id, event),
            lambda why: LogsSearched(goal_id, event.section, Matches(event.search), why),
        )

    def cancel(self) -> None:
        """Nobody waits for the search any more."""
        self._app.workers.cancel_group(self._app, "log search")

    def _search(self, goal_id: str, event: LogSearchAsked) -> LogsSearched:
        worker = get_current_worker()
        size, reported_at = 0, time.monotonic()
        offsets: dict[str, array[int]] = {}
        unreadable = ""

        def pieces(path: str) -> Iterator[bytes]:
            nonlocal size, reported_at
            file = self._app.engine.open_file(goal_id, path)
            if isinstance(file, str):
                raise OSError(file)
            with file:
                while piece := file.read(_AT_ONCE):
                    if worker.is_cancelled:
                        raise Cancelled
                    size += len(piece)
                    if (now := time.monotonic()) - reported_at >= _TELL_EVERY:
                        reported_at = now
                        self._app.post_message(SearchGoesOn(goal_id, event.section, size))
                    yield piece

        for path in event.paths:
            try:
                offsets[path] = array("Q", matching_lines(pieces(path), event.search))
            except OSError as error:
                unreadable = f"{path}: {error.strerror or error}"
        return LogsSearched(goal_id, event.section, Matches(event.search, offsets), unreadable)

    def show(self, event: LogsSearched | SearchGoesOn) -> None:
        """Give what is known to the screen, if its goal is still the open one."""
        if event.goal_id == self._app.opened.goal_id and isinstance(self._app.screen, ReviewScreen):
            if isinstance(event, LogsSearched):
                self._app.screen.show_matches(event)
            else:
                self._app.screen.show_search_progress(event)
