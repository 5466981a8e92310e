"""The state root that the engine's tests start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.projects import conflicting_project
from tests.engine.states import State
from tests.golden.layout import quiet_git_environment


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An empty state root and an empty project."""
    return State(tmp_path)


@pytest.fixture(autouse=True)
def quiet_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as on a machine where nobody configured it."""
    for name, value in quiet_git_environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a conflict between two of its branches."""
    return conflicting_project(tmp_path / "project")
