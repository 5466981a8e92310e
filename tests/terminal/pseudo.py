"""A pseudo-terminal of our own: runs the program as a modern terminal would, and keeps every byte it writes.

It answers what Textual asks (synchronized output, in-band resize, attributes, cursor position), draws what arrives
into a `Picture`, and waits on what stands there, never for a fixed time.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from tests.terminal.picture import Picture
from tests.terminal.stream import Token, Tokens

PATIENCE = 30.0
"""Seconds after which something that does not come about is an error."""
COMMIT_PAUSE = 0.3
"""Seconds that a hand takes from the last letter to ctrl+s."""
CELL_WIDTH, CELL_HEIGHT = 10, 20
"""Pixels of a cell, for terminals that report the mouse in pixels."""

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~", "f1": "\x1bOP", "f5": "\x1b[15~",
    "slash": "/", "question_mark": "?",
} | {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}  # fmt: skip
"""What a terminal sends for a key, by Textual's name of it; any other single character is sent as it is."""


class Terminal:
    """A program in a pseudo-terminal; a context manager that ends it.

    `on_frame` is called, in the thread that reads, with the rows of each frame that the program has finished.
    """

    def __init__(
        self, words: list[str], environ: Mapping[str, str], cwd: Path, size: tuple[int, int] = (80, 24)
    ) -> None:
        self._master, slave = pty.openpty()
        self.picture = Picture(*size)
        self._name = os.ttyname(slave)
        self._set_size(*size)
        # A session's first process takes the terminal that it opens: that is whom a hang-up reaches.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'terminal=$1; shift; exec "$@" <"$terminal" >"$terminal" 2>&1', "sh", self._name, *words],
            stdin=subprocess.DEVNULL,
            env=dict(environ),
            cwd=cwd,
            start_new_session=True,
        )
        self._slave: int | None = slave  # kept until the program has opened it
        self._stop, self._stopping = os.pipe()
        self.arrived = bytearray()
        self.tokens: list[Token] = []
        self.on_frame: Callable[[list[str]], None] | None = None
        self._news = threading.Condition()
        self._in_band = self._pixels = self._open = self._painting = False
        self._last_news = time.monotonic()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    # What arrives

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        reader = Tokens()
        while True:
            ready, _, _ = select.select([self._master, self._stop], [], [])
            try:
                piece = os.read(self._master, 65536) if self._stop not in ready else b""
            except OSError:  # the program is gone
                piece = b""
            self._let_go()
            with self._news:
                self.arrived += piece
                for token in reader.feed(decoder.decode(piece)):
                    self._take(token)
                self._last_news = time.monotonic()
                self._news.notify_all()
            if not piece:
                return

    def _let_go(self) -> None:
        """Close our own end of what the program has opened by now, so that its end is ours to notice."""
        with self._news:
            if self._slave is not None:
                os.close(self._slave)
                self._slave = None

    def _take(self, token: Token) -> None:
        self.tokens.append(token)
        self.picture.draw(token)
        if token.kind != "escape":
            return
        match token.text:
            case "\x1b[?2026h":
                self._painting = True
            case "\x1b[?2026l":
                self._painting = False
                if self.on_frame is not None:
                    self.on_frame(self.picture.rows())
            case "\x1b[?1049h":
                self._open = True
            case "\x1b[?1049l":
                self._open = False
            case "\x1b[?2026$p":
                self._answer("\x1b[?2026;2$y")
            case "\x1b[?2048$p":
                self._answer("\x1b[?2048;2$y")
            case "\x1b[?2048h":
                self._in_band = True
                self._report_size()
            case "\x1b[?1016h":
                self._pixels = True
            case "\x1b[c":
                self._answer("\x1b[?62;22c")
            case "\x1b[6n":
                self._answer("\x1b[1;1R")

    # What is sent

    def _answer(self, text: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._master, text.encode())

    def press(self, *keys: str) -> None:
        """Press keys, by Textual's names of them.

        Escape is followed by the pause that tells it from a sequence; ctrl+s comes after the one that tells it from a
        pasted character.
        """
        for key in keys:
            if key == "ctrl+s":
                time.sleep(COMMIT_PAUSE)
            self._answer(KEYS.get(key, key))
            if key == "escape":
                self.settle()

    def paste(self, text: str) -> None:
        """A bracketed paste, without the controls that a terminal takes out."""
        self._answer(f"\x1b[200~{text.replace(chr(27), '')}\x1b[201~")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        with contextlib.suppress(OSError):
            os.write(self._master, data)

    def click(self, column: int, row: int) -> None:
        """Press and release the left button on a cell, counted from 0."""
        x, y = (column * CELL_WIDTH + 1, row * CELL_HEIGHT + 1) if self._pixels else (column + 1, row + 1)
        self._answer(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        with self._news:
            self.picture.resize(width, height)
        self._set_size(width, height)
        if self._in_band:
            self._report_size()
        self.process.send_signal(signal.SIGWINCH)

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def _report_size(self) -> None:
        width, height = self.picture.width, self.picture.height
        self._answer(f"\x1b[48;{height};{width};{height * CELL_HEIGHT};{width * CELL_WIDTH}t")

    # What is seen

    @property
    def rows(self) -> list[str]:
        """The rows of the screen."""
        with self._news:
            return self.picture.rows()

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.rows)

    @property
    def running(self) -> bool:
        """Whether the program is there."""
        return self.process.poll() is None

    @property
    def has_screen(self) -> bool:
        """Whether the program has taken the screen and not given it back."""
        return self._open

    def until(self, wanted: str | Callable[[str], bool], seconds: float = PATIENCE) -> str:
        """Wait until a text stands on a finished frame, or something holds of the frame's text; gives that text."""
        holds = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        with self._news:
            while not holds(text := "\n".join(self.picture.rows())) or self._painting:
                left = end - time.monotonic()
                name = repr(wanted) if isinstance(wanted, str) else "what was waited for"
                assert left > 0 and self.running, f"{name} did not come within {seconds} s; on screen:\n{text}"
                self._news.wait(min(left, 1.0))
            return text

    def settle(self, quiet_for: float = 0.12, seconds: float = PATIENCE) -> None:
        """Wait until the program has taken in what was sent, and for a while writes nothing and does not compute."""
        end = time.monotonic() + seconds
        used, since = self._used(), time.monotonic()
        while self.running and time.monotonic() < end:
            with self._news:
                self._news.wait(0.01)
                quiet = time.monotonic() - max(self._last_news, since)
            now = self._used()
            if now != used:
                used, since = now, time.monotonic()
            elif quiet > quiet_for and not self._unread():
                return
        assert not self.running, f"not settled after {seconds} s; on screen:\n{self.text}"

    def _used(self) -> int:
        """Processor time of the program, in ticks."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return int(fields[11]) + int(fields[12])

    def _unread(self) -> int:
        """Bytes that were sent and that the program has not read."""
        try:
            slave = os.open(self._name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return 0
        try:
            return int(struct.unpack("i", fcntl.ioctl(slave, termios.FIONREAD, b"\0\0\0\0"))[0])
        finally:
            os.close(slave)

    def memory(self) -> int:
        """What the program holds in memory, in bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the program is gone")

    # Endings

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the program to end by itself; its exit code, once everything it wrote has arrived."""
        code = self.process.wait(timeout=seconds)
        self._let_go()
        self._reader.join(timeout=seconds)
        return code

    def hang_up(self) -> None:
        """Close the window: the terminal goes away under the program."""
        self._close()
        self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def end(self) -> None:
        """End the program, whatever it does, and free the terminal."""
        if self.running:
            self.kill()
        self._close()

    def _close(self) -> None:
        self._let_go()
        if self._master >= 0:
            os.write(self._stopping, b"!")
            self._reader.join(timeout=PATIENCE)
            for each in (self._master, self._stop, self._stopping):
                os.close(each)
            self._master = -1
