"""`/` in the gates looks through every log, `n` goes on in the next one; Esc ends a search that takes long."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from omk_tui.messages.searching import SearchGoesOn
from tests.journeys.story import desk


async def test_a_search_goes_through_every_log_of_the_gates(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 30)) as story:
        await story.open("failing-gate")
        await story.press("4", "slash")
        await story.type("pass")
        await story.press("enter")
        await story.until(lambda: "1 of 4 lines in 2 logs with pass" in story.said)
        assert story.review.pane.lit == "gate unit"
        await story.press("n")
        await story.until(lambda: "2 of 4" in story.said)
        assert story.review.pane.lit == "gate regression"
        await story.press("N")
        await story.until(lambda: "1 of 4" in story.said)
        assert story.review.pane.lit == "gate unit"
        await story.press("N")
        await story.until(lambda: "4 of 4" in story.said)
        await story.press("5", "slash")  # from the list of files through all their diffs, and on from there
        await story.type("/[a-z]/")
        await story.press("enter")
        await story.until(lambda: "match " in story.said)
        before = story.said
        await story.press("n")
        await story.until(lambda: "match " in story.said and story.said != before)
        await story.press("N")
        await story.until(lambda: story.said == before)


async def test_capitals_expressions_and_what_is_nowhere(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 30)) as story:
        await story.open("failing-gate")
        await story.press("4", "slash")
        await story.type("PASS")
        await story.press("enter")
        await story.until(lambda: "1 of 2 lines in 1 log with PASS" in story.said)
        await story.press("slash", "ctrl+u")
        await story.type("/assert \\d+ ==/")
        await story.press("enter")
        await story.until(lambda: "1 of 1 line" in story.said)
        await story.press("slash", "ctrl+u")
        await story.type("/(/")
        await story.press("enter")
        assert "is no regular expression" in story.said
        await story.press("slash", "ctrl+u")
        await story.type("nowhere")
        await story.press("enter")
        await story.until(lambda: "no log of this section contains nowhere" in story.said)
        await story.press("escape")
        assert story.app.screen is story.list


async def test_what_is_in_no_row_is_searched_in_the_text_below(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 30)) as story:
        await story.open("conflicts")
        await story.press("6", "slash")
        await story.type("effect on")
        await story.press("enter")
        assert story.said.startswith("match 1 of 1 for effect on, line")
        await story.press("n")
        assert story.said.startswith("match 1 of 1 for effect on, line")
        await story.press("slash")
        await story.type("nowhere")
        await story.press("enter")
        assert story.said == "no line contains nowhere"


async def test_esc_ends_a_search_in_a_large_log_and_stays(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 30)) as story:
        folder = story.folder("failing-gate")
        log = folder / "artifacts/gates/post-mutation/gate-01-unit.log"
        with log.open("ab") as file:
            for _ in range(50):
                file.write(b"a line of a log without the word\n" * 32768)
        await story.open("failing-gate")
        await story.press("4", "slash")
        await story.type("/nowhere.*at all/")
        enter = asyncio.create_task(story.pilot.press("enter"))  # which itself waits while the search goes on
        end = time.monotonic() + 20
        while "so far; Esc ends it" not in story.said:
            assert time.monotonic() < end, story.text
            await asyncio.sleep(0.005)
        await story.press("escape")
        await enter
        assert "the search has ended" in story.said
        assert story.app.screen is story.review
        late = SearchGoesOn(folder.name, story.review.section, 2**20)  # was on its way when the search was ended
        story.app.post_message(late)
        await story.pilot.pause()
        assert "the search has ended" in story.said
