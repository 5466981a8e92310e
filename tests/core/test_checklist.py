"""omk's nine requirements: sentence, fact and next step of each (STATE-FORMAT 6.3)."""

from __future__ import annotations

import shlex
import tomllib

import pytest

from omk_tui.core.judgement.judge import judge
from omk_tui.core.judgement.requirements import Requirement, gate_stanza
from omk_tui.core.text.printed_commands import CommandLine, omk_command
from tests.core.documents import GOAL_ID, Members, facts_of, gate, goal_json, graph_json, proof_json, task

TEXTS = (
    "required verification gates are missing or failing",
    "local verification task evidence is missing",
    "agent execution task evidence is missing",
    "review task evidence is missing",
    "security review task evidence is missing",
    "changed-file evidence is missing",
    "post-mutation verification evidence is missing",
    "required review wall evidence is incomplete or blocked",
    "greenfield oracle evidence is incomplete or failing",
)
EXECUTE = "goal-agent-execute"


def tasks(**states: str) -> Members:
    """A graph with these tasks; `goal_review="pending"` means task goal-review."""
    return graph_json() | {"tasks": [task(name.replace("_", "-"), state) for name, state in states.items()]}


def requirements(*, proof: Members | None = None, graph: Members | None = None, goal: Members | None = None) -> tuple[
    Requirement, ...
]:  # fmt: skip
    return judge(facts_of(proof=proof, graph=graph, goal=goal)).requirements


def missing(**documents: Members) -> tuple[int, ...]:
    """The numbers of the requirements that are missing."""
    return tuple(number for number, one in enumerate(requirements(**documents), 1) if not one.met)


def test_a_complete_goal_meets_all_nine_and_has_no_next_step() -> None:
    nine = requirements()
    assert tuple(one.text for one in nine) == TEXTS
    assert all(one.met and one.facts and not one.next for one in nine)


def test_an_empty_goal_misses_all_nine_and_each_has_its_next_step() -> None:
    nine = requirements(
        proof=proof_json(gates=[], changed_files=[], post_mutation_gates_ran=False), graph=tasks(goal_intake="done")
    )
    assert tuple(one.text for one in nine) == TEXTS
    assert not any(one.met for one in nine)
    assert all(one.next for one in nine)
    verbs = ["verify", "verify", "execute", "review", "review", "execute", "execute"]
    assert [one.next for one in nine[:7]] == [f"omk goal {verb} {GOAL_ID}" for verb in verbs]
    for one in nine[7:]:
        assert one.next.splitlines()[-1] == f"omk goal verify {GOAL_ID}"
        assert "[[gates]]" in one.next


@pytest.mark.parametrize(
    ("gates", "met", "facts"),
    [
        ([], False, "the proof has no gate"),
        ([gate("unit")], True, "1 of 1 required gates passed"),
        ([gate("unit", passed=False, exit_code=2), gate("lint")], False, "failed: unit (exit 2)"),
        ([gate("unit", passed=False, exit_code=None)], False, "unit (did not start)"),
        ([gate("unit", passed=False, exit_code=None, timed_out=True)], False, "unit (timed out after 60 s)"),
        ([gate("unit", passed=False, required=False)], True, "0 of 0 required gates passed"),
    ],
)
def test_gates(gates: list[Members], met: bool, facts: str) -> None:
    """Gates that are all optional and all failing count as passed (H20)."""
    first = requirements(proof=proof_json(gates=gates))[0]
    assert first.met == met
    assert facts in first.facts


@pytest.mark.parametrize(
    ("states", "met"),
    [
        ({"goal_agent_execute": "done"}, True),
        ({"goal_agent_execute": "pending"}, False),
        ({"goal_agent_execute": "blocked", "goal_agent_implement_1": "done"}, False),
        ({"goal_agent_implement_1": "done", "goal_agent_implement_2": "done"}, True),
        ({"goal_agent_implement_1": "done", "goal_agent_implement_2": "pending"}, False),
        ({"goal_agent_implement_": "done"}, True),
        ({"goal_agent_execute": "done", "goal_agent_implement_1": "pending"}, True),
        ({"goal_agent_verify": "done"}, False),
        ({}, False),
    ],
)
def test_agent_execution(states: dict[str, str], met: bool) -> None:
    third = requirements(graph=tasks(goal_local_verify="done", **states))[2]
    assert third.met == met


