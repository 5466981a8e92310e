"""`omk-tui list`: every goal, newest first, one aligned line a goal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import Action, Call, Request, WrongWords
from omk_tui.cli.command_table import STATUS
from omk_tui.cli.document import SCHEMA, Document, Instant, Key, line
from omk_tui.cli.goals_progress import GoalsProgress
from omk_tui.cli.page import Page, Piece, outside, padded, width
from omk_tui.cli.stopping import stopped
from omk_tui.cli.verdict_style import verdict_style
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.timestamp import Timestamp, elapsed_seconds
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.verdict import WORDS
from omk_tui.core.records.goal import STATUSES
from omk_tui.core.text.age import age
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_line

_FAILED = "failed"
"""The word for goals of which a required gate failed."""
_SHOWN = (*(word for word in WORDS if word not in STATUSES), _FAILED)


def run(call: Call) -> int:
    """Print the list."""
    console, engine, statuses = call.console, call.engine, call.request.options.get(STATUS.name, ())
    with GoalsProgress(console) as progress:
        listing = engine.goals(progress)
    if listing.problem:
        return stopped(call, Failed(listing.problem))
    goals = [goal for goal in listing.goals if not statuses or is_chosen(goal, statuses)]
    if call.request.json:
        console.exact(line(document(goals, listing.notes, engine.root.path)))
        return console.ending()
    titles, page = list_page(goals, engine.now(), titled=console.draws)
    if goals and not console.draws:
        console.say(titles)
    console.show(page)
    console.say(*(f"note: {note}" for note in listing.notes))
    if not listing.goals and engine.root.exists:
        console.say(
            f"No goals in {engine.root.goals_dir} ({engine.root.origin}).",
            "To look elsewhere: --state-root DIR or OMK_TUI_STATE_ROOT, the folder that holds goals/.",
        )
    elif listing.goals and not goals:
        console.say(f"No goal has the status {' or '.join(statuses)}; there are {len(listing.goals)} in all.")
    return console.ending()


def is_chosen(goal: GoalLine, words: Sequence[str]) -> bool:
    """Whether one of the words is omk's status of a goal, its verdict, or `failed` and a required gate failed."""
    return goal.status in words or goal.verdict.word in words or (_FAILED in words and bool(goal.failing))


def examine(request: Request) -> None:
    """Statuses are omk's own words, and those that the list shows."""
    for status in request.options.get(STATUS.name, ()):
        if status not in (*STATUSES, *_SHOWN):
            words = f"{', '.join(STATUSES)} (omk's), {', '.join(_SHOWN)} (the list's)"
            raise WrongWords(f"--status wants one of {words}; not {status or 'an empty word'}")


# The page


_TITLES = ("VERDICT", "GATES", "ORACLE", "WALL", "CONF", "AGE", "ID", "GOAL")
_GOAL_LIMIT = 240


def list_page(goals: Sequence[GoalLine], now: Timestamp, *, titled: bool) -> tuple[str, Page]:
    """The columns' names, and one line for each goal in the given order; `titled` puts the names above them as well."""
    page = Page()
    titles, *rows = _aligned([_TITLES, *(_cells(goal, now) for goal in goals)])
    if titled and rows:
        page.add(*(Piece(title, "title") for title in titles), fit="row")
    for goal, row in zip(goals, rows, strict=True):
        page.add(Piece(row[0], verdict_style(goal.verdict)), "".join(row[1:-2]), *row[-2:], fit="row")
    return "".join(titles), page


def _aligned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells padded to the width of their column; the last column is left as it is."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [[*(f"{padded(row[i], widths[i])}  " for i in range(len(row) - 1)), row[-1]] for row in rows]


def verdict_text(goal: GoalLine) -> str:
    """The verdict with the number of warnings: ``acceptable +2``."""
    return f"{goal.verdict} +{goal.warnings}" if goal.warnings else str(goal.verdict)


def _age(goal: GoalLine, now: Timestamp) -> str:
    since = goal.created_at or goal.updated_at
    return age(elapsed_seconds(since, now)) if since else "-"


def _cells(goal: GoalLine, now: Timestamp) -> tuple[str, ...]:
    return (
        verdict_text(goal),
        _tally(goal.gates),
        _tally(goal.oracle),
        _tally(goal.wall),
        "-" if goal.conflicts is None else str(goal.conflicts),
        _age(goal, now),
        printable(goal.goal_id),
        _subject(goal),
    )


def _subject(goal: GoalLine) -> str:
    """What the goal is about, and what is wrong with it if something is."""
    texts = (goal.goal, goal.problem or ", ".join(goal.blocks))
    said = [outside(first_line(text), limit=_GOAL_LIMIT).text for text in texts if text]
    return "  ! ".join(said) if goal.goal else " ".join(f"! {text}" for text in said)


def _tally(tally: Tally | None) -> str:
    return "-" if tally is None else f"{tally.good}/{tally.all}"


# The document


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


def failure(_request: Request, _goal_id: str, outcome: Refused | Failed) -> Document:
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
        blocks=list(goal.blocks),
        source=goal.source,
    )


def _instant(instant: Timestamp | None) -> str | None:
    return instant.text() if instant else None


def _counted(tally: Tally | None) -> TallyPart | None:
    return TallyPart(good=tally.good, all=tally.all) if tally else None


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (ListDocument,))
