"""The temporary folders of gates: in use as long as a process has them locked, and ours to remove after that."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from omk_tui.core.decision.findings import Finding
from omk_tui.core.records.gate_run import TEMPORARY_NAME
from omk_tui.engine.files import open_flags
from omk_tui.engine.files.remove_tree import remove_tree

RUN_FOLDER = "gates_folder"
"""The code of a finding about such a folder."""
_LEFT_AFTER = 10.0
"""Seconds for which a folder that nobody holds is left alone."""


def lock_folder(top: str) -> int:
    """A descriptor with a lock that goes with this process: the folder is in use until it is closed. Raises OSError."""
    lock = os.open(top, open_flags.FOLDER)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def remove_leftovers(folder: str) -> None:
    """Remove the folders of gates whose process was killed."""
    for path in _leftovers(folder):
        with suppress(OSError), _locked(path):
            remove_tree(path)


def examine_run_folders(*, repair: bool, repair_command: str) -> Iterator[Finding]:
    """The folders that killed runs of gates have left where temporary files go; with `repair` they are removed."""
    import tempfile

    for path in _leftovers(tempfile.gettempdir()):
        with suppress(OSError), _locked(path):
            removed = repair and remove_tree(path)
            failed = " and could not be removed" if repair and not removed else ""
            done = "removed it" if removed else "" if repair else f"{repair_command} removes it"
            yield Finding(RUN_FOLDER, "", f"{path} is left of gates whose run was killed{failed}", done)


def _leftovers(folder: str) -> Iterator[str]:
    """Paths of our own folders of gates that were not made a moment ago; whether one is in use its lock says."""
    with suppress(OSError):
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if not name.startswith(TEMPORARY_NAME):
                continue
            with suppress(OSError):
                about = os.lstat(path)
                if about.st_uid == os.geteuid() and time.time() - about.st_mtime >= _LEFT_AFTER:
                    yield path


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Nobody else has the folder meanwhile. Raises OSError where somebody has it."""
    lock = lock_folder(path)
    try:
        yield
    finally:
        os.close(lock)
