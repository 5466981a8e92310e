"""The goal whose every text attacks its reader, in every section, dialog and result."""

from __future__ import annotations

from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Recorded
from tests import pilots
from tests.depth import DEEP
from tests.journeys.story import Desk, desk


def assert_clean(story: Desk) -> None:
    for line in pilots.screen_lines(story.app):
        assert line.isprintable(), ascii(line)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)] if DEEP else [(80, 24)])
async def test_nothing_of_it_acts_anywhere(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(tmp_path, size) as story:
        assert_clean(story)
        await story.open("hostile")
        for section in range(1, 9):
            await story.press(str(section))
            assert_clean(story)
            for _ in range(2):
                await story.press("enter", "j", "right", "r")
                assert_clean(story)
                await story.press("escape", "j")
        await story.press("A")
        assert_clean(story)
        await story.press("escape", "R")
        await story.type("no")
        assert_clean(story)
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert_clean(story)
        assert isinstance(story.result.outcome, Recorded), story.text
        await story.press("escape", "q", "slash")
        await story.type("harmless")
        assert_clean(story)


async def test_its_markup_is_shown_as_it_is_written(tmp_path: Path) -> None:
    async with desk(tmp_path, (140, 40)) as story:
        story.list.select(story.folder("hostile").name)
        await story.settle()
        assert "[/]" in story.text
