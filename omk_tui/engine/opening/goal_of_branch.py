"""One branch becomes a goal: what git says of it is read, and the goal is written, or said to be there already."""

from __future__ import annotations

import os

from omk_tui import __version__
from omk_tui.core.decision.outcome import Refused
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.intake import Intake, goal_id_of
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import normalise
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.files.user import user_at_host
from omk_tui.engine.git.command import RunningGit
from omk_tui.engine.opening.branch import LONGEST_TEXT, Branch, changes_in, is_merged, read_branch
from omk_tui.engine.opening.opened_goal import OpenedGoal, OpenRequest
from omk_tui.engine.opening.opened_goals import opened_goal_of
from omk_tui.engine.opening.source import NoSource, Source, Target
from omk_tui.light.dataclass import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


def open_branch(
    root: StateRoot,
    source: Source,
    version: RunningGit,
    target: Target,
    base_ref: str,
    request: OpenRequest,
    now: Timestamp,
    others: list[Intake],
) -> OpenedGoal | Refused:
    """Open one branch; `others` are the goals that are open, and gain this one.

    `version` is git being asked for its own. Raises NoSource where there is nothing to open, and OSError.
    """
    known = opened_goal_of(root, target.head)
    if known is not None and not request.again:
        return _known_goal(root, source, known, target, base_ref, request)
    branch = read_branch(source, target, base_ref, meanwhile=_load)
    text, text_from = _text(source, branch, request)
    intake = _intake(source, branch, text_from, printable(version.answer().text.strip(), 100), now)
    place = os.path.join(root.goals_dir, intake.goal_id)
    if known is not None and (decided := _text_and_decision(root, known.goal_id)[1]):
        return Refused("status", f"{known.goal_id} is {decided} already; a decided goal keeps its intake")
    if known is None and os.path.lexists(place):
        return Refused("status", f"{place} is there, and it is no goal that omk-tui opened")
    from omk_tui.engine.opening.new_goal import make_goal

    replaced = place if known is not None else None
    return make_goal(root, intake, text, branch.work, now, replaced, others, dry_run=request.dry_run)


def _known_goal(
    root: StateRoot, source: Source, known: Intake, target: Target, base_ref: str, request: OpenRequest
) -> OpenedGoal | Refused:
    """The goal that is there already, or what is asked for that differs from it.

    Uncommitted changes are those of now: somebody may have opened the branch before they were made.
    """
    from omk_tui.core.judgement.oracle import consult

    goal, decided = _text_and_decision(root, known.goal_id)
    differs = []
    if request.base and source.commit(base_ref) != known.base:
        differs.append(f"base: it was opened on {known.base_ref} at {known.base[:12]}, asked for is {base_ref}")
    if request.text is not None and _clean(request.text) != goal:
        differs.append(f"text: it was opened with {printable(goal, 200)!r}")
    if differs:
        again = "" if decided else "; --again replaces its intake"
        return Refused("status", f"{known.goal_id} is there already, and differs{again}", tuple(differs))
    merged = is_merged(source, known.head, source.commit(known.base_ref))
    state = decided or ("merged" if merged else "open")
    with source.start_status(target.worktree) if target.worktree else RunningGit() as status:
        known = replace(known, worktree=target.worktree, uncommitted=changes_in(status.answer()))
    return OpenedGoal(known, goal, consult(normalise(goal), ()), created=False, state=state)


def _text(source: Source, branch: Branch, request: OpenRequest) -> tuple[str, str]:
    """The goal's text, and where it is from. Raises NoSource when it is empty."""
    if request.text is not None:
        text = _clean(request.text)
        if not text:
            raise NoSource("the goal's text is empty")
        return text, request.text_from
    name = branch.target.branch.removeprefix("refs/heads/")
    description = _clean(source.settings.get(f"branch.{name}.description", ""))
    if description:
        return description, "branch description"
    return _clean(branch.first_message) or f"work on {name or branch.target.head[:12]}", "first commit"


def _clean(text: str) -> str:
    """A text without control characters, line by line, and without blanks round it."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(printable(line.rstrip(), LONGEST_TEXT) for line in lines).strip()[:LONGEST_TEXT]


def _intake(source: Source, branch: Branch, text_from: str, git: str, now: Timestamp) -> Intake:
    authors = tuple(dict.fromkeys(commit.author for commit in branch.work.commits))[:50]
    return Intake(
        goal_id=goal_id_of(branch.target.head, branch.committed_at),
        opened_at=now.text(),
        opened_by=user_at_host(),
        tool=f"omk-tui {__version__}",
        git=git,
        project_dir=source.repository.work_tree,
        repository=source.repository.common_dir,
        branch=branch.target.branch,
        head=branch.target.head,
        base_ref=branch.base_ref,
        base=branch.base,
        merge_base=branch.merge_base,
        merge=branch.merge,
        merge_tree=branch.merge_tree,
        merge_text=branch.merge_text,
        text_from=text_from,
        worktree=branch.target.worktree,
        uncommitted=branch.uncommitted,
        commits=branch.commit_count,
        authors=authors,
        gate_config=branch.gate_config,
        policy=branch.policy,
        waivers=branch.waivers,
        self_graded=branch.self_graded[:1000],
        tests_removed=branch.tests.removed,
        tests_skipped=branch.tests.skipped,
        tests_changed=branch.tests.changed,
    )


def _text_and_decision(root: StateRoot, goal_id: str) -> tuple[str, Literal["", "accepted", "rejected"]]:
    """The text of a goal, and what was decided of it, if anything. Raises OSError."""
    from omk_tui.engine.reading.records import read_records

    with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
        facts = read_records(folder, goal_id, None, Timestamp.from_unix_seconds(0)).facts
    text = facts.goal.original_goal if facts.goal else ""
    verdict = facts.decision.verdict if facts.decision else ""
    if verdict.startswith("accepted"):
        return text, "accepted"
    return text, "rejected" if verdict else ""


def _load() -> None:
    """What writing a goal takes is loaded while git is at work."""
    from omk_tui.engine.opening import new_goal  # noqa: F401
