"""Which project a goal is judged with: the one that was named, its own, or the current folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from omk_tui.core.review.goal_review import Review
from omk_tui.engine.git.choice import HERE, NAMED, RECORDED
from tests.core.documents import proof_json
from tests.engine.states import State, change


def start_event(state: State, folder: Path, goal: Path) -> None:
    event = f'{{"kind":"run_started","payload":{{"mode":"goal","project_dir":"{folder}"}}}}\n'
    (goal / "events.jsonl").write_text(event)


def test_the_goals_own_record_names_the_project_from_wherever_it_is_looked_at(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = state.commit()
    start_event(state, state.project, state.add(proof=proof_json(commits=[commit])))
    engine = state.engine()
    engine.project_dir = None
    snapshots = set()
    for folder in (state.base, state.project, state.root):
        monkeypatch.chdir(folder)
        review = type(engine)(engine.root).review(state.folder().name)
        assert isinstance(review, Review)
        assert review.facts.head.state == "same"
        assert review.facts.head.origin == RECORDED
        snapshots.add(review.snapshot)
        assert type(engine)(engine.root).goals().goals[0].head.startswith("HEAD is ")
    assert len(snapshots) == 1


@pytest.mark.parametrize("kind", ["unknown commit", "no repository", "relative", "named"])
def test_a_recorded_project_that_does_not_know_the_commit_is_not_believed(
    state: State, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = state.commit()
    goal = state.add(proof=proof_json(commits=[commit]))
    (state.base / "second").mkdir()
    other = State(state.base / "second")
    other.commit("something else")
    start_event(state, {"no repository": state.base, "relative": Path("project")}.get(kind, other.project), goal)
    monkeypatch.chdir(state.project)
    engine = state.engine()
    if kind != "named":
        engine.project_dir = None
    engine._here = str(state.project)
    review = engine.review(goal.name)
    assert isinstance(review, Review)
    assert review.facts.head.state == "same"
    assert review.facts.head.origin == (NAMED if kind == "named" else HERE)


def test_two_projects_are_told_apart_in_one_list(state: State) -> None:
    first = state.commit("one")
    start_event(state, state.project, state.add("goal-a", proof=proof_json("goal-a", commits=[first])))
    (state.base / "second").mkdir()
    other = State(state.base / "second")
    second = other.commit("two")
    start_event(state, other.project, state.add("goal-b", proof=proof_json("goal-b", commits=[second])))
    engine = state.engine()
    engine.project_dir = None
    assert {line.head for line in engine.goals().goals} == {
        f"HEAD is {first[:12]}, where the evidence was made",
        f"HEAD is {second[:12]}, where the evidence was made",
    }
    change(state.folder("goal-a") / "proof.json", commits=[second])
    assert sum(line.head.startswith("HEAD not checked") for line in engine.goals().goals) <= 1
