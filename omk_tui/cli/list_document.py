"""The document of `omk-tui list`: every goal with what the list shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.document import SCHEMA, Document, Instant, Key
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.verdict import WORDS


class TallyPart(TypedDict):
    """How many of how many."""

    good: Annotated[int, Key("How many hold.", 3)]
    all: Annotated[int, Key("How many there are.", 4)]


class ListedGoal(TypedDict):
    """One goal of the list."""

    goal_id: Annotated[str, Key("The name of the goal's directory.", "goal-20261122-205557-473-03da4154")]
    status: Annotated[str | None, Key("omk's status, null when it could not be read.", "not_ready")]
    phase: Annotated[str | None, Key("omk's phase, null when it could not be read.", "proof")]
    goal: Annotated[str | None, Key("The goal's text as it was given.", "Refactor the note store")]
    created_at: Annotated[Instant | None, Key("When it was created.", "2026-11-22T20:55:57.473Z")]
    updated_at: Annotated[Instant | None, Key("When omk last wrote it.", "2026-11-22T20:56:01.900Z")]
    verdict: Annotated[str, Key(f"One word: {', '.join(WORDS)}.", "missing")]
    missing_count: Annotated[
        int, Key("How many of omk's requirements are not met, where the word is missing; else 0.", 1)
    ]
    warnings: Annotated[int, Key("How many warnings there are that the verdict does not say itself.", 1)]
    problem: Annotated[str | None, Key("What could not be read, null when nothing is wrong.", None)]
    gates: Annotated[TallyPart | None, Key("Gates passed, of all.")]
    oracle: Annotated[TallyPart | None, Key("Oracle checks passed, of all.")]
    wall: Annotated[TallyPart | None, Key("Wall passes passed, of all.")]
    conflicts: Annotated[int | None, Key("How many open conflicts there are.", 2)]
    why: Annotated[list[str], Key("What stands behind the verdict, in sentences.", ["review task evidence is missing"])]
    next: Annotated[str, Key("The next full command, empty when there is none.", "omk goal verify GOAL")]
    branch: Annotated[str | None, Key("The branch that it was opened from; null for a goal of omk's.", "agent/parser")]
    project: Annotated[
        str | None, Key("The folder of its project, null where its record names none.", "/home/ada/notes")
    ]
    blocks: Annotated[
        list[str], Key("What of the evidence speaks against it, in a few words each.", ["gate unit failed"])
    ]
    source: Annotated[
        Literal["directory", "row"],
        Key("Where the goal was found: its directory, or only a row of omk.db (a ghost).", "directory"),
    ]


class ListDocument(TypedDict):
    """`omk-tui list --json`: every goal, newest first."""

    schema: Annotated[Literal["omk-tui/list/2"], SCHEMA]
    goals: Annotated[list[ListedGoal], Key("The goals, newest first by created_at, then id.")]
    notes: Annotated[
        list[str],
        Key(
            "Where directory and omk.db disagree, or where was looked.",
            ["goal-1 is a ghost: a row in omk.db without a directory"],
        ),
    ]
    state_root: Annotated[str | None, Key("The folder that was looked at.", "/home/ada/.local/state/omk")]
    why: Annotated[str | None, Key("Why there is no list; null when there is one.", None)]


def document(goals: Sequence[GoalLine], notes: Sequence[str], state_root: str) -> Document:
    """The list of goals in the given order."""
    return ListDocument(
        schema="omk-tui/list/2",
        goals=[_listed(goal) for goal in goals],
        notes=list(notes),
        state_root=state_root,
        why=None,
    )


def no_list(outcome: Refused | Failed) -> Document:
    """The document of a list that could not be made."""
    return ListDocument(schema="omk-tui/list/2", goals=[], notes=[], state_root=None, why=outcome.why)


def _listed(goal: GoalLine) -> ListedGoal:
    return ListedGoal(
        goal_id=goal.goal_id,
        status=goal.status,
        phase=goal.phase,
        goal=goal.goal,
        created_at=_instant(goal.created_at),
        updated_at=_instant(goal.updated_at),
        verdict=goal.verdict.word,
        missing_count=goal.verdict.missing_count,
        warnings=goal.warnings,
        problem=goal.problem,
        gates=_counted(goal.gates),
        oracle=_counted(goal.oracle),
        wall=_counted(goal.wall),
        conflicts=goal.conflicts,
        why=list(goal.why),
        next=goal.next,
        branch=goal.branch or None,
        project=goal.project or None,
        blocks=list(goal.blocks),
        source=goal.source,
    )


def _instant(instant: Timestamp | None) -> str | None:
    return instant.text() if instant else None


def _counted(tally: Tally | None) -> TallyPart | None:
    return TallyPart(good=tally.good, all=tally.all) if tally else None
