"""`omk-tui plan`: what a decision would write, file by file; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from omk_tui.cli.command import Action, Call, Request, WrongWords
from omk_tui.cli.command_table import SHOW
from omk_tui.cli.decision_document import DecisionPart, decision_part, stopping
from omk_tui.cli.decision_text import decision_text, examine_text
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.goal_argument import read_review
from omk_tui.cli.page import Page, Piece, outside, outside_lines, padded
from omk_tui.cli.stopping import stopped
from omk_tui.cli.verdict_style import verdict_style
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.judgement.judge import decide_command, verdict_after
from omk_tui.core.judgement.known_gaps import is_mere_note
from omk_tui.core.judgement.verdict import Verdict
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import joined_lines


def run(call: Call) -> int:
    """Print the plan of the decision that the request names."""
    verb = _verb(call.request)
    text = decision_text(call, verb)
    review = read_review(call)
    if not isinstance(review, Review):
        return stopped(call, review)
    planned = call.engine.plan(review, verb, text)
    if not isinstance(planned, DecisionPlan):
        return stopped(call, planned, review.goal_id)
    warnings = [each.text for each in review.judgement.warnings if each.code != "dropped_gap"]
    if call.request.json:
        call.console.exact(line(document(verb, review.goal_id, planned, warnings)))
    elif call.request.has(SHOW):
        call.console.exact(planned.rollback or "")
    else:
        before = review.facts.decision
        verdict = verdict_after(review.judgement, verb)
        call.console.show(plan_page(planned, verdict, before.sentence if before else "", warnings))
        call.console.say("", *_before(verb, review))
    return call.console.ending()


def _before(verb: Verb, review: Review) -> list[str]:
    """How to carry out what was planned."""
    command, judgement = decide_command(review.facts, review.judgement, verb, review.snapshot), review.judgement
    lines = []
    if verb == "accept" and judgement.unwaived:
        gaps = f"{len(judgement.unwaived)} of {len(judgement.requirements)}"
        lines.append(f"Evidence is missing ({gaps}): --record-not-ready records it as not ready, as omk does.")
    if verb == "accept" and judgement.conflict_open:
        lines.append("A conflict is open: --despite-conflicts accepts all the same, as omk does.")
    return [*lines, f"To decide: {command}"]


def _verb(request: Request) -> Verb:
    return "accept" if request.words == ("accept",) else "reject"


def examine(request: Request) -> None:
    """The word after the goal names the decision; its text goes with it, and the rollback plan with a reject."""
    if request.words not in (("accept",), ("reject",)):
        wrong = f", not {request.words[0]}" if any(request.words) else ""
        raise WrongWords(f"plan wants accept or reject after the GOAL{wrong}")
    verb = _verb(request)
    examine_text(request, verb)
    show = request.value(SHOW)
    if show not in (None, "rollback"):
        raise WrongWords(f"--show knows rollback, not {show}")
    if show and verb == "accept":
        raise WrongWords("--show rollback goes with reject; an accept writes no rollback plan")


# The page


def plan_page(plan: DecisionPlan, verdict: Verdict, before: str = "", warnings: Sequence[str] = ()) -> Page:
    """What the decision would be and write, and which one it replaces; the rollback plan of a reject comes last.

    `warnings` say what omk's rules would let pass.
    """
    page = Page()
    page.add(f"{plan.verb} of ", outside(plan.goal_id, "title"), " would record; nothing is written yet", fit="whole")
    page.gap()
    page.add("verdict    ", Piece(verdict.words, verdict_style(verdict)))
    page.add("status     ", verdict.status_words(plan.status))
    page.add("readiness  ", outside(plan.readiness))
    if before:
        page.add("before     ", outside(before, limit=300), hang=11)
    page.add("snapshot   ", plan.snapshot, fit="whole")
    if warnings:
        page.heading("WARNINGS", "what omk's rules let pass")
        for warning in warnings:
            page.add("- ", outside(warning), indent=5, hang=2)
    page.heading("KNOWN GAPS", "" if plan.known_gaps else "none")
    for gap in plan.known_gaps:
        page.add("- ", outside(joined_lines(gap)), indent=5, hang=2)
    if is_mere_note(plan.dropped_gaps):
        page.add(Piece(f"dropped: {plan.dropped_gaps[0]}", "quiet"), indent=5)
    elif plan.dropped_gaps:
        page.heading("DROPPED GAPS", "recorded now, gone afterwards")
        for gap in plan.dropped_gaps:
            page.add("- ", outside(joined_lines(gap)), indent=5, hang=2)
    page.heading("FILES", "and the row in omk.db")
    sizes = [f"{file.size:,}" for file in plan.files]
    widest = max(map(len, sizes), default=0)
    for file, size in zip(plan.files, sizes, strict=True):
        page.add(f"   {padded(file.action, 8)}{size:>{widest}} bytes  ", outside(file.path), fit="whole")
    if plan.rollback is not None:
        page.heading("ROLLBACK PLAN")
        page.block(outside_lines(plan.rollback), indent=3, fit="whole")
    return page


# The document


class PlanDocument(DecisionPart):
    """`omk-tui plan GOAL accept|reject ... --json`: what a decision would write; nothing was written."""

    schema: Annotated[Literal["omk-tui/plan/1"], SCHEMA]
    decision: Annotated[Literal["accept", "reject"], Key("Which decision.", "accept")]
    outcome: Annotated[Literal["planned", "refused", "failed"], Key("How it ended.", "planned")]
    rollback: Annotated[str | None, Key("The text of the rollback plan, for a reject.", None)]
    warnings: Annotated[list[str], Key("What omk's rules let pass, in sentences; `check` has them with codes.", [])]


def document(
    verb: Verb, goal_id: str, outcome: DecisionPlan | Refused | Failed, warnings: Sequence[str] = ()
) -> Document:
    """What a decision would write, or why it would not be taken."""
    planned = outcome if isinstance(outcome, DecisionPlan) else None
    return PlanDocument(
        schema="omk-tui/plan/1",
        **decision_part(goal_id, planned, outcome),
        decision=verb,
        outcome="planned" if planned else stopping(outcome),
        rollback=planned.rollback if planned else None,
        warnings=list(warnings),
    )


def failure(request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a plan that could not be made."""
    return document(_verb(request), goal_id, outcome)


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (PlanDocument,))
