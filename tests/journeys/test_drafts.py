"""What was typed in a dialog is there again: after Esc, after the desk ended, and after it was killed."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from omk_tui import demo
from omk_tui.app import OmkApp, run
from omk_tui.core.decision.outcome import Recorded
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.draft import Draft
from omk_tui.engine import Engine, find_state_root
from omk_tui.engine.deciding.drafts import read_drafts, write_draft
from tests.journeys.story import AT, Clock, Desk, desk, desk_on


def on_disk(story: Desk, name: str = "ready") -> dict[Verb, str]:
    """The texts that are on disk."""
    root = find_state_root(str(story.root), {})
    return {verb: draft.text for verb, draft in read_drafts(root, demo.goal_id(name)).items()}


def lay_out(folder: Path) -> tuple[Path, Path]:
    root, project = folder / "root", folder / "project"
    project.mkdir()
    demo.lay_out(root, project)
    return root, project


async def test_what_was_typed_is_there_after_the_desk_was_killed(tmp_path: Path) -> None:
    root, project = lay_out(tmp_path)
    app = OmkApp(Engine(find_state_root(str(root), {}), str(project)), now=lambda: AT, watch=False)
    desk_task = asyncio.create_task(app.run_async(headless=True, size=(80, 24)))
    pilot: Pilot[int] = Pilot(app)
    while not app.is_running or not app.screen.is_mounted:
        await asyncio.sleep(0.001)
    story = Desk(app, pilot, root, Clock())
    await story.settle()
    await story.ask("ready", "R")
    await story.type("the quoting")
    await story.until(lambda: on_disk(story) == {"reject": "the quoting"})
    desk_task.cancel()  # nothing is closed, and no end is told
    await asyncio.gather(desk_task, return_exceptions=True)

    async with desk_on(root, project) as again:
        dialog = await again.ask("ready", "R")
        assert again.words == "the quoting"
        moment = time.strftime("%H:%M", time.localtime(AT))
        assert f"reason (draft of {moment}; Enter is a new line" in again.text
        assert "Rejection reason: the quoting" in again.text
        await again.press("escape", "A")
        assert again.words == "" and "summary (required;" in again.text
        assert dialog.verb == "reject"


async def test_a_draft_of_another_run_is_not_recorded_unread(tmp_path: Path) -> None:
    root, project = lay_out(tmp_path)
    async with desk_on(root, project) as story:
        await story.ask("ready", "R")
        await story.type("an old reason")
        await story.press("escape", "R")
        assert "records the reject" in story.text, "typed in this run"
    for touch in ("up", "home", "x"):
        async with desk_on(root, project) as again:
            before = again.files()
            await again.ask("ready", "R")
            again.clock.pass_by(1)
            await again.press("ctrl+s")
            assert "off: go through the draft first" in again.text and again.files() == before
            await again.press(touch)
            assert "records the reject" in again.text
            await again.press("escape")


async def test_a_recorded_decision_takes_its_draft_away_and_no_other(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "A")
        await story.type("fine")
        await story.press("escape", "R")
        story.clock.pass_by(1)
        await story.type("no")
        assert "reject" not in on_disk(story) or on_disk(story)["reject"] == "no"
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)
        assert on_disk(story) == {"accept": "fine"}
        await story.press("escape", "R")
        assert story.words == ""
        await story.press("escape", "A")
        assert story.words == "fine"


async def test_what_was_not_recorded_keeps_its_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from omk_tui.core.decision.outcome import Failed

    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("no")
        monkeypatch.setattr(story.app.engine, "decide", lambda *_: Failed("the disk is full"))
        await story.press("ctrl+s", "escape", "escape")
        assert on_disk(story) == {"reject": "no"}


async def test_closing_writes_at_once_and_an_emptied_text_is_forgotten(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("no")
        await story.press("escape")
        assert on_disk(story) == {"reject": "no"}
        await story.press("R", "backspace", "backspace")
        assert "reason (required;" in story.text
        await story.press("escape")
        assert on_disk(story) == {}


async def test_a_dialog_that_waits_is_written_when_it_is_closed(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("no")
        await story.press("ctrl+o", "ctrl+q")
        assert "its text is kept" in story.said
        assert on_disk(story) == {"reject": "no"}


async def test_the_last_words_are_written_when_the_desk_ends(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.pilot.press("n", "o")
        await story.pilot.pause()
        story.app.decisions.drafts.close()
        assert on_disk(story) == {"reject": "no"}


def test_the_program_waits_for_the_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, project = lay_out(tmp_path)
    where, goal_id = find_state_root(str(root), {}), demo.goal_id("ready")

    def ended(app: OmkApp) -> int:
        app.decisions.drafts._unwritten[goal_id, "reject"] = Draft(Timestamp(int(AT), 0), "no")
        return 0

    monkeypatch.setattr(OmkApp, "run", ended)
    assert run(Engine(where, str(project)), None) == 0
    assert read_drafts(where, goal_id) == {"reject": Draft(Timestamp(int(AT), 0), "no")}


async def test_what_could_not_be_written_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "later"
    folder.write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    async with desk(tmp_path, (120, 40)) as story:
        await story.ask("ready", "R")
        await story.type("no")
        await story.until(lambda: "this text is not kept" in story.said)
        folder.unlink()
        await story.press("ctrl+o", "ctrl+o", "escape")
        assert on_disk(story) == {"reject": "no"}


async def test_a_text_that_has_not_changed_is_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write(_root: object, _goal_id: str, verb: Verb, draft: Draft | None) -> str:
        written.append(f"{verb} {draft.text if draft else None}")
        return ""

    monkeypatch.setattr("omk_tui.app.deciding.write_draft", write)
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.press("escape", "R", "escape")
        assert written == []
        await story.press("R")
        await story.pilot.press(*"not yet".replace(" ", "_"))
        await story.press("escape")
        assert written[-1] == "reject not_yet" and len(written) <= 2, "not for each letter"
        total = len(written)
        await story.press("R", "ctrl+o", "ctrl+o", "escape", "R", "escape")
        assert len(written) == total


async def test_the_id_of_a_risky_accept_is_not_kept_and_the_first_moments_are_as_ever(tmp_path: Path) -> None:
    root, project = lay_out(tmp_path)
    async with desk_on(root, project) as story:
        dialog = await story.ask("missing-evidence", "A")
        await story.type("so be it")
        await story.press("tab")
        await story.type(dialog.seen.goal_id[-8:])
        await story.press("escape")
    async with desk_on(root, project) as again:
        before = again.files()
        await again.open("missing-evidence")
        await again.press("A")
        assert again.words == "so be it" and again.typed_id == ""
        await again.press("ctrl+s")
        assert "only just opened" in again.said
        again.clock.pass_by(1)
        await again.press("ctrl+s")
        assert "nothing is recorded: type" in again.said
        assert again.files() == before
    state = Path(os.environ["XDG_STATE_HOME"]) / "omk-tui/drafts"
    assert all(b"so be it" in file.read_bytes() for file in state.iterdir())
    assert not any(demo.goal_id("missing-evidence")[-8:].encode() in file.read_bytes() for file in state.iterdir())


async def test_where_nothing_can_be_kept_the_dialog_says_so_once_and_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    async with desk(tmp_path, (120, 40)) as story:
        await story.ask("ready", "A")
        await story.type("fi")
        await story.until(lambda: "this text is not kept: " in story.said)
        assert "no folder/omk-tui/drafts: Not a directory" in story.said
        story.dialog.say("")
        await story.type("ne")
        await story.press("escape", "A")
        assert story.words == "fine" and "not kept" not in story.text
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_of_two_desks_on_a_goal_the_last_write_wins(tmp_path: Path) -> None:
    root, project = lay_out(tmp_path)
    async with desk_on(root, project) as story:
        await story.ask("ready", "R")
        await story.type("mine")
        await story.press("escape")
        other = Draft(
            next(iter(read_drafts(find_state_root(str(root), {}), demo.goal_id("ready")).values())).at, "theirs"
        )
        write_draft(find_state_root(str(root), {}), demo.goal_id("ready"), "reject", other)
        await story.press("R")
        assert story.words == "mine"
        await story.press("escape")
        assert on_disk(story) == {"reject": "theirs"}
        await story.press("R")
        await story.type("!")
        await story.press("escape")
        assert on_disk(story) == {"reject": "mine!"}


async def test_an_old_draft_says_how_old_it_is(tmp_path: Path) -> None:
    root, project = lay_out(tmp_path)
    where = find_state_root(str(root), {})
    write_draft(where, demo.goal_id("ready"), "reject", Draft(Timestamp.from_unix_seconds(int(AT) - 2 * 86_400), "no"))
    write_draft(where, demo.goal_id("ready"), "accept", Draft(Timestamp.from_unix_seconds(int(AT) - 86_400), "yes"))
    async with desk_on(root, project) as story:
        await story.ask("ready", "R")
        assert "reason (draft, 2 days old;" in story.text
        await story.press("escape", "A")
        assert "summary (draft, 1 day old;" in story.text
        assert read_drafts(where, demo.goal_id("ready"))["accept"].at.seconds == int(AT) - 86_400, (
            "it is as old as it is"
        )


async def test_on_a_low_screen_the_keys_of_the_plan_show_it(tmp_path: Path) -> None:
    async with desk(tmp_path, (40, 10)) as story:
        await story.ask("ready", "R")
        await story.type("why not")
        assert "what would be recorded" in story.text
        await story.press("pagedown")
        assert "rollback plan, live" in story.text and "# Rejected Goal Rollback Plan" in story.text
        assert "what would be recorded" not in story.text
        assert "why not" in story.text and "PgUp at its top" in story.said
        await story.press("pagedown")
        assert "# Rejected" not in story.text
        await story.press("pageup", "pageup")
        assert "what would be recorded" in story.text
        await story.press("pageup")
        assert "what would be recorded" in story.text
        await story.press("pagedown")
        story.rewrite("ready", "proof.json", lambda proof: proof["known_gaps"].append("new"))
        story.app.reviewing.read_goal()
        await story.settle()
        assert "CHANGED" in story.text, "news comes before the plan"
