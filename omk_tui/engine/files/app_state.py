"""omk-tui's own state folder: what may be lost without harm, and nothing of omk's.

`deciding/` holds a note for each goal that is being decided (see `locking`), `seen/` what the commands have shown of
a goal, by snapshot digest, so that a decision bound to an older one can be told what changed since, `looks/` when
somebody last looked at a goal in the desk, `drafts/` the texts of decisions that were begun and not recorded, and
`marks/` which changed files somebody has marked as read in the desk.

They are folders of our own, never links; only regular files are opened in them, and only files that are named as
ours are removed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from omk_tui.engine.files import open_flags
from omk_tui.engine.files.own_folder import forget_oldest, own_folder
from omk_tui.light.late import hashlib
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.records.verb import Verb
    from omk_tui.core.review.draft import Draft
    from omk_tui.core.review.last_look import Look
    from omk_tui.core.review.read_marks import MarkChanges, Marks
    from omk_tui.core.review.shown_points import Seen

MOST_SEEN = 512
"""How many snapshots are kept, of all goals together."""
LARGEST_SEEN = 1 << 20
"""Bytes of what was shown that are kept; a goal with more to show is not remembered."""
MOST_LOOKS = 4096
"""Of how many goals it is kept when they were last looked at."""
MOST_DRAFTS = 256
"""How many drafts are kept, of all goals together."""
MOST_MARKED = 1024
"""Of how many branches and goals marks are kept."""
MARKS_PATIENCE = 2.0
"""Seconds for which another desk that writes marks is waited for."""
_LARGEST_NOTE = 4096
_PAUSE = 0.005
_SEEN_NAME = pattern(r"[0-9a-f]{32}-[0-9a-f]{64}\.json(\.[0-9]+)?")
_DRAFT_NAME = pattern(r"[0-9a-f]{32}-(accept|reject)\.json(\.[0-9]+)?")
_SUBJECT_NAME = pattern(r"[0-9a-f]{32}\.json(\.[0-9]+)?")


def app_state_folder(environ: Mapping[str, str]) -> str:
    """The folder: below XDG_STATE_HOME, else below ``~/.local/state``."""
    return own_folder(environ, "XDG_STATE_HOME", ".local/state")


# -- who decides -------------------------------------------------------------------------------------------------------
# `goal` is always the parts of the real path of a goal directory.


def write_note(goal: tuple[str, ...], note: bytes, environ: Mapping[str, str]) -> None:
    """Keep the note on who decides a goal. Raises OSError."""
    with _opened("deciding", environ, make=True) as folder:
        _write(folder, _note_name(goal), note)


def read_note(goal: tuple[str, ...], environ: Mapping[str, str]) -> bytes:
    """The note on who decides a goal, at most 4 KiB of it. Raises OSError."""
    with _opened("deciding", environ) as folder:
        return _read(folder, _note_name(goal), _LARGEST_NOTE)


def remove_note(goal: tuple[str, ...], environ: Mapping[str, str]) -> None:
    """Remove the note on who decides a goal. Raises OSError."""
    with _opened("deciding", environ) as folder:
        os.unlink(_note_name(goal), dir_fd=folder)


# -- what was shown ----------------------------------------------------------------------------------------------------


def remember(goal: tuple[str, ...], seen: Seen, environ: Mapping[str, str]) -> None:
    """Keep what was shown of a goal, for a while. What cannot be kept is not: it serves a message only."""
    from omk_tui.core.review.shown_points import encode_seen

    data = encode_seen(seen)
    if len(data) > LARGEST_SEEN:
        return
    with suppress(OSError), _opened("seen", environ, make=True) as folder:
        _write(folder, _seen_name(goal, seen.snapshot), data)
        forget_oldest(folder, _SEEN_NAME, MOST_SEEN)


def recall(goal: tuple[str, ...], snapshot: str, environ: Mapping[str, str]) -> Seen | None:
    """What was shown of a goal under a snapshot digest (64 hexadecimal characters); None when it is not at hand."""
    from omk_tui.core.review.shown_points import decode_seen

    try:
        with _opened("seen", environ) as folder:
            return decode_seen(_read(folder, _seen_name(goal, snapshot), LARGEST_SEEN + 1), snapshot)
    except OSError:
        return None


# -- when it was looked at ---------------------------------------------------------------------------------------------


def write_look(goal: tuple[str, ...], look: Look, environ: Mapping[str, str]) -> None:
    """Keep when a goal was looked at, in the place of the time before. Raises OSError."""
    from omk_tui.core.review.last_look import encode_look

    with _opened("looks", environ, make=True) as folder:
        _write(folder, _note_name(goal), encode_look(look))
        forget_oldest(folder, _SUBJECT_NAME, MOST_LOOKS)


def read_look(goal: tuple[str, ...], environ: Mapping[str, str]) -> Look | None:
    """When a goal was last looked at; None when that cannot be made out. Raises OSError where nothing is kept."""
    from omk_tui.core.review.last_look import decode_look

    with _opened("looks", environ) as folder:
        return decode_look(_read(folder, _note_name(goal), _LARGEST_NOTE))


# -- what was begun to be written --------------------------------------------------------------------------------------


def drafts_folder(environ: Mapping[str, str]) -> str:
    """Where drafts are kept."""
    return os.path.join(app_state_folder(environ), "drafts")


def write_draft(goal: tuple[str, ...], verb: Verb, data: bytes, environ: Mapping[str, str]) -> None:
    """Keep an encoded draft, in the place of the one before. Raises OSError."""
    with _opened("drafts", environ, make=True) as folder:
        _write(folder, _draft_name(goal, verb), data)
        forget_oldest(folder, _DRAFT_NAME, MOST_DRAFTS)


def read_draft(goal: tuple[str, ...], verb: Verb, environ: Mapping[str, str]) -> Draft | None:
    """The draft of a goal and verb; None when what is kept is none. Raises OSError where nothing is kept."""
    from omk_tui.core.review.draft import LARGEST_DRAFT, decode_draft

    with _opened("drafts", environ) as folder:
        return decode_draft(_read(folder, _draft_name(goal, verb), LARGEST_DRAFT + 1))


def remove_draft(goal: tuple[str, ...], verb: Verb, environ: Mapping[str, str]) -> None:
    """Forget the draft of a goal and verb. Raises OSError, also where there is none."""
    with _opened("drafts", environ) as folder:
        os.unlink(_draft_name(goal, verb), dir_fd=folder)


# -- which files were read ---------------------------------------------------------------------------------------------
# `subject` is what marks are kept under: the parts of the real path of a goal directory, or what stands for a branch.


def marks_folder(environ: Mapping[str, str]) -> str:
    """Where the marks are kept."""
    return os.path.join(app_state_folder(environ), "marks")


def read_marks(subject: tuple[str, ...], environ: Mapping[str, str]) -> Marks:
    """The marks of a subject; none where nothing is kept, or where that cannot be read."""
    try:
        with _opened("marks", environ) as folder:
            return _marks_in(folder, subject)
    except OSError:
        return {}


def change_marks(subject: tuple[str, ...], changes: MarkChanges, environ: Mapping[str, str]) -> Marks:
    """Set and take back marks among those that any desk has kept by now; returns all of them. Raises OSError."""
    from omk_tui.core.review.read_marks import encode_marks, with_changes

    with _opened("marks", environ, make=True) as folder:
        _lock(folder)
        marks = with_changes(_marks_in(folder, subject), changes)
        _write(folder, _note_name(subject), encode_marks(marks))
        forget_oldest(folder, _SUBJECT_NAME, MOST_MARKED)
        return marks


def _marks_in(folder: int, subject: tuple[str, ...]) -> Marks:
    from omk_tui.core.review.read_marks import LARGEST_MARKS, decode_marks

    try:
        return decode_marks(_read(folder, _note_name(subject), LARGEST_MARKS + 1))
    except OSError:
        return {}


# -- files -------------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(name: str, environ: Mapping[str, str], *, make: bool = False) -> Iterator[int]:
    """A descriptor of one of our folders, which is no link. Raises OSError."""
    top = app_state_folder(environ)
    if make:
        os.makedirs(top, mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(os.path.join(top, name), 0o700)
    folder = os.open(os.path.join(top, name), open_flags.FOLDER)
    try:
        yield folder
    finally:
        os.close(folder)


def _lock(folder: int) -> None:
    """Be the only one who writes in a folder until it is closed. Raises OSError."""
    deadline = time.monotonic() + MARKS_PATIENCE
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise OSError(errno.EBUSY, "another program holds the lock of the folder") from None
            time.sleep(_PAUSE)
        else:
            return


def _read(folder: int, name: str, most: int) -> bytes:
    """The first bytes of a regular file; anything else is not waited for. Raises OSError."""
    with os.fdopen(os.open(name, open_flags.FILE, dir_fd=folder), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{name} is no regular file")
        return file.read(most)


def _write(folder: int, name: str, data: bytes) -> None:
    """Put a file in its place at once, whatever stood there. Raises OSError."""
    unfinished = f"{name}.{os.getpid()}"
    with suppress(FileNotFoundError):  # of a process of that number that was ended
        os.unlink(unfinished, dir_fd=folder)
    fd = os.open(unfinished, open_flags.NEW_FILE, 0o600, dir_fd=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
        os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(unfinished, dir_fd=folder)
        raise


def _note_name(goal: tuple[str, ...]) -> str:
    return f"{_key(goal)}.json"


def _seen_name(goal: tuple[str, ...], snapshot: str) -> str:
    return f"{_key(goal)}-{snapshot}.json"


def _draft_name(goal: tuple[str, ...], verb: Verb) -> str:
    return f"{_key(goal)}-{verb}.json"


def _key(goal: tuple[str, ...]) -> str:
    return hashlib.sha256("/".join(goal).encode("utf-8", "surrogateescape")).hexdigest()[:32]
