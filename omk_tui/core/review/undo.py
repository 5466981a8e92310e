"""Git commands with which a person can look at, undo or throw away what a goal's slices left in the project.

They are printed and never run.
"""

from __future__ import annotations

from collections.abc import Iterator

from omk_tui.core.records.delivery import Delivery
from omk_tui.core.records.intake import Intake
from omk_tui.core.review.goal_review import Review
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import shlex

MOST_SLICES = 200


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A command to type in the project, and what it does; `destroys` says that work is lost by it."""

    about: str
    command: str
    destroys: bool = False


def undo_steps(review: Review) -> tuple[UndoStep, ...]:
    """The commands, from branch, commit and worktree of the delivery records and the commit of the evidence."""
    steps: list[UndoStep] = []
    for delivery in (review.facts.deliveries or ())[:MOST_SLICES]:
        steps += _of_slice(delivery, review.facts.intake)
    stored = review.facts.stored
    files = stored.proof.changed_files if stored else ()
    base = review.facts.head.evidence
    if files and base and not steps:
        names = " ".join(shlex.quote(name) for name in files[:50])
        steps.append(UndoStep("see what differs from the commit of the evidence", f"git diff {base} -- {names}"))
        about = "put changed files back as they were there (new ones stay)"
        steps.append(UndoStep(about, f"git restore --source={base} -- {names}", destroys=True))
    return tuple(steps)


def reverts(intake: Intake) -> Iterator[tuple[str, str]]:
    """How a branch was merged, and the command that takes all its commits out of the branch one stands on.

    A branch of several commits is taken out by the merge commit that has the judged commit as its second parent; the
    command does nothing where there is none, as after a fast-forward.
    """
    if intake.commits <= 1:
        yield "", f"git revert --no-edit {intake.head}"
        return
    merges = f"git rev-list --merges --max-parents=2 --parents {intake.head}..HEAD"
    merge = f"{merges} | grep ' {intake.head}$' | tail -n 1 | cut -d ' ' -f 1"
    yield " by a merge commit", f"git revert --no-edit -m 1 $({merge})"
    yield " without one (fast-forward, squash, rebase)", f"git revert --no-edit {intake.merge_base}..{intake.head}"


def _of_slice(delivery: Delivery, intake: Intake | None) -> Iterator[UndoStep]:
    branch, commit = delivery.text("branch"), delivery.text("commit_sha")
    name = delivery.section_id
    if commit:
        yield UndoStep(f"slice {name}: see the commit", f"git show --stat {_word(commit)}")
        undo = f"slice {name}: undo it where it is merged already"
        if intake is not None and commit == intake.head:
            for merged_how, command in reverts(intake):
                yield UndoStep(f"{undo}{merged_how}", command)
        else:
            yield UndoStep(undo, f"git revert --no-edit {_word(commit)}")
    if worktree := delivery.text("worktree_path"):
        about = f"slice {name}: remove the worktree; refuses while it has uncommitted work"
        yield UndoStep(about, f"git worktree remove {_word(worktree)}", destroys=True)
    if branch:
        yield UndoStep(f"slice {name}: remove the branch", f"git branch -D {_word(branch)}", destroys=True)


def _word(text: str) -> str:
    """An argument that is quoted for a shell and cannot be taken for an option by git."""
    return shlex.quote(text if not text.startswith("-") else f"./{text}")
