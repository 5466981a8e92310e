"""Fixtures that every test may use."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
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


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, state_folders: Path) -> None:
    """A state folder of the test's own for omk-tui itself: nothing is left in the home of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", mkdtemp(dir=state_folders))


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
