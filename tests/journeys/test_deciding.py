"""What a dialog asks for, what it says, and all that records nothing."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from omk_tui.core.decision.outcome import Failed, Outcome, Recorded, Refused
from omk_tui.screens.decision import DecisionDialog
from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.text_editor import CommitLabel
from tests.journeys.story import desk


@pytest.mark.parametrize("key", ["A", "R"])
async def test_for_four_tenths_of_a_second_ctrl_s_does_nothing(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as story:
        await story.open("ready")
        before = story.files()
        await story.press(key)
        await story.type("ok")
        story.clock.pass_by(0.39)
        await story.press("ctrl+s")
        assert story.files() == before
        assert story.words == "ok"
        assert "only just opened" in story.said
        story.clock.pass_by(0.02)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_the_wait_begins_again_when_something_lay_on_top(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        dialog = await story.ask("ready", "R")
        await story.type("no")
        await story.press("ctrl+p")
        assert story.app.screen is not dialog
        await story.press("ctrl+s", "escape", "ctrl+s")
        assert story.app.screen is dialog
        assert "only just opened" in story.said
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


@pytest.mark.parametrize("name", ["missing-evidence", "failing-gate", "conflicts"])
async def test_accepting_against_the_evidence_asks_for_the_end_of_the_id(tmp_path: Path, name: str) -> None:
    async with desk(tmp_path) as story:
        before = story.files()
        dialog = await story.ask(name, "A")
        ending = dialog.seen.goal_id[-8:]
        if name == "conflicts":
            assert "conflict open; to accept type" in story.text
        else:
            assert "NOT READY" in story.text.splitlines()[2]
        await story.type("so be it")
        await story.press("ctrl+s")
        assert story.files() == before
        assert ending in story.said

        await story.press("tab")
        await story.type(ending[:-1] + ("0" if ending[-1] != "0" else "1"))
        await story.press("ctrl+s", "enter", "ctrl+s")
        assert story.files() == before

        await story.press("backspace")
        await story.type(ending[-1])
        assert story.typed_id == ending
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)
        status = "ready" if name == "conflicts" else "not_ready"
        assert story.result.outcome.plan.status == status


@pytest.mark.parametrize("name", ["missing-evidence", "conflicts", "ready"])
async def test_rejecting_never_asks_for_the_id(tmp_path: Path, name: str) -> None:
    async with desk(tmp_path) as story:
        dialog = await story.ask(name, "R")
        assert not dialog.query_one("#typed-id").display
        await story.type("no")
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_without_a_text_nothing_is_recorded(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        before = story.files()
        await story.ask("ready", "R")
        await story.type("  ")
        await story.press("enter", "ctrl+s")
        assert "write the reason first" in story.said
        assert story.files() == before


async def test_the_dialog_says_what_would_be_lost_and_written(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 60)) as story:
        await story.ask("missing-evidence", "A")
        for words in (
            "NOT READY",
            "would be dropped",
            "integrator-accept",
        ):
            assert words in story.text
        for words in (r"replace +\d+ B  goal\.json|replace +[\d.]+ KiB  goal\.json", r"append +\d+ B  events\.jsonl"):
            assert re.search(words, story.text)
        await story.press("escape", "R")
        assert "rollback-rejected-slice.md" in story.text
        await story.type("why not")
        assert "Rejection reason: why not" in story.text


async def test_the_dialog_tells_of_the_decision_that_it_replaces(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        assert "BEFORE" not in story.text
        await story.type("not yet")
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)
        await story.press("escape", "A")
        await story.settle()
        assert "BEFORE [~] rejected at" in story.text and "not yet" in story.text


async def test_a_click_on_the_label_only_says_which_key_it_is(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        before = story.files()
        await story.ask("ready", "A")
        await story.type("ok")
        await story.pilot.click(CommitLabel)
        await story.settle()
        assert "press ctrl+s" in story.said
        assert story.files() == before


@pytest.mark.parametrize("key", ["A", "R"])
async def test_a_paused_goal_says_why_it_cannot_be_decided(tmp_path: Path, key: str) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("paused")
        await story.press(key)
        assert story.app.screen is review
        assert "is paused; run" in story.said


async def test_a_paste_brings_no_control_characters_and_records_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        before = story.files()
        await story.ask("ready", "R")
        from textual import events

        story.app.post_message(events.Paste("first\r\nsecond\x1b[31m\x13 A R y\n"))
        await story.settle()
        assert story.words == "first\nsecond A R y\n"
        assert "control characters of the paste were left out" in story.said
        assert story.files() == before


async def test_a_dialog_closes_once_and_can_be_opened_again_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        dialog = story.app.screen
        for _ in range(3):
            dialog.dismiss(None)
        assert isinstance(story.app.screen, ReviewScreen)
        story.app.screen.action_reject()
        await story.settle()
        assert isinstance(story.app.screen, DecisionDialog)


# While the decision is being recorded, and afterwards


class Slow:
    """An engine's `decide` that waits until the test lets it go on."""

    def __init__(self, outcome: Outcome) -> None:
        self.go_on = Event()
        self.outcome = outcome
        self.calls = 0

    def __call__(self, *_: Any) -> Outcome:
        self.calls += 1
        self.go_on.wait(10)
        return self.outcome


async def test_quitting_waits_while_a_decision_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(Failed("the disk is full"))
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        monkeypatch.setattr(story.app.engine, "decide", slow)
        await story.type("no")
        await story.pilot.press("ctrl+s")
        await story.pilot.press("ctrl+q", "escape", "ctrl+s", "ctrl+p", "ctrl+q")
        assert story.dialog.deciding
        assert "being recorded" in story.said
        slow.go_on.set()
        await story.settle()
        assert slow.calls == 1
        assert "the disk is full" in story.text
        assert story.app.is_running


@pytest.mark.parametrize(
    "outcome", [Failed("the disk is full"), Refused("locked", "somebody else decides", ("process 7",))]
)
async def test_what_was_not_recorded_stays_on_screen_and_the_text_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("no")
        monkeypatch.setattr(story.app.engine, "decide", lambda *_: outcome)
        await story.press("ctrl+s")
        assert "nothing was recorded" in story.text
        assert story.result.outcome is outcome
        await story.press("escape")
        assert story.words == "no"


async def test_an_unforeseen_error_is_a_result_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> Outcome:
        raise ValueError("nobody [/] thought of this")

    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("no")
        monkeypatch.setattr(story.app.engine, "decide", explode)
        await story.press("ctrl+s")
        assert "unexpected ValueError: nobody [/] thought of this" in story.text


async def test_ctrl_q_closes_the_dialog_first(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.press("ctrl+q")
        assert story.review.goal_id == story.folder("ready").name
        await story.pilot.press("ctrl+q")
        assert story.app.return_value == 0


async def test_leaving_by_the_palette_closes_the_dialog_first(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.press("ctrl+p")
        await story.type("leave")
        await story.press("enter")
        assert story.review.goal_id == story.folder("ready").name
        await story.press("ctrl+p")
        await story.type("leave")
        await story.pilot.press("enter")
        await story.pilot.pause()
        assert story.app.return_value == 0
