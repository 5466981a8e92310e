"""Reviews without a disk, plans made from them, and documents of every shape that omk writes."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import EventIds, Moments, plan_accept, plan_reject
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.budget import Usage
from omk_tui.core.records.conflict import DECISION_FILE, conflict_of, conflicting
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.file_names import GOAL_FILE, PROOF_FILE
from omk_tui.core.records.goal import read_goal, write_goal
from omk_tui.core.records.proof import read_proof, write_proof
from omk_tui.core.records.task_graph import read_task_graph
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from tests.core.documents import GOAL_ID
from tests.differential import documents, task_graphs
from tests.differential.json_text import spell

MOMENTS = Moments(*(Timestamp.parse(f"2026-06-12T00:00:0{second}.5Z") for second in range(4)))
IDS = EventIds("id-1", "id-2")
VERBS: tuple[Verb, ...] = ("accept", "reject")
STATE_DIR = f"/goals/{GOAL_ID}"


def review_of(facts: Facts) -> Review:
    """A review of these facts; every conflict's evidence is the decision file itself."""
    conflicts = tuple(conflict_of(one, DECISION_FILE) for one in conflicting(facts.deliveries or ()))
    return Review(facts, judge(facts), conflicts, (), (), Usage(), None, (), (), "s" * 64)


def plan_of(verb: Verb, review: Review, text: str = "text") -> DecisionPlan:
    """The plan of a decision that can be taken."""
    plan = (plan_accept if verb == "accept" else plan_reject)(review, text, MOMENTS, IDS)
    assert isinstance(plan, DecisionPlan), plan
    return plan


def texts(rng: random.Random) -> tuple[str, str, str]:
    """goal.json, proof.json and task-graph.json of a goal that can be decided, as omk may have left them."""
    complete = rng.random() < 0.5
    graph = task_graphs.graph(rng, GOAL_ID, complete=complete)
    task_graphs.deliver(rng, graph, ["artifacts/integration/merge-conflict.json"])
    return (
        spell(documents.goal(rng, GOAL_ID, decidable=True)),
        spell(documents.proof(rng, GOAL_ID, complete=complete)),
        spell(graph),
    )


def facts_in(goal: str, proof: str, graph: str) -> Facts:
    """The facts in the texts of the three documents."""
    return Facts(
        goal_id=GOAL_ID,
        goal_dir=STATE_DIR,
        goal=read_goal(goal, STATE_DIR),
        stored=read_proof(proof),
        graph=read_task_graph(graph),
        deliveries=read_deliveries(graph),
    )


def written_once(facts: Facts) -> Facts:
    """The same facts after omk wrote goal.json and proof.json once: defaults filled in, secrets gone."""
    assert facts.goal and facts.stored
    return replace(
        facts,
        goal=read_goal(write_goal(facts.goal), STATE_DIR),
        stored=read_proof(write_proof(facts.stored, ())),
    )


def applied(plan: DecisionPlan, facts: Facts) -> Facts:
    """The facts that are read once the plan's bytes are in place."""
    goal, proof = plan.written(GOAL_FILE), plan.written(PROOF_FILE)
    assert goal is not None
    assert proof is not None
    return replace(facts, goal=read_goal(goal.decode(), STATE_DIR), stored=read_proof(proof.decode()))


def as_omk_prints(document: Any) -> str:
    """A document without floats, printed by the standard library as omk would."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def shuffled(rng: random.Random, members: dict[str, Any], nested: Sequence[str] = ()) -> dict[str, Any]:
    """The same members in another order; those of the records in the lists `nested` as well."""
    keys = list(members)
    rng.shuffle(keys)
    mixed = {key: members[key] for key in keys}
    for key in nested:
        mixed[key] = [shuffled(rng, one) for one in mixed[key]]
    return mixed
