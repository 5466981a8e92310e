"""The goal on the desk: opened, read, read again when its files change, and left."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from typing import Any

from textual import on
from textual.worker import get_current_worker

from omk_tui.app.base import DeskBase
from omk_tui.app.listing import ListingApp
from omk_tui.core.decision.outcome import Failed
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.ledger_entries import History
from omk_tui.core.review.diff import DiffText, RunDiff, read_diff
from omk_tui.core.review.goal_review import DiffFile, Review
from omk_tui.engine import Cancelled, Progress
from omk_tui.messages import (
    FileOpened,
    FoldersChanged,
    GoalOpened,
    GoalStepAsked,
    ReadAgainAsked,
    ReadingGoesOn,
    ReviewLeft,
    ReviewRead,
    SignatureRead,
    WatchEnded,
)
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.section_pane import SectionPane
from omk_tui.screens.shown import Opened
from omk_tui.sections.view import SectionData

POLL_EVERY = 2.0
"""Seconds between two looks at the open goal's files."""
TELL_EVERY = 0.5
"""Seconds between two words about a reading that takes long."""
REASON_STANDS_HERE = "<your reason appears here as you type it in R>"
"""The reason of the rollback plan that is shown before anybody has written one."""
NO_TIME = Timestamp(0, 0)
"""Stands where a screen puts the time itself, so that two equal readings are equal values."""


