"""Deciding: the dialog, its live preview, the commit in a thread, and the result that stays."""

from __future__ import annotations

import threading
from functools import partial

from omk_tui.app.drafts import Drafts
from omk_tui.app.listing import Listing
from omk_tui.app.reviewing import Reviewing
from omk_tui.app.shell import Shell
from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.engine.deciding.drafts import write_draft
from omk_tui.messages.deciding import (
    DecisionAsked,
    DecisionMessage,
    DecisionRequested,
    DecisionSettled,
    DecisionTyped,
    DraftsWritten,
    EvidenceLookAsked,
    PlanMade,
)
from omk_tui.screens.begun_text import Begun, draft_age
from omk_tui.screens.decision import DecisionDialog
from omk_tui.screens.result import ResultScreen
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.state import Preview, Waiting

_WAITING = "waiting dialog"
PLAN_AFTER = 0.06
"""Seconds without another letter after which the preview of a decision is made."""


class Deciding:
    """The dialogs and what comes of them."""

    def __init__(self, app: Shell, listing: Listing, reviewing: Reviewing) -> None:
        self._app, self._listing, self._reviewing = app, listing, reviewing
        self.drafts = Drafts(app, partial(write_draft, app.engine.root))
        self._typed: DecisionTyped | None = None
        self._plan_busy = False
        self._wanted: tuple[Verb, str] | None = None
        self._waiting: DecisionDialog | None = None
        self.recording = threading.Lock()
        """Is taken while a decision is being recorded: whoever ends the process waits for it."""

    def take(self, event: DecisionMessage) -> None:
        """Whatever is asked for or told of dialogs and decisions."""
        match event:
            case DecisionAsked():
                self.ask(event)
            case DecisionTyped():
                self.take_text(event)
            case EvidenceLookAsked():
                self.look_or_return()
            case PlanMade():
                self.take_plan(event)
            case DraftsWritten():
                self.drafts.tell(event)
            case DecisionRequested():
                self.decide(event)
            case DecisionSettled():
                self.settle(event)

    def ask(self, event: DecisionAsked) -> None:
        """Open the dialog for a goal, as soon as it has been read."""
        if self._app.opened.goal_id != event.goal_id:
            self._reviewing.open_goal(event.goal_id)
        if self._waiting is not None and self._waiting.verb == event.verb:
            self.look_or_return()
        elif self._app.opened.reading is not None:
            self._open_dialog(event.verb)
        else:
            self._wanted = (event.verb, event.goal_id)
            self._app.say("the goal is being read; the dialog opens when that is done")

    def goal_read(self) -> None:
        """Open the dialog that was asked for from the list, as soon as its goal has been read."""
        if self._waiting is not None and self._waiting.seen.goal_id != self._app.opened.goal_id:
            self.close_waiting()
        wanted = self._wanted
        if wanted is None:
            return
        if wanted[1] != self._app.opened.goal_id:
            self._wanted = None
        elif self._app.opened.reading is not None:
            self._wanted = None
            self._app.call_later(self._open_dialog, wanted[0])

    def _open_dialog(self, verb: Verb) -> None:
        """Open the dialog on what is on the desk, or say why it cannot be."""
        reading, review = self._app.opened.reading, self._app.opened.review
        if reading is None or not isinstance(self._app.screen, ReviewScreen):
            return
        hindrance = reading if isinstance(reading, Failed) else objection(reading.review, verb)
        if hindrance is not None or review is None:
            self._app.screen.say_outside(hindrance.why if hindrance is not None else "")
            return
        self.close_waiting()
        draft = self.drafts.draft(review.goal_id, verb, self._app.opened.drafts)
        begun = Begun()
        if draft is not None:
            is_unread = self.drafts.is_unread(review.goal_id, verb)
            begun = Begun(draft.text, draft_age(draft.at, self._app.now()), is_unread)
        dialog = DecisionDialog(verb, review, begun, self._app.monotonic, self._app.screen.sections_seen)
        dialog.data_bind(Shell.opened, Shell.preview, Shell.deciding, Shell.live, Shell.progress)
        self._app.push_screen(dialog, self._dialog_closed)

    def _dialog_closed(self, _: None) -> None:
        self.drafts.write_now()

    # A dialog that waits is the same screen, off the stack: nothing of it can be lost, and it still notices changes.

    def look_or_return(self) -> None:
        """Let the open dialog wait while the evidence is looked at; or bring back the one that waits."""
        dialog, app = self._app.screen, self._app
        if isinstance(dialog, DecisionDialog):
            app.install_screen(dialog, _WAITING)
            self._waiting, app.waiting = dialog, Waiting(dialog.verb, dialog.seen.snapshot)
            app.pop_screen()
        elif self._waiting is not None and isinstance(dialog, ReviewScreen):
            app.push_screen(self._taken_from_waiting(), self._dialog_closed)

    def close_waiting(self) -> bool:
        """Close the dialog that waits, its text stays a draft; False when none does."""
        if self._waiting is None:
            return False
        self._taken_from_waiting().remove()
        self.drafts.write_now()
        return True

    def close_waiting_first(self) -> bool:
        """Close the dialog that waits, and say so, before the desk is left; False when none does."""
        if closed := self.close_waiting():
            self._app.say("the dialog that waited is closed; its text is kept")
        return closed

    def _taken_from_waiting(self) -> DecisionDialog:
        dialog, self._waiting, self._app.waiting = self._waiting, None, None
        assert dialog is not None
        self._app.uninstall_screen(dialog)
        return dialog

    def take_text(self, event: DecisionTyped) -> None:
        """Keep the text as a draft, and preview it when the typing pauses."""
        self.drafts.take(event.review.goal_id, event.verb, event.text)
        waiting, self._typed = self._typed, event
        if waiting is None and not self._plan_busy:
            self._app.set_timer(PLAN_AFTER, self._plan)

    def _plan(self) -> None:
        asked, self._typed = self._typed, None
        if asked is None:
            return
        self._plan_busy = True
        plan_message = partial(PlanMade, asked.verb, asked.review.snapshot, asked.text)
        self._app.in_thread(
            "plan",
            lambda: plan_message(self._app.engine.plan(asked.review, asked.verb, asked.text, asked.looked_at)),
            lambda why: plan_message(Failed(why)),
        )

    def take_plan(self, event: PlanMade) -> None:
        """Show a preview; make the next one if the text has changed since."""
        self._plan_busy = False
        self._app.preview = Preview(event.verb, event.snapshot, event.text, event.plan)
        if self._typed is not None:
            self._plan()

    def decide(self, event: DecisionRequested) -> None:
        """Record the decision in a thread; only one at a time."""
        if self._app.deciding:
            return
        self._app.deciding = True
        decision, seen = event.decision, event.seen
        self._app.in_thread(
            "decision",
            lambda: DecisionSettled(decision, self._record(decision, seen)),
            lambda why: DecisionSettled(decision, Failed(why)),
        )

    def _record(self, decision: Decision, seen: Review) -> Outcome:
        with self.recording:
            return self._app.engine.decide(decision, seen)

    def settle(self, event: DecisionSettled) -> None:
        """Show what became of a decision."""
        self._app.deciding = False
        decision, outcome = event.decision, event.outcome
        self._reviewing.read_goal()
        self._listing.read_lines([decision.goal_id])
        dialog = self._app.screen if isinstance(self._app.screen, DecisionDialog) else None
        if isinstance(outcome, Refused) and outcome.kind == "stale" and dialog is not None:
            dialog.show_refusal(outcome)
            return
        if isinstance(outcome, Recorded):
            self.drafts.forget(decision.goal_id, decision.verb)
            if dialog is not None:
                self._app.pop_screen()
        self._show_result(decision, outcome)

    def _show_result(self, decision: Decision, outcome: Recorded | Refused | Failed) -> None:
        self._app.push_screen(ResultScreen(decision, outcome).data_bind(Shell.opened))
