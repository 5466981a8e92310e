"""Files change while somebody looks at them: the place is kept, and no decision is taken on what was not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.decision.outcome import Recorded
from omk_tui.core.records.file_names import ACCEPT_FILE, REJECT_FILE
from omk_tui.keys.commands import SECTIONS
from tests.journeys.story import Desk, desk

DECISIONS = (ACCEPT_FILE, REJECT_FILE)


def fail_a_gate(proof: dict[str, Any]) -> None:
    proof["gates"][0]["passed"] = False
    proof["gates"][0]["exit_code"] = 7


def nothing_decided(story: Desk, name: str) -> bool:
    return not any((story.folder(name) / file).exists() for file in DECISIONS)


@pytest.mark.parametrize("section", range(1, len(SECTIONS) + 1))
async def test_the_cursor_stays_when_proof_json_is_rewritten(tmp_path: Path, section: int) -> None:
    async with desk(tmp_path, live=True) as story:
        review = await story.open("ready")
        await story.press(str(section), "j", "j")
        rows = review.pane.rows
        lit, top, focus = rows.cursor_key, rows.scroll_offset, story.app.focused
        snapshot = story.app.opened.review.snapshot if story.app.opened.review else ""

        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.until(lambda: story.app.opened.review is not None and story.app.opened.review.snapshot != snapshot)

        assert "missing" in story.text.splitlines()[0]
        assert (rows.cursor_key, rows.scroll_offset, story.app.focused) == (lit, top, focus)
        assert review.section == section


async def test_the_detail_keeps_its_place_too(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        review = await story.open("conflicts")
        await story.press("7", "enter", "j", "j", "j")
        top = review.pane.detail.scroll_offset
        assert top.y == 3
        story.rewrite("conflicts", "proof.json", fail_a_gate)
        await story.until(lambda: "missing" in story.text.splitlines()[0])
        assert review.pane.zoomed
        assert review.pane.detail.scroll_offset == top
        assert story.app.focused is review.pane.detail


@pytest.mark.parametrize("key", ["A", "R"])
async def test_nothing_commits_under_a_dialog_until_the_new_facts_are_taken(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path, live=True) as story:
        dialog = await story.ask("ready", key)
        seen = dialog.seen.snapshot
        await story.type("fine by me")
        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.until(lambda: dialog.moved)

        assert "CHANGED" in story.text
        assert "required verification gates" in story.text
        await story.press("ctrl+s")
        assert nothing_decided(story, "ready")
        assert "ctrl+r" in story.said
        assert story.words == "fine by me"

        await story.press("ctrl+r")
        assert not dialog.moved
        assert dialog.seen.snapshot != seen
        assert story.words == "fine by me"
        await story.press("ctrl+s")
        assert nothing_decided(story, "ready"), "the new facts have to be looked at first"

        story.clock.pass_by(1)
        if key == "A":
            await story.press("ctrl+s")
            assert nothing_decided(story, "ready"), "not ready any more: the id is asked for"
            await story.press("tab")
            await story.type(dialog.seen.goal_id[-8:])
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_the_typed_id_is_cleared_with_the_old_facts(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        dialog = await story.ask("conflicts", "A")
        await story.type("seen")
        await story.press("tab")
        await story.type(dialog.seen.goal_id[-8:])
        story.rewrite("conflicts", "proof.json", fail_a_gate)
        await story.until(lambda: dialog.moved)
        await story.press("ctrl+r")
        assert story.typed_id == ""
        assert story.words == "seen"


async def test_a_dialog_opened_again_is_bound_to_what_is_there_now(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        dialog = await story.ask("ready", "R")
        await story.type("no")
        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.until(lambda: dialog.moved)
        await story.press("escape", "R")
        assert story.dialog is not dialog
        assert not story.dialog.moved
        assert story.words == "no"
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_the_commit_itself_refuses_what_nobody_has_noticed_yet(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        dialog = await story.ask("ready", "R")
        await story.type("no")
        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.press("ctrl+s")
        assert story.dialog is dialog
        assert dialog.moved
        assert nothing_decided(story, "ready")
        assert "CHANGED" in story.text
        assert story.words == "no"


async def test_a_goal_that_goes_away_cannot_be_decided(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        dialog = await story.ask("ready", "R")
        await story.type("no")
        gone = story.folder("ready").rename(tmp_path / "gone")
        await story.until(lambda: dialog.moved)
        await story.press("ctrl+s", "ctrl+r", "ctrl+s")
        assert dialog.moved
        assert not any((gone / file).exists() for file in DECISIONS)
        await story.press("escape")
        assert "not found" in story.text or "ghost" in story.text


async def test_the_list_follows_its_goals(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        await story.until(lambda: story.app.live.watching)
        story.list.select(story.folder("conflicts").name)
        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.until(lambda: "acceptable" not in story.text)
        assert story.list.lit is not None
        assert story.list.lit.goal_id == story.folder("conflicts").name


async def test_an_equal_review_paints_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.open("conflicts")
        opened = story.app.opened
        await story.press("ctrl+r")
        assert story.app.opened.reading == opened.reading
        assert story.app.opened == opened


async def test_without_a_watcher_it_is_said_and_the_goal_is_polled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    def full(*_: Any, **__: Any) -> Any:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "awatch", full)
    monkeypatch.setattr("omk_tui.app.omk_app.POLL_EVERY", 0.05)
    async with desk(tmp_path, live=True) as story:
        assert "folders cannot be watched (OS file watch limit reached)" in story.said
        assert "- polled" in story.text
        await story.open("ready")
        story.rewrite("ready", "proof.json", fail_a_gate)
        await story.until(lambda: "missing" in story.text.splitlines()[0])
