"""Properties of reading and printing: a document as omk wrote it comes back byte for byte."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omk_tui.core.format.omk_json import pretty
from omk_tui.core.format.redaction import redact
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.goal import DELIVERY_POLICIES, MERGE_POLICIES, PHASES, STATUSES, read_goal, write_goal
from omk_tui.core.records.proof import read_proof, write_proof
from omk_tui.core.records.task_graph import TASK_GRAPH, read_task_graph
from tests.core.documents import task
from tests.core.reviews import as_omk_prints

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

Members = dict[str, Any]

text = st.text(max_size=12)
u32, u64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)
fractions = st.one_of(
    st.just(""),
    st.integers(1, 999).map(lambda part: f".{part:03}"),
    st.integers(1, 999_999).filter(lambda part: part % 1_000).map(lambda part: f".{part:06}"),
    st.integers(1, 999_999_999).filter(lambda part: part % 1_000).map(lambda part: f".{part:09}"),
)
instants = st.builds(
    lambda moment, fraction: f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z",
    st.datetimes(min_value=datetime(1000, 1, 1)),
    fractions,
)
raw = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
).filter(lambda value: redact(value) == value)


def record(members: dict[str, st.SearchStrategy[Any]], optional: tuple[str, ...] = ()) -> st.SearchStrategy[Members]:
    """Records of these members in this order; the `optional` ones may be left out."""
    mandatory = {key: value for key, value in members.items() if key not in optional}
    return st.fixed_dictionaries(mandatory, optional={key: members[key] for key in optional}).map(
        lambda drawn: {key: drawn[key] for key in members if key in drawn}
    )


artifacts = st.lists(record({"kind": text, "path": text, "created_at": instants}), max_size=2)
flags = st.booleans()
goals = record(
    {
        "version": u32, "goal_id": text, "original_goal": text, "normalized_goal": text,
        "status": st.sampled_from(STATUSES), "phase": st.sampled_from(PHASES), "created_at": instants,
        "updated_at": instants, "completed_at": instants, "until_ready": flags, "budget_time": text,
        "budget_tokens": u64, "budget_usd": st.integers(0, 10**7).map(lambda cents: cents / 100), "max_agents": u64,
        "cost_tracker_path": text,
        "terminal_criteria": record({"proof_required": flags, "gates_required": flags, "human_blockers_stop": flags}),
        "delivery_policy": st.sampled_from(DELIVERY_POLICIES), "merge_policy": st.sampled_from(MERGE_POLICIES),
        "slice_execution": flags, "artifacts": artifacts,
        "failure": record({"reason": text, "recorded_at": instants}), "state_dir": st.just("/goals/g"),
    },
    ("completed_at", "budget_time", "budget_tokens", "budget_usd", "max_agents", "cost_tracker_path", "failure"),
)  # fmt: skip
gates = record(
    {
        "name": text, "passed": flags, "stdout": text, "stderr": text, "duration_ms": u64, "required": flags,
        "command_line": text, "exit_code": st.integers(-(2**31), 2**31 - 1), "timed_out": flags,
        "stdout_summary": text, "stderr_summary": text, "output_path": text, "timeout_secs": u64,
    },
    ("exit_code", "stdout_summary", "stderr_summary", "output_path"),
)  # fmt: skip
some_raw = st.lists(raw, min_size=1, max_size=2)
proofs = record(
    {
        "version": u32, "goal_id": text, "status": st.sampled_from(STATUSES), "readiness": text, "summary": text,
        "generated_at": instants, "artifacts": artifacts,
        "task_graph_summary": record(
            {"total_tasks": u64, "pending_tasks": u64, "blocked_tasks": u64, "done_tasks": u64}
        ),
        "delivery_metadata": some_raw, "review_artifacts": some_raw, "integration_evidence": raw,
        "oracle_evidence": raw, "changed_files": st.lists(text, max_size=2), "commits": st.lists(text, max_size=2),
        "git": record({"branch": text, "head": text, "dirty": flags}), "gates": st.lists(gates, max_size=2),
        "post_mutation_gates_ran": flags, "known_gaps": st.lists(text, max_size=2),
        "human_decisions_required": st.lists(text, max_size=2), "recovery_status": text,
    },
    ("delivery_metadata", "review_artifacts", "integration_evidence", "oracle_evidence", "git", "recovery_status"),
).filter(lambda proof: redact(proof) == proof)  # fmt: skip
LISTS = ("read_scope", "write_scope", "dependencies", "gates", "review_needs")
TYPED = ("slice_id", "owner", "read_scope", "write_scope", "dependencies", "branch", "worktree_name", "worktree_path",
         "gates", "review_needs", "pr_url", "commit_sha", "verification_summary", "status", "conflict_evidence_path",
         "conflict_blocking_reason", "slice_lease_id")  # fmt: skip
typed = record({key: st.lists(text, min_size=1, max_size=2) if key in LISTS else text for key in TYPED}, TYPED)
extras = st.dictionaries(text.filter(lambda key: key not in (*TYPED, "task_id")), raw, max_size=3)


@quick
@given(goals)
def test_a_goal_as_omk_wrote_it_comes_back_byte_for_byte(goal: Members) -> None:
    printed = as_omk_prints(goal)
    assert write_goal(read_goal(printed, "/goals/g")) == printed


@quick
@given(proofs)
def test_a_proof_with_its_side_cars_comes_back_byte_for_byte(proof: Members) -> None:
    printed = as_omk_prints(proof)
    assert write_proof(read_proof(printed), ()) == printed


@quick
@given(proofs, st.lists(raw, min_size=1, max_size=2))
def test_fresh_deliveries_take_the_old_place_or_the_last_one(proof: Members, deliveries: list[Any]) -> None:
    printed = write_proof(read_proof(as_omk_prints(proof)), tuple(deliveries))
    assert printed == as_omk_prints(proof | {"delivery_metadata": deliveries})


@quick
@given(extras, typed)
def test_a_delivery_as_omk_wrote_it_comes_back_byte_for_byte(others: Members, values: Members) -> None:
    """Extras first, the task's id among them, then the typed values in order (STATE-FORMAT 4.2)."""
    delivery = {**others, "task_id": "t", **values}
    graph = {"tasks": [{"id": "t", "delivery": delivery}]}
    (read,) = read_deliveries(json.dumps(graph))
    assert pretty(read.as_json()) == as_omk_prints(delivery)
    assert read.extras == {**others, "task_id": "t"}


@quick
@given(st.lists(st.tuples(text, flags, text, instants | st.none()), min_size=1, max_size=3))
def test_a_task_graph_as_omk_wrote_it_comes_back_byte_for_byte(parts: list[tuple[str, bool, str, str | None]]) -> None:
    tasks = [
        task(name, "done" if done else "blocked", risk=risk, lease_expires_at=lease)
        for name, done, risk, lease in parts
    ]
    graph = {"version": 1, "goal_id": "g", "generated_at": "2026-06-11T10:15:20.048213377Z", "tasks": tasks}
    printed = as_omk_prints(graph)
    assert pretty(TASK_GRAPH.write(read_task_graph(printed))) == printed
