"""A person's own editor: found by their environment alone, run without a shell, and what came of it.

Nothing of the project's has a say in it: no `core.editor`, and no folder of the project's as the current directory,
where editors look for `.exrc`, `.nvim.lua` or `.envrc`.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import termios
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.text.editor_call import editor_setting, file_words
from omk_tui.core.text.pasted import pasted_text
from omk_tui.core.text.printable import printable
from omk_tui.engine.files import open_flags
from omk_tui.engine.files.programs import find_program
from omk_tui.engine.files.temporary_folder import temporary_folder
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import subprocess

LARGEST_TEXT = 1 << 20
"""Bytes of a text that are taken back from an editor."""
LARGEST_COPY = 64 << 20
"""Bytes of a file of a goal that are copied for an editor; of a longer one its beginning is."""
_FOLDER_NAME = "omk-tui-edit-"
_PIECE = 1 << 20
_INTERRUPTS = (signal.SIGINT, signal.SIGQUIT)


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor: the program's absolute path, the person's words behind it, and the environment it gets."""

    program: str
    words: tuple[str, ...]
    environ: Mapping[str, str]

    @property
    def name(self) -> str:
        """What it is called."""
        return printable(os.path.basename(self.program), 40)

    def open(self, path: str, line: int | None) -> str:
        """Open a file (its absolute path) at a line, and wait for its end; what went wrong, or nothing.

        It gets the terminal, and its modes and what was typed ahead are put back afterwards. Raises nothing.
        """
        home = _home(self.environ)
        command = [self.program, *self.words, *file_words(self.program, path, line)]
        try:
            with _terminal_put_back(), _keys_of_the_editor() as ignore_keys:
                process = subprocess.Popen(command, cwd=home, env={**self.environ, "PWD": home})
                ignore_keys()
                code = process.wait()
        except (OSError, ValueError) as error:
            return f"{self.name} cannot be started: {getattr(error, 'strerror', None) or error}"
        if code < 0:
            return f"{self.name} was ended by signal {-code}"
        return f"{self.name} ended with exit code {code}" if code else ""


def find_editor(environ: Mapping[str, str]) -> Editor | str:
    """The editor that VISUAL or EDITOR names; a sentence that says what to set where there is none."""
    setting = editor_setting(environ)
    if isinstance(setting, str):
        return setting
    name, variable = setting.words[0], setting.variable
    if os.path.isabs(name):
        program = name if os.path.isfile(name) and os.access(name, os.X_OK) else None
    elif "/" in name:
        return printable(f"{variable} names {name}, which depends on where one stands; give its absolute path", 200)
    else:
        program = find_program(name, environ)
    if program is None:
        return printable(f"{variable} names {name}, which is no program on PATH; set it to your editor", 200)
    return Editor(program, setting.words[1:], environ)


def edited_text(editor: Editor, name: str, text: str, line: int) -> str | Failed:
    """What a person made of a text in their editor, clean as a paste is; Failed where it could not be taken back.

    The text is in a private file called `name`, which is removed afterwards, also when something fails.
    """
    try:
        with temporary_folder(_FOLDER_NAME) as folder:
            path = os.path.join(folder, name)
            _write_new(path, [f"{text}\n".encode("utf-8", "replace")])
            why = editor.open(path, line)
            if why:
                return Failed(why)
            data = _read_back(path)
    except OSError as error:
        return Failed(f"{printable(error.filename or 'the temporary file', 200)}: {error.strerror or error}")
    if len(data) > LARGEST_TEXT:
        return Failed(f"what was written is longer than {LARGEST_TEXT >> 20} MiB")
    # An editor ends the last line; that end is no part of the text.
    return pasted_text(data.decode("utf-8", "replace")).removesuffix("\n")


def open_copy(editor: Editor, file: io.FileIO, name: str, line: int | None) -> str:
    """Open a private copy of a file in the editor, so that none changes it by accident; what to say of it, or nothing.

    The copy is removed afterwards, also when something fails. `file` is read from its beginning and not closed.
    """
    pieces = _Pieces(file)
    try:
        with temporary_folder(_FOLDER_NAME) as folder:
            path = os.path.join(folder, name)
            _write_new(path, pieces)
            why = editor.open(path, line)
    except OSError as error:
        return f"{printable(error.filename or 'the temporary file', 200)}: {error.strerror or error}"
    return why or (f"only its first {LARGEST_COPY >> 20} MiB were copied for the editor" if pieces.cut else "")


class _Pieces:
    """The beginning of a file in pieces; afterwards `cut` says whether there is more of it."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.cut = False

    def __iter__(self) -> Iterator[bytes]:
        left = LARGEST_COPY
        self._file.seek(0)
        while left and (piece := self._file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
        self.cut = not left and bool(self._file.read(1))


def _write_new(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file that only this user can read. Raises OSError."""
    with os.fdopen(os.open(path, open_flags.NEW_FILE, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)


def _read_back(path: str) -> bytes:
    """A little more than may be taken back of what an editor left in a place. Raises OSError."""
    descriptor = os.open(path, open_flags.FILE)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "the editor left no regular file", path)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LARGEST_TEXT + 1)


def _home(environ: Mapping[str, str]) -> str:
    """The person's home folder, or the root where there is none: in neither has a project a say."""
    home = environ.get("HOME", "") or os.path.expanduser("~")
    return home if os.path.isabs(home) and os.path.isdir(home) else "/"


@contextmanager
def _keys_of_the_editor() -> Iterator[Callable[[], None]]:
    """While the editor runs, ctrl+c and its like are its own, and ctrl+z stops this process with it.

    What is given is to be called once the editor is started: what is ignored before that it would ignore too. A mere
    handler would not do for the rest of the time: an event loop hears of every signal that has one.
    """
    usual = {signal.SIGTSTP: signal.signal(signal.SIGTSTP, signal.SIG_DFL)}
    for number in _INTERRUPTS:
        usual[number] = signal.signal(number, _do_nothing)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # the event loop hears of none until the editor ends
        usual[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_DFL)

    def ignore() -> None:
        for number in _INTERRUPTS:
            signal.signal(number, signal.SIG_IGN)

    try:
        yield ignore
    finally:
        for number, action in usual.items():
            signal.signal(number, action if action is not None else signal.SIG_DFL)


def _do_nothing(*_: Any) -> None:
    """What ctrl+c does here in the moment in which the editor starts."""


@contextmanager
def _terminal_put_back() -> Iterator[None]:
    """Afterwards the terminal has the modes that it had, and nothing typed for the editor is left to be read."""
    modes = None
    with suppress(termios.error, OSError, ValueError):
        modes = termios.tcgetattr(0)
    try:
        yield
    finally:
        if modes is not None:
            with suppress(termios.error, OSError):
                termios.tcsetattr(0, termios.TCSAFLUSH, modes)
