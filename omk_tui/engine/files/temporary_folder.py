"""Temporary folders of our own, made and removed without loading `tempfile` and `shutil`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from omk_tui.engine.files.remove_tree import remove_folder

_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_USUAL = ("/tmp", "/var/tmp", "/usr/tmp")
_MOST_TRIES = 100


@contextmanager
def temporary_folder(prefix: str) -> Iterator[str]:
    """A new folder that only this user can enter, its name beginning with `prefix`; removed at the end.

    It is made in the first of the usual places that takes it: what TMPDIR, TEMP and TMP name, then /tmp and its like.
    Raises OSError where none does.
    """
    folder = _make(prefix)
    try:
        yield folder
    finally:
        remove_folder(folder)


def _make(prefix: str) -> str:
    named = [os.path.abspath(os.environ[name]) for name in _VARIABLES if os.environ.get(name)]
    problem: OSError | None = None
    for place in (*named, *_USUAL):
        for _ in range(_MOST_TRIES):
            folder = os.path.join(place, f"{prefix}{os.urandom(6).hex()}")
            try:
                os.mkdir(folder, 0o700)
            except FileExistsError:
                continue
            except OSError as error:
                problem = problem or error
                break
            return folder
    raise problem or FileExistsError(f"no new folder can be made below {_USUAL[0]}")
