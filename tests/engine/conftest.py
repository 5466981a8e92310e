"""The state root that the engine's tests start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.states import State
from tests.golden.layout import quiet_git_environment


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An empty state root and an empty project."""
    return State(tmp_path)


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Git as on a machine where nobody configured it, and a state folder of the test's own for omk-tui itself."""
    for name, value in quiet_git_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("xdg")))
