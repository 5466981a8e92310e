"""The documents about a decision: what it would write or has written, or why it was refused."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from omk_tui.cli.document import Key
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.refusal_kind import RefusalKind
from omk_tui.core.records.recorded_decision import RecordedDecision
from omk_tui.core.review.goal_review import SNAPSHOT_VERSION


class RecordedPart(TypedDict):
    """A decision that the goal's proof records."""

    what: Annotated[str, Key("accepted or rejected.", "rejected")]
    at: Annotated[str, Key("When it was decided.", "2026-11-22T21:04:11.482Z")]
    who: Annotated[str | None, Key("Who decided, user@host; null where the ledger does not know it.", "ada@desk")]
    text: Annotated[str, Key("The summary or reason.", "slices conflict")]
    stands: Annotated[bool, Key("Whether no newer proof was written since.", True)]


class ChangedFile(TypedDict):
    """One file that a decision writes."""

    path: Annotated[str, Key("Its path in the goal directory.", "artifacts/integration/integrator-accept.json")]
    action: Annotated[Literal["create", "replace", "append", "mkdir"], Key("What happens to it.", "create")]
    size: Annotated[int, Key("How many bytes are written to it.", 312)]
    sha256: Annotated[str, Key("The SHA-256 of these bytes.", "e3b0c442...")]


class DecisionPart(TypedDict):
    """What every document about a decision says."""

    goal_id: Annotated[str, Key("The goal's full id, or what was asked for.", "goal-20261122-205557-473-03da4154")]
    status: Annotated[str | None, Key("The status that the goal has then.", "ready")]
    readiness: Annotated[
        str | None, Key("The proof's readiness sentence then.", "ready: integration and oracle evidence passed")
    ]
    known_gaps: Annotated[list[str], Key("The proof's known gaps then.", [])]
    files: Annotated[list[ChangedFile], Key("The files in the order of their first change.")]
    why: Annotated[str | None, Key("Why it was refused or failed; null when it was not.", None)]
    details: Annotated[list[str], Key("Lines that say more about a refusal.", [])]
    dropped_gaps: Annotated[list[str], Key("The known gaps that it drops.", [])]
    snapshot: Annotated[str | None, Key("The snapshot digest that it rests on.", "91d0e4...")]
    snapshot_version: Annotated[int, Key("Which version of the digest it is.", 2)]
    refusal: Annotated[RefusalKind | None, Key("The rule that refused it.", None)]


class SettledPart(DecisionPart):
    """What the document of a decision says that was to be recorded."""

    replaces: Annotated[RecordedPart | None, Key("The decision that it replaces; null where there was none.")]
    outcome: Annotated[Literal["recorded", "refused", "failed"], Key("How it ended.", "recorded")]
    notes: Annotated[list[str], Key("What did not go as omk would have it.", [])]
    finished: Annotated[
        bool,
        Key(
            "Whether every file is written; a recorded decision whose last steps could not be done yet "
            "is finished by the next look at the goal.",
            True,
        ),
    ]


def recorded_part(decision: RecordedDecision | None) -> RecordedPart | None:
    """A decision that the goal's proof records."""
    if decision is None:
        return None
    return RecordedPart(
        what=decision.what, at=decision.at, who=decision.who or None, text=decision.text, stands=decision.stands
    )


def decision_part(goal_id: str, plan: DecisionPlan | None, outcome: DecisionPlan | Outcome) -> DecisionPart:
    """What `plan` writes, or without one why nothing is written."""
    files = plan.files if plan else ()
    return DecisionPart(
        goal_id=plan.goal_id if plan else goal_id,
        status=plan.status if plan else None,
        readiness=plan.readiness if plan else None,
        known_gaps=list(plan.known_gaps) if plan else [],
        files=[ChangedFile(path=file.path, action=file.action, size=file.size, sha256=file.sha256) for file in files],
        why=outcome.why if isinstance(outcome, Refused | Failed) else None,
        details=list(outcome.details) if isinstance(outcome, Refused) else [],
        dropped_gaps=list(plan.dropped_gaps) if plan else [],
        snapshot=plan.snapshot if plan else None,
        snapshot_version=SNAPSHOT_VERSION,
        refusal=outcome.kind if isinstance(outcome, Refused) else None,
    )


def settled_part(goal_id: str, outcome: Outcome) -> SettledPart:
    """What was recorded, or why nothing was."""
    recorded = outcome if isinstance(outcome, Recorded) else None
    return {
        **decision_part(goal_id, recorded.plan if recorded else None, outcome),
        "replaces": recorded_part(recorded.replaces) if recorded else None,
        "outcome": "recorded" if recorded else stopping(outcome),
        "notes": list(recorded.notes) if recorded else [],
        "finished": recorded is not None and recorded.finished,
    }


def stopping(outcome: object) -> Literal["refused", "failed"]:
    """How a command ended that did not do what was asked."""
    return "refused" if isinstance(outcome, Refused) else "failed"
