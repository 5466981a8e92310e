"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests import pilots


@pytest.fixture
def settled() -> Callable[[Pilot[Any]], Awaitable[None]]:
    """`await settled(pilot)`: wait until no message is on its way and no worker but a watching one runs."""
    return pilots.settled


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A state folder of the test's own for omk-tui itself: nothing is left in the home of whoever runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("xdg")))


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