class ReviewingApp(ListingApp, inherit_bindings=False):
    """The list, and the one goal that is open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._goal_busy = ""
        self._goal_again = False
        self._poll_busy = False
        self._signature: object = None

    @on(GoalOpened)
    def _open_chosen(self, event: GoalOpened) -> None:
        self._open(event.goal_id)

    def _open(self, goal_id: str, section: int = 1) -> None:
        """Put a goal on the desk: its screen at once, its review as soon as it is read."""
        self._signature = None
        self._end_reading()
        self.opened = Opened(goal_id)
        screen = ReviewScreen(goal_id, section, self._now)
        screen.data_bind(DeskBase.opened, DeskBase.goals, DeskBase.live)
        if isinstance(self.screen, ReviewScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        self.list_screen.select(goal_id)
        self._read_goal()
        self._watch_goal()

    @on(GoalStepAsked)
    def _step_goal(self, event: GoalStepAsked) -> None:
        order = self.list_screen.order()
        here = self.opened.goal_id
        if here not in order:
            self.say("this goal is not among the rows of the list, so there is no next one")
            return
        at = order.index(here) + event.step
        if not 0 <= at < len(order):
            self.say("this is the last goal of the list" if event.step > 0 else "this is the first goal of the list")
            return
        section = self.screen.section if isinstance(self.screen, ReviewScreen) else 1
        self._open(order[at], section)

    @on(ReviewLeft)
    def _leave_goal(self) -> None:
        if isinstance(self.screen, ReviewScreen):
            self.pop_screen()
        self._end_reading()
        self.opened = Opened()
        self._stop_watching("goal")

    @on(ReadAgainAsked)
    def _read_again(self) -> None:
        if self.opened.goal_id:
            self._read_goal()
        else:
            self._read_list()

    def _read_goal(self) -> None:
        goal_id = self.opened.goal_id
        if not goal_id:
            return
        if self._goal_busy == goal_id:
            self._goal_again = True
            return
        self._goal_busy, self._goal_again = goal_id, False
        self._in_thread(
            "goal", partial(self._goal_job, goal_id), lambda why: ReviewRead(goal_id, Failed(why), self._signature)
        )

    def _goal_job(self, goal_id: str) -> ReviewRead:
        signature = self._engine.signature(goal_id)  # before the reading: a change meanwhile is seen by the next poll
        reading = self._engine.review(goal_id, self._progress_of(goal_id))
        extra = None if isinstance(reading, Failed) else self._section_data(reading)
        return ReviewRead(goal_id, reading, signature, extra)

    def _progress_of(self, goal_id: str) -> Progress:
        """Tells the screen how far the reading in this thread is, and ends it when nobody wants it any more."""
        worker, size, told = get_current_worker(), 0, time.monotonic()

        def progress(more: int) -> None:
            nonlocal size, told
            if worker.is_cancelled:
                raise Cancelled
            size += more
            if (now := time.monotonic()) - told >= TELL_EVERY:
                told = now
                self.post_message(ReadingGoesOn(goal_id, size))

        return progress

    @on(ReadingGoesOn)
    def _tell_progress(self, event: ReadingGoesOn) -> None:
        if event.goal_id == self._goal_busy == self.opened.goal_id:
            self.live = replace(self.live, size=event.size)

    def _end_reading(self) -> None:
        """Nobody wants the goal that is being read any more."""
        self.workers.cancel_group(self, "goal")
        self._goal_busy, self.live = "", replace(self.live, size=None)

    def _section_data(self, review: Review) -> SectionData:
        """What the sections show besides the review; the time is the screen's own business."""
        plan = self._engine.plan(review, "reject", REASON_STANDS_HERE)
        history = self._engine.history(review.goal_id)
        rollback = plan.rollback if isinstance(plan, DecisionPlan) else plan.why
        return SectionData(
            now=NO_TIME,
            timeline=self._engine.timeline(review.goal_id),
            ledger=history.entries if isinstance(history, History) else (),
            diff=DiffText(tuple(self._read_diff(review.goal_id, diff) for diff in review.diffs)),
            rollback=rollback,
        )

    def _read_diff(self, goal_id: str, diff: DiffFile) -> RunDiff:
        text = diff.problem or self._engine.read_text(goal_id, diff.path)
        if isinstance(text, str):
            return RunDiff(diff.run, diff.path, problem=text)
        return read_diff(diff.run, diff.path, text.text, text.cut)

    @on(SectionPane.FileAsked)
    def _open_file(self, event: SectionPane.FileAsked) -> None:
        goal_id, section, path = self.opened.goal_id, event.section, event.path
        self._in_thread(
            "file",
            lambda: FileOpened(goal_id, section, path, self._engine.open_file(goal_id, path)),
            lambda why: FileOpened(goal_id, section, path, why),
        )

    @on(FileOpened)
    def _show_file(self, event: FileOpened) -> None:
        reviews = [screen for screen in self.screen_stack if isinstance(screen, ReviewScreen)]
        review = reviews[-1] if reviews and event.goal_id == self.opened.goal_id else None
        if isinstance(event.file, str):
            if review is not None:
                review.show_file(event.section, event.path, event.file)
            return
        descriptor = os.dup(event.file.fileno())
        event.file.close()
        if review is None or not review.show_file(event.section, event.path, descriptor):
            os.close(descriptor)

    @on(ReviewRead)
    def _take_review(self, event: ReviewRead) -> None:
        if self._goal_busy == event.goal_id:
            self._goal_busy, self.live = "", replace(self.live, size=None)
        if event.goal_id != self.opened.goal_id:
            return
        before = self.opened.reading
        self._signature = event.signature
        self.opened = Opened(event.goal_id, event.reading, event.extra)
        self._mark_read()
        if before is not None and before != event.reading:
            self._read_lines([event.goal_id])
        if self._goal_again:
            self._read_goal()

    # Noticing changes

    def _poll(self) -> None:
        goal_id = self.opened.goal_id
        if self.live.watching and self.live.read_at is not None and not self._goal_busy and not self._list_busy:
            self._mark_read()  # the watcher had nothing to tell until now
        if goal_id and not self._poll_busy and not self._goal_busy:
            self._poll_busy = True
            self._in_thread(
                "poll",
                lambda: SignatureRead(goal_id, self._engine.signature(goal_id)),
                lambda why: SignatureRead(goal_id, why),
            )

    @on(SignatureRead)
    def _compare_signature(self, event: SignatureRead) -> None:
        self._poll_busy = False
        if event.goal_id != self.opened.goal_id:
            return
        if event.signature != self._signature:
            self._read_goal()
        else:
            self._mark_read()

    def _watch_goal(self) -> None:
        self._watch_folders("goal", self._engine.watch_folders(self.opened.goal_id))

    @on(WatchEnded)
    def _watch_ended(self, event: WatchEnded) -> None:
        self.live = replace(self.live, watching=False)
        self.say(f"{event.why}; the open goal is looked at every {POLL_EVERY:.0f} s instead")

    @on(FoldersChanged)
    def _folders_changed(self, event: FoldersChanged) -> None:
        goals_dir = self._engine.root.goals_dir
        ids = {os.path.relpath(path, goals_dir).split(os.sep)[0] for path in event.paths if path.startswith(goals_dir)}
        ids.discard(".")
        if self.opened.goal_id in ids:
            self._read_goal()
        known = [goal_id for goal_id in ids if goal_id in self._lines]
        # The journal of omk.db comes and goes with each of our own readings: only the database itself tells of news.
        if len(known) < len(ids) or self._engine.root.database in event.paths:
            self._read_list()
        elif known:
            self._read_lines(known)
