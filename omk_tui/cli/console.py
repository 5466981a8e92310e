"""The three streams of a command: data on standard output, narration on standard error, texts from standard input.

Whatever goes to a terminal is cleaned first, so that no text from outside can steer it. A reader that went away is no
error: what is still to be said is dropped, and the command keeps its exit code.
"""

from __future__ import annotations

import os
import sys
import time

from omk_tui.cli.exit_code import Exit
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from omk_tui.cli.page import Page


class StdinError(Exception):
    """Standard input gave no text; the text says why."""


TELL_EVERY = 0.5
"""Seconds between two words about a reading that takes long."""
TEXT_LIMIT = 1 << 20
"""The most bytes of a summary or reason that are read from standard input."""


@dataclass(slots=True)
class Console:
    """The streams of one command, and whether writing to standard output failed.

    A stream that is closed from the start is None; what would go there is dropped.
    """

    stdin: TextIO | None
    stdout: TextIO | None
    stderr: TextIO | None
    environ: Mapping[str, str]
    failure: OSError | None = None
    _shows_status: bool = False

    @classmethod
    def of_process(cls) -> Console:
        """The streams of this process. Where one is closed its descriptor is taken, so that no file gets it."""
        for fd in range(3):
            try:
                os.fstat(fd)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # the lowest free descriptor, which is this one
        return cls(sys.stdin, sys.stdout, sys.stderr, os.environ)

    @property
    def is_terminal(self) -> bool:
        """Whether a person sits there: three terminals, and TERM names one that can be drawn on."""
        drawable = self.environ.get("TERM", "") not in ("", "dumb")
        return drawable and all(_is_tty(stream) for stream in (self.stdin, self.stdout, self.stderr))

    @property
    def draws(self) -> bool:
        """Whether standard output is a terminal."""
        return _is_tty(self.stdout)

    def show(self, page: Page) -> None:
        """A document of ours: drawn on a terminal, plain elsewhere, clean everywhere."""
        if _is_tty(self.stdout) and self.stdout is not None:
            from omk_tui.cli.drawing import draw

            self._guarded(lambda stream: draw(page, stream), self.stdout)
        else:
            self._write(page.text())

    def exact(self, text: str) -> None:
        """A text whose bytes matter: as it is, but cleaned for a terminal."""
        if _is_tty(self.stdout):
            from omk_tui.core.text.printable import printable_block

            text = printable_block(text)
        self._write(text)

    def say(self, *lines: str) -> None:
        """Narration: lines on standard error, always clean; a line feed inside one is shown, so none can be forged."""
        if self.stderr is None:
            return
        self.show_status("")
        from omk_tui.core.text.printable import printable

        text = "".join(f"{printable(line)}\n" for line in lines)
        try:
            _put(self.stderr, text)
        except (OSError, ValueError):
            _silence(self.stderr)

    def read_text(self) -> str:
        """The whole of standard input. Raises StdinError when there is none, too much, or no UTF-8."""
        if self.stdin is None:
            raise StdinError("closed, so there is no text to read")
        if _is_tty(self.stdin):
            self.say("Type the text; a line with ctrl+d ends it.")
        try:
            data = self.stdin.buffer.read(TEXT_LIMIT + 1)
        except OSError as error:
            raise StdinError(f"not readable: {error.strerror or error}") from None
        if len(data) > TEXT_LIMIT:
            raise StdinError(f"longer than {TEXT_LIMIT:,} bytes")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise StdinError(f"not valid UTF-8 (byte {error.start + 1})") from None

    def ending(self, code: Exit = Exit.DONE) -> Exit:
        """The exit code, unless the answer could not be written, which is told."""
        if self.failure is None:
            return code
        self.say(f"omk-tui: standard output cannot be written: {self.failure.strerror or self.failure}")
        return Exit.FAILED

    def progress(self) -> _ReadingProgress:
        """A context whose value takes the bytes that something slow reads; their sum is shown on a terminal."""
        return _ReadingProgress(self)

    @property
    def is_followed(self) -> bool:
        """Whether narration goes to a terminal that can be drawn on, where something may be shown as it goes on."""
        return self.environ.get("TERM", "") not in ("", "dumb") and _is_tty(self.stderr)

    def show_status(self, text: str) -> None:
        """Show one clean line on standard error, in the place of the last such line; an empty one takes it away."""
        if self.stderr is None or not (text or self._shows_status):
            return
        from omk_tui.cli.page import width
        from omk_tui.core.text.printable import printable

        clean = printable(text)
        try:
            room = (os.get_terminal_size(self.stderr.fileno()).columns or 80) - 1
        except (OSError, ValueError):
            room = 79
        while clean and width(clean) > room:
            clean = clean[: min(len(clean) - 1, room)]
        self._shows_status = bool(clean)
        self.put_over(f"\x1b[K{clean}")

    def put_over(self, text: str) -> None:
        """Write over the line in which the cursor stands, on standard error."""
        assert self.stderr is not None
        try:
            _put(self.stderr, f"\r{text}")
        except (OSError, ValueError):
            _silence(self.stderr)

    def confirm(self, question: str) -> bool:
        """Whether a person at the terminal answers yes. Where nobody can be asked the answer is no."""
        if self.stdin is None or not _is_tty(self.stdin):
            self.say(f"{question} Nobody can be asked here, so no; --yes says yes.")
            return False
        self.say(f"{question} Type yes, or anything else for no:")
        try:
            return self.stdin.buffer.readline(64).strip() == b"yes"
        except OSError:
            return False

    def _write(self, text: str) -> None:
        if self.stdout is not None:
            self._guarded(lambda stream: _put(stream, text), self.stdout)

    def _guarded(self, write: Callable[[TextIO], None], stream: TextIO) -> None:
        try:
            write(stream)
        except BrokenPipeError:
            _silence(stream)
        except OSError as error:
            self.failure = error
            _silence(stream)


class _ReadingProgress:
    """Shows on standard error, where that is a terminal, how much something slow has read, and wipes it at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._size, self._written, self._last_report = 0, "", time.monotonic()

    def __enter__(self) -> Callable[[int], None]:
        return self._read

    def __exit__(self, *_: object) -> None:
        if self._written:
            self._console.put_over(" " * len(self._written))
            self._console.put_over("")

    def _read(self, more: int) -> None:
        self._size += more
        if (now := time.monotonic()) - self._last_report < TELL_EVERY:
            return
        self._last_report = now
        if _is_tty(self._console.stderr):
            self._written = f"reading, {self._size >> 20} MiB so far"
            self._console.put_over(self._written)


def _is_tty(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it was closed
        return False


def _put(stream: TextIO, text: str) -> None:
    """Write and flush. A file gets UTF-8 whatever the locale; a terminal gets what it can show."""
    encoding = stream.encoding if _is_tty(stream) else "utf-8"
    stream.buffer.write(text.encode(encoding or "utf-8", "replace"))
    stream.flush()


def _silence(stream: TextIO) -> None:
    """Send what is still buffered to nowhere, so that the interpreter does not stumble over it at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