def test_the_waiting_slices_are_named() -> None:
    third = requirements(graph=tasks(goal_agent_implement_1="done", goal_agent_implement_2="blocked"))[2]
    assert "1 of 2" in third.facts
    assert "waiting: goal-agent-implement-2" in third.facts


@pytest.mark.parametrize(
    ("name", "number"), [("goal_local_verify", 2), ("goal_review", 4), ("goal_security_review", 5)]
)
def test_a_task_has_to_be_done(name: str, number: int) -> None:
    everything = {"goal_local_verify": "done", EXECUTE: "done", "goal_review": "done", "goal_security_review": "done"}
    for state in ("pending", "blocked"):
        graph = tasks(**(everything | {name: state}))
        assert number in missing(graph=graph)
        assert f"is {state}" in requirements(graph=graph)[number - 1].facts
    del everything[name]
    assert "there is no task" in requirements(graph=tasks(**everything))[number - 1].facts


def test_what_omk_does_not_look_at_does_not_count() -> None:
    """Other tasks, the proof's status, known gaps, human decisions, git, the stored wall (end of 6.3)."""
    proof = proof_json(
        status="failed_infra",
        known_gaps=["gap"],
        human_decisions_required=["ask"],
        review_artifacts=[{"status": "blocked"}],
    )
    assert missing(proof=proof, graph=graph_json(tasks=[task("goal-agent-cleanup-1", "blocked")])) == ()


def test_a_goal_without_a_performance_gate_can_never_be_ready() -> None:
    gates = [gate("acceptance"), gate("smoke"), gate("demo")]
    assert missing(proof=proof_json(gates=gates)) == (8,)
    wall = requirements(proof=proof_json(gates=gates))[7]
    assert "perf or bench" in wall.next
    assert "blocked: performance" in wall.facts


def test_an_empty_wall_says_that_no_review_has_run() -> None:
    wall = requirements(graph=tasks(goal_local_verify="done", goal_agent_execute="done"))[7]
    assert "no review has run yet" in wall.facts
    assert wall.next.splitlines()[0] == f"omk goal review {GOAL_ID}"


def test_the_oracle_names_its_kind_its_words_and_the_gates_that_would_count() -> None:
    text = "Add a report page and fix the parser"
    nine = requirements(goal=goal_json(original_goal=text, normalized_goal=text))
    assert nine[8].text == "mixed oracle evidence is incomplete or failing"
    assert '"port" (rewrite)' in nine[8].facts
    assert '"fix " (bugfix)' in nine[8].facts
    assert "acceptance: acceptance, compatibility: no passed gate" in nine[8].facts
    stanza = nine[8].next.partition("\n")[2].rpartition("\n")[0]
    assert [one["name"] for one in tomllib.loads(stanza)["gates"]] == ["compatibility"]


def test_stanzas_are_toml() -> None:
    parsed = tomllib.loads(gate_stanza(["acceptance", "bench"]))
    assert [(one["name"], one["required"]) for one in parsed["gates"]] == [("acceptance", True), ("bench", True)]


@pytest.mark.parametrize("goal_id", ["goal-1", "my goal", "a;b", "-x", "$(id)", "it's"])
def test_commands_survive_a_shell(goal_id: str) -> None:
    words = shlex.split(omk_command("verify", goal_id))
    assert words[:3] == ["omk", "goal", "verify"]
    assert words[-1] == goal_id
    assert shlex.split(CommandLine().desk("accept", goal_id, "--summary TEXT"))[0] == "omk-tui"
