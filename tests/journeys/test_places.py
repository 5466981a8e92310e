"""Walking about: filter, blockers, neighbours, zoom, search, help, palette, sizes, and places with nothing in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from omk_tui.keys.commands import SECTIONS
from omk_tui.widgets.line_list import LineList
from tests.depth import DEEP
from tests.journeys.story import desk, desk_on

SIZES = ((40, 10), (80, 24), (140, 40), (20, 5))


async def test_the_list_says_what_needs_me_and_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        story.list.select(story.folder("failing-gate").name)
        await story.settle()
        text = story.text
        assert "NEEDS YOU" in text.splitlines()[0]
        assert "~/samples" in text.splitlines()[0]
        assert "required verification gates are missing or failing" in text
        assert f"omk goal verify {story.folder('failing-gate').name}" in text
        for word in ("acceptable", "conflict", "missing", "paused", "running"):
            assert word in text


async def test_filtering_keeps_what_matches_and_esc_shows_all(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        everything = story.list.order()
        await story.press("slash")
        await story.type("acceptable")
        await story.press("enter")
        assert story.list.order() == [story.folder("ready").name]
        assert "/ acceptable" in story.text.splitlines()[0]
        await story.press("enter")
        assert story.review.goal_id == story.folder("ready").name
        await story.press("q", "escape")
        assert story.list.order() == everything


async def test_keys_in_one_burst_are_text_of_the_filter_and_the_list_has_the_focus_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        everything = story.list.order()
        for character in "/a/q":
            story.app.post_message(events.Key("slash" if character == "/" else character, character))
        await story.settle()
        assert story.list.rows.filter_text == "a/q"
        for key in ("escape", "j"):
            story.app.post_message(events.Key(key, None if len(key) > 1 else key))
            await story.settle()
        assert story.list.order() == everything
        assert story.list.rows.has_focus
        assert story.list.rows.cursor_key == everything[1]


async def test_b_walks_through_the_goals_that_need_somebody(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        seen = []
        for _ in range(3):
            await story.press("b")
            assert story.list.lit is not None
            seen.append(story.list.lit.verdict)
        assert all(verdict.needs_you for verdict in seen)
        assert len(set(story.list.order())) == 8


async def test_an_empty_root_says_where_it_looked_and_how_to_look_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    async with desk_on(tmp_path / "nothing", tmp_path) as story:
        assert "no goal here yet" in story.text
        assert "--state-root" in story.text
        assert "OMK_TUI_STATE_ROOT" in story.text
        await story.press("enter", "A", "R", "b", "B", "J", "slash", "escape")
        assert not (tmp_path / "nothing" / "goals").exists()


async def test_an_unreadable_goal_is_a_row_with_its_reason(tmp_path: Path) -> None:
    goal = tmp_path / "root" / "goals" / "goal-broken"
    goal.mkdir(parents=True)
    (goal / "goal.json").write_text('{"version": "x"}')
    async with desk_on(tmp_path / "root", tmp_path) as story:
        assert "unreadable" in story.text
        assert "goal.json" in story.text
        await story.press("enter")
        for section in range(1, 9):
            await story.press(str(section))
        await story.press("A")
        assert "goal.json" in story.said


async def test_the_sections_are_on_keys_1_to_8(tmp_path: Path) -> None:
    async with desk(tmp_path, (140, 40)) as story:
        await story.open("conflicts")
        for number, name in enumerate(SECTIONS, 1):
            await story.press(str(number))
            assert f"[{number} {name}" in story.text
            assert isinstance(story.app.focused, LineList)


async def test_the_traceback_of_a_failing_gate_is_two_keys_away(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("failing-gate")
        await story.press("4")
        await story.until(lambda: "Traceback" in story.text or "Error" in story.text)


async def test_b_walks_the_blockers_across_sections_and_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("failing-gate")
        places = [(review.section, review.pane.lit)]
        sections = set()
        for _ in range(30):
            await story.press("b")
            places.append((review.section, review.pane.lit))
            sections.add(review.section)
            if "from the other end" in story.said:
                break
        assert "from the other end" in story.said
        assert len(sections) > 1
        await story.press("B")
        assert (review.section, review.pane.lit) == places[-2]


async def test_j_and_k_in_capitals_go_to_the_neighbours_in_the_lists_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        order = story.list.order()
        await story.press("enter", "4", "J")
        assert (story.review.goal_id, story.review.section) == (order[1], 4)
        await story.press("K", "K")
        assert story.review.goal_id == order[0]
        assert "first goal" in story.said
        await story.press("q")
        assert story.app.screen is story.list
        assert len(story.app.screen_stack) == 1


async def test_enter_opens_the_item_alone_and_esc_goes_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("conflicts")
        await story.press("7", "enter")
        assert review.pane.zoomed
        assert story.app.focused is review.pane.detail
        await story.press("escape")
        assert not review.pane.zoomed
        assert story.app.focused is review.pane.rows
        await story.press("tab")
        assert story.app.focused is review.pane.detail
        await story.press("tab")
        assert story.app.focused is review.pane.rows


async def test_searching_in_rows_and_text(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("ready")
        await story.press("slash")
        await story.type("oracle")
        await story.press("enter")
        assert review.pane.lit is not None
        assert "match 1 of" in story.said
        await story.press("7", "tab", "slash")
        await story.type("recovery")
        await story.press("enter")
        assert "match 1 of 1" in story.said


async def test_keys_that_cannot_act_say_why(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.press("escape")
        assert "q quits" in story.said
        await story.press("ctrl+c")
        assert "q quits" in story.said
        await story.open("ready")
        await story.press("n")
        assert "nothing is searched for" in story.said


async def test_the_help_has_every_key_and_closes(tmp_path: Path) -> None:
    async with desk(tmp_path, (140, 120)) as story:
        await story.press("question_mark")
        for words in ("ctrl+s", "record the decision", "missing", "unreadable", "J K"):
            assert words in story.text
        await story.press("question_mark")
        assert story.app.screen is story.list


async def test_the_palette_holds_our_commands_only(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 60)) as story:
        await story.open("ready")
        await story.press("ctrl+p")
        await story.until(lambda: "leave omk-tui" in story.text)
        for foreign in ("Screenshot", "Maximize", "Keys", "Quit the application"):
            assert foreign not in story.text
        await story.type("theme light")
        await story.press("enter")
        assert story.app.theme == "omk-light"
        await story.press("ctrl+p")
        await story.type("wall")
        await story.press("enter")
        assert story.review.section == 3


@pytest.mark.parametrize("size", SIZES if DEEP else SIZES[2:])
async def test_no_size_breaks_any_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(tmp_path, size) as story:
        await story.open("conflicts")
        for section in range(1, 9):
            await story.press(str(section), "enter", "j", "G", "escape")
        await story.press("A", "tab", "escape", "R", "x", "escape", "question_mark", "escape", "ctrl+p", "escape", "q")
        assert story.app.screen is story.list


async def test_a_small_screen_says_where_the_details_are(tmp_path: Path) -> None:
    async with desk(tmp_path, (40, 10)) as story:
        assert "80x24" in story.text
        await story.press("enter")
        assert "Enter" in story.text


async def test_resizing_keeps_the_item(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("conflicts")
        await story.press("G")
        lit = review.pane.lit
        for size in ((140, 40), (40, 10), (80, 24)):
            await story.pilot.resize_terminal(*size)
            await story.settle()
            assert review.pane.lit == lit


async def test_where_directory_and_database_disagree_there_is_a_note(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        (story.folder("ready")).rename(tmp_path / "gone")
        await story.press("ctrl+r")
        assert "1 note" in story.said
        await story.press("G")
        assert "is a ghost" in story.text
        await story.press("enter")
        assert "a note, not a goal" in story.said
        assert len(story.list.order()) == 8, "the ghost is a row as well"


async def test_an_error_nobody_foresaw_prints_no_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk(tmp_path) as story:
        story.app._fatal_error()
        assert not story.app._exit_renderables
