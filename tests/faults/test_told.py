"""What is told of a decision that was cut off: it has been finished, it cannot be, or its goal is gone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed, Recorded, Refused
from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.ledger_entries import History
from omk_tui.engine import Engine
from omk_tui.engine.deciding import transaction
from tests.cli.commands import Desk
from tests.core.documents import GOAL_ID
from tests.engine.states import change
from tests.faults.scenes import Scene, fresh_accept, journal_of

LOOKS: dict[str, Callable[[Engine], object]] = {
    "review": lambda engine: engine.review(GOAL_ID),
    "history": lambda engine: engine.history(GOAL_ID),
}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return fresh_accept(tmp_path / "scene")


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_tells_once_which_decision_it_has_finished(scene: Scene, name: str) -> None:
    scene.cut_off(4)
    told: list[str] = []
    engine = scene.engine()
    engine = engine.telling(told.append)
    LOOKS[name](engine)
    LOOKS[name](engine)
    (sentence,) = told
    assert sentence.startswith("a decision that was cut off has been finished just now: the accept by ")


def test_a_decision_bound_to_nothing_does_not_land_on_one_that_it_has_just_finished(scene: Scene) -> None:
    scene.cut_off(4)
    outcome = scene.state.decide("reject", "no")
    assert isinstance(outcome, Refused) and outcome.kind == "interrupted"
    assert "the accept by " in outcome.why and "look at the goal again" in outcome.why
    history = scene.engine().history(GOAL_ID)
    assert isinstance(history, History) and [entry.text("verb") for entry in history.entries] == ["accept"]
    assert isinstance(scene.state.decide("reject", "no"), Recorded)


def test_a_decision_bound_to_what_was_seen_is_stale_instead(scene: Scene) -> None:
    seen = scene.look().snapshot
    scene.cut_off(4)
    outcome = scene.state.decide("reject", "no", snapshot=seen)
    assert isinstance(outcome, Refused) and outcome.kind == "stale"


def test_the_check_up_promises_no_repair_of_what_somebody_else_has_changed(scene: Scene) -> None:
    scene.cut_off(4)
    change(scene.state.folder() / "goal.json", status="running")
    (found,) = [one for one in scene.engine().doctor() if one.code == "interrupted"]
    assert "another program changed goal.json" in found.text and not found.repair
    assert "has to be put right by hand" in found.text
    (line,) = scene.engine().goals().goals
    assert line.next == f"omk-tui check {GOAL_ID}" and "interrupted" in line.why[0]


def test_the_check_up_says_what_it_could_not_remove(scene: Scene) -> None:
    left = scene.state.folder() / ".goal.json.omk-tui.123e4567-e89b-42d3-a456-426614174000"
    left.mkdir()
    for repair in (True, False):
        (found,) = [
            one for one in scene.engine().doctor((lambda _: True) if repair else None) if one.code == "temporary"
        ]
        assert ("could not be removed" in found.text) == repair
        assert found.repair == ("" if repair else "omk-tui doctor --repair removes it")
    assert left.is_dir()


@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_goal_that_is_moved_meanwhile_is_not_said_to_be_decided(
    scene: Scene, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, moved = scene.state.folder(), scene.state.base / "moved"
    steps, carry_out, unlink = 0, transaction._carry_out, os.unlink

    def counted(*words: object) -> str:
        nonlocal steps
        if steps == after:
            os.rename(folder, moved)
        steps += 1
        return carry_out(*words)  # type: ignore[arg-type]

    def last(*words: object, **more: object) -> None:
        if after == 11 and words[0] == journal_of(scene).name:
            os.rename(folder, moved)
        unlink(*words, **more)  # type: ignore[arg-type]

    rows = scene.picture().rows
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_carry_out", counted)
        patched.setattr("os.unlink", last)
        outcome = scene.engine().decide(Decision(scene.verb, GOAL_ID, "moved", record_not_ready=True))
    assert isinstance(outcome, Failed) and "was moved or removed" in outcome.why
    if after < 11:
        assert scene.picture().rows == rows, "no row of a goal that is not there"
    os.rename(moved, folder)
    assert not scene.look().facts.interrupted
    assert json.loads((folder / "goal.json").read_bytes())["status"] == "ready"
    assert not journal_of(scene).exists()


def test_the_command_line_tells_it_too(tmp_path: Path) -> None:
    scene = fresh_accept(tmp_path / "scene")
    scene.cut_off(4)
    ended = Desk(scene.root, scene.state.project).run("check", GOAL_ID)
    assert "note: a decision that was cut off has been finished just now: the accept by " in ended.err
    assert ended.code == 0
