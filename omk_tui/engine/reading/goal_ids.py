"""Goal ids: which texts can name a goal, and which goal `latest` is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import FieldError
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.goal_row import RowError, goal_of
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few, trim
from omk_tui.engine.database.goals_table import Rows, read_rows
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.reading.records import read_created_at

NO_GOALS = (
    "no goals found in {place}; make one of a branch: omk-tui open BRANCH, "
    'or create one with omk: omk goal run "<engineering goal>"'
)

_SIMILAR_SHOWN = 3
_ENDINGS_SHOWN = 50

Dated = tuple[Timestamp, str]
"""When a goal was created, and its id; the greatest is the newest (STATE-FORMAT 5.3)."""


def id_objection(goal_id: str) -> str:
    """Why a text cannot be a goal's id, or the empty string: an id is the name of one directory, never a path."""
    if not trim(goal_id):
        return "the goal id is blank; use `latest` or a full id (see omk-tui list)"
    shown = printable(goal_id, 120)
    if goal_id in (".", "..") or "/" in goal_id:
        return f"{shown} is a path, not a goal id; an id is the name of one directory under goals/"
    if not goal_id.isprintable() and any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in goal_id):
        return f"{shown} has a control character, which no goal id has"
    return ""


def not_found(name: str, goals_dir: str) -> str:
    """Why there is no goal of that name, with the full ids of which it may be a part."""
    sentence = f"goal {printable(name, 200)} was not found in {goals_dir}; omk-tui list shows the goals"
    try:
        similar = [each for names in folder_names(goals_dir) for each in names if name in each][:_SIMILAR_SHOWN]
    except OSError:
        similar = []
    listed = " or ".join(printable(each, 200) for each in similar)
    return f"{sentence}; is it {listed}?" if similar else sentence


def by_ending(name: str, goals_dir: str, rows: Rows, least: int) -> str | Failed | None:
    """The one id that ends in `name`, if that has at least `least` characters, or why not; None where none ends so."""
    try:
        names = {each for kind in folder_names(goals_dir) for each in kind}
    except OSError:
        names = set()
    names.update(goal_id for row in rows.rows if isinstance(goal_id := row.get("goal_id"), str))
    fitting = sorted(each for each in names if each.endswith(name) and not id_objection(each))
    if not fitting:
        return None
    listed = first_few(fitting, _ENDINGS_SHOWN, show=lambda each: printable(each, 200))
    if len(fitting) > 1:
        return Failed(f"{printable(name, 200)} is the ending of {len(fitting)} goals, name one: {listed}")
    if len(name) < least:
        return Failed(
            f"{printable(name, 200)} is too short an ending here: give at least its last {least} characters, "
            f"or the full id: {listed}"
        )
    return fitting[0]


def folder_names(goals_dir: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the directories under `goals/`, and those of symlinks to directories, each sorted.

    Raises OSError when the folder is there but cannot be read; a missing folder has none.
    """
    real, linked = [], []
    try:
        with os.scandir(goals_dir) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    real.append(entry.name)
                elif entry.is_symlink() and entry.is_dir():
                    linked.append(entry.name)
    except FileNotFoundError:
        pass
    return tuple(sorted(real)), tuple(sorted(linked))


def latest(goals_dir: str, database: str, now: Timestamp) -> str | Refused | Failed:
    """The one goal that omk.db and the goal files both call the newest, or why there is none (STATE-FORMAT 5.3)."""
    try:
        names, _ = folder_names(goals_dir)
    except OSError as error:
        return Failed(f"{goals_dir} cannot be read: {Unreadable.of(error).reason}")
    rows = read_rows(database, frozenset(names))

    def created_at(name: str) -> Dated:
        with GoalFolder(os.path.join(goals_dir, name)) as folder:
            return read_created_at(folder)

    by_files = newest_by_files((name for name in names if not id_objection(name)), created_at)
    return agree(newest_by_database(rows, now), by_files, goals_dir)


def newest_by_database(rows: Rows, now: Timestamp) -> Dated | None:
    """The newest goal as omk's list finds it from the rows; None when it would scan the directories instead."""
    if not rows.listable:
        return None
    dated = []
    for row in rows.rows:
        try:
            goal = goal_of(row, "", now).goal
        except RowError:
            continue
        dated.append((goal.created_at, goal.goal_id))
    return max(dated, default=None)


def newest_by_files(names: Iterable[str], created_at: Callable[[str], Dated]) -> tuple[Dated, str] | None:
    """The newest goal of the directories, with its directory's name; those that cannot be read are left out."""
    dated = []
    for name in names:
        try:
            dated.append((created_at(name), name))
        except (OSError, ValueError, JsonError, FieldError):
            continue
    return max(dated, default=None)


def agree(by_database: Dated | None, by_files: tuple[Dated, str] | None, place: str) -> str | Refused | Failed:
    """The one goal that database and files both call the newest, or why there is none."""
    if by_files is None:
        if by_database is None:
            return Failed(NO_GOALS.format(place=place))
        return Refused("ambiguous", _disagreement(by_database[1], "no goal directory that can be read"))
    _, name = by_files
    if by_database is not None and by_database[1] != name:
        return Refused("ambiguous", _disagreement(by_database[1], name))
    return name


def _disagreement(by_database: str, by_files: str) -> str:
    return (
        f"latest is ambiguous: for omk.db the newest goal is {printable(by_database, 200)}, "
        f"for the goal files it is {printable(by_files, 200)}; name one of them by its full id"
    )
