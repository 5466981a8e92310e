"""From a dialog the evidence is looked at, and the dialog comes back as it was: text, cursor, id, and binding."""

from __future__ import annotations

import json
from pathlib import Path

from omk_tui.screens.review import ReviewScreen
from omk_tui.screens.text_editor import Words
from tests.journeys.story import desk
from tests.journeys.test_changes_under_the_hand import fail_a_gate, nothing_decided


async def test_the_dialog_comes_back_with_text_id_and_binding(tmp_path: Path) -> None:
    async with desk(tmp_path, live=True) as story:
        dialog = await story.ask("conflicts", "A")
        await story.type("read it")
        await story.press("left", "tab")
        await story.type(dialog.seen.goal_id[-8:-4])
        await story.press("ctrl+o")
        review = story.review
        assert "ACCEPT waits: Esc or ctrl+o goes back" in story.text
        assert f"your text and snap {dialog.seen.snapshot[:6]} stay" in story.text
        await story.press("5", "enter", "escape", "escape")  # into the diff, out of it, and back to the dialog
        assert story.dialog is dialog
        assert story.words == "read it" and story.typed_id == dialog.seen.goal_id[-8:-4]
        assert dialog.query_one(Words).cursor_location == (0, len("read i"))
        await story.press("ctrl+s")
        assert "only just opened" in story.said, "the wait begins again"

        await story.press("ctrl+o", "A")
        assert story.dialog is dialog, "the key of the same decision comes back too"
        await story.press("ctrl+o")
        story.rewrite("conflicts", "proof.json", fail_a_gate)
        await story.until(lambda: dialog.moved)
        assert "the facts have moved since" in story.text
        await story.press("ctrl+o")
        assert "CHANGED" in story.text and dialog.moved
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert nothing_decided(story, "conflicts") and story.words == "read it"

        await story.press("ctrl+o", "J")
        assert isinstance(story.app.screen, ReviewScreen) and story.app.screen is not review
        assert "waits" not in story.text and not dialog.is_attached
        await story.press("ctrl+o")
        assert story.said == "no dialog waits; A or R opens one"
        await story.press("K", "A")
        assert story.words == "read it" and story.dialog is not dialog
        await story.press("ctrl+o", "R")
        assert story.dialog.verb == "reject" and story.app.waiting is None
        await story.press("ctrl+o", "ctrl+q")
        assert "the dialog that waited is closed" in story.said


async def test_sections_looked_at_from_the_dialog_are_recorded(tmp_path: Path) -> None:
    async with desk(tmp_path, size=(40, 10)) as story:
        await story.ask("ready", "R")
        await story.type("no")
        await story.press("ctrl+o", "5")
        await story.pilot.resize_terminal(120, 40)
        await story.press("escape")
        assert "rollback plan" in story.text, "the dialog has the size that the terminal has now"
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        await story.until(lambda: "rejected and recorded" in story.text)
        ledger = story.folder("ready") / "artifacts/integration/integrator-decisions.jsonl"
        assert json.loads(ledger.read_text())["looked_at"] == ["checklist", "diff"]
