"""What stands now where a journal's entries write: as before, as decided, or neither."""

from __future__ import annotations

import errno
import os
import stat

from omk_tui.core.decision.journal import ABSENT, Entry, State, fingerprint
from omk_tui.core.decision.plan import AppendLine, ReplaceFile
from omk_tui.engine.files.atomic import holds_line
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable, read_up_to

LARGEST = 64 << 20
"""Bytes of the largest file that is known by its content; a larger one is known by its inode."""

_OTHER_SHAPES = (0, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
_CLOSED = (errno.EACCES, errno.EPERM)


def fingerprints(folder: GoalFolder, path: str) -> tuple[str, ...]:
    """Every fingerprint that fits what stands at `path`, the most telling first.

    A file is known by its content, or, where that cannot be read, by its inode. Raises OSError when the file system
    fails: then nothing is known.
    """
    above, _, name = path.rpartition("/")
    try:
        parts = (*folder.locate(above), name)
        with folder.parent(parts) as parent:
            info = os.stat(name, dir_fd=parent, follow_symlinks=False)
            if stat.S_ISLNK(info.st_mode):
                return (f"link:{os.readlink(name, dir_fd=parent)}",)
        identity = f"inode:{info.st_ino}:{info.st_mode:o}:{info.st_size}:{info.st_mtime_ns}"
        if not stat.S_ISREG(info.st_mode) or info.st_size > LARGEST:
            return (identity,)
        return (*_content(folder, parts), identity)
    except FileNotFoundError:
        return (ABSENT,)
    except Unreadable as error:
        if error.missing:
            return (ABSENT,)
        if error.code in _OTHER_SHAPES:
            return (f"other:{error.reason}",)
        raise error.as_os_error(path) from None


def state_of(folder: GoalFolder, entry: Entry) -> State:
    """Whether the effect of an entry is on disk. Raises OSError when that cannot be told."""
    match entry.step:
        case ReplaceFile(path, data):
            now, after = fingerprints(folder, path), fingerprint(data)
            if after == entry.before and after in now:
                return "untold"
            return "done" if after in now else "before" if entry.before in now else "changed"
        case AppendLine(path, data):
            return _state_of_log(folder, path, entry.size, data)
        case _:
            return "untold"


def log_size(folder: GoalFolder, path: str) -> int:
    """The size of a log in bytes, 0 when it is not there. Raises OSError."""
    try:
        return folder.size(path)
    except Unreadable as error:
        if error.missing:
            return 0
        raise error.as_os_error(path) from None


def _content(folder: GoalFolder, parts: tuple[str, ...]) -> tuple[str, ...]:
    try:
        with folder.open_located(parts) as file:
            return (fingerprint(read_up_to(file, LARGEST)),)
    except Unreadable as error:
        if error.code in _CLOSED:
            return ()
        raise


def _state_of_log(folder: GoalFolder, path: str, size: int, line: bytes) -> State:
    """A log that has become shorter was begun anew by somebody: what it held is not known."""
    try:
        with folder.open(path) as file:
            if holds_line(file.fileno(), size, line):
                return "done"
            return "before" if os.fstat(file.fileno()).st_size >= size else "changed"
    except Unreadable as error:
        if error.missing:
            return "changed" if size else "before"
        raise error.as_os_error(path) from None
