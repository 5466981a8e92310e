"""Durable writing below an open folder: replace one file, append one line, make one folder (STATE-FORMAT 0.4)."""

from __future__ import annotations

import os
import uuid

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def temporary_name(name: str) -> str:
    """The name of the temporary file for `name`, as omk spells it; such a file left over means a cut-off write."""
    return f".{name}.tmp.{uuid.uuid4()}"


def write_temporary(parent: int, name: str, data: bytes) -> str:
    """Write a new file of mode 0600 beside its target, synced to disk, and return its name. Raises OSError.

    On an error nothing is left behind.
    """
    temporary = temporary_name(name)
    fd = os.open(temporary, _NEW, 0o600, dir_fd=parent)
    try:
        try:
            os.fchmod(fd, 0o600)
            write_all(fd, data)
            os.fdatasync(fd)
        finally:
            os.close(fd)
    except OSError:
        os.unlink(temporary, dir_fd=parent)
        raise
    return temporary


def replace_file(parent: int, name: str, data: bytes) -> None:
    """Replace a file atomically and durably: a fresh inode of mode 0600; a symlink is replaced. Raises OSError."""
    temporary = write_temporary(parent, name, data)
    try:
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
    except OSError:
        os.unlink(temporary, dir_fd=parent)
        raise
    os.fsync(parent)


def append_line(parent: int, name: str, data: bytes, *, private: bool) -> None:
    """Append `data` to a log, ending a torn last line first; a `private` log is set to mode 0600. Raises OSError."""
    mode = 0o600 if private else 0o666
    fd = os.open(name, _APPEND | os.O_CREAT, mode, dir_fd=parent)
    try:
        if private:
            os.fchmod(fd, 0o600)
        size = os.fstat(fd).st_size
        torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
        write_all(fd, b"\n" + data if torn and not data.startswith(b"\n") else data)
        os.fdatasync(fd)
    finally:
        os.close(fd)
    os.fsync(parent)


def make_folder(parent: int, name: str, *, private: bool) -> None:
    """Make a folder if it is not there; a `private` one is set to mode 0700 each time. Raises OSError."""
    try:
        os.mkdir(name, 0o777, dir_fd=parent)
        os.fsync(parent)
    except FileExistsError:
        pass
    if private:
        fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
        try:
            os.fchmod(fd, 0o700)
        finally:
            os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte, however few the system takes at a time. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
