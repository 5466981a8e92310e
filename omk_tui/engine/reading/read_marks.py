"""Which changed files are marked as read: kept in omk-tui's own state folder, never in the goal directory."""

from __future__ import annotations

import os

from omk_tui.core.records.intake import Intake
from omk_tui.core.review.read_marks import MarkChanges, Marks, subject_of
from omk_tui.engine.files import app_state
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot


def marks_subject(root: StateRoot, goal_id: str, intake: Intake | None) -> tuple[str, ...]:
    """What the marks of a goal are kept under. Raises OSError where its directory cannot be opened."""
    subject = subject_of(intake)
    if subject is not None:
        return subject
    with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
        return folder.real


def synchronised_marks(subject: tuple[str, ...], changes: MarkChanges) -> Marks:
    """The marks that are kept, after these changes to them. Raises OSError where changes cannot be kept."""
    if not changes:
        return app_state.read_marks(subject, os.environ)
    return app_state.change_marks(subject, changes, os.environ)
