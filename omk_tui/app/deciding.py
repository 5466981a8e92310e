"""Deciding: the dialog, its live preview, the commit in a thread, and the result that stays."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from textual import on

from omk_tui.app.reviewing import ReviewingApp
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.planner import Decision, objection
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.messages import (
    CommitKeyNotAlone,
    DecisionAsked,
    DecisionRequested,
    DecisionSettled,
    DecisionTyped,
    PlanMade,
)
from omk_tui.screens.decision import DecisionDialog
from omk_tui.screens.result import ResultScreen
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.shown import Preview

PLAN_AFTER = 0.06
"""Seconds without another letter after which the preview of a decision is made."""


class DecidingApp(ReviewingApp, inherit_bindings=False):
    """The list, the review, and the two decisions."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._drafts: dict[tuple[str, Verb], str] = {}
        self._typed: DecisionTyped | None = None
        self._plan_busy = False
        self._wanted: tuple[Verb, str] | None = None
        self.recording = threading.Lock()
        """Is taken while a decision is being recorded: whoever ends the process waits for it."""

    @on(DecisionAsked)
    def _asked_to_decide(self, event: DecisionAsked) -> None:
        if self.opened.goal_id != event.goal_id:
            self._open(event.goal_id)
        if self.opened.reading is not None:
            self._open_dialog(event.verb)
        else:
            self._wanted = (event.verb, event.goal_id)
            self.say("the goal is being read; the dialog opens when that is done")

    def watch_opened(self) -> None:
        """Open the dialog that was asked for from the list, as soon as its goal has been read."""
        wanted = self._wanted
        if wanted is None:
            return
        if wanted[1] != self.opened.goal_id:
            self._wanted = None
        elif self.opened.reading is not None:
            self._wanted = None
            self.call_later(self._open_dialog, wanted[0])

    def _open_dialog(self, verb: Verb) -> None:
        """Open the dialog on what is on the desk, or say why it cannot be."""
        reading = self.opened.reading
        if reading is None or not isinstance(self.screen, ReviewScreen):
            return
        hindrance = reading if isinstance(reading, Failed) else objection(reading, verb)
        if hindrance is not None or isinstance(reading, Failed):
            self.screen.say_outside(hindrance.why if hindrance is not None else "")
            return
        draft = self._drafts.get((reading.goal_id, verb), "")
        dialog = DecisionDialog(verb, reading, draft, self._monotonic, self.screen.looked_at)
        dialog.data_bind(DecidingApp.opened, DecidingApp.preview, DecidingApp.deciding, DecidingApp.live)
        self.push_screen(dialog)

    @on(DecisionTyped)
    def _keep_draft(self, event: DecisionTyped) -> None:
        self._drafts[event.review.goal_id, event.verb] = event.text
        waiting, self._typed = self._typed, event
        if waiting is None and not self._plan_busy:
            self.set_timer(PLAN_AFTER, self._plan)

    def _plan(self) -> None:
        asked, self._typed = self._typed, None
        if asked is None:
            return
        self._plan_busy = True
        made = partial(PlanMade, asked.verb, asked.review.snapshot, asked.text)
        self._in_thread(
            "plan",
            lambda: made(self._engine.plan(asked.review, asked.verb, asked.text, asked.looked_at)),
            lambda why: made(Failed(why)),
        )

    @on(PlanMade)
    def _take_plan(self, event: PlanMade) -> None:
        self._plan_busy = False
        self.preview = Preview(event.verb, event.snapshot, event.text, event.plan)
        if self._typed is not None:
            self._plan()

    @on(CommitKeyNotAlone)
    def _say_press_again(self) -> None:
        self.say("nothing is recorded: press ctrl+s again, by itself")

    @on(DecisionRequested)
    def _decide(self, event: DecisionRequested) -> None:
        if self.deciding:
            return
        self.deciding = True
        decision, seen = event.decision, event.seen
        self._in_thread(
            "decision",
            lambda: DecisionSettled(decision, self._record(decision, seen)),
            lambda why: DecisionSettled(decision, Failed(why)),
        )

    def _record(self, decision: Decision, seen: Review) -> Outcome:
        with self.recording:
            return self._engine.decide(decision, seen)

    @on(DecisionSettled)
    def _settled(self, event: DecisionSettled) -> None:
        self.deciding = False
        decision, outcome = event.decision, event.outcome
        self._read_goal()
        self._read_lines([decision.goal_id])
        dialog = self.screen if isinstance(self.screen, DecisionDialog) else None
        if isinstance(outcome, Refused) and outcome.kind == "stale" and dialog is not None:
            dialog.show_refusal(outcome)
            return
        if isinstance(outcome, Recorded):
            self._drafts.pop((decision.goal_id, decision.verb), None)
            if dialog is not None:
                self.pop_screen()
        self._show_result(decision, outcome)

    def _show_result(self, decision: Decision, outcome: Recorded | Refused | Failed) -> None:
        self.push_screen(ResultScreen(decision, outcome).data_bind(DecidingApp.opened))
