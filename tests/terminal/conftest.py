"""Fixtures of the tests in terminals, and what becomes of those that need tmux where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.terminal.desk import Desk, lay_out_desk


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests in tmux out where it is missing; `test_tmux_is_here` says so at the end of the run."""
    if shutil.which("tmux") is None:
        left_out = [item for item in items if item.get_closest_marker("terminal")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The sample goals and an empty project."""
    return lay_out_desk(tmp_path)
