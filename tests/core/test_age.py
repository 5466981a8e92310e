"""Ages: at most four characters."""

from __future__ import annotations

import pytest

from omk_tui.core.text.age import age


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0s"), (8, "8s"), (59.9, "59s"), (60, "1m"), (720, "12m"), (7200, "2h"), (86399, "23h"), (86400, "1d"),
     (13 * 86400, "13d"), (14 * 86400, "2w"), (800 * 86400, "2y"), (1e12, "999y")],
)  # fmt: skip
def test_ages_are_short(seconds: float, words: str) -> None:
    assert age(seconds) == words
