"""A new goal directory, written whole: built beside the goals, synced, and put in its place by one rename."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import ExitStack

from omk_tui.core.records.file_names import EVENTS_FILE
from omk_tui.core.records.intake import INTAKE_FOLDER
from omk_tui.engine.files.atomic import sync_folder, write_all
from omk_tui.engine.files.processes import process_exists
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.light.fresh_id import fresh_id
from omk_tui.light.late import shutil
from omk_tui.light.pattern import pattern

_BUILDING = pattern(r"\.omk-tui-opening-(\d+)-[0-9a-f-]{36}")
_PRIVATE_FOLDERS = ("", "artifacts/agent-runs/goal-agent-execute", "artifacts/integration", INTAKE_FOLDER)
_PLAIN_LOGS = (EVENTS_FILE, "decisions.jsonl")


def write_new_goal(root: StateRoot, goal_id: str, files: Mapping[str, bytes], replaced: str | None = None) -> bool:
    """Put a goal directory in its place; False when one of that name was there first. Raises OSError.

    `replaced` is the path of a directory that stands there now and gives way to the new one.
    """
    os.makedirs(root.path, mode=0o700, exist_ok=True)
    os.makedirs(root.goals_dir, mode=0o700, exist_ok=True)
    _remove_leftovers(root)
    building = os.path.join(root.path, f".omk-tui-opening-{os.getpid()}-{fresh_id()}")
    place = os.path.join(root.goals_dir, goal_id)
    try:
        os.mkdir(building, 0o700)
        _write(building, files)
        if replaced is not None:
            os.rename(replaced, f"{building}-old")
        try:
            if os.path.lexists(place):  # rename would replace an empty directory
                return False
            os.rename(building, place)
        except OSError as error:
            if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                return False
            raise
        sync_folder(root.goals_dir)
        return True
    finally:
        for folder in (building, f"{building}-old"):
            if os.path.lexists(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _write(building: str, files: Mapping[str, bytes]) -> None:
    folders = {""}
    for path in sorted(files):
        above = path.rpartition("/")[0]
        while above:
            folders.add(above)
            above = above.rpartition("/")[0]
    for folder in sorted(folders - {""}):
        os.mkdir(os.path.join(building, folder), 0o777)
    for folder in folders & set(_PRIVATE_FOLDERS):
        os.chmod(os.path.join(building, folder), 0o700)
    with ExitStack() as opened:
        descriptors = []
        for path, data in files.items():
            mode = 0o666 if path in _PLAIN_LOGS else 0o600
            fd = os.open(os.path.join(building, path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
            opened.callback(os.close, fd)
            write_all(fd, data)
            descriptors.append(fd)
        for fd in descriptors:  # after all are written: the first takes most of the others with it
            os.fdatasync(fd)
    for folder in folders:
        sync_folder(os.path.join(building, folder))


def _remove_leftovers(root: StateRoot) -> None:
    """Directories that a process which is gone was building: nothing of them was ever a goal."""
    for name in os.listdir(root.path):
        match = _BUILDING.match(name)
        if match and not process_exists(int(match[1])):
            shutil.rmtree(os.path.join(root.path, name), ignore_errors=True)
