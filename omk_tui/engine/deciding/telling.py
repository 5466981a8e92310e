"""Who hears of a decision that a look has finished."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str], None]
"""Is told, in a sentence, of a decision that was cut off and has been finished just now."""


def keep_quiet(sentence: str) -> None:
    """Tell nobody."""
