"""The result of a decision: it stays on screen until the person leaves it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive

from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.planner import Decision
from omk_tui.core.judgement.judge import after_decision
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import first_line, joined_lines
from omk_tui.messages.desk import NextGoalAsked
from omk_tui.messages.evidence import BriefAsked
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.screens.decision_words import TEXT_NAME, file_words
from omk_tui.screens.goal_rows import verdict_style
from omk_tui.screens.state import Opened
from omk_tui.sections.decision_notes import command_fact
from omk_tui.text import NOTHING, State, ending, ours, outside, sign
from omk_tui.widgets.fact_sheet import Heading as Part
from omk_tui.widgets.fact_sheet import Item, Sheet
from omk_tui.widgets.panes import Fact, HeaderLine, Heading, TitleRule


class ResultScreen(DeskScreen):
    """What became of a decision: recorded (files, next command), refused or failed (why)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q", "back", show=False),
        Binding("enter", "next_goal", show=False, priority=True),
        Binding("tab", "next_pane", show=False),
        Binding("E", "brief", show=False),
    ]
    opened: reactive[Opened] = reactive(Opened(), repaint=False)

    def __init__(self, decision: Decision, outcome: Outcome) -> None:
        super().__init__()
        self.decision = decision
        self.outcome = outcome
        self._header = HeaderLine()
        self._facts = Sheet(id="result")

    def compose(self) -> ComposeResult:
        yield self._header
        with Container(classes="pane"):
            yield TitleRule("what happened")
            yield self._facts
        brief = "E brief for the agent  " if self._has_brief else ""
        yield Foot(f"Enter next goal  Esc back  {brief}j/k scroll  ctrl+q quit")

    def on_mount(self) -> None:
        self._show()
        self._facts.focus()

    def watch_opened(self) -> None:
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        decision = self.decision
        is_recorded = isinstance(self.outcome, Recorded)
        verb = NOTHING if is_recorded else ours((decision.verb.upper(), "bold $accent"), "  ")
        subject = ours(verb, (ending(decision.goal_id), "bold"))
        self._header.heading = Heading(subject, _word(self.outcome))
        self._facts.show(result_facts(decision, self.outcome, self.opened.review))

    def action_next_goal(self) -> None:
        """On to the next goal that needs a person; back where the decision was not recorded."""
        self.dismiss(None)
        if isinstance(self.outcome, Recorded):
            self.app.post_message(NextGoalAsked())

    @property
    def _has_brief(self) -> bool:
        """Whether an agent has something to do now."""
        return self.decision.verb == "reject" and isinstance(self.outcome, Recorded)

    def action_brief(self) -> None:
        """Show what the agent has to know after a reject."""
        if self._has_brief:
            self.post_message(BriefAsked(self.decision.goal_id))
        else:
            self.say("a brief is for the agent after a reject")

    def action_back(self) -> None:
        """Back to where the decision was asked for."""
        self.dismiss(None)


def _word(outcome: Outcome) -> Content:
    match outcome:
        case Recorded():
            verdict = outcome.verdict
            return ours((verdict.words.upper(), verdict_style(verdict)), "  ", (outcome.status_words, "$label"))
        case Refused():
            return ours(("REFUSED", "bold $missing"))
        case Failed():
            return ours(("FAILED", "bold $failed"))


def result_facts(decision: Decision, outcome: Outcome, after: Review | None) -> list[Item]:
    """The result in facts; `after` is the goal as it was read since, when it has been."""
    if isinstance(outcome, Recorded):
        return _recorded(decision, outcome, after)
    word = "was refused" if isinstance(outcome, Refused) else "failed"
    items: list[Item] = [
        Fact("RESULT", ours(sign(State.FAILED), f" nothing was recorded: the {decision.verb} {word}")),
        Fact("WHY", outside(outcome.why)),
    ]
    if isinstance(outcome, Refused):
        items += [Fact("", outside(detail)) for detail in outcome.details]
    kept = f"your {TEXT_NAME[decision.verb]} is kept; Esc goes back to it"
    return [*items, Fact("NEXT", ours(kept)), *_words(decision)]


def _recorded(decision: Decision, outcome: Recorded, after: Review | None) -> list[Item]:
    plan = outcome.plan
    verdict = outcome.verdict
    done, also = (verdict.words, f"bold {verdict_style(verdict)}"), ", and" if "," in verdict.words else " and"
    items: list[Item] = [
        Fact("RESULT", ours(sign(State.MET), " ", done, f"{also} recorded")),
        Fact("FILES", ours(outcome.status_words)),
        Fact("", ours("proof.json says ", outside(plan.readiness))),
        Fact("GOAL", outside(first_line(plan.goal.original_goal))),
        Fact("ID", outside(decision.goal_id)),
    ]
    if outcome.replaces is not None:
        items.append(Fact("BEFORE", ours(sign(State.STALE), " ", outside(outcome.replaces.sentence))))
    gaps = [outside(joined_lines(gap)) for gap in plan.known_gaps]
    items += [Fact("GAPS" if number == 0 else "", gap) for number, gap in enumerate(gaps)]
    items += [
        Fact("NOTE" if number == 0 else "", ours(sign(State.FAILED), " ", outside(note)))
        for number, note in enumerate(outcome.notes)
    ]
    steps = after_decision(after.facts) if after is not None else ()
    items += [command_fact("NEXT" if number == 0 else "", step) for number, step in enumerate(steps)]
    items.append(Part("files written, in the goal directory"))
    items += [file_words(change) for change in plan.files]
    items.append(Part("snapshot"))
    items.append(Fact("SEEN", ours(plan.snapshot)))
    if after is not None:
        items.append(Fact("NOW", ours(after.snapshot, ("  verdict ", "$label"), after.judgement.verdict.words)))
    return [*items, *_words(decision)]


def _words(decision: Decision) -> list[Item]:
    return [Part(TEXT_NAME[decision.verb]), *(outside(line) for line in decision.text.split("\n"))]
