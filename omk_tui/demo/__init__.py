"""Sample goals: seven that the real omk made and one made to do harm, laid out as a state root of their own.

The samples lie in the folder `goals` beside this file, in a checkout as in an installed wheel.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from omk_tui.demo import hostile, projects
from omk_tui.demo.relocate import Cell, Places

NAMES = ("ready", "missing-evidence", "failing-gate", "conflicts", "rejected-before", "paused", "running")
"""The samples made by omk, by what an integrator sees in them; `goals/README.md` tells more."""

_WHOLE_HASH = 40
_GOALS = Path(__file__).parent / "goals"


class DemoError(ValueError):
    """The sample goals cannot be laid out there; the text says why."""


class Sample(NamedTuple):
    """One sample goal: its id and its row of table `goals`, paths still as `{{ROOT}}`."""

    goal_id: str
    row: Mapping[str, Cell]


def goal_id(name: str) -> str:
    """The id of the sample called `name`: one of NAMES, or `hostile`."""
    return hostile.GOAL_ID if name == "hostile" else _about(name).goal_id


def samples() -> list[Sample]:
    """Every sample goal that `lay_out` writes, in the order of NAMES, the hostile one last."""
    made_by_omk = [Sample(about.goal_id, about.row) for about in map(_about, NAMES)]
    return [*made_by_omk, Sample(hostile.GOAL_ID, hostile.ROW)]


def lay_out(root: Path, project: Path, *, with_projects: bool = False) -> None:
    """Write every sample goal below ROOT/goals, with omk's modes, and its row into ROOT/omk.db.

    Args:
        root: the state root to be; created (for its owner only) if it is absent, else it has to be empty.
        project: the directory that the goals name as their project; it is not touched.
        with_projects: each sample gets a git project of its own instead, made in `project`, which has to be absent.

    Raises:
        DemoError: `root` is not an empty directory, or a path cannot be written into JSON.
        OSError: the files cannot be written, or the projects cannot be made.
    """
    from omk_tui.engine.database.row_writer import write_rows

    root, project = Path(os.path.abspath(root)), Path(os.path.abspath(project))
    try:
        places = Places(root, project)
    except UnicodeEncodeError as error:
        raise DemoError(f"a path that is not valid UTF-8 cannot be named in goal files: {error.object!r}") from None
    _claim(root)
    goals = root / "goals"
    goals.mkdir(mode=0o700)
    rows = []
    for name in NAMES:
        about = _about(name)
        renames: projects.Renames = {}
        own_places = places
        if with_projects:
            own_places = Places(root, project / name)
            try:
                renames = projects.build(name, _GOALS / name / about.goal_id, project / name)
            except subprocess.SubprocessError as error:
                raise DemoError(f"git could not make the project of {name}: {error}") from None
        _lay_out_recorded(name, about, goals, own_places, renames)
        rows.append(own_places.in_row(about.row))
    _write(goals / hostile.GOAL_ID, hostile.files(places), hostile.MODES)
    write_rows(root, [*rows, places.in_row(hostile.ROW)])


def _claim(root: Path) -> None:
    try:
        root.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not root.is_dir():
            raise DemoError(f"not a directory: {root}") from None
        if any(root.iterdir()):
            raise DemoError(f"the directory is not empty: {root}") from None


def _lay_out_recorded(name: str, about: _About, goals: Path, places: Places, renames: projects.Renames) -> None:
    source = _GOALS / name / about.goal_id
    files = {path: (source / path).read_bytes() for path in about.modes if not path.endswith("/")}
    for path in about.with_placeholders:
        files[path] = places.in_file(path, files[path])
    renamed = {path: _renamed(data, renames, every=path.endswith(".diff")) for path, data in files.items()}
    _write(goals / about.goal_id, renamed, about.modes)


def _renamed(data: bytes, renames: projects.Renames, *, every: bool) -> bytes:
    """DATA with other hashes: whole ones, or EVERY, since abbreviated ones mean something in diffs only."""
    for recorded, own in renames.items():
        if every or len(recorded) == _WHOLE_HASH:
            data = data.replace(recorded, own)
    return data


def _write(goal: Path, files: Mapping[str, bytes], modes: Mapping[str, int]) -> None:
    """Make a goal directory: `modes` names every directory (ending in `/`, parents first) and file in it."""
    for path in sorted(path for path in modes if path.endswith("/")):
        (goal / path).mkdir()
    for path, data in files.items():
        (goal / path).write_bytes(data)
    for path, mode in modes.items():
        (goal / path).chmod(mode)


class _About(NamedTuple):
    """What `about.json` says of a sample; the modes are permission bits by path, directories end in `/`."""

    goal_id: str
    row: Mapping[str, Cell]
    with_placeholders: tuple[str, ...]
    modes: Mapping[str, int]


def _about(name: str) -> _About:
    about = json.loads((_GOALS / name / "about.json").read_bytes())
    modes = {path: int(mode, 8) for path, mode in about["modes"].items()}
    return _About(about["goal_id"], about["goals_row"], tuple(about["with_placeholders"]), modes)
