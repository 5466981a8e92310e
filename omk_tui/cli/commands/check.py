"""`omk-tui check`: what speaks for and against accepting a goal."""

from __future__ import annotations

from omk_tui.cli.check_document import CheckDocument, check_document, check_failure
from omk_tui.cli.check_page import check_page
from omk_tui.cli.command import JSON, Call, Command, Request
from omk_tui.cli.document import Document, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import read_review
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.judgement.verdict import UNREADABLE
from omk_tui.core.review.goal_review import Review


def run(call: Call) -> int:
    """Print what was read of the goal and what it means."""
    review = read_review(call)
    if not isinstance(review, Review):
        return stopped(call, review)
    live = call.engine.project(review).merges(review.conflicts)
    if call.request.json:
        call.console.exact(line(check_document(review, live)))
    else:
        call.console.show(check_page(review, live))
    return call.console.ending(check_exit(review))


def check_exit(review: Review) -> Exit:
    """How `check` ends for what was read."""
    judgement = review.judgement
    if judgement.verdict == UNREADABLE:
        return Exit.FAILED
    if judgement.guard or review.facts.interrupted:
        return Exit.REFUSED
    return Exit.DONE if judgement.ready else Exit.MISSING


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a goal that could not be checked at all."""
    return check_failure(goal_id, outcome.why)


COMMAND = Command(
    name="check",
    usage="omk-tui check GOAL [--json]",
    about="What speaks for and against accepting the goal, and the digest that a decision can be bound to.",
    examples="""\
  omk-tui check latest
  omk-tui check GOAL --json | jq -r .snapshot""",
    run=run,
    goal="required",
    options=(JSON,),
    failure=failure,
    documents=(CheckDocument,),
)
