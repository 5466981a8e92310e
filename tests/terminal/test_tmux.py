"""Where tmux is missing, a line at the end of the run says that its tests were left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.processes import REPOSITORY

NOT_TESTED = "NOT TESTED: tmux is not installed, so the journeys in tests/terminal/test_tmux_journeys.py were left out."


def test_tmux_is_here(record_property: Callable[[str, object], None], tmp_path: Path) -> None:
    try:
        told = subprocess.run(["tmux", "-V"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        record_property("told", NOT_TESTED)
        return
    assert told.startswith("tmux ")


@pytest.mark.terminal
def test_without_tmux_the_run_says_so(tmp_path: Path) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    for name in ("sh", "git", "python3"):
        if found := next(
            (path for path in os.environ["PATH"].split(":") if os.access(f"{path}/{name}", os.X_OK)), None
        ):
            (place / name).symlink_to(f"{found}/{name}")
    switched_off = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest"]
    words = ["-m", "pytest", "-q", *switched_off, "tests/terminal/test_tmux.py"]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert NOT_TESTED in done.stdout
    assert "1 deselected" in done.stdout
