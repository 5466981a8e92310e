"""What holds for every section of every goal: it is drawn at any width, and nothing hostile gets through."""

from __future__ import annotations

import pytest

from omk_tui.core.text.printable import printable
from omk_tui.keys.commands import SECTIONS as TITLES
from omk_tui.sections import SECTIONS
from omk_tui.sections.view import MOST_LINES, SectionData, TextDetail
from tests.sections.samples import NAMES, NOW, Samples, build, everything, rows

KEYS = tuple(section.key for section in SECTIONS)


def test_the_sections_stand_in_the_order_of_their_keys() -> None:
    assert tuple("12345678") == KEYS
    assert tuple(section.title for section in SECTIONS) == TITLES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("raw", [False, True], ids=["parsed", "raw"])
def test_every_row_has_a_detail_and_every_text_is_clean(samples: Samples, name: str, raw: bool) -> None:
    review = samples.review(name)
    data = samples.data(review, raw=raw)
    for key in KEYS:
        view = build(key, review, data)
        keys = [line.key for line in view.rows if line.selectable]
        assert list(view.details) == keys
        assert len({line.key for line in view.rows}) == len(view.rows)
        assert set(view.blockers) <= set(keys)
        assert view.start in ("", *keys)
        for line in everything(view, 78).split("\n"):
            assert printable(line, 10**6) == line


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [1, 8, 38, 40, 59, 60, 78, 118, 138])
def test_rows_keep_within_any_width(samples: Samples, name: str, width: int) -> None:
    review = samples.review(name)
    data = samples.data(review, width=width)
    for key in KEYS:
        view = build(key, review, data)
        assert everything(view, width)
        for line in view.rows:
            if callable(line.content):
                assert line.content(width).cell_length <= max(width, 78)


@pytest.mark.parametrize("name", NAMES)
def test_equal_reviews_give_equal_rows(samples: Samples, name: str) -> None:
    review = samples.review(name)
    for key in KEYS:
        assert build(key, review, samples.data(review)).rows == build(key, review, samples.data(review)).rows


@pytest.mark.parametrize("name", NAMES)
def test_before_the_files_are_read_the_sections_say_so(samples: Samples, name: str) -> None:
    review = samples.review(name)
    for key in "578":
        view = build(key, review, SectionData(NOW))
        assert (view.rows and "…" in rows(view)[0]) or (key == "5" and not review.diffs)


def test_no_detail_is_longer_than_the_limit(samples: Samples) -> None:
    review = samples.review("hostile")
    for key in KEYS:
        view = build(key, review, samples.data(review, raw=True))
        for each in view.details.values():
            if isinstance(each, TextDetail):
                assert len(each.items) <= MOST_LINES + 20
