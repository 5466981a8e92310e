"""`omk-tui open`: branches become goals that can be judged and decided."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence

from omk_tui.cli.call import root_for
from omk_tui.cli.command import FROM_STDIN, PROJECT_DIR, Action, Call, Request, WrongWords
from omk_tui.cli.command_table import AGAIN, BASE, DRY_OPENING, GOAL_TEXT, REVIEW_FILE, SECURITY_FILE
from omk_tui.cli.document import Document, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.page import MET, WARNING, Page, Piece, outside
from omk_tui.cli.stopping import call_of, stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.words import plural
from omk_tui.engine.opening.opened_goal import OpenedGoal, Opening, OpenRequest, SkippedBranch
from omk_tui.engine.opening.opener import open_goals

_LONGEST = 64 << 10


def run(call: Call) -> int:
    """Open what was named, or the current branch."""
    request, root = call.request, root_for(call.request, call.console)
    text = request.value(GOAL_TEXT)
    source = "--goal"
    if text == FROM_STDIN:
        text, source = (call.console.stdin or sys.stdin).read(_LONGEST), "standard input"
    folder = request.value(PROJECT_DIR) or os.getcwd()
    words = tuple(word for word in (request.goal, *request.words) if word is not None)
    asked = OpenRequest(folder, words, request.value(BASE), text, source, request.has(AGAIN), request.has(DRY_OPENING))
    opened = open_goals(root, asked, lambda: Timestamp.from_unix_nanos(time.time_ns()))
    if not isinstance(opened, Opening):
        return stopped(call, opened)
    for goal in opened.goals:
        for option, security in ((REVIEW_FILE, False), (SECURITY_FILE, True)):
            path = request.value(option)
            if path is not None and not asked.dry_run:
                from omk_tui.cli.commands.review import keep_opened_review

                problem = keep_opened_review(call, goal.intake.goal_id, path, security=security)
                if problem is not None:
                    return stopped(call, problem, goal.intake.goal_id)
    if request.json:
        from omk_tui.cli.opened_document import document

        call.console.exact(line(document(opened, dry_run=asked.dry_run)))
    else:
        page = Page()
        for goal in opened.goals:
            _tell(page, call, goal, dry_run=asked.dry_run)
        call.console.show(page)
    call.console.say(*_skipped_lines(opened.skipped))
    return call.console.ending(Exit.FAILED if any(each.named for each in opened.skipped) else Exit.DONE)


def _skipped_lines(skipped: Sequence[SkippedBranch]) -> Iterator[str]:
    """What was not opened: each branch that was named, and of those that a pattern fits how many."""
    yield from (f"omk-tui: not opened: {each.why}" for each in skipped if each.named)
    fitting = [each for each in skipped if not each.named]
    if len(fitting) == 1:
        yield f"note: not opened: {fitting[0].why}"
    elif fitting:
        yield f"note: {len(fitting)} branches that the pattern fits are not opened, the first: {fitting[0].why}"


def _tell(page: Page, call: Call, goal: OpenedGoal, *, dry_run: bool) -> None:
    intake = goal.intake
    word = "would be opened" if dry_run else "opened" if goal.created else f"is there already, {goal.state}"
    page.add(outside(intake.goal_id, "title"), f"  {word}", fit="whole")
    page.fact("branch", outside(intake.branch_name), f" at {intake.head[:12]}, {plural(intake.commits, 'commit')}")
    page.fact("base", outside(intake.base_ref), f" at {intake.base[:12]}")
    sign = Piece(MET, "met") if intake.merge == "clean" else Piece(WARNING, "warning")
    page.fact("merge", sign, " ", outside(intake.merge_text))
    page.fact("text", outside(goal.text.partition("\n")[0], limit=300), f"  (from: {intake.text_from})")
    gate_words = ", ".join(check.name for check in goal.oracle.checks)
    page.fact("oracle", f"kind {goal.oracle.kind}: wants passed gates named {gate_words}")
    if intake.uncommitted:
        page.fact("note", f"{intake.uncommitted} uncommitted changes of {intake.worktree} are not part of it")
    for note in goal.notes:
        page.fact("note", outside(note))
    for goal_id in goal.superseded:
        page.fact("note", f"{goal_id} is superseded by it")
    if dry_run:
        for path, size in goal.files:
            page.fact("writes", f"{size:>9,} B  {path}")
        return
    desk = call_of(call.request)
    page.add("next      ", outside(desk.desk("gate", intake.goal_id), "command"), fit="whole")
    page.add("          ", outside(desk.desk("check", intake.goal_id), "command"), fit="whole")


def failure(_request: Request, _goal_id: str, outcome: Refused | Failed) -> Document:
    """Why nothing was opened."""
    from omk_tui.cli.opened_document import nothing_opened

    return nothing_opened(outcome)


def documents() -> tuple[type, ...]:
    """The typed dictionaries of `open`, and of the record that it keeps."""
    from omk_tui.cli.opened_document import IntakeDocument, OpenDocument

    return OpenDocument, IntakeDocument


def examine(request: Request) -> None:
    """Options that contradict each other."""
    if request.has(AGAIN) and request.has(DRY_OPENING):
        raise WrongWords("--again replaces an intake, --dry-run writes nothing: only one of them")


ACTION = Action(run, examine=examine, failure=failure, documents=documents)
