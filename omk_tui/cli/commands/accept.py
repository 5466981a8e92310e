"""`omk-tui accept`: record that a goal is accepted."""

from __future__ import annotations

from typing import Annotated, Literal

from omk_tui.cli.command import JSON, Call, Command, Option
from omk_tui.cli.deciding import SNAPSHOT, decide, decision_document, examine_decision
from omk_tui.cli.decision_document import SettledPart
from omk_tui.cli.decision_text import text_option
from omk_tui.cli.document import SCHEMA

RECORD_NOT_READY = Option("--record-not-ready", about="with missing evidence: record it as not ready, as omk does")
DESPITE_CONFLICTS = Option("--despite-conflicts", about="with an open conflict: accept all the same, as omk does")


class AcceptDocument(SettledPart):
    """`omk-tui accept GOAL ... --json`: what was recorded, or why nothing was."""

    schema: Annotated[Literal["omk-tui/accept/1"], SCHEMA]


def run(call: Call) -> int:
    """Record the decision."""
    return decide(
        call,
        record_not_ready=call.request.has(RECORD_NOT_READY),
        despite_conflicts=call.request.has(DESPITE_CONFLICTS),
    )


COMMAND = Command(
    name="accept",
    usage="omk-tui accept GOAL --summary TEXT [--snapshot DIGEST] [--record-not-ready] [--despite-conflicts] [--json]",
    about="""\
Record that the goal is accepted, as omk's own accept does. With missing evidence or an open conflict nothing is
written.""",
    examples="""\
  omk-tui accept GOAL --summary "reviewed, all slices merged" --snapshot DIGEST
  git log -1 --format=%B | omk-tui accept GOAL --summary -""",
    run=run,
    goal="required",
    options=(
        text_option(
            "accept", "what is accepted (- reads standard input; --summary=-x for a text that begins with a dash)"
        ),
        SNAPSHOT,
        RECORD_NOT_READY,
        DESPITE_CONFLICTS,
        JSON,
    ),
    examine=examine_decision,
    failure=decision_document,
    documents=(AcceptDocument,),
)
