"""Files of the work tree that a goal names, as a person may edit them: the branch's own, or the project's."""

from __future__ import annotations

import errno
import os

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.records.intake import Intake
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.editor_call import path_objection
from omk_tui.core.text.printable import printable
from omk_tui.engine.files.work_file import why_not_below
from omk_tui.engine.git.checked_out import checked_out
from omk_tui.engine.git.repository import NoRepository, find_repository

_LOCAL = "refs/heads/"


def work_file(review: Review, path: str) -> str | Failed:
    """The absolute path of a file of the goal's work tree: a regular file below it, reached through no link."""
    intake = review.facts.intake
    top = _project(review.facts.head.project_dir) if intake is None else _tree_of_branch(intake)
    if isinstance(top, Failed):
        return top
    file = os.path.join(top, path)
    why = why_not_below(top, path) or path_objection(file)
    if os.strerror(errno.ELOOP) in why:
        why = "a link leads there, which is not followed"
    return Failed(printable(f"{path} is not opened from {top}: {why}", 400)) if why else file


def _project(folder: str) -> str | Failed:
    if not folder:
        return Failed("no project is known for this goal; --project-dir names one")
    try:
        return find_repository(folder).work_tree
    except NoRepository as error:
        return Failed(
            printable(f"{folder} is not looked at as the goal's project: {error}; --project-dir names another", 400)
        )
    except OSError as error:
        return Failed(printable(f"{folder}: {error.strerror or error}", 400))


def _tree_of_branch(intake: Intake) -> str | Failed:
    """The work tree in which the branch of an opened goal is checked out now.

    The repository is the recorded one, and the work tree is one of it by what both say, with that branch in its HEAD.
    """
    name = intake.branch_name
    if not intake.branch.startswith(_LOCAL):
        reason = f"{name} is no local branch" if intake.branch else f"the goal is of the commit {name} alone"
        return Failed(printable(f"{reason}, so that no work tree has its files checked out", 400))
    place = ""
    try:
        place = checked_out(intake.repository).get(intake.branch, "")
        tree = find_repository(place) if place else None
    except (NoRepository, OSError) as error:
        return Failed(printable(f"{name} should be checked out in {place or intake.repository}: {error}", 400))
    if tree is None or tree.common_dir != intake.repository:
        # No command for that: git's own checkout obeys the project's hooks and filters.
        return Failed(printable(f"branch {name} is checked out nowhere; e opens it where it is checked out", 400))
    return tree.work_tree
