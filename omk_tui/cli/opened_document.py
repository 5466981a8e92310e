"""The documents of `omk-tui open`: what was opened, and the record that is kept of it."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from omk_tui.cli.document import SCHEMA, Document, Instant, Key
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.engine.opening.opened_goal import OpenedGoal, Opening


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


class BranchNotOpened(TypedDict):
    """A branch that was not opened beside others that were."""

    branch: Annotated[str, Key("The full name of the branch, or the commit.", "refs/heads/docs")]
    why: Annotated[str, Key("Why not.", "docs has no commit that refs/heads/main lacks: there is nothing to decide")]
    named: Annotated[bool, Key("Whether it was named by itself (exit 1); false where a pattern fits it.", True)]


class OpenDocument(TypedDict):
    """`omk-tui open --json`: each branch that was named and its goal."""

    schema: Annotated[Literal["omk-tui/open/1"], SCHEMA]
    dry_run: Annotated[bool, Key("Whether nothing was written.", False)]
    goals: Annotated[list[OpenedBranch], Key("The goals, in the order in which the branches were named.")]
    skipped: Annotated[list[BranchNotOpened], Key("The branches that were not opened beside them.", [])]
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
    tests_changed: Annotated[
        list[str],
        Key("Test files of the base that lose lines, with how many go and come.", ["tests/test_a.py (-1 +1)"]),
    ]


def document(opened: Opening, *, dry_run: bool) -> Document:
    """What was opened."""
    skipped = [BranchNotOpened(branch=each.branch, why=each.why, named=each.named) for each in opened.skipped]
    goals = [_opened(goal) for goal in opened.goals]
    return OpenDocument(schema="omk-tui/open/1", dry_run=dry_run, goals=goals, skipped=skipped, why=None, details=[])


def nothing_opened(outcome: Refused | Failed) -> Document:
    """Why nothing was opened."""
    details = list(outcome.details) if isinstance(outcome, Refused) else []
    return OpenDocument(schema="omk-tui/open/1", dry_run=False, goals=[], skipped=[], why=outcome.why, details=details)


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
