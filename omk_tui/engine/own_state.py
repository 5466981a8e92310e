"""omk-tui's own state folder: what may be lost without harm, and nothing of omk's.

`deciding/` holds a note for each goal that is being decided (see `locking`), `seen/` what the commands have shown of
a goal, by snapshot digest, so that a decision bound to an older one can be told what changed since.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress

from omk_tui.core.seen import Seen, decode_seen, encode_seen

_KEPT = 512
"""How many snapshots are kept, of all goals together."""
_MAX_SEEN = 1 << 20
"""Bytes of what was shown that are kept; a goal with more to show is not remembered."""


def own_state_folder(environ: Mapping[str, str]) -> str:
    """The folder: below XDG_STATE_HOME, else below ``~/.local/state``.

    A relative XDG_STATE_HOME does not count, as its standard has it: the folder would appear in the project.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.abspath(os.path.expanduser("~")), ".local/state")
    return os.path.join(base, "omk-tui")


def note_path(goal: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """Where the note on who decides a goal is; `goal` are the parts of the real path of its directory."""
    return os.path.join(own_state_folder(environ), "deciding", f"{_key(goal)}.json")


def remember(goal: tuple[str, ...], seen: Seen, environ: Mapping[str, str]) -> None:
    """Keep what was shown of a goal, for a while. What cannot be kept is not: it serves a message only."""
    data = encode_seen(seen)
    if len(data) > _MAX_SEEN:
        return
    path = _seen_path(goal, seen.snapshot, environ)
    folder = os.path.dirname(path)
    unfinished = f"{path}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(data)
            os.replace(unfinished, path)
        except OSError:
            os.unlink(unfinished)
        _forget_old_ones(folder)


def recall(goal: tuple[str, ...], snapshot: str, environ: Mapping[str, str]) -> Seen | None:
    """What was shown of a goal under a snapshot digest (64 hexadecimal characters); None when it is not at hand."""
    try:
        path = _seen_path(goal, snapshot, environ)
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            return decode_seen(file.read(_MAX_SEEN + 1), snapshot)
    except OSError:
        return None


def _forget_old_ones(folder: str) -> None:
    """Raises OSError."""
    with os.scandir(folder) as entries:
        newest = sorted(entries, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns, reverse=True)
    for entry in newest[_KEPT:]:
        os.unlink(entry.path)


def _seen_path(goal: tuple[str, ...], snapshot: str, environ: Mapping[str, str]) -> str:
    return os.path.join(own_state_folder(environ), "seen", f"{_key(goal)}-{snapshot}.json")


def _key(goal: tuple[str, ...]) -> str:
    return hashlib.sha256("/".join(goal).encode("utf-8", "surrogateescape")).hexdigest()[:32]
