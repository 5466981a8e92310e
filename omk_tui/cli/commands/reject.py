"""`omk-tui reject`: record that a goal is rejected, with a rollback plan."""

from __future__ import annotations

from typing import Annotated, Literal

from omk_tui.cli.command import Action
from omk_tui.cli.deciding import decide, decision_document, examine_decision
from omk_tui.cli.decision_document import SettledPart
from omk_tui.cli.document import SCHEMA


class RejectDocument(SettledPart):
    """`omk-tui reject GOAL ... --json`: what was recorded, or why nothing was."""

    schema: Annotated[Literal["omk-tui/reject/1"], SCHEMA]


ACTION = Action(decide, examine=examine_decision, failure=decision_document, documents=lambda: (RejectDocument,))
