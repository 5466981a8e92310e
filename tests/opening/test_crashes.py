"""kill -9 at every call that changes a file: no goal, gate or review is there, or a whole one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, StateRoot
from tests.depth import DEEP
from tests.opening.conftest import Branches
from tests.opening.strikes import strike

EVERY = 1 if DEEP else 13
"""Every how many calls are struck: all of them in the deep run (`make faults`)."""


def whole(root: Path, goal_id: str) -> bool:
    """Whether a goal is there and can be read in all its parts."""
    engine = Engine(StateRoot(str(root), "the test's own", exists=True), None)
    review = engine.review(goal_id)
    return isinstance(review, Review) and not review.facts.problems and review.facts.intake is not None


def struck(branches: Branches, work: Callable[[], object], check: Callable[[], None]) -> int:
    """Strike `work` at its calls, from the same state each time; returns how many calls it has."""
    before = branches.root.with_name("before")
    shutil.copytree(branches.root, before, symlinks=True)
    number = 1
    while strike(work, number):
        check()
        shutil.rmtree(branches.root)
        shutil.copytree(before, branches.root, symlinks=True)
        number += EVERY
    return number


def test_open_leaves_no_goal_or_a_whole_one(branches: Branches, killed: None) -> None:
    goal_id = branches.json("open", "agent/mul", "--dry-run")["goals"][0]["goal_id"]
    states: list[bool] = []

    def check() -> None:
        there = branches.folder(goal_id).exists()
        states.append(there)
        assert not there or whole(branches.root, goal_id)
        assert branches.open() == goal_id and whole(branches.root, goal_id)
        assert not [path for path in branches.root.iterdir() if path.name.startswith(".omk-tui-opening")]

    assert struck(branches, lambda: branches.run("open", "agent/mul"), check) > 30
    assert {True, False} == set(states)


@pytest.mark.parametrize("kind", ["gate", "review"])
def test_evidence_is_recorded_whole_or_not_at_all(branches: Branches, killed: None, kind: str) -> None:
    branches.write(".omk/gates.toml", "")
    branches.commit("No gates but those that are added")
    goal_id = branches.open()
    review = branches.root.with_name("review.md")
    review.write_text("fine")
    head = branches.json("open", "agent/mul")["goals"][0]["head"]
    words = {
        "gate": ("gate", goal_id, "--add", "quick=true", "--only", "quick", "--sandbox", "none"),
        "review": ("review", goal_id, str(review), "--commit", head),
    }[kind]
    states: list[bool] = []

    def check() -> None:
        requirements = branches.states(goal_id)  # looking finishes what was begun
        folder = branches.folder(goal_id)
        proof = json.loads((folder / "proof.json").read_text())
        graph = {task["id"]: task["status"] for task in json.loads((folder / "task-graph.json").read_text())["tasks"]}
        if kind == "gate":
            there = bool(proof["gates"])
            notes = folder / "artifacts/intake/gates.json"
            assert there == (graph["goal-local-verify"] == "done") == (requirements[0] == "met") == notes.exists()
            assert not there or Path(proof["gates"][0]["output_path"]).exists()
        else:
            there = graph["goal-review"] == "done"
            assert there == (requirements[3] == "met") == (folder / "artifacts/reviews/goal-review.md").exists()
        states.append(there)
        assert not (folder / ".omk-tui.txn").exists()

    assert struck(branches, lambda: branches.run(*words), check) > 20
    assert {True, False} == set(states)
