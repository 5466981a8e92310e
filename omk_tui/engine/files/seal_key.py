"""The key that seals journals: 32 random bytes in omk-tui's own state folder, made once, read by this user only.

What stands in a goal directory was written by whoever may write there, agents among them. A journal that this key
sealed was written by omk-tui of this user: only such a one is carried out by a mere look.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress

from omk_tui.engine.files import open_flags
from omk_tui.engine.files.app_state import app_state_folder
from omk_tui.engine.files.atomic import sync_folder
from omk_tui.light.late import secrets

KEY_FILE = "journal-key"
_LENGTH = 32


class NoKey(Exception):
    """Why there is no key to be relied on, in a clause; the message names the path."""


def read_key(environ: Mapping[str, str]) -> bytes:
    """The key, if there is one that nobody else may read or change. Raises NoKey."""
    path = os.path.join(app_state_folder(environ), KEY_FILE)
    try:
        fd = os.open(path, open_flags.FILE)
    except OSError as error:
        raise NoKey(f"{path}: {error.strerror}") from None
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise NoKey(f"{path} is no regular file")
        if info.st_uid != os.geteuid() or stat.S_IMODE(info.st_mode) & 0o077:
            raise NoKey(f"{path} belongs to or is open to others")
        key = os.read(fd, _LENGTH + 1)
    except OSError as error:
        raise NoKey(f"{path}: {error.strerror}") from None
    finally:
        os.close(fd)
    if len(key) != _LENGTH:
        raise NoKey(f"{path} is not {_LENGTH} bytes long")
    return key


def make_key(environ: Mapping[str, str]) -> bytes:
    """The key, made first where there is none. Of several that make it at once all get the same. Raises NoKey."""
    folder = app_state_folder(environ)
    path = os.path.join(folder, KEY_FILE)
    if not os.path.lexists(path):
        unfinished = f"{path}.{os.getpid()}.{secrets.token_hex(8)}"
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            fd = os.open(unfinished, open_flags.NEW_FILE, 0o600)
            try:
                with os.fdopen(fd, "wb") as file:
                    file.write(secrets.token_bytes(_LENGTH))
                    file.flush()
                    os.fsync(fd)
                with suppress(FileExistsError):  # somebody else was first: theirs is the key
                    os.link(unfinished, path)
                    sync_folder(folder)  # after a loss of power it has to open what it sealed before
            finally:
                with suppress(OSError):
                    os.unlink(unfinished)
        except OSError as error:
            raise NoKey(f"{error.filename or folder}: {error.strerror}") from None
    return read_key(environ)
