"""The goals that were opened from branches: their intakes, and which of them a branch or a commit names."""

from __future__ import annotations

import os
from collections.abc import Iterator

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.format.git_hash import is_hexadecimal
from omk_tui.core.records.intake import Intake
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot

_MOST_NAMED = 50


def opened_goals(root: StateRoot) -> Iterator[Intake]:
    """The intake of every goal below a root that this program opened."""
    try:
        names = sorted(os.listdir(root.goals_dir))
    except OSError:
        return
    for name in names:
        intake = _intake_of(root, name) if "-000-" in name else None
        if intake is not None:
            yield intake


def opened_goal_of(root: StateRoot, head: str) -> Intake | None:
    """The intake of the goal of a commit, of which the goal's id has the beginning."""
    try:
        names = os.listdir(root.goals_dir)
    except OSError:
        return None
    intakes = (_intake_of(root, name) for name in names if name.endswith(f"-000-{head[:8]}"))
    return next((intake for intake in intakes if intake is not None and intake.head == head), None)


def _intake_of(root: StateRoot, name: str) -> Intake | None:
    from omk_tui.engine.reading.records import read_intake_of

    try:
        with GoalFolder(os.path.join(root.goals_dir, name)) as folder:
            intake = read_intake_of(folder)
    except OSError:
        return None
    return intake if isinstance(intake, Intake) else None


def goal_of_branch_or_commit(root: StateRoot, name: str, least: int, here: str) -> str | Failed | None:
    """The id of the one opened goal whose branch is called so, or whose commit begins so; None where there is none.

    A commit takes at least `least` characters. Goals that are superseded do not count, and of several those of the
    repository around the folder `here` go first; Failed names the candidates where there is not exactly one.
    """
    fitting = [intake for intake in opened_goals(root) if _is_called(intake, name, least)]
    if not fitting:
        return None
    current = [intake for intake in fitting if not _is_superseded(root, intake.goal_id)]
    if len(current) > 1:
        from omk_tui.engine.opening.goal_origin import repository_around

        repository = repository_around(here)
        current = [intake for intake in current if os.path.realpath(intake.repository) == repository] or current
    if len(current) == 1:
        return current[0].goal_id
    candidates = [f"{intake.goal_id} in {printable(intake.project_dir, 200)}" for intake in current or fitting]
    listed = first_few(candidates, _MOST_NAMED)
    shown = printable(name, 200)
    if current:
        return Failed(f"{shown} is the branch or commit of {len(current)} opened goals, name one: {listed}")
    return Failed(f"every opened goal of {shown} is superseded; name it by its id: {listed}")


def _is_called(intake: Intake, name: str, least: int) -> bool:
    if intake.branch and name in (intake.branch, intake.branch_name):
        return True
    return len(name) >= least and is_hexadecimal(name) and intake.head.startswith(name.lower())


def _is_superseded(root: StateRoot, goal_id: str) -> bool:
    from omk_tui.engine.reading.records import superseded_by

    try:
        with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
            return bool(superseded_by(folder))
    except OSError:
        return False
