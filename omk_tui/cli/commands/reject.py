"""`omk-tui reject`: record that a goal is rejected, with a rollback plan."""

from __future__ import annotations

from typing import Annotated, Literal

from omk_tui.cli.command import JSON, Call, Command, Request
from omk_tui.cli.deciding import SNAPSHOT, decide, examine_decision
from omk_tui.cli.decision_document import SettledPart, settled_part
from omk_tui.cli.decision_text import text_option
from omk_tui.cli.document import SCHEMA, Document
from omk_tui.core.decision.outcome import Failed, Outcome, Refused

USAGE = "omk-tui reject GOAL --reason TEXT [--snapshot DIGEST] [--json]"


class RejectDocument(SettledPart):
    """`omk-tui reject GOAL ... --json`: what was recorded, or why nothing was."""

    schema: Annotated[Literal["omk-tui/reject/1"], SCHEMA]


def run(call: Call) -> int:
    """Record the decision."""
    return decide(call, "reject", USAGE, document)


def examine(request: Request) -> None:
    """Raise WrongWords when the request cannot be a decision."""
    examine_decision(request, "reject")


def document(goal_id: str, outcome: Outcome) -> Document:
    """What was recorded, or why nothing was."""
    return RejectDocument(schema="omk-tui/reject/1", **settled_part(goal_id, outcome))


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a decision that was not taken."""
    return document(goal_id, outcome)


COMMAND = Command(
    name="reject",
    usage=USAGE,
    about="Record that the goal is rejected, with a rollback plan, as omk's own reject does.",
    examples="""\
  omk-tui reject GOAL --reason "slices 1 and 2 conflict in notes/store.py" --snapshot DIGEST
  omk-tui reject GOAL --reason - < reason.txt""",
    run=run,
    goal="required",
    options=(
        text_option("reject", "why (- reads standard input; --reason=-x for a text that begins with a dash)"),
        SNAPSHOT,
        JSON,
    ),
    examine=examine,
    failure=failure,
    documents=(RejectDocument,),
)
