"""The terminal's driver: Textual's own, but the terminal gets its usual modes back when all has been written."""

from __future__ import annotations

import termios
from contextlib import suppress
from typing import Any

from textual.drivers.linux_driver import LinuxDriver


class LastWordDriver(LinuxDriver):
    """Gives the terminal its usual modes back as the last thing of all.

    In those modes ctrl+s stops the output: pressed once too often while the desk ends, it would leave the desk hanging
    in front of its last bytes. What is typed until then was meant for the desk, and does not reach the shell.
    """

    _usual: list[Any] | None = None

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
