"""The goal on the desk: opened, read, read again when its files change, and left."""

from __future__ import annotations

import os
import time
from functools import partial

from textual.worker import get_current_worker

from omk_tui.app.listing import Listing
from omk_tui.app.marking import Marking
from omk_tui.app.shell import POLL_EVERY, Shell
from omk_tui.core.decision.outcome import Failed
from omk_tui.core.format.timestamp import NANOS_PER_SECOND, Timestamp
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.last_look import Look
from omk_tui.core.review.live_merge import not_checked
from omk_tui.core.review.reading import Reading
from omk_tui.engine import Cancelled, Progress
from omk_tui.engine.deciding.drafts import read_drafts
from omk_tui.engine.reading.last_look import keep_look, last_look
from omk_tui.light.dataclass import replace
from omk_tui.messages.desk import GoalStepAsked
from omk_tui.messages.listing import FoldersChanged, WatchEnded
from omk_tui.messages.reviewing import (
    CodeColoured,
    ColoursAsked,
    FileBeforeRead,
    FileOpened,
    ProjectSeen,
    ReadingGoesOn,
    ReviewRead,
    SignatureRead,
    UnfoldAsked,
)
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.section_pane import SectionPane
from omk_tui.screens.state import Opened
from omk_tui.syntax import Highlighter

TELL_EVERY = 0.5
"""Seconds between two words about a reading that takes long."""


