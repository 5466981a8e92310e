"""Marks for files that were read: shown at once, kept by a thread, one at a time, beside those of other desks."""

from __future__ import annotations

import os
import threading
from functools import partial

from omk_tui.app.shell import Shell
from omk_tui.core.review.read_marks import ReadProgress, changed_files, with_changes
from omk_tui.core.review.reading import Reading
from omk_tui.core.text.printable import printable
from omk_tui.engine.files.app_state import marks_folder
from omk_tui.engine.reading.read_marks import marks_subject, synchronised_marks
from omk_tui.light.dataclass import replace
from omk_tui.messages.marking import MarkAsked, MarkingMessage, MarksRead, MarksWritten

LEAVE_AFTER = 0.5
"""Seconds for which the end of the desk waits for marks that are being written."""


class Marking:
    """Knows what is marked of the open goal, and keeps it."""

    def __init__(self, app: Shell) -> None:
        self._app = app
        self._subject: tuple[str, ...] = ()
        self._unwritten: dict[tuple[str, ...], dict[str, str | None]] = {}
        self._reading: Reading | None = None
        self._busy = self._failure_said = False
        self._writing = threading.Lock()

    def take(self, event: MarkingMessage) -> None:
        """A mark is asked for, or what is kept is known."""
        match event:
            case MarkAsked():
                self._mark(event)
            case MarksRead():
                self._show(event)
            case MarksWritten():
                self._note_written(event)

    def forget(self) -> None:
        """Show no marks: what they are about is not on screen any more, or is another diff."""
        self._reading, self._app.progress = None, None

    def look(self, reading: Reading) -> None:
        """Find out, in a thread, what is marked of a goal that was read."""
        self._reading = reading
        self._go_on()

    def _mark(self, event: MarkAsked) -> None:
        progress = self._app.progress
        if progress is not None and progress.goal_id == event.goal_id:
            self._unwritten.setdefault(self._subject, {})[event.key] = event.digest
            self._app.progress = replace(progress, marks=with_changes(progress.marks, {event.key: event.digest}))
            self._go_on()

    def _go_on(self) -> None:
        """Read the marks that are wanted, else write those that are not kept yet; one after the other."""
        if self._busy:
            return
        reading = self._reading
        if reading is not None:
            self._reading, self._busy = None, True
            goal_id = reading.review.goal_id
            self._app.in_thread(
                "marks", partial(self._read_job, reading), lambda why: MarksRead(goal_id, reading, (), (), {}, why)
            )
        elif self._unwritten:
            self._busy = True
            subject, changes = next((subject, dict(changes)) for subject, changes in self._unwritten.items())
            self._app.in_thread(
                "marks", partial(self._write_job, subject, changes), lambda why: MarksWritten(subject, changes, {}, why)
            )

    def _read_job(self, reading: Reading) -> MarksRead:
        goal_id = reading.review.goal_id
        files = changed_files(reading.diff)
        try:
            subject = marks_subject(self._app.engine.root, goal_id, reading.review.facts.intake)
        except OSError as error:
            return MarksRead(goal_id, reading, files, (), {}, error.strerror or str(error))
        return MarksRead(goal_id, reading, files, subject, synchronised_marks(subject, {}))

    def _write_job(self, subject: tuple[str, ...], changes: dict[str, str | None]) -> MarksWritten:
        try:
            with self._writing:
                return MarksWritten(subject, changes, synchronised_marks(subject, changes))
        except OSError as error:
            return MarksWritten(subject, changes, {}, error.strerror or str(error))

    def _show(self, event: MarksRead) -> None:
        self._busy = False
        if event.reading is self._app.opened.reading and not event.why:
            self._subject = event.subject
            marks = with_changes(event.marks, self._unwritten.get(event.subject, {}))
            is_cut = any(run.cut for run in event.reading.diff.runs)
            self._app.progress = ReadProgress(event.goal_id, event.files, marks, is_cut)
        self._go_on()

    def _note_written(self, event: MarksWritten) -> None:
        """Marks are kept, and what other desks have set meanwhile is known; or they last for this run only."""
        self._busy = False
        unwritten = self._unwritten.get(event.subject, {})
        if event.why:
            if not self._failure_said:
                self._failure_said = True
                folder = printable(marks_folder(os.environ), 200)
                why = f"{folder} cannot be written ({printable(event.why, 120)}); the next mark tries it again"
                self._app.say(f"marks are lost when the desk is closed: {why}", asked=False)
            if self._reading is None:
                return  # the next mark, or the end of the desk, tries it again
        else:
            for key, digest in event.changes.items():
                if unwritten.get(key, "") == digest:
                    del unwritten[key]
            if not unwritten:
                self._unwritten.pop(event.subject, None)
            progress = self._app.progress
            if progress is not None and event.subject == self._subject:
                self._app.progress = replace(progress, marks=with_changes(event.marks, unwritten))
        self._go_on()

    def finish(self) -> None:
        """Write what is not kept yet; for the end of the desk, when nothing is on screen any more. Does not raise."""
        if not self._writing.acquire(timeout=LEAVE_AFTER):
            return
        try:
            for subject, changes in self._unwritten.items():
                synchronised_marks(subject, changes)
        except OSError:
            pass  # it was said when they were set
        finally:
            self._writing.release()
