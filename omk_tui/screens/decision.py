"""The dialog of a decision: bound to the snapshot that was seen, and committed by ctrl+s alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.changes import changes
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.read_marks import ReadProgress
from omk_tui.core.review.shown_points import seen_of
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_line, trim
from omk_tui.keys.commands import Level, Where, bindings
from omk_tui.messages.deciding import DecisionRequested, DecisionTyped, EvidenceLookAsked
from omk_tui.messages.desk import ReadAgainAsked
from omk_tui.messages.editing import TextEditAsked
from omk_tui.screens.base import DeskScreen
from omk_tui.screens.begun_text import Begun
from omk_tui.screens.decision_words import ENDING, TEXT_NAME, asks_for_id, becomes, change_facts, decision_facts, why_id
from omk_tui.screens.state import Live, Opened, Preview
from omk_tui.screens.text_editor import CommitLabel, Words
from omk_tui.text import NOTHING, count, ending, ours, outside
from omk_tui.widgets.document import Document
from omk_tui.widgets.fact_sheet import Sheet
from omk_tui.widgets.panes import FooterLines, HeaderLine, Heading, TitleRule
from omk_tui.widgets.prompt import TextLine

DEAF_FOR = 0.4
"""Seconds after opening for which ctrl+s does nothing: it may have been meant for something else."""

_CANNOT = "the facts changed, and allow no decision: see above what to do"

BACK_AGAIN = "everything is again as you saw it"
"""What is told once the facts have moved and moved back."""


class DecisionDialog(ModalScreen[None], DeskScreen, inherit_bindings=False):
    """Accept or reject one goal as it was when the dialog opened.

    `begun` is the text to go on with. `sections_seen` tells which sections of the review were on screen with the facts
    of a snapshot.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*DeskScreen.BINDINGS, *bindings(Level.SCREEN, Where.DIALOG)]
    where = Where.DIALOG

    opened: reactive[Opened] = reactive(Opened(), repaint=False)
    preview: reactive[Preview | None] = reactive(None, repaint=False)
    deciding: reactive[bool] = reactive(False, repaint=False)
    live: reactive[Live] = reactive(Live(), repaint=False)
    progress: reactive[ReadProgress | None] = reactive(None, repaint=False)

    def __init__(
        self,
        verb: Verb,
        review: Review,
        begun: Begun,
        clock: Callable[[], float],
        sections_seen: Callable[[str], tuple[str, ...]],
    ) -> None:
        super().__init__(classes=f"{verb}-dialog")
        self.verb = verb
        self.seen = review
        self._clock = clock
        self._sections_seen = sections_seen
        self._listens_from: float | None = None
        self._moved: tuple[str, ...] | None = None
        self._rereading = False
        self._header = HeaderLine()
        self._facts = Sheet(id="facts")
        self._begun, self._is_unread = begun, begun.is_unread
        self._words_title = TitleRule()
        self._words = Words(begun.text, id="words")
        self._plan_title = TitleRule("rollback plan, live")
        self._plan_text = Document(id="plan")
        self._id_row = Horizontal(id="typed-id")
        self._id_words = Static(id="typed-id-words")
        self._id_input = TextLine(id="typed-id-input", compact=True, max_length=64)
        self._commit = CommitLabel(id="commit")

    def compose(self) -> ComposeResult:
        yield self._header
        with Container(id="dialog-body"):
            with Container(id="dialog-left"):
                with Container(classes="pane", id="facts-pane"):
                    yield TitleRule("what would be recorded")
                    yield self._facts
                with Container(classes="pane", id="words-pane"):
                    yield self._words_title
                    yield self._words
            if self.verb == "reject":
                with Container(classes="pane", id="plan-pane"):
                    yield self._plan_title
                    yield self._plan_text
        with self._id_row:
            yield self._id_words
            yield self._id_input
            yield Static(ours("]"), id="typed-id-end")
        yield self._commit
        yield FooterLines(Where.DIALOG)

    def on_mount(self) -> None:
        self._words.focus()
        self._bind(self.seen)
        self.call_after_refresh(self._start_listening)

    def on_screen_resume(self) -> None:
        """Back on top (a palette was closed, a result read, evidence looked at): the wait begins again."""
        self._start_listening()
        self._ask_for_plan()

    def _start_listening(self) -> None:
        self._listens_from = self._clock() + DEAF_FOR

    # What the dialog is bound to

    @property
    def text(self) -> str:
        """The summary or reason as it would be recorded."""
        return trim(self._words.text)

    @property
    def moved(self) -> bool:
        """Whether the facts changed since they were seen; then nothing can be recorded."""
        return self._moved is not None

    def _bind(self, review: Review) -> None:
        self.seen = review
        self._moved = None
        self._id_input.value = ""
        self._id_row.display = asks_for_id(self.verb, review)
        why = outside(why_id(self.verb, review)).plain
        asked = f"to {self.verb} type "
        self._id_words.update(ours((f" {why}; ", "$missing"), asked, (self._ending, "bold"), ": ["))
        self._ask_for_plan()
        self._show()

    @property
    def _hindrance(self) -> str:
        """Why the goal cannot be decided as it is now, so that there are no new facts to take; empty where it can."""
        now = self.opened.review
        hindrance = objection(now, self.verb) if self.moved and now is not None else None
        return hindrance.why if hindrance is not None else ""

    @property
    def _ending(self) -> str:
        return printable(self.seen.goal_id[-ENDING:])

    def watch_opened(self) -> None:
        if not self.is_mounted or self.opened.goal_id != self.seen.goal_id or self.opened.reading is None:
            return
        self._rereading = False
        now = self.opened.review
        if now is None:
            self._moved = ("the goal cannot be read any more",)
        elif now.snapshot != self.seen.snapshot:
            self._moved = changes(seen_of(self.seen), seen_of(now))
        elif self._moved is not None:
            self._moved = (BACK_AGAIN,)
        elif now != self.seen:
            self.seen = now
            self._ask_for_plan()
        self._show()

    def show_refusal(self, refusal: Refused) -> None:
        """The commit found other facts than were seen: say which, and record nothing until ctrl+r."""
        self._moved = self._moved or refusal.details
        self._rereading = True
        self.say_outside(refusal.why)
        self._show()

    # What is shown

    def watch_preview(self) -> None:
        if self.is_mounted:
            self._show()

    def watch_progress(self) -> None:
        if self.is_mounted:
            self._show()

    def watch_deciding(self, deciding: bool) -> None:
        if self.is_mounted:
            self._words.read_only = deciding
            self._show()

    def watch_live(self) -> None:
        if self.is_mounted:
            self._show_heading()

    @property
    def _plan(self) -> Preview | None:
        made = self.preview
        return made if made and made.verb == self.verb and made.snapshot == self.seen.snapshot else None

    def _show(self) -> None:
        made = self._plan
        facts = decision_facts(self.verb, self.seen, made.plan if made else None, None if self.moved else self.progress)
        news = self.moved and not self.has_class("-moved")
        if self._moved is not None:
            facts = [*change_facts(self._moved, self._hindrance), *facts]
        if news:
            self.remove_class("-plan")
        self._facts.show(facts, home=news)
        self.set_class(self.moved, "-moved")
        self._show_heading()
        self._show_words_title()
        self._show_commit()
        if made is not None and isinstance(made.plan, DecisionPlan) and made.plan.rollback is not None:
            text = made.plan.rollback
            self._plan_text.set_lines(text.split("\n"))
            self._plan_title.right = ours(f"{count(len(text.encode()))} bytes")

    def _show_heading(self) -> None:
        goal = self.seen.facts.goal
        verb = ours((self.verb.upper(), "bold $accent"))
        state = ours(("changed", "bold $stale")) if self.moved else NOTHING
        named, what = (
            (ending(self.seen.goal_id), "bold"),
            outside(first_line(goal.original_goal) if goal else "", limit=512),
        )
        if self.has_class("-small"):  # there a title loses its beginning: what is decided, and of which goal, may not
            state = ours(verb, " ", named, "  ", state) if state else ours(verb, " ", named)
        else:
            what = ours(verb, "  ", named, "  ", what)
        snapshot = ours(("snap ", "$label"), self.seen.snapshot[:6])
        self._header.heading = Heading(what, state, snapshot, self.live.mark)

    def on_resize(self) -> None:
        self._show_heading()

    def _show_words_title(self) -> None:
        state = (self._begun.age if self._words.text else "") or "required"
        words = f"{TEXT_NAME[self.verb]} ({state}; Enter is a new line, PgUp PgDn scroll the plan)"
        self._words_title.title = ours(words)

    def _show_commit(self) -> None:
        why, made = self._why_not(), self._plan
        if self.deciding:
            words = ours((" recording ... ", "bold $accent"))
        elif why:
            words = ours(("  ctrl+s  ", "$label"), (f"off: {why}", "$missing"))
        else:
            plan = made.plan if made else None
            result = f": {becomes(self.verb, self.seen, plan)}" if isinstance(plan, DecisionPlan) else ""
            words = ours(("  ctrl+s  ", "bold $accent"), (f"records the {self.verb}{result}", "bold"))
        self._commit.update(words)

    def _why_not(self) -> str:
        """Why ctrl+s would record nothing now; empty when it would."""
        if self.moved:
            return _CANNOT if self._hindrance else "the facts changed; ctrl+r takes the new ones"
        if not self.text:
            return f"write the {TEXT_NAME[self.verb]} first"
        if asks_for_id(self.verb, self.seen):
            typed = self._id_input.value
            if typed not in (self.seen.goal_id[-ENDING:], self._ending):
                return f"type {self._ending} below the {TEXT_NAME[self.verb]} (Tab goes there)"
        return "go through the draft first (arrow keys)" if self._is_unread else ""

    # What a person does

    @on(TextArea.SelectionChanged)
    def _gone_through(self) -> None:
        self._is_unread = self._is_unread and self._words.cursor_location == self._words.document.end
        self._show_commit()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._is_unread = self._is_unread and self._words.text == self._begun.text
        self._ask_for_plan()
        self._show_words_title()
        self._show_commit()

    def _ask_for_plan(self) -> None:
        looked_at = self._sections_seen(self.seen.snapshot)
        self.post_message(DecisionTyped(self.verb, self.seen, self._words.text, looked_at))

    @on(Input.Changed)
    def _typed_id(self) -> None:
        self._show_commit()

    @on(Input.Submitted)
    def _enter_in_id(self) -> None:
        self.say("Enter records nothing; ctrl+s does")

    @on(Words.PlanScrolled)
    def _scroll_plan(self, event: Words.PlanScrolled) -> None:
        """A page of the plan, or of what stands in its place; where both have no room they take turns."""
        facts, plan = self._facts, self._plan_text
        if self.verb == "accept" or (not plan.region.height and event.step < 0):
            facts.action_page(event.step)
        elif not plan.region.height:
            self.add_class("-plan")
            self.say("the rollback plan; PgUp at its top goes back to the facts")
        elif event.step < 0 and not facts.region.height and not plan.scroll_offset.y:
            self.remove_class("-plan")
        else:
            plan.action_page(event.step)

    def action_commit(self) -> None:
        """Ask the app to take the decision, if nothing speaks against it."""
        why = self._why_not()
        if self.deciding:
            self.say("the decision is being recorded")
        elif self._listens_from is None or self._clock() < self._listens_from:
            self.say("this dialog has only just opened: read it, then press ctrl+s")
        elif why:
            self.say(f"nothing is recorded: {why}")
        else:
            missing = bool(self.seen.judgement.unwaived)
            decision = Decision(
                self.verb,
                self.seen.goal_id,
                self.text,
                self.seen.snapshot,
                record_not_ready=missing,
                despite_conflicts=self.seen.judgement.conflict_open,
                looked_at=self._sections_seen(self.seen.snapshot),
            )
            self.post_message(DecisionRequested(decision, self.seen))

    def action_refresh_facts(self) -> None:
        """Bind the dialog to the facts as they are now; the text stays, the typed id does not."""
        now = self.opened.review
        if self.deciding:
            self.say("the decision is being recorded")
        elif not self.moved:
            self.post_message(ReadAgainAsked())
            self.say("these are the newest facts; they are read once more")
        elif now is None:
            self.say("the goal cannot be read now; Esc goes back")
        elif self._rereading:
            self._rereading = False
            self.post_message(ReadAgainAsked())
            self.say("the new facts are being read; press ctrl+r once more")
        elif self._hindrance:
            self.say_outside(f"ctrl+r cannot help: {self._hindrance}")
        else:
            self._bind(now)
            self._start_listening()
            self.say("the dialog is bound to the new facts; read them before ctrl+s")

    def action_edit(self) -> None:
        """Edit the text in the person's own editor."""
        if self.deciding:
            self.say("wait: the decision is being recorded")
        else:
            line = self._words.cursor_location[0] + 1
            self.post_message(TextEditAsked(f"{TEXT_NAME[self.verb]}.txt", self._words.text, line))

    def take_edited(self, edited: str | Failed) -> None:
        """Go on with what the editor gave back, or with the text as it was; the first moments begin again."""
        self._start_listening()
        self._is_unread = self._is_unread and isinstance(edited, Failed)
        self._show_commit()
        if isinstance(edited, Failed):
            self.say_outside(f"the text is as it was: {edited.why}")
        elif edited == self._words.text:
            self.say("the editor left the text as it was")
        else:
            self._words.put(edited)
            self.say("the text is what the editor left")

    def action_evidence(self) -> None:
        """Look at the evidence; this dialog waits as it is."""
        if self.deciding:
            self.say("wait: the decision is being recorded")
        else:
            self.post_message(EvidenceLookAsked())

    def action_back(self) -> None:
        """Close; the text is kept."""
        if self.deciding:
            self.say("wait: the decision is being recorded")
        else:
            self.dismiss(None)

    def panes(self) -> list[Widget]:
        """Text first, then the id, the plan and the facts."""
        wanted: list[Widget] = [self._words, self._id_input, self._plan_text, self._facts]
        return [widget for widget in wanted if widget.is_attached and widget.region.height]
