"""The checklist is monotone: better evidence never adds a gap, and whatever is complete is ready."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.judgement.judge import judge
from omk_tui.core.judgement.oracle import REQUIRED_CHECKS
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.proof import Gate, Proof
from tests.core.reviews import facts_in, texts

quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**64 - 1)


def some_facts(rng: random.Random) -> Facts:
    try:
        return facts_in(*texts(rng))
    except JsonError:
        assume(False)  # the raw read of the graph refuses what the typed one skips
        raise


def with_proof(facts: Facts, proof: Proof) -> Facts:
    assert facts.stored
    return replace(facts, stored=replace(facts.stored, proof=proof))


def passed_gate(name: str) -> Gate:
    return Gate(name, True, "", "", 1, True, "true", 0, False, None, None, None, 1)


def better(rng: random.Random, facts: Facts) -> Facts:
    """The same goal with one more piece of evidence."""
    assert facts.stored
    assert facts.graph
    proof, graph = facts.stored.proof, facts.graph
    match rng.randrange(6):
        case 0 if proof.gates:
            gates = list(proof.gates)
            at = rng.randrange(len(gates))
            gates[at] = replace(gates[at], passed=True)
            return with_proof(facts, replace(proof, gates=tuple(gates)))
        case 1:
            tasks = list(graph.tasks)
            at = rng.randrange(len(tasks))
            tasks[at] = replace(tasks[at], status="done")
            return replace(facts, graph=replace(graph, tasks=tuple(tasks)))
        case 2:
            files = list(proof.changed_files)
            files.insert(rng.randint(0, len(files)), "src/new.py")
            return with_proof(facts, replace(proof, changed_files=tuple(files)))
        case 3:
            return with_proof(facts, replace(proof, post_mutation_gates_ran=True))
        case 4 if proof.gates:
            gates = list(proof.gates)
            at = rng.randrange(len(gates))
            gates[at] = replace(gates[at], required=False)
            return with_proof(facts, replace(proof, gates=tuple(gates)))
        case _:
            gates = list(proof.gates)
            name = rng.choice([*sum(REQUIRED_CHECKS.values(), ()), "bench", "lint"])
            gates.insert(rng.randint(0, len(gates)), passed_gate(name))
            return with_proof(facts, replace(proof, gates=tuple(gates)))


@quick
@given(seeds)
def test_better_evidence_never_adds_a_gap(seed: int) -> None:
    rng = random.Random(seed)
    facts = some_facts(rng)
    for _ in range(12):
        improved = better(rng, facts)
        before, after = judge(facts), judge(improved)
        assert set(after.missing) <= set(before.missing)
        assert {one.name for one in before.wall if one.passed} <= {one.name for one in after.wall if one.passed}
        if before.oracle and before.oracle.passed:
            assert after.oracle
            assert after.oracle.passed
        facts = improved


@quick
@given(seeds)
def test_with_all_evidence_nothing_is_missing(seed: int) -> None:
    facts = some_facts(random.Random(seed))
    assert facts.stored
    assert facts.graph
    proof, graph = facts.stored.proof, facts.graph
    wanted = ("goal-local-verify", "goal-agent-execute", "goal-review", "goal-security-review")
    names = (*sum(REQUIRED_CHECKS.values(), ()), "bench")
    whole = replace(
        with_proof(
            facts,
            replace(
                proof,
                gates=tuple(replace(gate, passed=True) for gate in (*proof.gates, *map(passed_gate, names))),
                changed_files=(*proof.changed_files, "a"),
                post_mutation_gates_ran=True,
            ),
        ),
        graph=replace(
            graph,
            tasks=tuple(
                replace(task, status="done")
                for task in (*graph.tasks, *(replace(graph.tasks[0], id=name) for name in wanted))
            ),
        ),
    )
    judgement = judge(whole)
    assert (judgement.missing, judgement.ready) == ((), True)
    assert all(requirement.next == "" for requirement in judgement.requirements)


@quick
@given(seeds)
def test_a_gap_always_comes_with_a_next_step_and_the_nine_keep_their_order(seed: int) -> None:
    facts = some_facts(random.Random(seed))
    judgement = judge(facts)
    assert len(judgement.requirements) == 9
    assert all(bool(one.next) != one.met for one in judgement.requirements)
    assert judgement.missing == tuple(one.text for one in judgement.requirements if not one.met)
