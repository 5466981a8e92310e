"""Which repository a goal belongs to, beside the one that a person stands in."""

from __future__ import annotations

import os

from omk_tui.core.records.intake import Intake
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.git.choice import recorded_project_dir
from omk_tui.engine.git.repository import NoRepository, find_repository
from omk_tui.engine.opening.source import NoSource, work_tree_of
from omk_tui.engine.reading.records import read_intake_of, read_title
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class GoalOrigin:
    """A goal's text, the project folder that its own record names, and that project's common git directory.

    What is not known is empty.
    """

    text: str = ""
    project_dir: str = ""
    repository: str = ""


def origin_of(root: StateRoot, goal_id: str) -> GoalOrigin:
    """Where a goal comes from, by its intake record, or else by its first event."""
    try:
        with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
            text, intake, recorded = read_title(folder), read_intake_of(folder), recorded_project_dir(folder) or ""
    except OSError:
        return GoalOrigin()
    if isinstance(intake, Intake):
        return GoalOrigin(text, intake.project_dir, intake.repository)
    return GoalOrigin(text, recorded, repository_around(recorded) if recorded else "")


def repository_around(folder: str) -> str:
    """The common git directory of the repository that a folder is inside of; empty where it is in none."""
    try:
        return os.path.realpath(find_repository(work_tree_of(folder)).common_dir)
    except (NoSource, NoRepository, OSError, ValueError):
        return ""
