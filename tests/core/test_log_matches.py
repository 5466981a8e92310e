"""Matches in texts of any size: cut into pieces anywhere they are the same, and they follow each other over texts."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.text import log_matches
from omk_tui.core.text.log_matches import Matches, matching_lines
from omk_tui.core.text.search import Search

TEXT = st.text(alphabet="aAb\n ", max_size=60).map(str.encode)


@given(TEXT, st.lists(st.integers(0, 60), max_size=6), st.sampled_from(["a", "A", "ab", "b a", "/a.b/", "/^b/"]))
def test_pieces_do_not_matter(data: bytes, cuts: list[int], words: str) -> None:
    search = Search(words)
    ends = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    pieces = [data[low:high] for low, high in pairwise(ends)]
    offsets = list(matching_lines(pieces, search))
    at, expected = 0, []
    for line in data.split(b"\n"):
        if search.is_in(line.decode()):
            expected.append(at)
        at += len(line) + 1
    starts = [0] + [found.end() for found in re.finditer(b"\n", data)]
    assert [max(start for start in starts if start <= offset) for offset in offsets] == expected


def test_too_many_are_not_listed() -> None:
    before = log_matches.MOST_MATCHES
    log_matches.MOST_MATCHES = 3
    try:
        assert list(matching_lines([b"a\n" * 9], Search("a"))) == [0, 2, 4]
    finally:
        log_matches.MOST_MATCHES = before


def test_the_next_match_goes_on_in_the_next_text_and_around() -> None:
    matches = Matches(Search("x"), {"one": [5, 9], "two": [], "three": [1]})
    assert (matches.total, matches.texts) == (3, 2)
    assert matches.next("one", 5, 1) == ("one", 9)
    assert matches.next("one", 9, 1) == ("three", 1)
    assert matches.next("three", 1, 1) == ("one", 5)
    assert matches.next("three", 1, -1) == ("one", 9)
    assert matches.next("one", 5, -1) == ("three", 1)
    assert matches.next("two", 0, 1) == ("three", 1)
    assert [matches.number(*place) for place in (("one", 5), ("one", 9), ("three", 1))] == [1, 2, 3]
    assert Matches(Search("x"), {"one": []}).next("one", 0, 1) is None


def test_a_progress_bar_is_one_line_and_carriage_returns_do_not_hide_the_end() -> None:
    """What a program draws over itself with carriage returns, and lines that end as on Windows."""
    bar = b"tests 10%\rtests 50%\rtests 100%\nready\r\n"
    assert list(matching_lines([bar], Search("/tests/"))) == [0]
    assert list(matching_lines([bar], Search("/ready$/"))) == [bar.index(b"ready")]
    assert Search("/ready$/").offset_in(bar) == bar.index(b"ready")
