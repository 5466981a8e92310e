"""`omk-tui brief`: what an agent has to know after a reject, as Markdown."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import Action, Call, Request
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.goal_argument import read_review
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.review.goal_review import Review
from omk_tui.engine.evidence.briefs import make_brief


def run(call: Call) -> int:
    """Print the brief."""
    review = read_review(call)
    if not isinstance(review, Review):
        return stopped(call, review)
    text = make_brief(call.engine, review)
    if call.request.json:
        call.console.exact(line(BriefDocument(schema="omk-tui/brief/1", goal_id=review.goal_id, brief=text, why=None)))
    else:
        call.console.exact(text)
    return call.console.ending()


class BriefDocument(TypedDict):
    """`omk-tui brief --json`: the brief as one text."""

    schema: Annotated[Literal["omk-tui/brief/1"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's id.", "goal-20261122-205557-000-1f0c9a2b")]
    brief: Annotated[str, Key("The brief, Markdown.", "# What to change: Add multiplication")]
    why: Annotated[str | None, Key("Why there is none; null when there is one.", None)]


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """Why there is no brief."""
    return BriefDocument(schema="omk-tui/brief/1", goal_id=goal_id, brief="", why=outcome.why)


ACTION = Action(run, failure=failure, documents=lambda: (BriefDocument,))
