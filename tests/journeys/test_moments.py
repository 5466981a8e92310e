"""Moments of truth: what a person has to be able to do at once, at 80x24, without a manual."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest

from omk_tui.core.decision.outcome import Recorded
from omk_tui.demo import goal_id
from omk_tui.screens.copy_menu import CopyMenu
from tests.journeys.story import Desk, desk


def _tree(story: Desk) -> dict[str, bytes]:
    return story.files()


async def test_the_first_minute_without_a_manual(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        before = _tree(story)
        assert "NEEDS YOU 6 of 8" in story.text and "? help" in story.text
        await story.press("question_mark")
        assert "keys in the list" in story.text and "open the goal" in story.text
        await story.press("escape")
        story.list.rows.select(goal_id("failing-gate"))
        await story.press("enter", "b")
        assert "WHY" in story.text and "NEXT" in story.text
        assert f"omk goal verify {goal_id('failing-gate')}"[:60] in story.text.replace("\n", "")
        assert _tree(story) == before


async def test_why_it_cannot_be_accepted(tmp_path: Path) -> None:
    async with desk(tmp_path, (80, 40)) as story:
        review = await story.open("missing-evidence")
        await story.press("2")
        oracle = story.text
        assert "golden" in oracle or "acceptance" in oracle or "performance" in oracle
        assert "[[gates]]" in oracle, "the stanza is offered"
        await story.press("3")
        blocked = [one for one in review.opened.review.judgement.wall if not one.passed]  # type: ignore[union-attr]
        assert blocked and all(one.name in story.text for one in blocked)
        assert blocked[0].gap.split()[0] in story.text
        assert review.opened.review is not None
        proof = json.loads((story.folder("missing-evidence") / "proof.json").read_bytes())
        assert proof["goal_id"] == goal_id("missing-evidence")
        missing = review.opened.review.judgement.missing
        await story.press("1")
        assert f"{len(missing)} of 9 missing" in story.text


async def test_enter_goes_to_the_evidence_and_esc_comes_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("failing-gate")
        assert review.section == 1
        review.pane.select("gates")
        await story.settle()
        lit = review.pane.lit
        await story.press("enter")
        assert review.section == 4 and "Esc goes back to the checklist" in story.said
        assert "assert sum(limiter" in story.text
        await story.press("escape")
        assert review.section == 1 and review.pane.lit == lit
        await story.press("escape")
        assert story.app.screen is story.list


async def test_hostile_text_reaches_the_clipboard_only_by_y(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(text: str, *_: object) -> str:
        copied.append(text)
        return "copied"

    monkeypatch.setattr("omk_tui.app.omk_app.copy", copy)
    async with desk(tmp_path) as story:
        await story.open("hostile")
        assert " 1 [x] met         required verification gates" in story.text, "it begins with the first row on screen"
        for section in range(1, 9):
            await story.press(str(section), "j", "enter", "escape")
        assert copied == []
        await story.press("1", "y")
        assert isinstance(story.app.screen, CopyMenu)
        assert "goal id" in story.text
        await story.press("i")
        assert len(copied) == 1 and copied[0] == goal_id("hostile")


async def test_from_the_result_enter_goes_to_the_next_goal_that_needs_you(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        await story.ask("ready", "A")
        await story.type("read it")
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded), story.text
        await story.press("enter")
        await story.until(lambda: story.app.opened.goal_id not in ("", goal_id("ready")))
        line = next(line for line in story.list.goals.lines if line.goal_id == story.app.opened.goal_id)
        assert line.verdict.needs_you


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50), (40, 10)])
async def test_evidence_is_never_narrower_than_at_80_columns(tmp_path: Path, size: tuple[int, int]) -> None:
    async with desk(tmp_path, size) as story:
        story.list.rows.select(goal_id("failing-gate"))
        await story.settle()
        assert ("all goals, by verdict" in story.text) == (size[0] >= 160), "few goals leave no screen half empty"
        if size[0] >= 160:
            lines = story.text.splitlines()
            at = next(number for number, line in enumerate(lines) if line.startswith("── what to do"))
            assert at == len(story.list.rows.rows) + 3 and "NEXT   omk goal verify" in "\n".join(lines[at:])
            assert "gate unit failed" in lines[at + 1]
        review = await story.open("failing-gate")
        await story.press("4", "enter")
        width = review.pane.file.view.width
        assert width >= min(size[0], 80) - 3
        await story.press("escape", "5")
        if size[0] >= 80:
            assert review.pane.stream.view.width >= 77
        beside = ("post-mutation verification evidence", "the goals: J next, K previous", goal_id("ready")[-8:])
        assert [words in story.text for words in beside] == [size[0] >= 160] * 3
        await story.press("1")
        if size[0] >= 80:  # all nine with name and fact, and what to do, without a key
            assert "post-mutation verification evidence  ran" in story.text and "oracle evidence" in story.text
            assert "WHY" in story.text and "NEXT   omk goal verify" in story.text
        assert ("the goal in pictures" in story.text and "by the time that they took" in story.text) == (size[0] >= 160)
        if size[0] >= 120:
            await story.press("5", "tab", "S")
            assert review.pane.stream.two_sides and "│" in story.text and beside[1] not in story.text
            await story.press("S")
            assert not review.pane.stream.two_sides and (beside[1] in story.text) == (size[0] >= 160)
        if size[0] >= 160:
            await story.press("4", "enter")
            assert beside[1] not in story.text and review.pane.file.view.width > 150, "one item alone has all the room"
            await story.press("escape", "1")
            await story.pilot.resize_terminal(100, 30)
            await story.settle()
            assert beside[1] not in story.text


async def test_the_timeline_is_narrowed_to_decisions_and_to_gates(tmp_path: Path) -> None:
    async with desk(tmp_path, (100, 40)) as story:
        await story.open("rejected-before")
        await story.press("8", "f")
        assert "only decisions" in story.text and "DECISION rejected" in story.text
        assert "task_completed" not in story.text
        await story.press("f")
        assert "only gates" in story.text and "gate_passed" in story.text and "DECISION" not in story.text
        await story.press("f")
        assert "task_completed" in story.text
        assert "you looked here" not in story.text
        await story.press("q")
        log = story.folder("rejected-before") / "events.jsonl"
        news = json.loads(log.read_bytes().splitlines()[-1]) | {"kind": "task_failed", "ts": "2027-01-01T00:00:00Z"}
        log.write_bytes(log.read_bytes() + json.dumps(news | {"id": str(UUID(int=7))}).encode() + b"\n")
        await story.open("rejected-before")
        await story.press("8", "g")
        assert "1 row since you looked" in story.text
        texts = ("task_failed", "you looked here", "task_completed")
        assert sorted(texts, key=story.text.index) == list(texts)
