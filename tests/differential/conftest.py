"""The real omk as a fixture, and the loud line at the end of a run without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.binary import REASON, usable_omk


@pytest.fixture(scope="session")
def omk_binary() -> Path:
    """The omk binary to compare with; only for tests marked `needs_omk`."""
    binary, reason = usable_omk()
    assert binary is not None, reason
    return binary


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what to set, once, where nothing could be compared."""
    if REASON:
        terminalreporter.section("differential tests", red=True, bold=True)
        terminalreporter.write_line(REASON, red=True, bold=True)
