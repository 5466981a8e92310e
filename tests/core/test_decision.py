"""What a decision would write: state, proof, logs and row of both verbs (STATE-FORMAT 6.2, 6.7), without a disk."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, UpsertRow
from omk_tui.core.decision.planner import EventIds, Moments, plan_accept, plan_reject
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.budget import Usage
from omk_tui.core.records.conflict import DECISION_FILE, conflict_of, conflicting
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.file_names import ACCEPT_FILE, EVENTS_FILE, GOAL_FILE, PROOF_FILE, REJECT_FILE, ROLLBACK_FILE
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import GitEvidence
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review, Target
from tests.core.documents import CREATED, GOAL_ID, conflict_task, facts_of, goal_json, graph_json, proof_json

TIMES = [f"2026-06-12T00:00:0{second}.5Z" for second in range(4)]
WRITTEN = [f"2026-06-12T00:00:0{second}.500Z" for second in range(4)]
MOMENTS = Moments(*map(Timestamp.parse, TIMES))
IDS = EventIds("id-1", "id-2")
SECRET = "ghp_" + "a" * 36
VERBS: tuple[Verb, ...] = ("accept", "reject")


def review_of(facts: Facts | None = None, *targets: Target, **more: Any) -> Review:
    facts = facts or facts_of()
    conflicts = tuple(conflict_of(one, DECISION_FILE) for one in conflicting(facts.deliveries or ()))
    return Review(facts, judge(facts), conflicts, (), (), Usage(), None, targets, (), "s" * 64, **more)


def plan_of(verb: Verb, text: str = "text", review: Review | None = None) -> DecisionPlan:
    make = plan_accept if verb == "accept" else plan_reject
    plan = make(review or review_of(), text, MOMENTS, IDS)
    assert isinstance(plan, DecisionPlan), plan
    return plan


def document(plan: DecisionPlan, path: str) -> dict[str, Any]:
    data = plan.written(path)
    assert data is not None
    members = json.loads(data)
    assert isinstance(members, dict)
    return members


def events(plan: DecisionPlan) -> list[dict[str, Any]]:
    return [json.loads(one.data) for one in plan.steps if isinstance(one, AppendLine) and one.path == EVENTS_FILE]


NOT_READY = "not ready: integrator acceptance found missing proof evidence"
GAP = "changed-file evidence is missing"


@pytest.mark.parametrize(
    ("verb", "changed_files", "status", "readiness", "summary", "gaps"),
    [
        ("accept", ["a"], "ready", "ready: integration and oracle evidence passed",
         "is proof-backed ready: gates, execution, review, integration, and oracle evidence passed.", []),
        ("accept", [], "not_ready", NOT_READY, "cannot be accepted as ready until missing evidence is resolved.",
         [GAP, "required review wall evidence is incomplete or blocked"]),
        ("reject", ["a"], "not_ready", "not ready: integration rejected by local integrator",
         "was rejected by the local integrator: text", ["text"]),
    ],
)  # fmt: skip
def test_state_and_proof(
    verb: Verb, changed_files: list[str], status: str, readiness: str, summary: str, gaps: list[str]
) -> None:
    proof = proof_json(changed_files=changed_files, known_gaps=["old"], recovery_status="r", commits=["c"])
    plan = plan_of(verb, "text", review_of(facts_of(proof=proof)))
    goal, new = document(plan, GOAL_FILE), document(plan, PROOF_FILE)
    assert (goal["status"], goal["phase"]) == (status, "proof")
    assert [goal["updated_at"], goal["completed_at"], new["generated_at"]] == [WRITTEN[0]] * 3
    assert (new["status"], new["readiness"], new["known_gaps"]) == (status, readiness, gaps)
    assert new["summary"] == f"Goal 'Build a log parser' {summary}"
    assert goal.get("failure") == (None if verb == "accept" else {"reason": "text", "recorded_at": WRITTEN[0]})
    assert new["artifacts"] == goal["artifacts"]
    assert (new["recovery_status"], new["commits"]) == ("r", ["c"])
    assert new["oracle_evidence"]["kind"] == "greenfield"
    assert plan.dropped_gaps == ("old",)
    told = f"Acceptance: {status}\nReadiness: {readiness}\n"
    assert plan.text_output == told + ("Known gaps:\n" if gaps else "") + "".join(f"  - {gap}\n" for gap in gaps)


@pytest.mark.parametrize(
    ("verb", "status", "path", "kinds"),
    [
        ("accept", "accepted", ACCEPT_FILE, ["integration_acceptance"]),
        ("reject", "rejected", REJECT_FILE, ["integration_rejection", "integration_rollback_plan"]),
    ],
)
def test_the_decision_file_is_also_the_evidence_in_the_proof(
    verb: Verb, status: str, path: str, kinds: list[str]
) -> None:
    plan = plan_of(verb)
    evidence = document(plan, path)
    assert list(evidence) == ["status", "summary", "decided_at", "artifact_path", "missing_evidence"]
    assert evidence == {
        "status": status,
        "summary": "text",
        "decided_at": WRITTEN[0],
        "artifact_path": path,
        "missing_evidence": [] if verb == "accept" else ["text"],
    }
    assert document(plan, PROOF_FILE)["integration_evidence"] == evidence
    assert [one["kind"] for one in document(plan, GOAL_FILE)["artifacts"]] == kinds


@pytest.mark.parametrize("verb", VERBS)
def test_deciding_again_adds_no_artifact_and_keeps_its_time(verb: Verb) -> None:
    first = plan_of(verb)
    goal = document(first, GOAL_FILE)
    again = review_of(facts_of(goal=goal))
    later = replace(MOMENTS, decided=Timestamp.parse("2027-01-01T00:00:00Z"))
    plan = (plan_accept if verb == "accept" else plan_reject)(again, "text", later, IDS)
    assert isinstance(plan, DecisionPlan)
    assert document(plan, GOAL_FILE)["artifacts"] == goal["artifacts"]


def test_accept_keeps_an_old_failure_and_reject_replaces_it() -> None:
    old = {"reason": "old", "recorded_at": CREATED}
    review = review_of(facts_of(goal=goal_json(failure=old)))
    assert document(plan_of("accept", review=review), GOAL_FILE)["failure"] == old
    assert document(plan_of("reject", review=review), GOAL_FILE)["failure"]["reason"] == "text"


def test_secrets_are_scrubbed_where_omk_scrubs_them_and_nowhere_else() -> None:
    plan = plan_of("reject", f"leaks {SECRET}")
    scrubbed = {PROOF_FILE: True, REJECT_FILE: True, GOAL_FILE: False, ROLLBACK_FILE: False}
    for path, gone in scrubbed.items():
        assert (SECRET.encode() not in (plan.written(path) or b"")) == gone, path
    row = next(one.row for one in plan.steps if isinstance(one, UpsertRow))
    assert SECRET in str(row["failure"])
    assert SECRET in plan.text_output


def test_the_git_evidence_is_the_fresh_one_or_the_old_one() -> None:
    old = {"branch": "old", "head": "h", "dirty": False}
    facts = facts_of(proof=proof_json(git=old))
    assert document(plan_of("accept", review=review_of(facts)), PROOF_FILE)["git"] == old
    fresh = replace(review_of(facts), git=GitEvidence("main", "new", dirty=True))
    assert document(plan_of("accept", review=fresh), PROOF_FILE)["git"] == {
        "branch": "main",
        "head": "new",
        "dirty": True,
    }


@pytest.mark.parametrize("verb", VERBS)
def test_the_steps_are_in_omks_order(verb: Verb) -> None:
    own = [ACCEPT_FILE] if verb == "accept" else [REJECT_FILE, ROLLBACK_FILE]
    names = ["row" if isinstance(step, UpsertRow) else step.path for step in plan_of(verb).steps]
    assert names == [
        "artifacts", "artifacts/integration", *own, "row", GOAL_FILE, PROOF_FILE, EVENTS_FILE,
        "budget-checkpoints.jsonl", EVENTS_FILE,
    ]  # fmt: skip


def test_the_events_carry_their_own_moments_and_ids() -> None:
    first, second = events(plan_of("accept"))
    assert list(first) == ["id", "run_id", "ts", "schema_version", "kind", "actor", "payload"]
    assert (first["id"], first["run_id"], first["ts"], first["kind"]) == ("id-1", GOAL_ID, WRITTEN[1], "proof_written")
    assert first["actor"] is None
    assert first["payload"] == {"proof_path": f"/goals/{GOAL_ID}/proof.json", "status": "ready"}
    assert (second["id"], second["ts"], second["actor"]) == ("id-2", WRITTEN[3], "goal-controller")
    assert second["payload"]["label"] == "integration_decision"
    assert (second["payload"]["recorded_at"], second["payload"]["status"]) == (WRITTEN[2], "ready")


def test_the_files_say_what_happens_to_each() -> None:
    targets = (
        Target("artifacts", exists=True),
        Target(GOAL_FILE, exists=True),
        Target(EVENTS_FILE, exists=True, torn=True),
        Target(REJECT_FILE, exists=True),
    )
    plan = plan_of("reject", review=review_of(None, *targets))
    actions = {one.path: one.action for one in plan.files}
    assert actions == {
        "artifacts/integration": "mkdir",
        REJECT_FILE: "replace",
        ROLLBACK_FILE: "create",
        GOAL_FILE: "replace",
        PROOF_FILE: "replace",
        EVENTS_FILE: "append",
        "budget-checkpoints.jsonl": "create",
    }
    sizes = {one.path: one.size for one in plan.files}
    appended = [step.data for step in plan.steps if isinstance(step, AppendLine) and step.path == EVENTS_FILE]
    assert appended[0].startswith(b"\n{"), "the torn line is ended first"
    assert sizes[EVENTS_FILE] == sum(map(len, appended))
    assert [one for one in plan.steps if isinstance(one, MakeFolder) and one.private] == [
        MakeFolder("artifacts/integration", False, private=True)
    ]


def test_evidence_that_names_the_decision_file_embeds_its_new_bytes() -> None:
    plan = plan_of("reject", review=review_of(facts_of(graph=graph_json(tasks=[conflict_task(REJECT_FILE)]))))
    own = plan.written(REJECT_FILE)
    assert own is not None
    assert plan.rollback is not None
    assert f"```\n{own.decode()}\n```\n\n" in plan.rollback
    assert plan_of("accept").rollback is None


def hinder(**lost: Any) -> Review:
    return review_of(replace(facts_of(), **lost))


BROKEN = Problem("x.json", "it is torn")
UNREADABLE: list[tuple[dict[str, Any], Verb, bool]] = [
    ({"goal": None, "goal_problem": BROKEN}, "accept", True),
    ({"goal": None, "goal_problem": BROKEN}, "reject", True),
    ({"stored": None, "proof_problem": BROKEN}, "accept", True),
    ({"stored": None, "proof_problem": BROKEN}, "reject", True),
    ({"graph": None, "graph_problem": BROKEN}, "accept", True),
    ({"graph": None, "graph_problem": BROKEN}, "reject", False),
    ({"deliveries": None, "graph_problem": BROKEN}, "accept", True),
    ({"deliveries": None, "graph_problem": BROKEN}, "reject", True),
]


@pytest.mark.parametrize(("lost", "verb", "hindered"), UNREADABLE)
def test_what_each_verb_needs_to_read(lost: dict[str, Any], verb: Verb, hindered: bool) -> None:
    assert objection(hinder(**lost), verb) == (Failed("x.json: it is torn") if hindered else None)


@pytest.mark.parametrize("verb", VERBS)
def test_a_guard_goes_before_unreadable_evidence(verb: Verb) -> None:
    """omk looks at the status right after goal.json (STATE-FORMAT 6.1)."""
    facts = replace(facts_of(goal=goal_json(status="paused")), stored=None, proof_problem=BROKEN)
    found = objection(review_of(facts), verb)
    assert isinstance(found, Refused)
    assert found.kind == "status"


@pytest.mark.parametrize("outside", [True, False])
def test_an_obstacle_in_a_place_that_is_written(outside: bool) -> None:
    target = Target(ROLLBACK_FILE, exists=True, obstacle="it is in the way", outside=outside)
    found = objection(review_of(None, target), "reject")
    why = f"{ROLLBACK_FILE}: it is in the way"
    assert found == (Refused("outside", why) if outside else Failed(why))
    assert objection(review_of(None, target), "accept") is None


def test_what_leads_outside_is_told_before_other_obstacles() -> None:
    targets = (
        Target(GOAL_FILE, exists=True, obstacle="it is a folder"),
        Target(EVENTS_FILE, exists=True, obstacle="it leads out", outside=True),
    )
    assert objection(review_of(None, *targets), "accept") == Refused("outside", f"{EVENTS_FILE}: it leads out")


@pytest.mark.parametrize("verb", VERBS)
def test_what_utf8_cannot_hold_is_refused(verb: Verb) -> None:
    make = plan_accept if verb == "accept" else plan_reject
    assert isinstance(make(review_of(), "caf\udce9", MOMENTS, IDS), Failed)
    assert isinstance(objection(hinder(goal_dir="/caf\udce9"), verb), Failed)


@pytest.mark.parametrize("verb", VERBS)
def test_a_plan_is_the_same_each_time_it_is_made(verb: Verb) -> None:
    assert plan_of(verb) == plan_of(verb)
    assert all(isinstance(step, (ReplaceFile, AppendLine, MakeFolder, UpsertRow)) for step in plan_of(verb).steps)
