"""The terminal goes away with a dialog open: the program ends, and no byte has changed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from omk_tui import demo
from omk_tui.engine import find_state_root
from omk_tui.engine.deciding.drafts import read_drafts

START = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
if sys.argv[1] == "ignored":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-m", "omk_tui", *sys.argv[2:]])
"""


class Terminal:
    """A pty of 80x24 with the program on it."""

    def __init__(self, words: list[str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )
        os.close(slave)

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        """Read what the program draws until `text` has been among it."""
        drawn, end = b"", time.monotonic() + seconds
        while text.encode() not in drawn:
            assert time.monotonic() < end, drawn[-2000:]
            if select.select([self._master], [], [], 0.2)[0]:
                drawn += os.read(self._master, 65536)

    def type(self, text: str) -> None:
        """Type."""
        os.write(self._master, text.encode())

    def hang_up(self) -> int:
        """Take the terminal away; the program's return code."""
        os.close(self._master)
        return self.process.wait(20)


def files(root: Path) -> dict[str, bytes]:
    goals = root / "goals"
    return {str(path.relative_to(root)): path.read_bytes() for path in goals.rglob("*") if path.is_file()}


@pytest.mark.parametrize("signal", ["heeded", "ignored"])
def test_a_hang_up_decides_nothing(tmp_path: Path, signal: str) -> None:
    root, project = tmp_path / "root", tmp_path / "project"
    project.mkdir()
    demo.lay_out(root, project)
    before = files(root)
    place = ["--state-root", str(root), "--project-dir", str(project)]
    terminal = Terminal([signal, demo.goal_id("ready"), *place])
    try:
        terminal.wait_for("9 of 9 met")
        terminal.type("R")
        terminal.wait_for("rollback plan, live")
        terminal.type("looks wrong")
        terminal.wait_for("records the reject")
        assert terminal.hang_up() != 0
    finally:
        terminal.process.kill()
    assert files(root) == before
    drafts = read_drafts(find_state_root(str(root), {}), demo.goal_id("ready"))
    assert {verb: draft.text for verb, draft in drafts.items()} == {"reject": "looks wrong"}
