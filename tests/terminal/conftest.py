"""Fixtures of the tests in terminals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.desk import Desk, lay_out_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The sample goals and an empty project."""
    return lay_out_desk(tmp_path)
