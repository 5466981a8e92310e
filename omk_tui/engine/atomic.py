"""Durable writing below an open folder: replace one file, append one line, make one folder (STATE-FORMAT 0.4)."""

from __future__ import annotations

import os
import re
import uuid
from contextlib import suppress

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_APPEND = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

OWN_TEMPORARY = re.compile(rf"\..+\.omk-tui\.{_UUID}")
"""The names of temporary files of this program: one left over means that a write of ours was cut off."""
OMK_TEMPORARY = re.compile(rf"\..+\.tmp\.{_UUID}")
"""The names of omk's temporary files."""


def replace_file(parent: int, name: str, data: bytes) -> None:
    """Replace a file atomically: a fresh inode of mode 0600, synced; a symlink is replaced, not followed.

    The folder is not synced: that is left to the caller, once for all its files. Raises OSError, and then leaves
    nothing behind unless the process dies.
    """
    temporary = f".{name}.omk-tui.{uuid.uuid4()}"
    fd = os.open(temporary, _NEW, 0o600, dir_fd=parent)
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


def append_once(parent: int, name: str, data: bytes, size: int, *, private: bool) -> None:
    """Append a line to a log unless it is there already, behind the first `size` bytes. Raises OSError.

    A torn last line is ended first; if what is torn is the beginning of this very line, it is completed. A `private`
    log is set to mode 0600. `data` may begin with the newline that ends a line torn before.
    """
    fd = os.open(name, _APPEND | os.O_CREAT, 0o600 if private else 0o666, dir_fd=parent)
    try:
        if private:
            os.fchmod(fd, 0o600)
        end = os.fstat(fd).st_size
        grown = _read_from(fd, size) if end > size else b""
        if not has_line(grown, data):
            write_all(fd, _rest(grown, data, torn=end > 0 and os.pread(fd, 1, end - 1) != b"\n"))
        os.fdatasync(fd)
    finally:
        os.close(fd)


def has_line(grown: bytes, data: bytes) -> bool:
    """Whether the line `data` is whole in what a log has grown by."""
    line = data.lstrip(b"\n")
    return grown.startswith((line, data)) or b"\n" + line in grown


def _rest(grown: bytes, data: bytes, *, torn: bool) -> bytes:
    """What is still to be written of `data` at the end of a log that has grown by `grown`."""
    if torn:
        for whole in (data, data.lstrip(b"\n")):
            start = 0 if whole.startswith(grown) else len(grown) - len(grown.rpartition(b"\n")[2])
            fragment = grown[start:]
            if fragment and whole.startswith(fragment):
                return whole[len(fragment) :]
        return b"\n" + data.lstrip(b"\n")
    return data.lstrip(b"\n")


def make_folder(parent: int, name: str, *, private: bool) -> None:
    """Make a folder if it is not there; a `private` one is set to mode 0700 each time. Raises OSError."""
    with suppress(FileExistsError):
        os.mkdir(name, 0o777, dir_fd=parent)
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


def _read_from(fd: int, offset: int) -> bytes:
    pieces = []
    while piece := os.pread(fd, 1 << 20, offset):
        pieces.append(piece)
        offset += len(piece)
    return b"".join(pieces)
