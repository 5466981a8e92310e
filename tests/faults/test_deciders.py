"""Many deciders at once: each decision is taken by one of them, and nobody waits for long."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from omk_tui.core.decision.outcome import Recorded, Refused
from omk_tui.core.decision.plan import UpsertRow
from omk_tui.core.records.ledger_entries import History
from tests.core.documents import GOAL_ID
from tests.engine.states import State
from tests.faults.company import Act
from tests.faults.conftest import Tell
from tests.faults.crowds import Crowd
from tests.faults.scenes import decided, fresh_accept
from tests.golden.tree import read_database


def test_of_64_deciders_on_one_snapshot_one_records(place: Path, tell: Tell) -> None:
    scene = fresh_accept(place / "scene")
    act, before = scene.decision(), scene.picture()
    outcomes = [outcome for (outcome,) in Crowd(place, [[act]] * 64).outcomes()]
    recorded = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
    refused = Counter(outcome.kind for outcome in outcomes if isinstance(outcome, Refused))
    tell(f"faults: 64 deciders on one snapshot: {len(recorded)} recorded, refused: {dict(refused)}")
    assert len(recorded) == 1
    assert set(refused) <= {"stale", "locked"}
    assert refused.total() == 63
    assert recorded[0].finished and not recorded[0].notes
    assert not decided(before, recorded[0].plan).difference(scene.picture())
    history = scene.engine().history(GOAL_ID)
    assert isinstance(history, History)
    assert [entry.fault for entry in history.entries] == [""]
    assert all(same for _, same in scene.engine().written_now(GOAL_ID, history.entries[0]))


def test_8_deciders_on_200_goals_decide_each_once(place: Path, tell: Tell) -> None:
    state = State(place)
    goals = [f"goal-{number}" for number in range(200)]
    for goal in goals:
        state.add(goal)
    engine = state.engine()
    acts = [
        Act("decide", str(state.root), str(state.project), goal, "reject", f"no {goal}", state.review(goal).snapshot)
        for goal in goals
    ]
    processes = list(_shuffled(acts, 8))
    outcomes = [outcome for ended in Crowd(place, processes).outcomes() for outcome in ended]
    recorded = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
    refused = Counter(outcome.kind for outcome in outcomes if isinstance(outcome, Refused))
    tell(f"faults: 8 deciders on 200 goals: {len(recorded)} recorded, refused: {dict(refused)}")
    assert sorted(outcome.plan.goal_id for outcome in recorded) == sorted(goals)
    assert refused.total() == 8 * 200 - 200
    assert set(refused) <= {"stale", "locked"}
    assert not any(outcome.notes for outcome in recorded)
    for goal in goals:
        history = engine.history(goal)
        assert isinstance(history, History)
        assert [(entry.fault, entry.text("verb")) for entry in history.entries] == [("", "reject")]
    database = read_database(state.root / "omk.db")
    assert database is not None
    rows = {row["goal_id"]: dict(row) for row in database.rows}
    assert rows == {outcome.plan.goal_id: _row(outcome) for outcome in recorded}


def _shuffled(acts: Sequence[Act], processes: int) -> Iterator[list[Act]]:
    for seed in range(processes):
        order = list(acts)
        random.Random(seed).shuffle(order)
        yield order


def _row(outcome: Recorded) -> dict[str, object]:
    return dict(next(step.row for step in outcome.plan.steps if isinstance(step, UpsertRow)))
