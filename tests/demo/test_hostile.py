"""The hostile goal: valid state by omk's rules, complete evidence, and every attack in it."""

import json
from pathlib import Path

import pytest

from omk_tui.core.goal import Goal
from omk_tui.demo import attacks, hostile
from omk_tui.demo.relocate import Places


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile.files(Places(Path("/root"), Path("/project")))
