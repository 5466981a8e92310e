"""`omk-tui reject`: record that a goal is rejected, with a rollback plan."""

from __future__ import annotations

from typing import Annotated, Literal

from omk_tui.cli.command import JSON, Command
from omk_tui.cli.deciding import SNAPSHOT, decide, decision_document, examine_decision
from omk_tui.cli.decision_document import SettledPart
from omk_tui.cli.decision_text import text_option
from omk_tui.cli.document import SCHEMA


class RejectDocument(SettledPart):
    """`omk-tui reject GOAL ... --json`: what was recorded, or why nothing was."""

    schema: Annotated[Literal["omk-tui/reject/1"], SCHEMA]


COMMAND = Command(
    name="reject",
    usage="omk-tui reject GOAL --reason TEXT [--snapshot DIGEST] [--json]",
    about="Record that the goal is rejected, with a rollback plan, as omk's own reject does.",
    examples="""\
  omk-tui reject GOAL --reason "slices 1 and 2 conflict in notes/store.py" --snapshot DIGEST
  omk-tui reject GOAL --reason - < reason.txt""",
    run=decide,
    goal="required",
    options=(
        text_option("reject", "why (- reads standard input; --reason=-x for a text that begins with a dash)"),
        SNAPSHOT,
        JSON,
    ),
    examine=examine_decision,
    failure=decision_document,
    documents=(RejectDocument,),
)
