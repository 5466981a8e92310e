"""`omk-tui accept`: record that a goal is accepted."""

from __future__ import annotations

from typing import Annotated, Literal

from omk_tui.cli.command import Action, Call
from omk_tui.cli.command_table import DESPITE_CONFLICTS, RECORD_NOT_READY
from omk_tui.cli.deciding import decide, decision_document, examine_decision
from omk_tui.cli.decision_document import SettledPart
from omk_tui.cli.document import SCHEMA


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


ACTION = Action(run, examine=examine_decision, failure=decision_document, documents=lambda: (AcceptDocument,))
