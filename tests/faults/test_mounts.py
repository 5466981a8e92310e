"""A really full disk, a read-only one, and a goal over two file systems, each in a mount namespace of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.faults.company import CHECKOUT
from tests.faults.conftest import Tell
from tests.faults.mounts import SHOWS


@cache
def namespace() -> tuple[str, ...] | None:
    """The command that gives a program mounts of its own, or None where that is not allowed."""
    if shutil.which("unshare") is None:
        return None
    ways: list[tuple[str, ...]] = [("unshare", "-Urm")]
    if os.geteuid() == 0:
        ways.insert(0, ("unshare", "-m"))
    probe = (
        "import sys; from pathlib import Path; from tests.faults.mounts import mount; mount(Path('/mnt'), 'size=1m')"
    )
    for way in ways:
        if (
            subprocess.run(
                [*way, sys.executable, "-c", probe], cwd=CHECKOUT, capture_output=True, check=False
            ).returncode
            == 0
        ):
            return way
    return None


@pytest.mark.parametrize("show", SHOWS)
def test_on_a_file_system_of_its_own(show: str, tmp_path: Path, tell: Tell) -> None:
    way = namespace()
    if way is None:
        tell(f"NOT TESTED: no file system may be mounted here, neither as root nor by `unshare -Urm` ({show})")
        return
    command = [*way, sys.executable, "-m", "tests.faults.mounts", show, str(tmp_path)]
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "xdg")}
    done = subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    tell(f"faults: {done.stdout.strip()}")
