"""`omk-tui list`: every goal, newest first, one aligned line a goal."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.cli.command import Action, Call, Request, WrongWords
from omk_tui.cli.command_table import STATUS
from omk_tui.cli.document import Document, line
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
        from omk_tui.cli.list_document import document

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
    sentences = [outside(first_line(text), limit=_GOAL_LIMIT).text for text in texts if text]
    return "  ! ".join(sentences) if goal.goal else " ".join(f"! {text}" for text in sentences)


def _tally(tally: Tally | None) -> str:
    return "-" if tally is None else f"{tally.good}/{tally.all}"


def failure(_request: Request, _goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a list that could not be made."""
    from omk_tui.cli.list_document import no_list

    return no_list(outcome)


def documents() -> tuple[type, ...]:
    """The typed dictionaries of `list`."""
    from omk_tui.cli.list_document import ListDocument

    return (ListDocument,)


ACTION = Action(run, examine=examine, failure=failure, documents=documents)
