"""The documents of `--json`: pydantic models, imported only when one is asked for.

`python -m omk_tui.cli.json_manual` prints docs/JSON.md, which is made from these models.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from omk_tui.cli.check_document import CheckDocument, CheckedDecision
from omk_tui.cli.document import Document, Instant, Part, Text, schema_of
from omk_tui.core.decision.outcome import RefusalKind


class Tally(Part):
    """How many of how many."""

    good: int = Field(description="How many hold.", examples=[3])
    all: int = Field(description="How many there are.", examples=[4])


class ListedGoal(Part):
    """One goal of the list."""

    goal_id: Text = Field(
        description="The name of the goal's directory.", examples=["goal-20261122-205557-473-03da4154"]
    )
    status: Text | None = Field(description="omk's status, null when it could not be read.", examples=["not_ready"])
    phase: Text | None = Field(description="omk's phase, null when it could not be read.", examples=["proof"])
    goal: Text | None = Field(description="The goal's text as it was given.", examples=["Refactor the note store"])
    created_at: Instant | None = Field(description="When it was created.", examples=["2026-11-22T20:55:57.473Z"])
    updated_at: Instant | None = Field(description="When omk last wrote it.", examples=["2026-11-22T20:56:01.900Z"])
    verdict: Text = Field(
        description="One word: interrupted, unreadable, cancelled, paused, decide, accepted, accepted!, rejected, "
        "running, external, budget, infra, missing n, conflict or acceptable.",
        examples=["missing 1"],
    )
    warnings: int = Field(description="How many warnings there are that the verdict does not say itself.", examples=[1])
    problem: Text | None = Field(description="What could not be read, null when nothing is wrong.", examples=[None])
    gates: Tally | None = Field(description="Gates passed, of all.")
    oracle: Tally | None = Field(description="Oracle checks passed, of all.")
    wall: Tally | None = Field(description="Wall passes passed, of all.")
    conflicts: int | None = Field(description="How many open conflicts there are.", examples=[2])
    why: list[Text] = Field(
        description="What stands behind the verdict, in sentences.", examples=[["review task evidence is missing"]]
    )
    next: Text = Field(
        description="The next full command, empty when there is none.", examples=["omk goal verify GOAL"]
    )
    source: Literal["directory", "row"] = Field(
        description="Where the goal was found: its directory, or only a row of omk.db (a ghost).",
        examples=["directory"],
    )


class ListDocument(Document):
    """`omk-tui list --json`: every goal, newest first."""

    schema_: Literal["omk-tui/list/1"] = schema_of("omk-tui/list/1")
    goals: list[ListedGoal] = Field(description="The goals, newest first by created_at, then id.")
    notes: list[Text] = Field(
        description="Where directory and omk.db disagree, or where was looked.",
        examples=[["goal-1 is a ghost: a row in omk.db without a directory"]],
    )
    state_root: Text | None = Field(
        description="The folder that was looked at.", examples=["/home/ada/.local/state/omk"]
    )
    why: Text | None = Field(description="Why there is no list; null when there is one.", examples=[None])


class ChangedFile(Part):
    """One file that a decision writes."""

    path: Text = Field(
        description="Its path in the goal directory.", examples=["artifacts/integration/integrator-accept.json"]
    )
    action: Literal["create", "replace", "append", "mkdir"] = Field(
        description="What happens to it.", examples=["create"]
    )
    size: int = Field(description="How many bytes are written to it.", examples=[312])
    sha256: Text = Field(description="The SHA-256 of these bytes.", examples=["e3b0c442..."])


class _Decided(Document):
    goal_id: Text = Field(
        description="The goal's full id, or what was asked for.", examples=["goal-20261122-205557-473-03da4154"]
    )
    status: Text | None = Field(description="The status that the goal has then.", examples=["ready"])
    readiness: Text | None = Field(
        description="The proof's readiness sentence then.", examples=["ready: integration and oracle evidence passed"]
    )
    known_gaps: list[Text] = Field(description="The proof's known gaps then.", examples=[[]])
    files: list[ChangedFile] = Field(description="The files in the order of their first change.")
    why: Text | None = Field(description="Why it was refused or failed; null when it was not.", examples=[None])
    details: list[Text] = Field(description="Lines that say more about a refusal.", examples=[[]])
    dropped_gaps: list[Text] = Field(description="The known gaps that it drops.", examples=[[]])
    snapshot: Text | None = Field(description="The snapshot digest that it rests on.", examples=["91d0e4..."])
    snapshot_version: int = Field(description="Which version of the digest it is.", examples=[2])
    refusal: RefusalKind | None = Field(description="The rule that refused it.", examples=[None])


class PlanDocument(_Decided):
    """`omk-tui plan GOAL accept|reject ... --json`: what a decision would write; nothing was written."""

    schema_: Literal["omk-tui/plan/1"] = schema_of("omk-tui/plan/1")
    decision: Literal["accept", "reject"] = Field(description="Which decision.", examples=["accept"])
    outcome: Literal["planned", "refused", "failed"] = Field(description="How it ended.", examples=["planned"])
    rollback: Text | None = Field(description="The text of the rollback plan, for a reject.", examples=[None])


class _Settled(_Decided):
    replaces: CheckedDecision | None = Field(description="The decision that it replaces; null where there was none.")
    outcome: Literal["recorded", "refused", "failed"] = Field(description="How it ended.", examples=["recorded"])
    notes: list[Text] = Field(description="What did not go as omk would have it.", examples=[[]])
    finished: bool = Field(
        description="Whether every file is written; a recorded decision whose last steps could not be done yet is "
        "finished by the next look at the goal.",
        examples=[True],
    )


class AcceptDocument(_Settled):
    """`omk-tui accept GOAL ... --json`: what was recorded, or why nothing was."""

    schema_: Literal["omk-tui/accept/1"] = schema_of("omk-tui/accept/1")


class RejectDocument(_Settled):
    """`omk-tui reject GOAL ... --json`: what was recorded, or why nothing was."""

    schema_: Literal["omk-tui/reject/1"] = schema_of("omk-tui/reject/1")


class LedgerDecision(Part):
    """One line of the ledger; `null` where the line does not say it."""

    number: int = Field(description="The line's number, from 1.", examples=[1])
    decided_at: Text | None = Field(description="When it was decided.", examples=["2026-11-22T21:04:11.482Z"])
    who: Text | None = Field(description="Who decided: user@host.", examples=["ada@desk"])
    tool: Text | None = Field(description="With which program.", examples=["omk-tui 0.1.0"])
    verb: Text | None = Field(description="accept or reject.", examples=["reject"])
    status: Text | None = Field(description="The status the goal got.", examples=["not_ready"])
    text: Text | None = Field(description="The summary or reason, scrubbed of secrets.", examples=["slices conflict"])
    snapshot: Text | None = Field(description="The snapshot digest that was decided on.", examples=["91d0e4..."])
    snapshot_version: int = Field(description="Which version of the digest it is.", examples=[2])
    head: Text | None = Field(description="The project's HEAD.", examples=["4be1c02..."])
    looked_at: list[Text] = Field(description="The sections that were open before.", examples=[["checklist"]])
    written: dict[Text, Text] = Field(
        description="The SHA-256 of what was written to each file.", examples=[{"goal.json": "e3b0c442..."}]
    )
    fault: Text | None = Field(description="Why the line does not fit the chain.", examples=[None])


class WrittenFile(Part):
    """A file that the last decision replaced."""

    path: Text = Field(description="Its path in the goal directory.", examples=["proof.json"])
    unchanged: bool = Field(description="Whether it is still what the decision wrote.", examples=[True])


class UnlistedDecision(Part):
    """A decision that omk's own file records and the ledger does not."""

    path: Text = Field(
        description="That file, in the goal directory.", examples=["artifacts/integration/integrator-accept.json"]
    )
    verb: Text = Field(description="accept or reject; empty where only a checkpoint tells of it.", examples=["accept"])
    decided_at: Text = Field(description="When it was decided.", examples=["2026-11-22T21:04:11.482Z"])
    text: Text = Field(description="The summary or reason, where it is known.", examples=["all gates pass"])


