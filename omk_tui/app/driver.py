"""The terminal's driver: Textual's own, with pastes that stay text and a commit key that counts only by itself."""

from __future__ import annotations

import os
import select
import termios
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from omk_tui.app.input_stream import InputStream, Pasted, Typed
from omk_tui.messages.deciding import CommitKeyNotAlone

COMMIT_KEY = "ctrl+s"
ALONE_AFTER = 0.15
"""Seconds after the last text before which the key that records does not count: it may be part of a paste."""
IDLE = 0.1
"""Seconds after which an empty line is told from a busy one; also how soon the end of the desk is noticed."""
ESCAPE = "\x1b"
_READ = 4096


class DeskDriver(LinuxDriver):
    """Reads keys and pastes apart, and gives the terminal its usual modes back as the last thing of all.

    The key that records a decision counts only when it was pressed by itself: a terminal without bracketed paste sends
    a pasted text as keys. In the usual modes that key stops the output: pressed once too often while the desk ends, it
    would leave the desk hanging in front of its last bytes. What is typed until then was meant for the desk, and does
    not reach the shell.
    """

    _usual: list[Any] | None = None
    _last_text = 0.0
    _was_idle = False
    _is_aside = False

    def run_input_thread(self) -> None:
        """Wait for input and send what it was, until the desk ends or the terminal is gone."""
        parser, stream = XTermParser(self._debug), InputStream()
        decode = getincrementaldecoder("utf-8")("replace").decode
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        with suppress(OSError):
            while not self.exit_event.is_set():
                ready = poll.poll(1000 * min(stream.patience or IDLE, IDLE))
                now = time.monotonic()
                if ready:
                    data = os.read(self.fileno, _READ)
                    if not data:
                        break
                    parts = stream.feed(decode(data), now)
                else:
                    # Only now is it known that nothing came: a thread that was kept waiting sees old input as new.
                    self._was_idle = True
                    parts = stream.silence(now)
                for part in parts:
                    self._take(part, parser, now)
                for message in parser.tick():
                    self._send([message], alone=True, now=now)
        with suppress(EOFError, ParseError):
            for _ in parser.feed(""):
                pass

    def _take(self, part: Typed | Pasted, parser: XTermParser, now: float) -> None:
        if isinstance(part, Pasted):
            self._note_text(now)
            self.process_message(events.Paste(part.text))
        elif part.text == ESCAPE:  # it was waited for already
            self._send([events.Key("escape", ESCAPE)], alone=part.alone, now=now)
        else:
            self._send(list(parser.feed(part.text)), alone=part.alone, now=now)

    def _send(self, messages: list[Message], *, alone: bool, now: float) -> None:
        """Send what one read brought; the key that records only if it is all of that, some time after any text."""
        alone = alone and len(messages) == 1 and self._was_idle and now - self._last_text >= ALONE_AFTER
        for message in messages:
            if isinstance(message, events.Key):
                if message.key != COMMIT_KEY:
                    self._note_text(now)
                elif not alone:
                    self._note_text(now)  # of a paste it may not be the last
                    self.process_message(CommitKeyNotAlone())
                    continue
            self.process_message(message)

    def _note_text(self, now: float) -> None:
        self._last_text, self._was_idle = now, False

    def process_message(self, message: Message) -> None:
        """Pass on what came, but for keys, clicks and pastes while the terminal is another program's."""
        if not (self._is_aside and isinstance(message, events.Key | events.Paste | events.MouseEvent)):
            super().process_message(message)

    def suspend_application_mode(self) -> None:
        """Step aside: what is typed from here on is for whoever has the terminal next."""
        self._is_aside = True
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Come back."""
        self._is_aside = False
        super().resume_application_mode()

    def stop_application_mode(self) -> None:
        """Leave the alternate screen; the modes come later."""
        self._usual, self.attrs_before = self.attrs_before, None
        super().stop_application_mode()

    def close(self) -> None:
        """Wait until all is written, then give the modes back."""
        super().close()
        if self._usual is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSAFLUSH, self._usual)
            self._usual = None
