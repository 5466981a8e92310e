"""Slow reading that can be watched and stopped: it tells of its bytes, and whoever listens may end it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int], None]
"""Is told, piece by piece, how many bytes were read; may raise `Cancelled`."""


GoalsProgress = Callable[[int, int], None]
"""Is told how many goals were read, and how many there are."""


class Cancelled(Exception):
    """Whoever asked for a reading does not want it any more."""


def unwatched(size: int) -> None:
    """Let the reading go on."""


def uncounted(read: int, goals: int) -> None:
    """Let the reading of many goals go on."""
