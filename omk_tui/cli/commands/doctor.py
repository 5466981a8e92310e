"""`omk-tui doctor`: a check-up of the state root, goal by goal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import Action, Call, Request, WrongWords
from omk_tui.cli.command_table import REPAIR, YES
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.goals_progress import GoalsProgress
from omk_tui.cli.page import MET, WARNING, Page, Piece, outside
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.findings import Finding
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.engine.gating.run_folders import RUN_FOLDER, examine_run_folders


def run(call: Call) -> int:
    """Examine the root, and print what is not as it should be."""
    unreadable = call.engine.unreadable_root()
    if unreadable:
        return stopped(call, Failed(unreadable))
    repair = call.request.has(REPAIR)
    with GoalsProgress(call.console) as progress:
        findings = call.engine.doctor(_approval(call) if repair else None, progress)
    findings += tuple(
        examine_run_folders(repair=repair, repair_command=call.engine.call.desk("doctor", "", "--repair"))
    )
    if call.request.json:
        call.console.exact(line(document(findings, repaired=repair)))
    else:
        call.console.show(doctor_page(findings))
    return call.console.ending()


def _approval(call: Call) -> Callable[[str], bool]:
    """Asks whether a decision is to be finished that a look does not finish; without anybody to ask it is not."""

    def approve(what: str) -> bool:
        if call.request.has(YES):
            return True
        call.console.say("", f"Not sealed with your key: {what}.")
        return call.console.confirm("Finish this decision?")

    return approve


def examine(request: Request) -> None:
    """A yes answers only what a repair asks."""
    if request.has(YES) and not request.has(REPAIR):
        raise WrongWords("--yes goes with --repair")


def doctor_page(findings: Sequence[Finding]) -> Page:
    """The findings, those about the whole state root first."""
    page = Page()
    if not findings:
        page.add(Piece(f"{MET} ", "met"), "nothing to mend")
    title = ""
    for finding in findings:
        about = finding.goal_id or ("temporary folders" if finding.code == RUN_FOLDER else "the state root")
        if about != title:
            title = about
            if page.lines:
                page.gap()
            page.add(outside(title, "title"), fit="whole")
        page.add(Piece(f"   {WARNING} {finding.code:<14}", "warning"), outside(finding.text))
        if finding.repair:
            page.add(outside(finding.repair, "command"), indent=21)
    return page


class DoctorFinding(TypedDict):
    """One thing that is not as it should be."""

    code: Annotated[
        str,
        Key(
            "interrupted, temporary, omk_temporary, torn_log, permissions, locked, ledger, database, "
            "unreadable, root or gates_folder.",
            "torn_log",
        ),
    ]
    goal_id: Annotated[str | None, Key("The goal it is about; null for the root.", "goal-20261122-205557-473-03da4154")]
    text: Annotated[str, Key("What was found.", "the last line of events.jsonl has no newline")]
    repair: Annotated[str | None, Key("What was done about it, or what would be.", None)]


class DoctorDocument(TypedDict):
    """`omk-tui doctor --json`: a check-up of the state root."""

    schema: Annotated[Literal["omk-tui/doctor/1"], SCHEMA]
    findings: Annotated[list[DoctorFinding], Key("What was found; empty when all is well.")]
    repaired: Annotated[bool, Key("Whether --repair was given.", False)]
    why: Annotated[str | None, Key("Why nothing could be examined; null when it could.", None)]


def document(findings: Sequence[Finding], *, repaired: bool) -> Document:
    """What a check-up found."""
    return DoctorDocument(
        schema="omk-tui/doctor/1",
        findings=[
            DoctorFinding(
                code=finding.code, goal_id=finding.goal_id or None, text=finding.text, repair=finding.repair or None
            )
            for finding in findings
        ],
        repaired=repaired,
        why=None,
    )


def failure(_request: Request, _goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a check-up that could not be made."""
    return DoctorDocument(schema="omk-tui/doctor/1", findings=[], repaired=False, why=outcome.why)


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (DoctorDocument,))
