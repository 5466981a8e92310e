"""Texts of decisions that were begun: remembered at once, and written soon after the typing pauses, in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock, Thread

from textual.timer import Timer

from omk_tui.app.shell import Shell
from omk_tui.core.format.timestamp import NANOS_PER_SECOND, Timestamp
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.draft import Draft
from omk_tui.core.text.printable import printable
from omk_tui.messages.deciding import DraftsWritten
from omk_tui.messages.desk import Trouble

Key = tuple[str, Verb]
"""The goal's id, and which decision it is."""

PAUSE = 0.2
"""Seconds without a letter after which a text is written; it may take as long again."""
MOST_PAUSES = 10
"""After so many times that length a text is written though the typing goes on."""
LAST_WORD = 2.0
"""Seconds for which the end of the desk waits for a text that is still to be written."""


class Drafts:
    """The drafts of this desk. `write` keeps one of a goal and verb, or none, and says why that cannot be done."""

    def __init__(self, app: Shell, write: Callable[[str, Verb, Draft | None], str]) -> None:
        self._app, self._write = app, write
        self._known: dict[Key, Draft | None] = {}
        self._unwritten: dict[Key, Draft | None] = {}
        self._writing = Lock()
        self._timer: Timer | None = None
        self._typed, self._pauses = False, 0
        self._refused: set[Key] = set()
        self._unread: set[Key] = set()

    def draft(self, goal_id: str, verb: Verb, stored: Mapping[Verb, Draft] | None) -> Draft | None:
        """The text that was begun last: in this desk, else that which was `stored` when the goal was opened."""
        key = goal_id, verb
        if key not in self._known:
            self._known[key] = (stored or {}).get(verb)
            if self._known[key] is not None:
                self._unread.add(key)
        return self._known[key]

    def is_unread(self, goal_id: str, verb: Verb) -> bool:
        """Whether a draft is of another run of the desk, and nothing of it has been changed in this one."""
        return (goal_id, verb) in self._unread

    def take(self, goal_id: str, verb: Verb, text: str) -> None:
        """A text as it stands now; one that has not changed since is left alone."""
        key = goal_id, verb
        known = self._known.get(key)
        if text == (known.text if known is not None else ""):
            return
        at = Timestamp.from_unix_nanos(int(self._app.now() * NANOS_PER_SECOND))
        draft = Draft(at, text) if text else None
        self._known[key] = draft
        self._unread.discard(key)
        self._unwritten[key] = draft if text.strip() else None
        self._typed = True
        if self._timer is None:
            self._pauses = 0
            self._timer = self._app.set_timer(PAUSE, self._look_for_pause)

    def _look_for_pause(self) -> None:
        self._timer = None
        if self._typed and self._pauses < MOST_PAUSES:
            self._typed, self._pauses = False, self._pauses + 1
            self._timer = self._app.set_timer(PAUSE, self._look_for_pause)
        else:
            self.write_now()

    def forget(self, goal_id: str, verb: Verb) -> None:
        """The decision is recorded: its text is no draft any more."""
        self._known[goal_id, verb] = None
        self._unwritten[goal_id, verb] = None
        self.write_now()

    def write_now(self) -> None:
        """Write what is not written yet, in a thread."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._unwritten:
            self._app.in_thread("draft", lambda: DraftsWritten(self._write_all()), Trouble)

    def _write_all(self) -> dict[Key, str]:
        """In whatever thread: one writes at a time, so that the newest text is the last to be written.

        What cannot be written is tried again with what is written next, unless there is a newer text by then.
        """
        problems: dict[Key, str] = {}
        with self._writing:
            failed: dict[Key, Draft | None] = {}
            while self._unwritten:
                key, draft = self._unwritten.popitem()
                problems[key] = self._write(*key, draft)
                if problems[key]:
                    failed[key] = draft
            for key, draft in failed.items():
                self._unwritten.setdefault(key, draft)
        return problems

    def tell(self, event: DraftsWritten) -> None:
        """Say that a text is not kept, once for each."""
        for key, why in event.problems.items():
            if not why:
                self._refused.discard(key)
            elif key not in self._refused:
                self._refused.add(key)
                self._app.say(printable(f"this text is not kept: {why}", 400), asked=False)

    def close(self) -> None:
        """Write what is not written yet, now that the desk has ended."""
        self.write_within(LAST_WORD)

    def write_within(self, seconds: float) -> DraftsWritten | None:
        """Write what is not written yet, and wait so long for it; None when the disk has not answered by then."""
        events: list[DraftsWritten] = []
        writer = Thread(target=lambda: events.append(DraftsWritten(self._write_all())), daemon=True)
        writer.start()
        writer.join(seconds)
        return events[0] if events else None
