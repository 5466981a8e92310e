"""What to watch, and a cheap signature of what a Review is made of."""

from __future__ import annotations

import os
from collections.abc import Sequence

from omk_tui.core.records.file_names import GOAL_FILE, GRAPH_FILE, INTEGRATION_FOLDER, JOURNAL_FILE, PROOF_FILE
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.light.dataclass import dataclass

_FOLDERS = (
    "",
    "artifacts",
    INTEGRATION_FOLDER,
    "artifacts/gates",
    "artifacts/gates/post-mutation",
    "artifacts/reviews",
)
_GIT_FILES = ("HEAD", "index", "logs/HEAD", "reftable/tables.list")
MAX_ENTRIES = 2000
"""How many directory entries are looked at for a signature."""

Stat = tuple[str, int, int, int]
Record = tuple[int, int, int]


def folders(root: StateRoot, goal_path: str | None) -> tuple[str, ...]:
    """The folders whose changes concern one goal, or the list of all."""
    if goal_path is None:
        return tuple(path for path in (root.path, root.goals_dir) if os.path.isdir(path))
    return tuple(path for path in (os.path.join(goal_path, name) for name in _FOLDERS) if os.path.isdir(path))


def signature(goal_path: str, git_dir: str, ref_paths: Sequence[str] = ()) -> tuple[Stat, ...]:
    """Name, inode, size and modification time of what a Review is made of; symlinks are not followed.

    `git_dir` is that of the project's work tree, `ref_paths` are files that say where the goal's branch and base are.
    """
    stats: list[Stat] = []
    for name in _FOLDERS:
        _add_entries(os.path.join(goal_path, name), stats)
    runs = os.path.join(goal_path, "artifacts/agent-runs")
    for run in _names(runs):
        _add(os.path.join(runs, run, "mutation.diff"), stats)
    for name in _GIT_FILES if git_dir else ():
        _add(os.path.join(git_dir, name), stats)
    for path in ref_paths:
        _add(path, stats)
    return tuple(stats)


@dataclass(frozen=True, slots=True)
class RecordSignature:
    """Inode, size and modification time of the records and the journal of a goal; None for what is not there."""

    goal: Record | None
    proof: Record | None
    graph: Record | None
    journal: Record | None


def record_signature(goal_fd: int) -> RecordSignature:
    """The signature of the records in an open goal directory."""
    return RecordSignature(*(_record(goal_fd, name) for name in (GOAL_FILE, PROOF_FILE, GRAPH_FILE, JOURNAL_FILE)))


def _record(goal_fd: int, name: str) -> Record | None:
    try:
        status = os.stat(name, dir_fd=goal_fd, follow_symlinks=False)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _add_entries(folder: str, stats: list[Stat]) -> None:
    for name in _names(folder):
        _add(os.path.join(folder, name), stats)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:MAX_ENTRIES]
    except OSError:
        return []


def _add(path: str, stats: list[Stat]) -> None:
    try:
        status = os.lstat(path)
    except OSError:
        return
    stats.append((path, status.st_ino, status.st_size, status.st_mtime_ns))