class HistoryDocument(Document):
    """`omk-tui history GOAL --json`: the decisions taken with omk-tui, oldest first."""

    schema_: Literal["omk-tui/history/1"] = schema_of("omk-tui/history/1")
    goal_id: Text = Field(
        description="The goal's full id, or what was asked for.", examples=["goal-20261122-205557-473-03da4154"]
    )
    decisions: list[LedgerDecision] = Field(description="The lines of the ledger.")
    unlisted: list[UnlistedDecision] = Field(
        description="Decisions that omk's own files tell of and the ledger does not: taken with omk itself, or "
        "their line was removed."
    )
    interrupted: Text | None = Field(
        description="Why a decision that was begun is not finished; null when there is none.", examples=[None]
    )
    intact: bool | None = Field(
        description="With --verify: whether each line is unchanged, this goal's, and follows the one before it; else "
        "null. Hashes cannot show that lines were removed which were the newest then, or that lines were written anew.",
        examples=[True],
    )
    files: list[WrittenFile] = Field(description="With --verify: the files of the last decision.")
    why: Text | None = Field(description="Why nothing could be read; null when it could.", examples=[None])


class DoctorFinding(Part):
    """One thing that is not as it should be."""

    code: Text = Field(
        description="interrupted, temporary, omk_temporary, torn_log, permissions, locked, ledger, database, "
        "unreadable or root.",
        examples=["torn_log"],
    )
    goal_id: Text | None = Field(
        description="The goal it is about; null for the root.", examples=["goal-20261122-205557-473-03da4154"]
    )
    text: Text = Field(description="What was found.", examples=["the last line of events.jsonl has no newline"])
    repair: Text | None = Field(description="What was done about it, or what would be.", examples=[None])


class DoctorDocument(Document):
    """`omk-tui doctor --json`: a check-up of the state root."""

    schema_: Literal["omk-tui/doctor/1"] = schema_of("omk-tui/doctor/1")
    findings: list[DoctorFinding] = Field(description="What was found; empty when all is well.")
    repaired: bool = Field(description="Whether --repair was given.", examples=[False])
    why: Text | None = Field(description="Why nothing could be examined; null when it could.", examples=[None])


DOCUMENTS: tuple[type[Document], ...] = (
    ListDocument,
    CheckDocument,
    PlanDocument,
    AcceptDocument,
    RejectDocument,
    HistoryDocument,
    DoctorDocument,
)
