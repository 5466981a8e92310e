"""How far the reading of many goals is, on standard error while it goes on."""

from __future__ import annotations

from time import monotonic

from omk_tui.cli.console import TELL_EVERY, Console

FEWEST_GOALS = 100
"""How many goals there must be for it to be worth a word, however slow the machine."""
_WIDTH = 24


class GoalsProgress:
    """A context whose value is told how many goals of how many are read, and shows it where somebody watches."""

    def __init__(self, console: Console) -> None:
        """Nothing is shown before `TELL_EVERY` seconds have gone by."""
        self._console = console
        self._last_report = monotonic()

    def __enter__(self) -> GoalsProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._console.show_status("")

    def __call__(self, read: int, goals: int) -> None:
        if goals < FEWEST_GOALS or not self._console.is_followed or monotonic() - self._last_report < TELL_EVERY:
            return
        self._last_report = monotonic()
        filled = _WIDTH * min(read, goals) // max(goals, 1)
        self._console.show_status(f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {read:,} of {goals:,} goals")
