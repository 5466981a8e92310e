"""Each step of a plan exactly, and every reason for which there is none (STATE-FORMAT 6.1, 6.2)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import AppendLine, FileChange, MakeFolder, ReplaceFile
from omk_tui.core.decision.planner import Decision, plan_accept, plan_reject
from omk_tui.core.records.conflict import EMBED_LIMIT
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.file_names import (
    ACCEPT_FILE,
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import LedgerTail, Review, Target
from tests.core.documents import GOAL_ID, conflict_task, facts_of, goal_json, graph_json, proof_json
from tests.core.reviews import IDS, MOMENTS, VERBS, plan_of, review_of

SHARED = (ARTIFACTS_FOLDER, INTEGRATION_FOLDER, GOAL_FILE, PROOF_FILE, EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE)
OWN: dict[Verb, tuple[str, ...]] = {"accept": (ACCEPT_FILE,), "reject": (REJECT_FILE, ROLLBACK_FILE)}
TOUCHED = [(verb, path) for verb in VERBS for path in (*SHARED, *OWN[verb])]


def review(*targets: Target, facts: Facts | None = None, **more: Any) -> Review:
    return replace(review_of(facts or facts_of()), targets=targets, **more)


def steps_at(verb: Verb, path: str, *targets: Target) -> list[Any]:
    plan = plan_of(verb, review(*targets))
    return [step for step in plan.steps if getattr(step, "path", None) == path]


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("verb", VERBS)
def test_a_step_says_whether_its_place_is_taken_and_who_may_read_it(verb: Verb, exists: bool) -> None:
    def at(path: str) -> list[Any]:
        return steps_at(verb, path, Target(path, exists))

    assert at(ARTIFACTS_FOLDER) == [MakeFolder(ARTIFACTS_FOLDER, exists, private=False)]
    assert at(INTEGRATION_FOLDER) == [MakeFolder(INTEGRATION_FOLDER, exists, private=True)]
    for path in (*OWN[verb], GOAL_FILE):
        assert [(type(step), step.exists) for step in at(path)] == [(ReplaceFile, exists)], path
    # A proof.json that is not there is no evidence, and so no decision; the second line finds the log of the first.
    assert [step.exists for step in at(PROOF_FILE)] == [True]
    assert [(type(step), step.exists, step.private) for step in at(EVENTS_FILE)] == [
        (AppendLine, exists, False),
        (AppendLine, True, False),
    ]
    assert [(type(step), step.exists, step.private) for step in at(CHECKPOINTS_FILE)] == [(AppendLine, exists, True)]


@pytest.mark.parametrize("torn", [True, False])
@pytest.mark.parametrize("log", [EVENTS_FILE, CHECKPOINTS_FILE])
def test_a_torn_last_line_is_ended_once_and_before_anything_else(log: str, torn: bool) -> None:
    first, *others = [step.data for step in steps_at("accept", log, Target(log, exists=True, torn=torn))]
    assert first.startswith(b"\n{" if torn else b"{")
    assert first.count(b"\n") == 1 + torn
    assert first.endswith(b"}\n")
    assert all(line.startswith(b"{") and line.endswith(b"}\n") and line.count(b"\n") == 1 for line in others)


@pytest.mark.parametrize("verb", VERBS)
def test_a_plan_names_what_it_is_for(verb: Verb) -> None:
    plan = plan_of(verb, review())
    assert (plan.verb, plan.goal_id, plan.snapshot) == (verb, GOAL_ID, "s" * 64)


@pytest.mark.parametrize("verb", VERBS)
def test_a_decision_ends_in_phase_proof_whatever_the_goal_was_doing(verb: Verb) -> None:
    facts = facts_of(goal=goal_json(status="ready", phase="intake"), proof=proof_json(changed_files=[]))
    plan = plan_of(verb, review(facts=facts))
    assert (plan.goal.phase, plan.goal.status, plan.status) == ("proof", "not_ready", "not_ready")


def test_gaps_that_stay_are_not_dropped() -> None:
    gap = "changed-file evidence is missing"
    facts = facts_of(proof=proof_json(changed_files=[], known_gaps=[gap, "old", gap]))
    plan = plan_of("accept", review(facts=facts))
    assert gap in plan.known_gaps
    assert plan.dropped_gaps == ("old",)


@pytest.mark.parametrize(
    ("state_dir", "path"),
    [("/goals/g", "/goals/g/proof.json"), ("/goals/X/", "/goals/X/proof.json"), ("", "/proof.json")],
)
def test_the_event_names_the_proof_below_the_goal_directory(state_dir: str, path: str) -> None:
    facts = facts_of()
    assert facts.goal
    moved = replace(facts, goal=replace(facts.goal, state_dir=state_dir))
    first = next(step for step in plan_of("accept", review(facts=moved)).steps if isinstance(step, AppendLine))
    assert json.loads(first.data)["payload"]["proof_path"] == path


@pytest.mark.parametrize("too_long", [False, True])
def test_a_decision_file_that_evidence_names_is_cut_where_any_evidence_is(too_long: bool) -> None:
    seen = review(facts=facts_of(graph=graph_json(tasks=[conflict_task(REJECT_FILE)])))
    # The reason stands in the file twice: as the summary, and as what is missing.
    bare = len(plan_of("reject", seen, "x").written(REJECT_FILE) or b"") - 2
    plan = plan_of("reject", seen, "x" * ((EMBED_LIMIT - bare) // 2 + too_long))
    assert 0 <= EMBED_LIMIT + 2 * too_long - len(plan.written(REJECT_FILE) or b"") < 2
    assert plan.rollback is not None
    assert ("...(truncated at 65536 bytes)" in plan.rollback) == too_long


def test_a_folder_that_is_made_is_a_change_of_no_bytes() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert plan_of("accept", review()).files[0] == FileChange(ARTIFACTS_FOLDER, "mkdir", 0, empty)


def test_what_is_asked_for_is_not_recorded_as_not_ready_unless_said() -> None:
    assert not Decision("accept", GOAL_ID, "text").record_not_ready
    assert Decision("accept", GOAL_ID, "text").snapshot is None


@pytest.mark.parametrize(("verb", "path"), TOUCHED)
def test_an_obstacle_at_any_place_that_is_written_hinders(verb: Verb, path: str) -> None:
    why = f"{path}: it is in the way"
    assert objection(review(Target(path, exists=True, obstacle="it is in the way")), verb) == Failed(why)


@pytest.mark.parametrize("verb", VERBS)
def test_an_obstacle_where_only_the_other_verb_writes_does_not(verb: Verb) -> None:
    for path in OWN["reject" if verb == "accept" else "accept"]:
        assert objection(review(Target(path, exists=True, obstacle="it is in the way", outside=True)), verb) is None


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_not_finished_comes_first(verb: Verb) -> None:
    facts = replace(facts_of(goal=goal_json(status="paused")), interrupted="a decision is not finished")
    assert objection(review(facts=facts), verb) == Refused("interrupted", "a decision is not finished")


@pytest.mark.parametrize("verb", VERBS)
def test_a_ledger_that_cannot_be_read_hinders_last(verb: Verb) -> None:
    tail = LedgerTail(exists=True, problem="the ledger cannot be read")
    assert objection(review(ledger=tail), verb) == Failed("the ledger cannot be read")
    hindered = review(Target(GOAL_FILE, exists=True, obstacle="it is a folder"), ledger=tail)
    assert objection(hindered, verb) == Failed(f"{GOAL_FILE}: it is a folder")


@pytest.mark.parametrize("status", ["paused", "blocked_on_human", "cancelled"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_guarded_status_refuses_with_omks_sentence(verb: Verb, status: str) -> None:
    seen = review(facts=facts_of(goal=goal_json(status=status)))
    assert seen.judgement.guard
    assert objection(seen, verb) == Refused("status", seen.judgement.guard)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("lost", "why"),
    [
        ("goal", "goal.json could not be read"),
        ("stored", "proof.json could not be read"),
        ("deliveries", "task-graph.json could not be read"),
    ],
)
def test_a_file_without_a_told_problem_is_named_all_the_same(verb: Verb, lost: str, why: str) -> None:
    changes: dict[str, Any] = {lost: None}
    assert objection(review(facts=replace(facts_of(), **changes)), verb) == Failed(why)


def test_an_invalid_graph_hinders_an_accept_before_the_proof_is_looked_at() -> None:
    changes: dict[str, Any] = {"graph": None, "stored": None}
    graph, proof = Problem("task-graph.json", "it is invalid"), Problem("proof.json", "it is torn")
    facts = replace(facts_of(), graph_problem=graph, proof_problem=proof, **changes)
    assert objection(review(facts=facts), "accept") == Failed("task-graph.json: it is invalid")
    assert objection(review(facts=facts), "reject") == Failed("proof.json: it is torn")


@pytest.mark.parametrize("verb", VERBS)
def test_what_utf8_cannot_hold_is_told_in_a_sentence(verb: Verb) -> None:
    make = plan_accept if verb == "accept" else plan_reject
    assert make(review(), "\udce9", MOMENTS, IDS) == Failed(
        "the text is not valid UTF-8, and no file of omk could hold it"
    )
    odd = replace(facts_of(), goal_dir="/caf\udce9")
    assert objection(review(facts=odd), verb) == Failed(
        "/caf⟨U+DCE9⟩: the path is not valid UTF-8, and goal.json could not hold it"
    )


def test_a_plan_is_hindered_as_its_own_verb_is() -> None:
    invalid: dict[str, Any] = {"graph": None}
    facts = replace(facts_of(), graph_problem=Problem("task-graph.json", "it is invalid"), **invalid)
    assert plan_accept(review(facts=facts), "text", MOMENTS, IDS) == Failed("task-graph.json: it is invalid")
    assert plan_reject(review(facts=facts), "text", MOMENTS, IDS) != Failed("task-graph.json: it is invalid")
    blocked = review(Target(ACCEPT_FILE, exists=True, obstacle="it is a folder"))
    assert plan_accept(blocked, "text", MOMENTS, IDS) == Failed(f"{ACCEPT_FILE}: it is a folder")
    assert plan_of("reject", blocked).verb == "reject"