class Reviewing:
    """Keeps the one goal that is open on screen as its files are."""

    def __init__(self, app: Shell, listing: Listing, marking: Marking) -> None:
        self._app, self._listing, self._marking = app, listing, marking
        self._goal_busy = ""
        self._goal_again = False
        self._poll_busy = False
        self._project_busy = self._project_again = False
        self._signature: object = None
        self._highlighter = Highlighter()

    def open_goal(self, goal_id: str, section: int = 1) -> None:
        """Put a goal on the desk: its screen at once, its review as soon as it is read."""
        self._signature = None
        self._end_reading()
        self._marking.forget()
        self._app.opened = Opened(goal_id)
        screen = ReviewScreen(goal_id, section, self._app.now)
        screen.data_bind(Shell.opened, Shell.goals, Shell.live, Shell.running, Shell.waiting, Shell.progress)
        if isinstance(self._app.screen, ReviewScreen):
            self._app.switch_screen(screen)
        else:
            self._app.push_screen(screen)
        self._app.list_screen.select(goal_id)
        self.read_goal()
        self._watch()

    def step(self, event: GoalStepAsked) -> None:
        """Open the next or previous goal in the list's order."""
        order = self._app.list_screen.order()
        here = self._app.opened.goal_id
        if here not in order:
            self._app.say("this goal is not among the rows of the list, so there is no next one")
            return
        at = order.index(here) + event.step
        if not 0 <= at < len(order):
            self._app.say(
                "this is the last goal of the list" if event.step > 0 else "this is the first goal of the list"
            )
            return
        section = self._app.screen.section if isinstance(self._app.screen, ReviewScreen) else 1
        self.open_goal(order[at], section)

    def open_next(self) -> None:
        """Open the next goal of the list that needs a person, or go back to the list when none does."""
        goal_id = self._app.list_screen.next_waiting()
        if goal_id is None:
            self.leave()
            self._app.say("no other goal needs you")
        else:
            self.open_goal(goal_id)

    def leave(self) -> None:
        """Go back to the list."""
        if isinstance(self._app.screen, ReviewScreen):
            self._app.pop_screen()
        self._end_reading()
        self._marking.forget()
        self._app.opened = Opened()
        self._app.stop_watching("goal")

    def read_again(self) -> None:
        """Read what is on screen again: the open goal, or the list."""
        if self._app.opened.goal_id:
            self.read_goal()
        else:
            self._listing.read()

    def read_goal(self) -> None:
        """Read the open goal, once more if it is being read already."""
        goal_id = self._app.opened.goal_id
        if not goal_id:
            return
        if self._goal_busy == goal_id:
            self._goal_again = True
            return
        self._goal_busy, self._goal_again = goal_id, False
        job = partial(self._goal_job, goal_id, self._app.opened.reading is None)
        self._app.in_thread("goal", job, lambda why: ReviewRead(goal_id, Failed(why), self._signature))

    def _goal_job(self, goal_id: str, is_first: bool) -> ReviewRead:
        # Signature and moment come first: a change during the reading is seen by the next poll, and is news then.
        engine, at = self._app.engine, Timestamp.from_unix_nanos(int(self._app.now() * NANOS_PER_SECOND))
        signature = engine.signature(goal_id)
        before = last_look(engine.root, goal_id) if is_first else None
        drafts = read_drafts(engine.root, goal_id) if is_first else None
        reading = engine.read(goal_id, self._progress_of(goal_id))
        if isinstance(reading, Reading) and not get_current_worker().is_cancelled:
            keep_look(engine.root, goal_id, Look(at, reading.review.snapshot))
        return ReviewRead(goal_id, reading, signature, before, drafts)

    def _progress_of(self, goal_id: str) -> Progress:
        """Tells the screen how far the reading in this thread is, and ends it when nobody wants it any more."""
        worker, size, last_report = get_current_worker(), 0, time.monotonic()

        def progress(more: int) -> None:
            nonlocal size, last_report
            if worker.is_cancelled:
                raise Cancelled
            size += more
            if (now := time.monotonic()) - last_report >= TELL_EVERY:
                last_report = now
                self._app.post_message(ReadingGoesOn(goal_id, size))

        return progress

    def show_progress(self, event: ReadingGoesOn) -> None:
        """Say how much of the open goal has been read."""
        if event.goal_id == self._goal_busy == self._app.opened.goal_id:
            self._app.live = replace(self._app.live, size=event.size)

    def _end_reading(self) -> None:
        """Nobody wants the goal that is being read any more."""
        self._app.workers.cancel_group(self._app, "goal")
        self._goal_busy, self._app.live = "", replace(self._app.live, size=None)

    def open_file(self, event: SectionPane.FileAsked) -> None:
        """Open a file of the goal for a section."""
        goal_id, section, path = self._app.opened.goal_id, event.section, event.path
        self._app.in_thread(
            "file",
            lambda: FileOpened(goal_id, section, path, self._app.engine.open_file(goal_id, path)),
            lambda why: FileOpened(goal_id, section, path, why),
        )

    def show_file(self, event: FileOpened) -> None:
        """Give an opened file to the section that asked, if it still wants it."""
        reviews = [screen for screen in self._app.screen_stack if isinstance(screen, ReviewScreen)]
        review = reviews[-1] if reviews and event.goal_id == self._app.opened.goal_id else None
        if isinstance(event.file, str):
            if review is not None:
                review.show_file(event.section, event.path, event.file)
            return
        descriptor = os.dup(event.file.fileno())
        event.file.close()
        if review is None or not review.show_file(event.section, event.path, descriptor):
            os.close(descriptor)

    def take_review(self, event: ReviewRead) -> None:
        """A goal was read: show it if it is still the open one."""
        if self._goal_busy == event.goal_id:
            self._goal_busy, self._app.live = "", replace(self._app.live, size=None)
        if event.goal_id != self._app.opened.goal_id:
            return
        before = self._app.opened.reading
        self._signature = event.signature
        known = self._app.opened.review
        review = event.reading.review if isinstance(event.reading, Reading) else None
        is_known = known is not None and review is not None and _same_evidence(known, review)
        looked = self._app.opened if is_known else Opened()
        if known is None or review is None or not _same_diffs(known, review):
            self._marking.forget()
        look = event.look if before is None else self._app.opened.look
        drafts = event.drafts if before is None else self._app.opened.drafts
        self._app.opened = Opened(event.goal_id, event.reading, looked.merges, looked.files, look, drafts)
        self._app.mark_read()
        if isinstance(self._app.opened.reading, Reading):
            self._marking.look(self._app.opened.reading)
        if not is_known:
            self.look_at_project()
        if before is not None and before != event.reading:
            self._listing.read_lines([event.goal_id])
        if self._goal_again:
            self.read_goal()

    def look_at_project(self) -> None:
        """Try the merges of the open goal and compare its files in a thread; once more if that is under way."""
        goal_id, reading = self._app.opened.goal_id, self._app.opened.reading
        if not isinstance(reading, Reading):
            return
        if self._project_busy:
            self._project_again = True
            return
        self._project_busy, self._project_again = True, False
        conflicts, stored = reading.review.conflicts, reading.review.facts.stored

        def look() -> ProjectSeen:
            project = self._app.engine.project(reading.review)
            # A branch that was opened need not be checked out: its files are those of its commit.
            is_opened = reading.review.facts.intake is not None
            files = {} if is_opened else project.files(reading.diff, stored.proof.changed_files if stored else ())
            return ProjectSeen(goal_id, project.merges(conflicts) if conflicts else (), files)

        self._app.in_thread("project", look, lambda why: ProjectSeen(goal_id, (not_checked(why),) * len(conflicts), {}))

    def show_project(self, event: ProjectSeen) -> None:
        """Show what the project has, if its goal is still the open one and still has as many conflicts."""
        self._project_busy = False
        review = self._app.opened.review
        if event.goal_id == self._app.opened.goal_id and review and len(review.conflicts) == len(event.merges):
            self._app.opened = replace(self._app.opened, merges=event.merges, files=event.files)
        if self._project_again:
            self.look_at_project()

    def unfold(self, event: UnfoldAsked) -> None:
        """Read a file as it was before a change."""
        goal_id, review, patch = self._app.opened.goal_id, self._app.opened.review, event.part.patch
        if review is None or patch is None:
            return
        self._app.in_thread(
            "unfold",
            lambda: FileBeforeRead(goal_id, event, self._app.engine.project(review).file_before(patch)),
            lambda why: FileBeforeRead(goal_id, event, Failed(why)),
        )

    def show_file_before(self, event: FileBeforeRead) -> None:
        """Give a file as it was before to the screen, if its goal is still the open one."""
        if event.goal_id == self._app.opened.goal_id and isinstance(self._app.screen, ReviewScreen):
            self._app.screen.show_file_before(event)

    def colour(self, event: ColoursAsked) -> None:
        """Look for the syntax of code that is on screen."""
        self._app.in_thread(
            "colours",
            lambda: CodeColoured(event, self._highlighter.spans(event.file_name, event.codes)),
            lambda _why: CodeColoured(event, []),
        )

    def show_colours(self, event: CodeColoured) -> None:
        """Give colours to the screen."""
        if isinstance(self._app.screen, ReviewScreen):
            self._app.screen.show_colours(event)

    def close(self) -> None:
        """End what runs beside the desk."""
        self._highlighter.close()

    # Noticing changes

    def poll(self) -> None:
        """Look whether the open goal's files have changed."""
        goal_id = self._app.opened.goal_id
        if (
            self._app.live.watching
            and self._app.live.read_at is not None
            and not self._goal_busy
            and not self._listing.busy
        ):
            self._app.mark_read()  # the watcher had nothing to tell until now
        if goal_id and not self._poll_busy and not self._goal_busy:
            self._poll_busy = True
            self._app.in_thread(
                "poll",
                lambda: SignatureRead(goal_id, self._app.engine.signature(goal_id)),
                lambda why: SignatureRead(goal_id, why),
            )

    def compare_signature(self, event: SignatureRead) -> None:
        """Read the open goal again when it has changed."""
        self._poll_busy = False
        if event.goal_id != self._app.opened.goal_id:
            return
        if event.signature != self._signature:
            self.read_goal()
        else:
            self._app.mark_read()

    def _watch(self) -> None:
        self._app.watch_folders("goal", self._app.engine.watch_folders(self._app.opened.goal_id))

    def watch_ended(self, event: WatchEnded) -> None:
        """Say that only polling is left."""
        self._app.live = replace(self._app.live, watching=False)
        self._app.say(f"{event.why}; the open goal is looked at every {POLL_EVERY:.0f} s instead")

    def folders_changed(self, event: FoldersChanged) -> None:
        """Read again what the watcher named."""
        goals_dir = self._app.engine.root.goals_dir
        ids = {os.path.relpath(path, goals_dir).split(os.sep)[0] for path in event.paths if path.startswith(goals_dir)}
        ids.discard(".")
        if self._app.opened.goal_id in ids:
            self.read_goal()
        known = [goal_id for goal_id in ids if goal_id in self._listing.lines]
        # The journal of omk.db comes and goes with each of our own readings: only the database itself tells of news.
        if len(known) < len(ids) or self._app.engine.root.database in event.paths:
            self._listing.read()
        elif known:
            self._listing.read_lines(known)


def _same_diffs(before: Review, now: Review) -> bool:
    """Whether the diffs are the same by their content."""
    paths = {diff.path for diff in (*before.diffs, *now.diffs)}
    return [part for part in before.parts if part.name in paths] == [part for part in now.parts if part.name in paths]


def _same_evidence(before: Review, now: Review) -> bool:
    """Whether what is compared with the project is the same: the conflict records and the diffs."""
    return (before.conflicts, before.facts.head) == (now.conflicts, now.facts.head) and _same_diffs(before, now)
