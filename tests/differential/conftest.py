"""The real omk as a fixture, and one loud line at the end of a run without it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.differential.binary import usable_omk

_found = cache(usable_omk)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs an omk where there is none: all in this one place, so that the run says it in one line."""
    binary, reason = _found()
    if binary is None and "omk_binary" in getattr(item, "fixturenames", ()):
        pytest.skip(reason)


@pytest.fixture(scope="session")
def omk_binary() -> Path:
    """The omk binary to compare with."""
    binary, reason = _found()
    assert binary is not None, reason
    return binary
