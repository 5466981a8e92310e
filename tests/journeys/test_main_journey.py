"""The journey that the desk is for: list, review, decide, result, and what is on disk afterwards."""

from __future__ import annotations

import json
from pathlib import Path

from omk_tui.core.decision.outcome import Recorded
from omk_tui.core.records.file_names import ACCEPT_FILE, REJECT_FILE, ROLLBACK_FILE
from omk_tui.widgets.document import Document
from tests.journeys.story import desk


async def test_a_goal_is_rejected_and_the_plan_on_screen_is_the_plan_on_disk(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("conflicts", "R")
        await story.type("csv quoting is broken")
        shown = story.dialog.query_one("#plan", Document).lines
        await story.press("ctrl+s")

        assert isinstance(story.result.outcome, Recorded)
        written = (story.folder("conflicts") / ROLLBACK_FILE).read_text()
        assert "\n".join(str(line) for line in shown) == written
        assert "Rejection reason: csv quoting is broken" in written
        assert "REJECTED  goal.json says not_ready, as of every rejected goal" in story.text.splitlines()[0]
        assert "rejected and recorded" in story.text
        assert "artifacts/integration/rollback-rejected-slice.md" in story.text
        goal = json.loads((story.folder("conflicts") / "goal.json").read_bytes())
        assert goal["status"] == "not_ready"
        assert goal["failure"]["reason"] == "csv quoting is broken"

        await story.press("escape")
        assert "rejected" in story.text.splitlines()[0]
        assert story.review.goal_id == story.folder("conflicts").name
        await story.press("q")
        assert story.app.screen is story.list
        line = story.list.lit
        assert line is not None
        assert line.goal_id == story.folder("conflicts").name
        assert str(line.verdict) == "rejected"


async def test_a_ready_goal_is_accepted(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        dialog = await story.ask("ready", "A")
        assert "the goal becomes ready" in story.text
        assert not dialog.query_one("#typed-id").display
        await story.type("reviewed diff and gates")
        await story.press("ctrl+s")

        assert "ACCEPTED  goal.json says ready" in story.text and "accepted and recorded" in story.text
        assert f"omk goal proof {story.folder('ready').name}" in story.text
        decision = json.loads((story.folder("ready") / ACCEPT_FILE).read_bytes())
        assert decision["summary"] == "reviewed diff and gates"
        assert json.loads((story.folder("ready") / "goal.json").read_bytes())["status"] == "ready"
        await story.press("escape", "q")
        assert story.list.lit is not None
        assert str(story.list.lit.verdict) == "accepted"


async def test_a_decision_asked_for_on_the_list_opens_the_goal_first(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        story.list.select(story.folder("ready").name)
        await story.press("R")
        assert story.dialog.verb == "reject"
        await story.press("escape")
        assert story.review.goal_id == story.folder("ready").name


async def test_the_text_is_kept_until_the_decision_is_recorded(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("not yet")
        await story.press("escape", "A")
        assert story.words == ""
        await story.press("escape", "R")
        assert story.words == "not yet"
        story.clock.pass_by(1)
        await story.press("ctrl+s", "escape", "R")
        assert story.words == ""


async def test_enter_is_a_new_line_and_records_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        before = story.files()
        await story.ask("ready", "R")
        await story.type("one")
        await story.press("enter")
        await story.type("two")
        assert story.words == "one\ntwo"
        assert story.files() == before
        await story.press("ctrl+s")
        reason = json.loads((story.folder("ready") / REJECT_FILE).read_bytes())["summary"]
        assert reason == "one\ntwo"


async def test_a_goal_named_at_the_start_is_open_at_once_and_q_goes_to_the_list(tmp_path: Path) -> None:
    async with desk(tmp_path, goal="failing-gate") as story:
        assert story.review.goal_id == story.folder("failing-gate").name
        await story.press("q")
        assert story.app.screen is story.list
        assert story.list.lit is not None
        assert story.list.lit.goal_id == story.folder("failing-gate").name
