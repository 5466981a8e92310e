"""Documents and evidence above the bounds: said with what and by how much, and a reject stays possible."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.format import limits
from omk_tui.engine.reading import review as reading
from tests.core.documents import GOAL_ID, conflict_task, gate, goal_json, graph_json, proof_json, task
from tests.engine.states import State

ABOVE: dict[str, tuple[Callable[[State], object], str]] = {
    "gates": (
        lambda state: state.add(proof=proof_json(gates=[gate(f"g{number}") for number in range(10_003)])),
        "proof.json, gates: it has 10,003 members, 3 more than are read",
    ),
    "gaps": (
        lambda state: state.add(proof=proof_json(known_gaps=["gap"] * 10_001)),
        "proof.json, known_gaps: it has 10,001 members, 1 more than are read",
    ),
    "changed files": (
        lambda state: state.add(proof=proof_json(changed_files=["a"] * 100_002)),
        "proof.json, changed_files: it has 100,002 members, 2 more than are read",
    ),
    "tasks": (
        lambda state: state.add(graph=graph_json(tasks=[task(f"t{number}") for number in range(10_000)])),
        "task-graph.json, tasks: it has 10,004 members, 4 more than are read",
    ),
    "values": (
        lambda state: state.add(goal=goal_json(more=[0] * 1_000_100)),
        "goal.json: it holds about 1,000,1",
    ),
    "bytes": (
        lambda state: state.add(proof=proof_json(summary="x" * (16 << 20))),
        "more than the 16 MiB that are read of such a file",
    ),
}


@pytest.mark.parametrize(("make", "sentence"), ABOVE.values(), ids=ABOVE)
def test_a_document_above_a_bound_is_unreadable_and_says_by_how_much(
    state: State, make: Callable[[State], object], sentence: str
) -> None:
    make(state)
    review = state.review()
    assert str(review.judgement.verdict) == "unreadable"
    assert sentence in " ".join(problem.sentence for problem in review.facts.problems)
    outcome = state.decide("reject", "no")
    assert isinstance(outcome, Failed)
    assert sentence in outcome.why
    (line,) = state.engine().goals().goals
    assert str(line.verdict) == "unreadable"


def test_of_very_many_findings_the_first_are_told(state: State) -> None:
    state.add(graph=graph_json(tasks=[task(f"t{number}", dependencies=["none"]) for number in range(9_996)]))
    (problem,) = state.review().facts.problems
    assert problem.sentence.endswith("task t99 depends on missing task none; and 9,896 more")


def test_a_document_at_the_bounds_is_read(state: State) -> None:
    tasks = [task(f"t{number}") for number in range(9_996)]
    gates = [gate(f"g{number}") for number in range(10_000)]
    state.add(
        proof=proof_json(gates=gates, known_gaps=["gap"] * 10_000, changed_files=["a"] * 100_000),
        graph=graph_json(tasks=tasks),
    )
    assert not state.review().facts.problems
    state.recorded("reject", "no")


def test_evidence_beyond_the_bound_of_a_plan_is_noted_and_the_reject_goes_on(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.LARGEST_EMBEDDED == 16 << 20
    monkeypatch.setattr(reading, "LARGEST_EMBEDDED", 2500)
    slices = [
        {**conflict_task(f"artifacts/{name}.json", slice_id=name), "id": f"goal-agent-implement-{name}"}
        for name in "abcd"
    ]
    folder = state.add(graph=graph_json(tasks=slices)) / "artifacts"
    folder.mkdir()
    for name in "abcd":
        (folder / f"{name}.json").write_text(name * 1000)
    before = state.review()
    assert [one.evidence is not None and one.evidence.readable for one in before.conflicts] == [
        True,
        True,
        False,
        False,
    ]
    (folder / "d.json").write_text("e" * 1000)
    assert state.review().snapshot != before.snapshot, "what is not embedded is bound all the same"
    state.recorded("reject", "no", GOAL_ID)
    plan = (folder / "integration/rollback-rejected-slice.md").read_text()
    assert "a" * 1000 in plan
    assert "b" * 1000 in plan
    assert "c" * 1000 not in plan
    assert plan.count("_(unreadable: the plan embeds 16 MiB of evidence already)_") == 2


def test_a_proof_that_could_not_be_read_again_is_not_written(state: State) -> None:
    nested: object = [0] * 200_000
    for _ in range(110):
        nested = [nested]
    folder = state.add()
    (folder / "proof.json").write_text(json.dumps(proof_json(review_artifacts=[nested])))
    outcome = state.decide("reject", "no")
    assert isinstance(outcome, Failed)
    assert "proof.json would take more than 16 MiB" in outcome.why
