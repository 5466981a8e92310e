"""`omk-tui open`: branches become goals that can be judged and decided."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from omk_tui.cli.command import FROM_STDIN, PROJECT_DIR, Action, Call, Request, WrongWords
from omk_tui.cli.command_table import AGAIN, BASE, DRY_OPENING, GOAL_TEXT, REVIEW_FILE, SECURITY_FILE
from omk_tui.cli.document import SCHEMA, Document, Instant, Key, line
from omk_tui.cli.page import MET, WARNING, Page, Piece, outside
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.engine.opening.opener import OpenedGoal, OpenRequest, open_goals

_LONGEST = 64 << 10


def run(call: Call) -> int:
    """Open what was named, or the current branch."""
    from omk_tui.cli.commands.review import keep_opened_review

    request, engine = call.request, call.engine
    text = request.value(GOAL_TEXT)
    source = "--goal"
    if text == FROM_STDIN:
        text, source = (call.console.stdin or sys.stdin).read(_LONGEST), "standard input"
    folder = request.value(PROJECT_DIR) or os.getcwd()
    words = tuple(word for word in (request.goal, *request.words) if word is not None)
    asked = OpenRequest(folder, words, request.value(BASE), text, source, request.has(AGAIN), request.has(DRY_OPENING))
    opened = open_goals(engine.root, asked, engine.now)
    if not isinstance(opened, list):
        return stopped(call, opened)
    for goal in opened:
        for option, security in ((REVIEW_FILE, False), (SECURITY_FILE, True)):
            path = request.value(option)
            if path is not None and not asked.dry_run:
                problem = keep_opened_review(call, goal.intake.goal_id, path, security=security)
                if problem is not None:
                    return stopped(call, problem, goal.intake.goal_id)
    if request.json:
        call.console.exact(line(document(opened, dry_run=asked.dry_run)))
    else:
        page = Page()
        for goal in opened:
            _tell(page, call, goal, dry_run=asked.dry_run)
        call.console.show(page)
    return call.console.ending()


def _tell(page: Page, call: Call, goal: OpenedGoal, *, dry_run: bool) -> None:
    intake = goal.intake
    word = "would be opened" if dry_run else "opened" if goal.created else f"is there already, {goal.state}"
    page.add(outside(intake.goal_id, "title"), f"  {word}", fit="whole")
    commits = f"{intake.commits} commit" + ("" if intake.commits == 1 else "s")
    page.fact("branch", outside(intake.branch_name), f" at {intake.head[:12]}, {commits}")
    page.fact("base", outside(intake.base_ref), f" at {intake.base[:12]}")
    sign = Piece(MET, "met") if intake.merge == "clean" else Piece(WARNING, "warning")
    page.fact("merge", sign, " ", outside(intake.merge_text))
    page.fact("text", outside(goal.text.partition("\n")[0], limit=300), f"  (from: {intake.text_from})")
    wanted = ", ".join(check.name for check in goal.oracle.checks)
    page.fact("oracle", f"kind {goal.oracle.kind}: wants passed gates named {wanted}")
    if intake.uncommitted:
        page.fact("note", f"{intake.uncommitted} uncommitted changes of {intake.worktree} are not part of it")
    for note in goal.notes:
        page.fact("note", outside(note))
    for other in goal.superseded:
        page.fact("note", f"{other} is superseded by it")
    if dry_run:
        for path, size in goal.files:
            page.fact("writes", f"{size:>9,} B  {path}")
        return
    desk = call.engine.call
    page.add("next      ", outside(desk.desk("gate", intake.goal_id), "command"), fit="whole")
    page.add("          ", outside(desk.desk("check", intake.goal_id), "command"), fit="whole")


# The documents


class OpenedBranch(TypedDict):
    """One branch and its goal."""

    goal_id: Annotated[str, Key("The goal's id.", "goal-20261122-205557-000-1f0c9a2b")]
    branch: Annotated[str | None, Key("The full name of the branch; null for a commit alone.", "refs/heads/parser")]
    head: Annotated[str, Key("The commit that is judged.", "1f0c9a2b" + "0" * 32)]
    base: Annotated[str, Key("The commit of the base.", "2" * 40)]
    base_ref: Annotated[str, Key("The name of the base.", "refs/heads/main")]
    merge: Annotated[Literal["clean", "conflict", "not_checked"], Key("What merging head into base came to.", "clean")]
    merge_text: Annotated[str, Key("The same in a sentence.", "parser into refs/heads/main merges cleanly")]
    created: Annotated[bool, Key("Whether the goal was made now; false where it was there already.", True)]
    state: Annotated[Literal["open", "accepted", "rejected", "merged"], Key("What the goal is now.", "open")]
    text_from: Annotated[str, Key("Where the goal's text came from.", "first commit")]
    oracle: Annotated[str, Key("The kind of goal that the text makes it.", "bugfix")]
    gates_wanted: Annotated[list[str], Key("The words of which gates have to bear each.", ["regression"])]
    uncommitted: Annotated[int, Key("Uncommitted changes of its work tree, which are not part of it.", 0)]
    superseded: Annotated[list[str], Key("Goals of earlier states of the branch.", [])]
    notes: Annotated[list[str], Key("What reading it brought up.", [])]
    writes: Annotated[list[str], Key("The paths below the goal directory that are written.", ["goal.json"])]


class OpenDocument(TypedDict):
    """`omk-tui open --json`: each branch that was named and its goal."""

    schema: Annotated[Literal["omk-tui/open/1"], SCHEMA]
    dry_run: Annotated[bool, Key("Whether nothing was written.", False)]
    goals: Annotated[list[OpenedBranch], Key("The goals, in the order in which the branches were named.")]
    why: Annotated[str | None, Key("Why nothing was opened; null when something was.", None)]
    details: Annotated[list[str], Key("What else speaks against it.", [])]


class IntakeDocument(TypedDict):
    """`artifacts/intake/intake.json` of an opened goal: what it was opened from. No command prints it."""

    schema: Annotated[Literal["omk-tui/intake/1"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's id.", "goal-20261122-205557-000-1f0c9a2b")]
    opened_at: Annotated[Instant, Key("When it was opened.", "2026-11-22T20:55:57.473Z")]
    opened_by: Annotated[str, Key("By whom.", "ada@desk")]
    tool: Annotated[str, Key("With which version of this program.", "omk-tui 0.6.0")]
    git: Annotated[str, Key("With which git.", "git version 2.43.0")]
    project_dir: Annotated[str, Key("The work tree.", "/home/ada/project")]
    repository: Annotated[str, Key("The repository's common git directory.", "/home/ada/project/.git")]
    branch: Annotated[str, Key("The full name of the branch; empty for a commit alone.", "refs/heads/parser")]
    head: Annotated[str, Key("The commit that is judged.", "1f0c9a2b" + "0" * 32)]
    base_ref: Annotated[str, Key("The name of the base.", "refs/heads/main")]
    base: Annotated[str, Key("The commit of the base.", "2" * 40)]
    merge_base: Annotated[str, Key("The commit that both have in common.", "3" * 40)]
    merge: Annotated[Literal["clean", "conflict", "not_checked"], Key("What merging came to.", "clean")]
    merge_tree: Annotated[str, Key("The tree of that merge; empty where there is none.", "4" * 40)]
    merge_text: Annotated[str, Key("The merge in a sentence.", "parser into refs/heads/main merges cleanly")]
    text_from: Annotated[str, Key("Where the goal's text came from.", "first commit")]
    worktree: Annotated[str, Key("Where the branch was checked out; empty where nowhere.", "")]
    uncommitted: Annotated[int, Key("Uncommitted changes there.", 0)]
    commits: Annotated[int, Key("How many commits it has beyond the merge base.", 2)]
    authors: Annotated[list[str], Key("Who wrote them.", ["Ada <ada@example.org>"])]
    gate_config: Annotated[str, Key("The blob of .omk/gates.toml on the base; empty without one.", "5" * 40)]
    policy: Annotated[str, Key("The blob of .omk/desk.toml on the base; empty without one.", "")]
    waivers: Annotated[dict[str, str], Key("What the policy waives, with the reasons.", {"oracle": "none yet"})]
    self_graded: Annotated[list[str], Key("Changed files on which gates depend.", ["Makefile"])]
    tests_removed: Annotated[int, Key("Tests that the branch removes beyond those it adds.", 0)]
    tests_skipped: Annotated[int, Key("Lines that skip a test.", 0)]


def document(opened: Sequence[OpenedGoal], *, dry_run: bool) -> Document:
    """What was opened."""
    return OpenDocument(
        schema="omk-tui/open/1", dry_run=dry_run, goals=[_opened(goal) for goal in opened], why=None, details=[]
    )


def failure(_request: Request, _goal_id: str, outcome: Refused | Failed) -> Document:
    """Why nothing was opened."""
    details = list(outcome.details) if isinstance(outcome, Refused) else []
    return OpenDocument(schema="omk-tui/open/1", dry_run=False, goals=[], why=outcome.why, details=details)


def _opened(goal: OpenedGoal) -> OpenedBranch:
    intake = goal.intake
    return OpenedBranch(
        goal_id=intake.goal_id,
        branch=intake.branch or None,
        head=intake.head,
        base=intake.base,
        base_ref=intake.base_ref,
        merge=intake.merge,
        merge_text=intake.merge_text,
        created=goal.created,
        state=goal.state,
        text_from=intake.text_from,
        oracle=goal.oracle.kind,
        gates_wanted=[check.name for check in goal.oracle.checks],
        uncommitted=intake.uncommitted,
        superseded=list(goal.superseded),
        notes=list(goal.notes),
        writes=[path for path, _ in goal.files],
    )


def examine(request: Request) -> None:
    """Options that contradict each other."""
    if request.has(AGAIN) and request.has(DRY_OPENING):
        raise WrongWords("--again replaces an intake, --dry-run writes nothing: only one of them")


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (OpenDocument, IntakeDocument))
