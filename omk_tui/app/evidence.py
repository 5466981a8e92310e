"""Reviews kept and briefs made from the desk, in threads; the same work as `omk-tui review` and `omk-tui brief`."""

from __future__ import annotations

import os
from functools import partial

from omk_tui.app.listing import Listing
from omk_tui.app.reviewing import Reviewing
from omk_tui.app.shell import Shell
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.engine.evidence.briefs import make_brief
from omk_tui.engine.evidence.reviews import KeptReview, ReviewRequest, keep_review, read_review_file
from omk_tui.engine.opening.recorder import evidence_objection
from omk_tui.messages.evidence import BriefAsked, BriefMade, EvidenceMessage, ReviewFileAsked, ReviewKept
from omk_tui.screens.brief import BriefScreen
from omk_tui.screens.review_file import ReviewFileDialog, ReviewFileWords


class Evidence:
    """What people bring and take of the open goal besides decisions."""

    def __init__(self, app: Shell, listing: Listing, reviewing: Reviewing) -> None:
        self._app, self._listing, self._reviewing = app, listing, reviewing
        self._drafts: dict[str, ReviewFileWords] = {}

    def take(self, event: EvidenceMessage) -> None:
        """Whatever is asked for or told of reviews and briefs."""
        match event:
            case ReviewFileAsked():
                self.ask()
            case ReviewKept():
                self.tell_kept(event)
            case BriefAsked():
                self.make(event.goal_id)
            case BriefMade():
                self.show(event)

    # Reviews

    def ask(self) -> None:
        """Ask for the file of a review of the open goal."""
        review = self._app.opened.review
        if review is None:
            self._app.say("the goal is still being read")
            return
        objection = evidence_objection(review)
        if objection is not None or review.facts.intake is None:
            self._app.say(printable(objection.why if objection is not None else "", 400))
            return
        goal_id, head = review.goal_id, review.facts.intake.head
        dialog = ReviewFileDialog(goal_id, head, self._drafts.get(goal_id, ReviewFileWords()))
        self._app.push_screen(dialog, partial(self._keep, goal_id))

    def _keep(self, goal_id: str, words: ReviewFileWords | None) -> None:
        if words is None:
            self._app.say("no review is kept")
            return
        self._drafts[goal_id] = words
        self._app.say("keeping the review ...")
        self._app.in_thread("review", partial(self._keep_job, goal_id, words), lambda why: ReviewKept(goal_id, why))

    def _keep_job(self, goal_id: str, words: ReviewFileWords) -> ReviewKept:
        path = os.path.expanduser(words.path.strip())
        try:
            text = read_review_file(path)
        except OSError as error:
            return ReviewKept(goal_id, f"no review is kept: {error.strerror or error}: {path}")
        request = ReviewRequest(goal_id, text, words.is_security, words.by, words.commit.strip() or None)
        review = keep_review(self._app.engine, request)
        if isinstance(review, Refused | Failed):
            return ReviewKept(goal_id, f"no review is kept: {review.why}")
        return ReviewKept(goal_id, _words_on(review), done=True)

    def tell_kept(self, event: ReviewKept) -> None:
        """Say what became of a review, and read the goal again."""
        if event.done:
            self._drafts.pop(event.goal_id, None)
        self._app.say(printable(event.words, 400), asked=False)
        if event.goal_id == self._app.opened.goal_id:
            self._reviewing.read_goal()
        self._listing.read_lines([event.goal_id])

    # Briefs

    def make(self, goal_id: str) -> None:
        """Make the brief of a goal as it is now."""
        self._app.say("making the brief ...")
        self._app.in_thread("brief", partial(self._brief_job, goal_id), lambda why: BriefMade(goal_id, "", why))

    def _brief_job(self, goal_id: str) -> BriefMade:
        review = self._app.engine.review(goal_id)
        if not isinstance(review, Review):
            return BriefMade(goal_id, "", review.why)
        return BriefMade(goal_id, make_brief(self._app.engine, review))

    def show(self, event: BriefMade) -> None:
        """Show a brief, or say why there is none."""
        if event.why:
            self._app.say(printable(event.why, 400))
        elif self._app.opened.goal_id in ("", event.goal_id):  # with none opened it was asked for in the list
            self._app.push_screen(BriefScreen(event.goal_id, event.text))


def _words_on(review: KeptReview) -> str:
    kind = "security review" if review.security else "review"
    notes = "".join(f"; {note}" for note in (review.warning, *review.notes) if note)
    if review.settled:
        return f"the {kind} by {review.who} of {review.head[:12]} is kept{notes}"
    return f"the {kind} by {review.who} is kept, but names no commit: its task stays open{notes}"
