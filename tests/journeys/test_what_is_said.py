"""What the screens say is true at that moment: footers, cursor, titles, counts, and what the ledger gets of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from omk_tui import demo
from omk_tui.app.shell import Shell
from omk_tui.messages.desk import Trouble
from omk_tui.messages.listing import LinesRead
from omk_tui.screens.help import HelpScreen
from omk_tui.screens.state import Live
from tests.journeys.story import desk, desk_on

# Sentences belong to their moment


async def test_a_sentence_in_the_footer_goes_with_the_next_key(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.press("escape")
        assert "no filter to clear" in story.said
        await story.press("j")
        assert "no filter" not in story.text


async def test_a_refused_commit_is_not_said_beside_an_enabled_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        dialog = await story.ask("missing-evidence", "A")
        await story.type("take it")
        await story.press("ctrl+s")
        ending = dialog.seen.goal_id[-8:]
        assert f"type {ending}" in story.said
        await story.press("tab")
        await story.type(ending)
        assert "ctrl+s  records the accept" in story.text
        assert "nothing is recorded" not in story.text


async def test_a_sentence_does_not_come_back_after_a_dialog(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("ready")
        await story.press("n")
        assert "nothing is searched for" in story.said
        await story.press("R", "escape")
        assert "nothing is searched for" not in story.text


async def test_what_nobody_asked_for_stays_long_enough_to_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("omk_tui.screens.base.monotonic", lambda: now)
    async with desk(tmp_path) as story:
        story.app.post_message(Trouble("finished just now: the accept by kim"))
        await story.settle()
        await story.press("j")
        assert "finished just now" in story.said
        now = 105.0
        story.app.post_message(Trouble("finished just now: the accept by kim"))
        await story.settle()
        now = 110.0
        await story.press("j")
        assert "finished just now" not in story.text


# Footers offer what there is


async def test_one_item_alone_has_keys_of_its_own(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("ready")
        await story.press("2", "enter")
        assert "Esc rows" in story.text
        assert "Enter open" not in story.text
        assert "j/k item" not in story.text
        await story.press("escape")
        assert "Enter open" in story.text


async def test_a_list_without_a_goal_offers_nothing_to_decide(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    async with desk_on(tmp_path / "nothing", tmp_path) as story:
        footer = "\n".join(story.text.splitlines()[-4:])
        assert "? help" in footer
        assert not any(words in footer for words in ("A accept", "R reject", "Enter open", "b/B"))


async def test_on_a_small_screen_the_title_keeps_its_beginning_and_the_hint_goes(tmp_path: Path) -> None:
    async with desk(tmp_path, size=(60, 15)) as story:
        await story.open("ready")
        assert story.text.splitlines()[0].strip().startswith("20ed1a38")
        assert "Enter: the details" in story.text
        await story.press("enter")
        assert "Enter: the details" not in story.text


@pytest.mark.parametrize("width", [60, 100, 120, 160, 200])
async def test_no_cell_of_the_help_is_cut(tmp_path: Path, width: int) -> None:
    async with desk(tmp_path, size=(width, 60)) as story:
        await story.press("question_mark")
        assert isinstance(story.app.screen, HelpScreen)
        assert "…" not in story.text


async def test_the_help_begins_where_one_is_and_is_searched(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.press("question_mark")
        assert "you are in: list" in story.text and "keys in the list" in story.text
        await story.press("escape")
        await story.press("enter")
        await story.press("4", "question_mark")
        assert "you are in: gates" in story.text and "keys in the review" in story.text
        await story.press("slash")
        await story.type("decisions.jsonl")
        await story.press("enter")
        assert "every decision with" in story.text
        assert "match 1 of 1 for decisions.jsonl" in story.said
        await story.press("[")
        assert story.said == "words"
        await story.pilot.resize_terminal(160, 50)
        await story.press("g")
        assert "keys in the review" in story.text and "sections of the review" in story.text, "two columns"


async def test_the_palette_says_how_its_own_filter_is_undone(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.press("ctrl+p")
        await story.type("zzz")
        assert "Esc clears the filter" not in story.text
        assert "Backspace shows the others again" in story.text


# The list


async def test_until_a_person_moves_it_the_cursor_is_on_the_first_row(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        newest = story.list.goals.lines[0]
        assert newest.created_at is not None
        for number in range(3):
            later = replace(newest.created_at, seconds=newest.created_at.seconds + 60 + number)
            story.app.post_message(LinesRead((replace(newest, goal_id=f"goal-new-{number}", created_at=later),)))
            await story.until(lambda: len(story.list.goals.lines) == 9 + number)  # noqa: B023
            assert story.list.rows.cursor_key == f"goal-new-{number}"
        await story.press("j")
        chosen = story.list.rows.cursor_key
        later = replace(newest.created_at, seconds=newest.created_at.seconds + 99)
        story.app.post_message(LinesRead((replace(newest, goal_id="goal-newest", created_at=later),)))
        await story.until(lambda: len(story.list.goals.lines) == 12)
        assert story.list.rows.cursor_key == chosen


async def test_a_filter_without_a_match_shows_no_goal(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.press("slash")
        await story.type("zzz")
        assert "nothing here contains zzz" in story.text
        assert "WHY" not in story.text


@pytest.mark.parametrize("damage", ["unreadable", "interrupted"])
async def test_what_only_a_person_can_mend_needs_somebody(tmp_path: Path, damage: str) -> None:
    async with desk(tmp_path) as story:
        before = story.text.splitlines()[0]
        folder = story.folder("rejected-before" if damage == "interrupted" else "running")
        if damage == "unreadable":
            (folder / "proof.json").write_text("{")
        else:
            (folder / ".omk-tui.txn").write_text("cut off")
        await story.press("ctrl+r")
        await story.until(lambda: damage in story.text)
        assert "NEEDS YOU 6 of 8" in before
        assert f"NEEDS YOU {7 if damage == 'unreadable' else 6} of 8" in story.text
        await story.press("question_mark", "G")
        assert f"{damage}  " in story.text


async def test_the_live_mark_goes_on_while_nothing_changes(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        app = story.app
        assert isinstance(app, Shell)
        app.live = Live(True, 0.0)
        app.reviewing.poll()
        assert app.live.read_at != 0.0


# Counting as the checklist counts


async def test_blockers_are_counted_as_the_checklist_counts_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("failing-gate")
        assert "4 of 9 missing" in story.text
        await story.press("g")
        spoken = []
        for _ in range(4):
            await story.press("b")
            spoken.append(story.said)
        assert review.section == 1 or spoken[-1]
        assert any("Checklist: blocker" in words and "of 4" in words for words in spoken)
        assert not any(" of 9" in words for words in spoken)


async def test_gaps_are_one_row_and_no_news_where_they_repeat_what_is_missing(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        lines = {line.goal_id: line for line in story.list.goals.lines}
        assert lines[demo.goal_id("failing-gate")].warnings == 0
        assert lines[demo.goal_id("ready")].warnings == 0
        assert lines[demo.goal_id("conflicts")].warnings == 0, "the verdict says conflict, the column how many"
        review = await story.open("failing-gate")
        assert [line.key for line in review._views[0].rows if "gap" in line.key] == ["known gaps"]
        await story.press("q")
        await story.open("ready")
        await story.press("A")
        assert "[i] 1 known gap would be dropped" in story.text


# What was looked at


async def test_the_ledger_is_told_which_sections_were_on_screen(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("ready")
        await story.press("4", "5", "4", "R")
        story.clock.pass_by(1.0)
        await story.type("no")
        await story.press("ctrl+s")
        await story.until(lambda: "rejected and recorded" in story.text)
        ledger = story.folder("ready") / "artifacts/integration/integrator-decisions.jsonl"
        (line,) = ledger.read_text().splitlines()
        assert json.loads(line)["looked_at"] == ["checklist", "gates", "diff"]


async def test_merges_are_tried_on_opening_and_again_when_asked(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("conflicts")
        await story.press("6")
        assert "not checked" in story.text and "it has no .git" in story.text
        before = story.files()
        await story.press("x")
        assert "scratch repository" in story.said
        assert story.files() == before


async def test_keys_of_other_pagers_work_and_one_without_a_meaning_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path, (60, 24)) as story:
        await story.press("u")
        assert story.said == "u does nothing here; ? shows the keys"
        review = await story.open("failing-gate")
        await story.press("5", "enter", "space")
        stream = review.pane.stream
        paged = stream.scroll_offset.y
        assert paged > 0
        await story.press("ctrl+e")
        assert stream.scroll_offset.y == paged + 1
        await story.press("ctrl+y", "$", "z")
        assert stream.scroll_offset.y == paged and story.said == "z does nothing here; ? shows the keys"
        assert any("‹" in line for line in story.text.splitlines())
        await story.press("0", "h", "pageup")
        assert stream.scroll_offset.y == 0 and not any("‹" in line for line in story.text.splitlines())
        await story.press("A")
        await story.press("ctrl+t")
        assert story.said == "ctrl+t does nothing here"
