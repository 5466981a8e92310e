"""`omk-tui check`: what speaks for and against accepting a goal."""

from __future__ import annotations

from collections.abc import Iterator

from omk_tui.cli.command import Action, Call, Request
from omk_tui.cli.command_table import PICTURES
from omk_tui.cli.document import Document, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import read_review
from omk_tui.cli.page import outside
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.judgement.verdict import UNREADABLE
from omk_tui.core.review.goal_review import Review


def run(call: Call) -> int:
    """Print what was read of the goal and what it means."""
    review = read_review(call)
    if not isinstance(review, Review):
        return stopped(call, review)
    pictures = _pictures(call, review) if call.request.has(PICTURES) else ()
    live = call.engine.project(review).merges(review.conflicts)
    if call.request.json:
        from omk_tui.cli.check_document import check_document

        call.console.exact(line(check_document(review, live)))
    else:
        from omk_tui.cli.check_page import check_page

        page = check_page(review, live)
        for title, lines in pictures:
            page.heading(title)
            for text in lines:
                page.add(outside(text), indent=1, fit="whole")
        call.console.show(page)
    return call.console.ending(check_exit(review))


def _pictures(call: Call, review: Review) -> Iterator[tuple[str, list[str]]]:
    """Each picture that there is something for, with its title."""
    from omk_tui.core.review.file_now import last_patches
    from omk_tui.core.review.pictures import budget_lines, diff_lines, gate_lines, task_lines

    graph, stored = review.facts.graph, review.facts.stored
    if graph is not None and graph.tasks:
        yield "TASKS", task_lines(graph.tasks)
    if stored is not None and stored.proof.gates:
        yield "GATE DURATIONS", gate_lines(stored.proof.gates)
    reading = call.engine.read(review.goal_id)
    if isinstance(reading, Failed):
        return
    if patches := list(last_patches(reading.diff).values()):
        yield "CHANGES", diff_lines(patches)
    if budget := budget_lines(reading.timeline.checkpoints):
        yield "BUDGET", budget


def check_exit(review: Review) -> Exit:
    """How `check` ends for what was read."""
    judgement = review.judgement
    if judgement.verdict == UNREADABLE:
        return Exit.FAILED
    if judgement.guard or review.facts.interrupted:
        return Exit.REFUSED
    return Exit.DONE if judgement.ready else Exit.MISSING


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """The document of a goal that could not be checked at all."""
    from omk_tui.cli.check_document import check_failure

    return check_failure(goal_id, outcome.why)


def documents() -> tuple[type, ...]:
    """What `--json` prints."""
    from omk_tui.cli.check_document import CheckDocument

    return (CheckDocument,)


ACTION = Action(run, failure=failure, documents=documents)
