"""A goal that was not there: its files and its row are written, and earlier goals of the branch marked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.oracle import consult
from omk_tui.core.opening.branch_work import Work
from omk_tui.core.opening.documents import goal_files
from omk_tui.core.records.goal_row import row_of
from omk_tui.core.records.intake import SUPERSEDED_FILE, Intake
from omk_tui.engine.database.row_writer import upsert_row
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.opening.goal_writer import write_new_goal
from omk_tui.engine.opening.opened_goal import OpenedGoal
from omk_tui.light.dataclass import replace

_PATIENCE = 2.0
"""Seconds that the mark on an earlier goal waits for whoever writes it."""


def make_goal(
    root: StateRoot,
    intake: Intake,
    text: str,
    work: Work,
    now: Timestamp,
    replaced: str | None,
    others: list[Intake],
    *,
    dry_run: bool,
) -> OpenedGoal:
    """Make the goal of an intake, or say what would be written; `others` are the goals that are open, and gain it.

    `replaced` is the path of the undecided goal that gives way to it. Raises OSError.
    """
    goal, files = goal_files(intake, text, work, os.path.join(root.goals_dir, intake.goal_id), now)
    opened = OpenedGoal(
        intake,
        text,
        consult(goal.normalized_goal, ()),
        created=True,
        files=tuple((path, len(data)) for path, data in files.items()),
        notes=work.notes,
    )
    if dry_run:
        return opened
    if not write_new_goal(root, intake.goal_id, files, replaced):
        return replace(opened, created=False)
    problem = upsert_row(root.database, row_of(goal))
    notes = (*opened.notes, *((f"omk.db was not updated: {problem}",) if problem else ()))
    return replace(opened, notes=notes, superseded=tuple(_supersede(root, intake, now, others)))


def _supersede(root: StateRoot, intake: Intake, now: Timestamp, others: list[Intake]) -> Iterator[str]:
    """Mark the earlier goals of the same branch: whoever looks at them is told that the branch has gone on."""
    earlier = [
        other
        for other in others
        if (other.repository, other.branch) == (intake.repository, intake.branch) and other.goal_id != intake.goal_id
    ]
    others.append(intake)
    if not earlier or not intake.branch:
        return
    from omk_tui.engine.files.atomic import replace_file
    from omk_tui.engine.files.goal_lock import Locked, goal_lock

    for other in earlier:
        mark = {"schema": "omk-tui/superseded/1", "by": intake.goal_id, "at": now.text()}
        try:
            with (
                GoalFolder(os.path.join(root.goals_dir, other.goal_id)) as folder,
                goal_lock(folder, patience=_PATIENCE),
            ):
                above, _, name = SUPERSEDED_FILE.rpartition("/")
                with folder.parent((*folder.locate(above), name)) as parent:
                    replace_file(parent, name, (json.dumps(mark, indent=2) + "\n").encode())
            yield other.goal_id
        except (OSError, Unreadable, Locked):
            continue
