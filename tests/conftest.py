"""Fixtures that every test may use."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import pilots


@pytest.fixture
def settled() -> Callable[[Pilot[Any]], Awaitable[None]]:
    """`await settled(pilot)`: wait until no message is on its way and no worker but a watching one runs."""
    return pilots.settled


@pytest.fixture(scope="session")
def state_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests' state folders are made; `mktemp` for each of them would look through all of them each time."""
    return tmp_path_factory.mktemp("xdg")


@pytest.fixture(scope="session", autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where everything that the tests and their processes make for a while is made, instead of the machine's /tmp."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_temporary_folder(monkeypatch, folder)
        yield folder


@pytest.fixture(autouse=True)
def nothing_left_over(temporary_folder: Path) -> Iterator[None]:
    """Whatever omk-tui makes in the temporary folder is gone at the end of each test; see `killed`."""
    yield
    left_over = [name for name in os.listdir(temporary_folder) if name.startswith("omk-tui")]
    for name in left_over:
        shutil.rmtree(temporary_folder / name, ignore_errors=True)
    assert not left_over, f"left in the temporary folder: {left_over}"


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A temporary folder of its own for a test whose processes are killed before they can remove what they made."""
    use_temporary_folder(monkeypatch, tmp_path_factory.mktemp("killed"))


def use_temporary_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let this process and those that it starts make their temporary files in `folder`."""
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, state_folders: Path) -> None:
    """A state folder of the test's own for omk-tui itself: nothing is left in the home of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", tempfile.mkdtemp(dir=state_folders))


@pytest.fixture(autouse=True)
def usual_signals() -> Iterator[None]:
    """Interrupts and hang-ups act, also where the run itself ignores them (in the background, under nohup)."""
    usual: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, action) for number, action in usual.items()}
    yield
    for number, action in before.items():
        signal.signal(number, action)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have told with `record_property("told", ...)`: numbers, and what could not be tested here."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    told = [
        text
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, text in report.user_properties
        if name == "told"
    ]
    for text in dict.fromkeys(told):
        terminalreporter.write_line(str(text))
