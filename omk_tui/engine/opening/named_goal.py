"""The goal that a text names: an id, the ending of one, `latest`, or the branch or commit of an opened goal."""

from __future__ import annotations

import os

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.words import trim
from omk_tui.engine.database.goals_table import read_row, read_rows
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.reading.goal_ids import by_ending, id_objection, latest, not_found


def named_goal(root: StateRoot, text: str, least_ending: int, now: Timestamp, here: str) -> str | Refused | Failed:
    """The full id that a text stands for, or why it stands for none.

    A directory of exactly that name goes first, then one without the blanks round it, as omk has it. With
    `least_ending` the ending of a single id will do, if it has at least so many characters, or else the branch of a
    single opened goal (of several of that in the repository around the folder `here`), or as many characters of its
    commit. `latest` is the goal that omk.db and the files both
    call the newest; where they disagree it is refused.
    """
    name = trim(text)
    if name == "latest":
        return latest(root.goals_dir, root.database, now)
    if not id_objection(text) and _has_directory(root, text):
        return text
    objection = id_objection(name)
    if not objection and (_has_directory(root, name) or read_row(root.database, name).of(name) is not None):
        return name
    named: str | Failed | None = None
    if least_ending and not objection:
        named = by_ending(name, root.goals_dir, read_rows(root.database), least_ending)
    if least_ending and named is None:
        from omk_tui.engine.opening.opened_goals import goal_of_branch_or_commit

        named = goal_of_branch_or_commit(root, name, least_ending, here)
    return named or Failed(objection or not_found(name, root.goals_dir))


def _has_directory(root: StateRoot, name: str) -> bool:
    return os.path.isdir(os.path.join(root.goals_dir, name))
