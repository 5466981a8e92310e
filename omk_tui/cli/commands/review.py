"""`omk-tui review`: a review of an opened goal is kept, with who gave it, when, and the commit it speaks of."""

from __future__ import annotations

import sys
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import FROM_STDIN, Action, Call, Request, WrongWords
from omk_tui.cli.command_table import BY, COMMIT, SECURITY
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import ENDING_TO_DECIDE, resolve
from omk_tui.cli.page import MET, MISSING, Page, Piece, outside
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.engine.evidence.reviews import LARGEST, KeptReview, ReviewRequest, keep_review, read_review_file


def run(call: Call) -> int:
    """Keep the file as the goal's review."""
    request = call.request
    goal_id = resolve(call, ENDING_TO_DECIDE)
    if not isinstance(goal_id, str):
        return stopped(call, goal_id)
    document = _keep(call, goal_id, request.words[0], request.has(SECURITY), request.value(BY), request.value(COMMIT))
    if isinstance(document, Refused | Failed):
        return stopped(call, document, goal_id)
    if request.json:
        call.console.exact(line(document))
    else:
        call.console.show(_page(document, call))
    return call.console.ending(Exit.DONE if document["settled"] else Exit.MISSING)


def keep_opened_review(call: Call, goal_id: str, path: str, *, security: bool) -> Refused | Failed | None:
    """Keep a review right after opening, for the commit that was just opened. Returns why not."""
    review = call.engine.review(goal_id)
    head = review.facts.intake.head if isinstance(review, Review) and review.facts.intake else None
    document = _keep(call, goal_id, path, security, None, head)
    return document if isinstance(document, Refused | Failed) else None


def _keep(
    call: Call, goal_id: str, path: str, security: bool, by: str | None, commit: str | None
) -> ReviewDocument | Refused | Failed:
    try:
        text = (call.console.stdin or sys.stdin).read(LARGEST) if path == FROM_STDIN else read_review_file(path)
    except OSError as error:
        return Failed(f"{path} cannot be read: {error.strerror or error}")
    review = keep_review(call.engine, ReviewRequest(goal_id, text, security, by or "", commit))
    if not isinstance(review, KeptReview):
        return review
    if review.warning:
        call.console.say(f"warning: {printable(review.warning, 600)}")
    for note in review.notes:
        call.console.say(f"note: {note}")
    options = ["--security"] if security else []
    step = call.engine.call.desk("review", goal_id, path, *options, "--commit", review.head[:12])
    return ReviewDocument(
        schema="omk-tui/review/1",
        goal_id=goal_id,
        kind="security" if security else "review",
        by=review.who,
        commit=review.head if review.settled else None,
        settled=review.settled,
        next="" if review.settled else step,
        why=None,
        warnings=[review.warning] if review.warning else [],
    )


def _page(document: ReviewDocument, call: Call) -> Page:
    page = Page()
    name = "security review" if document["kind"] == "security" else "review"
    giver = outside(document["by"])
    if document["settled"]:
        page.add(Piece(MET, "met"), f" the {name} by ", giver, f" of {document['commit']} is kept")
    else:
        page.add(Piece(MISSING, "missing"), f" the {name} by ", giver, " is kept, but it names no commit")
        page.add("its task stays open until somebody says which commit it speaks of:", indent=4)
        page.add(outside(document["next"], "command"), indent=4, fit="whole")
    page.add("next  ", outside(call.engine.call.desk("check", document["goal_id"]), "command"), fit="whole")
    return page


class ReviewDocument(TypedDict):
    """`omk-tui review --json`: what was kept of a review."""

    schema: Annotated[Literal["omk-tui/review/1"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's id.", "goal-20261122-205557-000-1f0c9a2b")]
    kind: Annotated[Literal["review", "security"], Key("Which review it is.", "review")]
    by: Annotated[str, Key("Who gave it.", "ada@desk")]
    commit: Annotated[str | None, Key("The commit that it speaks of; null where it names none.", "1f0c9a2b" + "0" * 32)]
    settled: Annotated[bool, Key("Whether its task is done by that.", True)]
    next: Annotated[str, Key("What is left to do, as a full command.", "")]
    why: Annotated[str | None, Key("Why nothing was kept; null when something was.", None)]
    warnings: Annotated[list[str], Key("That the branch has gone on since, say.", [])]


def failure(request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """Why nothing was kept."""
    return ReviewDocument(
        schema="omk-tui/review/1",
        goal_id=goal_id,
        kind="security" if request.has(SECURITY) else "review",
        by="",
        commit=None,
        settled=False,
        next="",
        why=outcome.why,
        warnings=[],
    )


def examine(request: Request) -> None:
    """The file is needed."""
    if len(request.words) != 1:
        raise WrongWords("review wants a GOAL and a FILE (- for standard input)")


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (ReviewDocument,))
