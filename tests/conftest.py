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
