"""What makes a decision: the product in this process, or the real omk as a child process."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.golden.case import Places
from tests.golden.layout import quiet_git_environment

OMK_TIME_LIMIT_SECONDS = 120


@dataclass(frozen=True)
class Result:
    """What a command left besides files. `started` and `ended`: Unix nanoseconds round the run."""

    exit: int
    stdout: bytes
    stderr: bytes
    started: int
    ended: int


Decider = Callable[[tuple[str, ...], Places], Result]
"""Runs a command of a case (`accept ID --summary TEXT`) on a laid out state."""


def find_omk() -> Path | None:
    """The real omk: named by OMK_BIN, else `omk` on PATH; None where there is none."""
    named = os.environ.get("OMK_BIN") or shutil.which("omk")
    return Path(named).resolve() if named else None


def omk(binary: Path) -> Decider:
    """A decider that runs the real omk on a state laid out by `layout.lay_out`."""

    def decide(argv: tuple[str, ...], places: Places) -> Result:
        return run_omk(binary, ("goal", *argv), places)

    return decide


def run_omk(binary: Path, argv: tuple[str, ...], places: Places) -> Result:
    """Run any omk command on a laid out state; its HOME holds the root, its own log goes beside."""
    home = places.root.parent.parent
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_STATE_HOME": str(home.parent / "xdg"),
        "XDG_CONFIG_HOME": str(home.parent / "xdg"),
        "NO_COLOR": "1",
    }
    started = time.time_ns()
    finished = subprocess.run(
        [binary, *argv],
        cwd=places.project,
        env=environment | quiet_git_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        umask=0o022,
        timeout=OMK_TIME_LIMIT_SECONDS,
    )
    return Result(finished.returncode, finished.stdout, finished.stderr, started, time.time_ns())


def product(argv: tuple[str, ...], places: Places) -> Result:
    """Run omk-tui in this process on a laid out state."""
    main: Callable[[list[str]], int] = importlib.import_module("omk_tui.__main__").main
    command = [*argv, "--state-root", str(places.root), "--project-dir", str(places.project)]
    stdout, stderr = io.BytesIO(), io.BytesIO()
    started = time.time_ns()
    with _usual_surroundings(), _captured(stdout, stderr):
        try:
            code = main(command)
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return Result(code, stdout.getvalue(), stderr.getvalue(), started, time.time_ns())


@contextlib.contextmanager
def _usual_surroundings() -> Iterator[None]:
    """Umask 022 and no git configuration, as when the cases were recorded; everything is put back afterwards."""
    kept = dict(os.environ)
    umask = os.umask(0o022)
    try:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            del os.environ[name]
        os.environ.update(quiet_git_environment())
        yield
    finally:
        os.umask(umask)
        os.environ.clear()
        os.environ.update(kept)


@contextlib.contextmanager
def _captured(stdout: io.BytesIO, stderr: io.BytesIO) -> Iterator[None]:
    """Standard output and error as bytes; standard input at its end. No stream is a terminal."""
    streams = [io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=True) for raw in (stdout, stderr)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        yield
    for stream in streams:
        stream.flush()
        stream.detach()
