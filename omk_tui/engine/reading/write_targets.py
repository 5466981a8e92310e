"""What stands now where a decision would write, and what would hinder the writing.

omk finds out half way (STATE-FORMAT H9); here it is known before anything is written.
"""

from __future__ import annotations

import os
import stat

from omk_tui.core.records.file_names import (
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    DECISION_FILES,
    EVENTS_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    STATE_FILES,
)
from omk_tui.core.review.goal_review import Target
from omk_tui.engine.files.file_flags import APPEND_ONLY, fixed_by
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.reading.records import ends_torn

_OUTSIDE = "it resolves outside the goal directory, and is not written"
_NOT_WRITABLE = "it may not be written by this user"
_SEVERAL_NAMES = "it has another name (a hard link), which may be outside the goal directory, and is not written"


def read_targets(folder: GoalFolder) -> tuple[Target, ...]:
    """Every path that a decision writes, as it is now."""
    own_files = (path for paths in DECISION_FILES.values() for path in paths)
    return (
        _folder_target(folder, ARTIFACTS_FOLDER, owned=False),
        _folder_target(folder, INTEGRATION_FOLDER, owned=True),
        *(_replaced(folder, path) for path in (*own_files, *STATE_FILES)),
        _appended(folder, EVENTS_FILE, owned=False),
        _appended(folder, CHECKPOINTS_FILE, owned=True),
        _appended(folder, LEDGER_FILE, owned=True),
    )


def _folder_target(folder: GoalFolder, path: str, *, owned: bool) -> Target:
    """A folder that is made if it is not there; an `owned` one has its mode set."""
    try:
        parts = folder.locate(path) or (".",)
    except Unreadable as error:
        if error.missing and not _is_link(folder, path):
            return Target(path, exists=False, obstacle=_folder_obstacle(folder, path))
        return _hindered(path, error)
    try:
        with folder.parent(parts) as parent:
            info = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
            fixed = fixed_by(parts[-1], parent) if stat.S_ISDIR(info.st_mode) else ""
    except OSError as error:
        return _hindered(path, Unreadable.of(error))
    if not stat.S_ISDIR(info.st_mode):
        return Target(path, exists=True, obstacle="it is not a folder")
    if owned and not _may_chmod(info):
        return Target(path, exists=True, obstacle="it belongs to another user, and its mode could not be set")
    if owned and fixed:
        return Target(path, exists=True, obstacle=f"it is {fixed}")
    return Target(path, exists=True)


def _replaced(folder: GoalFolder, path: str) -> Target:
    """A file that is replaced atomically: a symlink in its place is replaced too, not followed."""
    parent_path, _, name = path.rpartition("/")
    try:
        parts = folder.locate(parent_path)
        with folder.parent((*parts, name)) as parent:
            fixed = fixed_by(".", parent)
            if fixed:
                return Target(path, exists=False, obstacle=f"its folder {_folder_name(parent_path)} is {fixed}")
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=parent, effective_ids=True):
                return Target(
                    path,
                    exists=False,
                    obstacle=_closed_folder(parent_path),
                )
            info = os.stat(name, dir_fd=parent, follow_symlinks=False)
            obstacle = _hinders_replacing(name, parent, info)
    except FileNotFoundError:
        return Target(path, exists=False)
    except OSError as error:
        return _hindered(path, Unreadable.of(error))
    except Unreadable as error:
        # A parent that is not there is made first; what hinders that is told by the folder's own target.
        return Target(path, exists=False) if error.missing else _hindered(path, error)
    return Target(path, exists=True, obstacle=obstacle)


def _hinders_replacing(name: str, parent: int, info: os.stat_result) -> str:
    """Why a file cannot be replaced by a rename in its folder, which itself may be written. Raises OSError."""
    if stat.S_ISDIR(info.st_mode):
        return "it is a folder"
    above = os.fstat(parent)
    if above.st_mode & stat.S_ISVTX and os.geteuid() not in (0, above.st_uid, info.st_uid):
        return "it belongs to another user, and its folder is sticky: only its owner may replace it"
    fixed = fixed_by(name, parent) if stat.S_ISREG(info.st_mode) else ""
    return f"it is {fixed}" if fixed else ""


def _appended(folder: GoalFolder, path: str, *, owned: bool) -> Target:
    """A log that lines are appended to; an `owned` one has its mode set first."""
    try:
        parts = folder.locate(path) or (".",)
        with folder.parent(parts) as parent:
            info = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
            writable = os.access(parts[-1], os.W_OK, dir_fd=parent, effective_ids=True)
            fixed = fixed_by(parts[-1], parent) if stat.S_ISREG(info.st_mode) else ""
    except Unreadable as error:
        if error.missing and not _is_link(folder, path):
            return Target(path, exists=False, obstacle=_folder_obstacle(folder, path))
        return _hindered(path, error)
    except OSError as error:
        return _hindered(path, Unreadable.of(error))
    if not stat.S_ISREG(info.st_mode):
        return Target(path, exists=True, obstacle="it is not a regular file")
    if info.st_nlink > 1:
        return Target(path, exists=True, obstacle=_SEVERAL_NAMES, outside=True)
    if fixed and (owned or fixed != APPEND_ONLY):
        return Target(path, exists=True, obstacle=f"it is {fixed}")
    if not writable or (owned and not _may_chmod(info)):
        return Target(path, exists=True, obstacle=_NOT_WRITABLE)
    try:
        return Target(path, exists=True, torn=ends_torn(folder, path))
    except Unreadable as error:
        return _hindered(path, error)


def _hindered(path: str, error: Unreadable) -> Target:
    return Target(path, exists=True, obstacle=_OUTSIDE if error.outside else error.reason, outside=error.outside)


def _folder_obstacle(folder: GoalFolder, path: str) -> str:
    """Why nothing could be made at `path`: the nearest existing folder above it may not be written."""
    above = path.rpartition("/")[0]
    try:
        parts = folder.locate(above)
        with folder.parent((*parts, "")) as parent:
            writable = os.access(".", os.W_OK | os.X_OK, dir_fd=parent, effective_ids=True)
            fixed = fixed_by(".", parent)
    except Unreadable as error:
        return "" if error.missing and above else error.reason
    except OSError as error:
        return Unreadable.of(error).reason
    if fixed and fixed != APPEND_ONLY:
        return f"its folder {_folder_name(above)} is {fixed}"
    return "" if writable else _closed_folder(above)


def _closed_folder(path: str) -> str:
    return f"its folder {_folder_name(path)} may not be written by this user"


def _folder_name(path: str) -> str:
    return path or "(the goal directory)"


def _is_link(folder: GoalFolder, path: str) -> bool:
    """Whether a symlink stands there that leads nowhere."""
    return os.path.islink(os.path.join(folder.path, path))


def _may_chmod(info: os.stat_result) -> bool:
    return os.geteuid() in (0, info.st_uid)
