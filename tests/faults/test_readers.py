"""A reader that looks all the time while decisions follow each other: it sees each whole, or the one before."""

from __future__ import annotations

from pathlib import Path

from omk_tui.core.decision.outcome import Recorded
from omk_tui.core.records.ledger_entries import History
from omk_tui.core.records.ledger_line import line_hash
from omk_tui.core.review.goal_review import Review
from tests.core.documents import GOAL_ID
from tests.depth import DEEP
from tests.faults.company import Act
from tests.faults.conftest import Tell
from tests.faults.crowds import Crowd
from tests.faults.scenes import fresh_accept
from tests.faults.stage import NOW


def test_a_reader_never_sees_half_a_decision(place: Path, tell: Tell) -> None:
    decisions = 1000 if DEEP else 300
    scene = fresh_accept(place / "scene")
    root, project = str(scene.root), str(scene.state.project)
    acts = [
        Act("decide", root, project, GOAL_ID, ("accept", "reject")[number % 2], f"number {number}", "", NOW + number)
        for number in range(1, decisions + 1)
    ]
    engine = scene.engine()
    crowd = Crowd(place, [acts])
    seen: set[tuple[str, str | None]] = set()
    verdicts: set[str] = set()
    reviews = 0
    while crowd.busy:
        review = engine.review(GOAL_ID)
        assert isinstance(review, Review)
        seen.add((_decided_at(review), review.ledger.previous))
        (line,) = engine.goals().goals
        verdicts.add(str(line.verdict))
        assert line.problem is None
        reviews += 1
    (outcomes,) = crowd.outcomes()
    recorded = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
    tell(
        f"faults: a reader during {decisions} decisions: {reviews} reviews and lists, {len(seen)} states, 0 torn; "
        f"{len(recorded)} recorded"
    )
    assert len(recorded) == decisions, [outcome for outcome in outcomes if not isinstance(outcome, Recorded)][:3]
    assert all(outcome.finished and not outcome.notes for outcome in recorded)
    assert verdicts <= {"acceptable", "accepted", "rejected"}
    lines = (scene.state.folder() / "artifacts/integration/integrator-decisions.jsonl").read_bytes().splitlines()
    history = engine.history(GOAL_ID)
    assert isinstance(history, History)
    entries = history.entries
    assert not any(entry.fault for entry in entries)
    ledger_then = {
        entry.text("decided_at"): line_hash(line) for entry, line in zip(history.entries, lines, strict=True)
    }
    assert seen <= {*ledger_then.items(), ("", None)}
    assert len(seen) > 2


def _decided_at(review: Review) -> str:
    """When the last decision was taken, which each record of one review has to agree on; empty before the first."""
    facts = review.facts
    assert not facts.interrupted, facts.interrupted
    assert facts.goal and facts.stored and not facts.problems
    evidence = facts.stored.sidecars.integration_evidence
    if not evidence:
        assert facts.goal.completed_at is None
        return ""
    assert isinstance(evidence[-1], dict)
    decided_at = evidence[-1]["decided_at"]
    assert isinstance(decided_at, str)
    assert facts.goal.status == facts.stored.proof.status
    assert facts.goal.updated_at.text() == facts.stored.proof.generated_at.text() == decided_at
    return decided_at
