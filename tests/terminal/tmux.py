"""A tmux server of a test's own: a person's terminal, driven with keys and read as text."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from tests.terminal.pseudo import COMMIT_PAUSE

PATIENCE = 30.0
"""Seconds after which something that does not come about is an error."""
_SETTINGS = """
set -g status off
set -g remain-on-exit on
set -g default-terminal screen-256color
set -sg escape-time 20
"""


class Tmux:
    """One program in one window; a context manager that ends both."""

    def __init__(
        self, words: list[str], environ: Mapping[str, str], cwd: Path, size: tuple[int, int] = (80, 24)
    ) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="omk-tmux-", dir="/tmp"))  # a socket's path has to be short
        settings = self._place / "settings"
        settings.write_text(_SETTINGS)
        self._environ = {**environ, "TMUX_TMPDIR": str(self._place)}
        width, height = map(str, size)
        self._run("-f", str(settings), "new-session", "-d", "-x", width, "-y", height, "-c", str(cwd), "--", *words)

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._run("kill-server")
        shutil.rmtree(self._place)

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", "desk", *words], env=self._environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names of them; ctrl+s after the pause that a hand makes."""
        for key in keys:
            if key == "C-s":
                time.sleep(COMMIT_PAUSE)
            self._run("send-keys", key)

    def type(self, text: str) -> None:
        """Type a text letter by letter."""
        self._run("send-keys", "-l", text)

    def paste(self, text: str) -> None:
        """Paste a text, in brackets where the program asked for them."""
        self._run("set-buffer", text)
        self._run("paste-buffer", "-p", "-d")
        time.sleep(0.2)  # what comes in the same read is still the paste

    def close_window(self) -> None:
        """Close the window under the program, which gets a hang-up."""
        process = self.process
        self._run("set-option", "-g", "exit-empty", "off")
        self._run("kill-window")
        end = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{process}"):
            assert time.monotonic() < end, "the program outlived its window"
            time.sleep(0.02)

    @property
    def process(self) -> int:
        """The id of the program's process."""
        return int(self._run("display-message", "-p", "#{pane_pid}"))

    @property
    def cursor_row(self) -> int:
        """The row of the cursor, counted from 0: where what is typed goes."""
        return int(self._run("display-message", "-p", "#{cursor_y}"))

    @property
    def ended(self) -> bool:
        """Whether the program has ended."""
        return self._run("display-message", "-p", "#{pane_dead}").strip() == "1"

    @property
    def rows(self) -> list[str]:
        """The rows of the screen, without blanks at their ends."""
        return [row.rstrip() for row in self._run("capture-pane", "-p").split("\n")]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.rows)

    def until(self, wanted: str | Callable[[str], bool], seconds: float = PATIENCE) -> str:
        """Wait until a text stands on the screen, or something holds of the screen's text; gives that text.

        tmux shows a frame while it is still being painted: only a screen that stood still for a moment counts.
        """
        holds = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        before, text = "", self.text
        while text != before or not holds(text):
            name = repr(wanted) if isinstance(wanted, str) else "what was waited for"
            assert time.monotonic() < end, f"{name} did not come within {seconds} s; on screen:\n{text}"
            time.sleep(0.05)
            before, text = text, self.text
        return text
