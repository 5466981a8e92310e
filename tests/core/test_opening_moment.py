"""When opened goals are dated: whole seconds, each command's later than those before it."""

from __future__ import annotations

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.opening.opening_moment import MOST_AHEAD, opening_moment

NOW = Timestamp(1_800_000_000, 987_654_321)


def test_it_is_the_whole_second_after_every_earlier_one() -> None:
    assert opening_moment(NOW, []) == Timestamp(NOW.seconds, 0)
    for ahead, expected in ((-5, 0), (-1, 0), (0, 1), (3, 4), (MOST_AHEAD, MOST_AHEAD + 1), (MOST_AHEAD + 1, 0)):
        earlier = [Timestamp(NOW.seconds + ahead, 5).text(), Timestamp(NOW.seconds - 100, 0).text(), "no instant"]
        assert opening_moment(NOW, earlier) == Timestamp(NOW.seconds + expected, 0), ahead
