"""Running `omk-tui` as a process of its own, in pipes or in a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def surroundings(root: Path, **more: str) -> dict[str, str]:
    """The environment of a process: nothing of ours but what it needs, and the state root."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "XDG_STATE_HOME") if name in os.environ
    }
    return {**kept, "PYTHONPATH": str(REPOSITORY), "OMK_TUI_STATE_ROOT": str(root), "TERM": "xterm-256color", **more}


def command(*words: str) -> list[str]:
    """The command line that runs omk-tui from this checkout."""
    return [sys.executable, "-m", "omk_tui", *words]


def in_terminal(
    words: list[str], environ: Mapping[str, str], cwd: Path, *, stdin_is_terminal: bool = True
) -> tuple[int, bytes]:
    """Run a command whose output goes to a pseudo-terminal of 80 columns; its exit code and the bytes that arrived."""
    master, slave = pty.openpty()
    _set_size(slave, 24, 80)
    given = slave if stdin_is_terminal else subprocess.DEVNULL
    process = subprocess.Popen(
        words, stdin=given, stdout=slave, stderr=slave, env=dict(environ), cwd=cwd, start_new_session=True
    )
    os.close(slave)
    arrived = bytearray()
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        arrived += piece
    os.close(master)
    return process.wait(timeout=60), bytes(arrived)


def _set_size(terminal: int, rows: int, columns: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
