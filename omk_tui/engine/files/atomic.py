"""Durable writing below an open folder: replace one file, append one line, make one folder (STATE-FORMAT 0.4)."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from omk_tui.engine.files import open_flags
from omk_tui.light.fresh_id import fresh_id
from omk_tui.light.pattern import pattern

_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_WINDOW = 1 << 20
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

OWN_TEMPORARY = pattern(rf"\..+\.omk-tui\.{_UUID}")
"""The names of temporary files of this program: one left over means that a write of ours was cut off."""
OMK_TEMPORARY = pattern(rf"\..+\.tmp\.{_UUID}")
"""The names of omk's temporary files."""


def replace_file(parent: int, name: str, data: bytes) -> None:
    """Replace a file atomically: a fresh inode of mode 0600, synced; a symlink is replaced, not followed.

    The folder is not synced: that is left to the caller, once for all its files. Raises OSError, and then leaves
    nothing behind unless the process dies.
    """
    temporary = f".{name}.omk-tui.{fresh_id()}"
    fd = os.open(temporary, open_flags.NEW_FILE, 0o600, dir_fd=parent)
    try:
        try:
            os.fchmod(fd, 0o600)
            write_all(fd, data)
            os.fdatasync(fd)
        finally:
            os.close(fd)
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=parent)
        raise


def append_line(parent: int, name: str, data: bytes, size: int, *, private: bool) -> None:
    """Append a line to a log that once had `size` bytes. Raises OSError.

    A torn last line is ended first; if what is torn is the beginning of this very line, it is completed. A `private`
    log is set to mode 0600. `data` may begin with the newline that ends a line torn before. The log is not synced:
    that is left to the caller, once for all its lines.
    """
    try:
        fd = os.open(name, _APPEND, dir_fd=parent)
    except FileNotFoundError:
        fd = os.open(name, _APPEND | os.O_CREAT, 0o600 if private else 0o666, dir_fd=parent)
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", name)
        if info.st_nlink > 1:
            raise OSError(errno.EMLINK, "it has another name (a hard link)", name)
        if private:
            os.fchmod(fd, 0o600)
        write_all(fd, _missing(fd, info.st_size, size, data.lstrip(b"\n")))
    finally:
        os.close(fd)


def holds_line(fd: int, size: int, data: bytes) -> bool:
    """Whether the line `data` is whole in what a log holds behind its first `size` bytes. Raises OSError."""
    wanted = b"\n" + data.lstrip(b"\n")
    seen, offset = b"\n", size
    while piece := os.pread(fd, _WINDOW, offset):
        seen += piece
        if wanted in seen:
            return True
        seen, offset = seen[1 - len(wanted) :], offset + len(piece)
    return False


def _missing(fd: int, end: int, size: int, line: bytes) -> bytes:
    """What is still to be written of `line` at the end of a log of `end` bytes that once had `size`."""
    start = max(0, min(size, end) - 1, end - len(line) - 1)
    tail = os.pread(fd, end - start, start)
    if not tail or tail.endswith(b"\n"):
        return line
    before, newline, fragment = tail.rpartition(b"\n")
    begins = start + len(before) + len(newline)
    is_line_start = bool(newline) or start == 0
    if is_line_start and begins >= size and line.startswith(fragment):
        return line[len(fragment) :]
    return b"\n" + line


def make_folder(parent: int, name: str, *, private: bool) -> None:
    """Make a folder if it is not there; a `private` one is set to mode 0700 each time. Raises OSError."""
    with suppress(FileExistsError):
        os.mkdir(name, 0o777, dir_fd=parent)
    if private:
        fd = os.open(name, open_flags.FOLDER, dir_fd=parent)
        try:
            os.fchmod(fd, 0o700)
        finally:
            os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte, however few the system takes at a time. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_folder(path: str) -> None:
    """Make the names in a folder durable. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
