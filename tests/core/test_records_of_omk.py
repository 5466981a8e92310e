"""Words, defaults and edges of omk's records, spelled out one by one (STATE-FORMAT 3, 4, 5.4, 7, 8)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from omk_tui.core.decision.rollback import rollback_plan
from omk_tui.core.format.omk_json import OutOfRange
from omk_tui.core.format.record_table import (
    BOOL,
    FLOAT,
    RAW,
    STRING,
    TIMESTAMP,
    U32,
    U64,
    Field,
    FieldError,
    Table,
    array,
    shown,
)
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.budget import Usage, total_budget_seconds, usage_in_lines
from omk_tui.core.records.conflict import Conflict, Evidence, MergeConflict, conflict_of, conflicting
from omk_tui.core.records.delivery import Delivery, read_deliveries
from omk_tui.core.records.events import budget_checkpoint
from omk_tui.core.records.goal import Failure, Goal, TerminalCriteria, read_goal
from omk_tui.core.records.goal_row import RowError, goal_of, row_of
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import read_proof
from omk_tui.core.records.task_graph import TASK_GRAPH, findings, read_task_graph
from omk_tui.light.dataclass import dataclass, field, replace
from tests.core.documents import CREATED, conflict_task, goal_json, graph_json, proof_json, row_json, task

NOW = Timestamp.parse("2030-01-01T00:00:00Z")

WORDS = {
    "status": ["running", "ready", "not_ready", "blocked_on_human", "blocked_on_external", "needs_more_budget",
               "failed_infra", "paused", "cancelled"],
    "phase": ["intake", "planning", "decomposition", "execution", "verification_design", "proof"],
    "delivery_policy": ["local", "draft-pr", "auto-pr"],
    "merge_policy": ["disabled", "manual", "gated"],
}  # fmt: skip
NAMES = {
    "status": "goal status",
    "phase": "goal phase",
    "delivery_policy": "delivery policy",
    "merge_policy": "merge policy",
}


def goal_with(**changes: object) -> Goal:
    return read_goal(json.dumps(goal_json(**changes)), "/here")


@pytest.mark.parametrize("key", WORDS)
def test_the_words_that_a_goal_may_hold(key: str) -> None:
    assert [getattr(goal_with(**{key: word}), key) for word in WORDS[key]] == WORDS[key]
    with pytest.raises(FieldError) as caught:
        goal_with(**{key: "other"})
    assert str(caught.value) == f'{key}: must be a {NAMES[key]}, one of {", ".join(WORDS[key])} (found "other")'


def test_what_is_absent_in_a_goal_and_a_proof_is_false() -> None:
    short = {key: value for key, value in goal_json().items() if key not in ("slice_execution", "until_ready")}
    goal = read_goal(json.dumps(short), "/here")
    assert (goal.slice_execution, goal.until_ready) == (False, False)
    proof = {key: value for key, value in proof_json().items() if key != "post_mutation_gates_ran"}
    assert read_proof(json.dumps(proof)).proof.post_mutation_gates_ran is False


def test_what_is_absent_in_a_task_and_how_it_is_written() -> None:
    needed = ("id", "title", "description", "status", "dependencies", "read_set", "write_set", "risk", "acceptance")
    short = {key: value for key, value in task("t").items() if key in needed}
    graph = read_task_graph(json.dumps(graph_json() | {"tasks": [short]}))
    (only,) = graph.tasks
    assert (only.evidence, only.retry_count, only.max_retries, only.lease_expires_at) == ((), 0, 0, None)
    written = TASK_GRAPH.write(graph)["tasks"]
    added = {"evidence": [], "retry_count": 0, "max_retries": 0, "lease_expires_at": None}
    assert written == [short | added]
    with pytest.raises(FieldError) as caught:
        read_task_graph(json.dumps(graph_json() | {"tasks": [short | {"status": "Done"}]}))
    assert caught.value.problem == "must be a task status, one of pending, blocked, done"


CYCLE = ("task graph contains a dependency cycle",)


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        # A task that two others lead to is no circle.
        ({"a": "bc", "b": "d", "c": "d", "d": ""}, ()),
        ({"d": "", "b": "d", "c": "d", "a": "bc"}, ()),
        ({"a": "b", "b": "a"}, CYCLE),
        # A circle that is entered from outside, and one behind tasks that were looked at on the way.
        ({"a": "b", "b": "c", "c": "b"}, CYCLE),
        ({"a": "b", "b": "", "c": "d", "d": "c"}, CYCLE),
        ({"a": "b", "b": "c", "c": "d", "d": "a"}, CYCLE),
    ],
)
def test_circles(edges: dict[str, str], found: tuple[str, ...]) -> None:
    tasks = [task(name, dependencies=list(needs)) for name, needs in edges.items()]
    assert findings(read_task_graph(json.dumps(graph_json() | {"tasks": tasks}))) == found


@pytest.mark.parametrize("backwards", [False, True])
def test_a_graph_of_very_many_paths_is_judged_at_once(backwards: bool) -> None:
    tasks = [task("0a"), task("0b")]
    for level in range(1, 40):
        needs = [f"{level - 1}a", f"{level - 1}b"]
        tasks += [task(f"{level}a", dependencies=needs), task(f"{level}b", dependencies=needs)]
    graph = read_task_graph(json.dumps(graph_json() | {"tasks": tasks[::-1] if backwards else tasks}))
    start = time.process_time()
    assert findings(graph) == ()
    assert time.process_time() - start < 1


def delivery(**members: object) -> Delivery:
    (one,) = read_deliveries(json.dumps({"tasks": [{"id": "t", "delivery": members}]}))
    return one


def test_a_conflict_tells_everything_of_its_record_and_its_evidence() -> None:
    (one,) = conflicting(
        read_deliveries(json.dumps({"tasks": [conflict_task("p.json"), task("x", delivery={"a": 1})]}))
    )
    merge = {
        "source_ref": "from", "target_ref": "to", "clean_merge": False, "conflicting_files": ["a", 5, "b"],
        "command_line": "git merge", "conflict_classification": {"Content": {"reason": "both"}},
    }  # fmt: skip
    evidence = Evidence(text=json.dumps(merge))
    assert conflict_of(one, evidence) == Conflict(
        section_id="slice-a", task_id="goal-agent-implement-1", slice_id="slice-a", status="blocked",
        reason="both change src", evidence_path="p.json", open=True, evidence=evidence,
        merge=MergeConflict("from", "to", False, ("a", "b"), "git merge", "Content", "both"),
    )  # fmt: skip
    nothing = conflict_of(delivery(conflict_evidence_path="p"), Evidence(text="{}"))
    assert nothing.merge == MergeConflict("", "", None, (), "", "", "")
    assert conflict_of(delivery(conflict_evidence_path="p"), None).evidence is None


def test_only_conflicts_are_in_conflict() -> None:
    records = (delivery(slice_id="b", conflict_evidence_path="p"), delivery(slice_id="a"))
    assert conflicting(records) == records[:1]


def test_a_section_without_a_path_embeds_nothing() -> None:
    without = Conflict("s", "t", None, None, "why", None, open=True, evidence=Evidence(text="text"))
    assert rollback_plan("g", "r", (), [without]).endswith(
        "## Conflict evidence — slice `s`\n\n**Blocking reason:** why\n\n"
    )


def test_the_event_of_a_checkpoint_in_full() -> None:
    line = budget_checkpoint("id", "g", NOW, {"token": "x", "label": "l"})
    assert line == (
        '{"id":"id","run_id":"g","ts":"2030-01-01T00:00:00Z","schema_version":1,"kind":"budget_checkpoint",'
        '"actor":"goal-controller","payload":{"token":"[REDACTED]","label":"l"}}\n'
    )


def test_lines_that_report_nothing_do_not_end_the_count() -> None:
    update = {"params": {"type": "status_update", "payload": {"token_usage": 7}}}
    other = {"params": {"type": "token_usage"}}
    assert usage_in_lines(["x", json.dumps(other), json.dumps(update), "", json.dumps(update)]).tokens == 14
    assert usage_in_lines([]) == Usage(0, 0.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5X", None), ("5 X", None), ("X", None), (None, None), ("0", 0), ("+0s", 0),
        ("0" * 60 + "5m", 300), ("+" + "0" * 60 + "5", 5), ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_budgets_at_their_edges(text: str | None, seconds: int | None) -> None:
    assert total_budget_seconds(text) == seconds


@pytest.mark.parametrize(
    ("members", "column", "cell"),
    [
        ({"max_agents": 2**31 - 1}, "max_agents", 2**31 - 1),
        ({"max_agents": 2**31}, "max_agents", -(2**31)),
        ({"max_agents": 2**32}, "max_agents", 0),
        ({"max_agents": 2**30}, "max_agents", 2**30),
        ({"max_agents": 2**40 + 5}, "max_agents", 5),
        ({"max_agents": 2**32 + 2**31}, "max_agents", -(2**31)),
        ({"max_agents": 2**64 - 1}, "max_agents", -1),
        ({"budget_tokens": 2**63 - 1}, "budget_tokens", 2**63 - 1),
        ({"budget_tokens": 2**63}, "budget_tokens", -(2**63)),
        ({"budget_tokens": 2**64 - 1}, "budget_tokens", -1),
        ({"budget_tokens": 2**62}, "budget_tokens", 2**62),
        ({"budget_usd": 1e300}, "budget_usd", 2**63 - 1),
        ({"budget_usd": -1e300}, "budget_usd", -(2**63)),
        ({"budget_usd": 92233720368547758.08}, "budget_usd", 2**63 - 1),
        ({"budget_usd": -92233720368547758.08}, "budget_usd", -(2**63)),
        ({"budget_usd": 1.5e308}, "budget_usd", 2**63 - 1),
        ({"budget_usd": -1.5e308}, "budget_usd", -(2**63)),
    ],
)
def test_numbers_that_do_not_fit_their_column(members: dict[str, Any], column: str, cell: int) -> None:
    assert row_of(goal_with(**members))[column] == cell


def test_a_number_that_is_none_counts_as_no_cents() -> None:
    assert row_of(replace(goal_with(), budget_usd=float("nan")))["budget_usd"] == 0


def test_a_row_and_the_goal_that_it_stands_for() -> None:
    failure = {"reason": "why", "recorded_at": CREATED}
    criteria = {"proof_required": False, "gates_required": True, "human_blockers_stop": False}
    row = row_json(
        completed_at=5, max_agents=3, budget_time="2h", budget_tokens=9, budget_usd=250, cost_tracker_path="c",
        failure=json.dumps(failure), terminal_criteria=json.dumps(criteria), controller_pid=7, version=2,
    )  # fmt: skip
    goal = goal_of(row, "/here", NOW).goal
    assert (goal.completed_at, goal.max_agents, goal.budget_time) == (Timestamp(5, 0), 3, "2h")
    assert (goal.budget_tokens, goal.budget_usd, goal.cost_tracker_path) == (9, 2.5, "c")
    assert goal.failure == Failure("why", Timestamp.parse(CREATED))
    assert goal.terminal_criteria == TerminalCriteria(False, True, False)
    assert goal.version == 2


@pytest.mark.parametrize("text", ["{}", '{"proof_required": 5}', "[]", "{"])
def test_criteria_that_cannot_be_read_are_the_usual_ones(text: str) -> None:
    assert goal_of(row_json(terminal_criteria=text), "/here", NOW).goal.terminal_criteria == TerminalCriteria()


@pytest.mark.parametrize("column", ["version", "max_agents"])
@pytest.mark.parametrize("number", [-(2**31), 2**31 - 1])
def test_the_outermost_numbers_of_32_bits_can_be_read(column: str, number: int) -> None:
    bits = 32 if column == "version" else 64
    row = row_json() | {column: number}
    assert getattr(goal_of(row, "/here", NOW).goal, column) == number % (1 << bits)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"version": -(2**31) - 1}, "column version does not fit 32 bits: -2147483649"),
        ({"version": 2**31}, "column version does not fit 32 bits: 2147483648"),
        ({"kind": 5}, "column kind holds 5"),
        ({"status": "x" * 70}, f"column status: omk does not know '{'x' * 60}'"),
        ({"failure": "{}"}, "column failure: failure.reason: the key is missing"),
    ],
)
def test_what_is_wrong_with_a_row_in_full(cells: dict[str, Any], message: str) -> None:
    with pytest.raises(RowError) as caught:
        goal_of(row_json(**cells), "/here", NOW)
    assert str(caught.value) == message


FAULTS: list[tuple[Any, Any, str]] = [
    (STRING, 5, "the record: must be a string (found 5)"),
    (STRING, "\ud800", 'the record: must not hold a lone surrogate (found "⟨U+D800⟩")'),
    (BOOL, 1, "the record: must be true or false (found 1)"),
    (FLOAT, "1", 'the record: must be a number that a double can hold (found "1")'),
    (FLOAT, OutOfRange("1e999"), "the record: must be a number that a double can hold (found 1e999)"),
    (TIMESTAMP, 5, "the record: must be a string with a date and time (found 5)"),
    (RAW, OutOfRange("1e999"), "the record: holds what omk cannot read: number out of range (found 1e999)"),
    (U32, 2**32, "the record: must be a whole number from 0 to 4294967295 (found 4294967296)"),
    (U64, 2**64, "the record: must be a whole number from 0 to 18446744073709551615 (found 18446744073709551616)"),
    (array(U32), [1, -1], "[1]: must be a whole number from 0 to 4294967295 (found -1)"),
    (array(U32), [-1], "[0]: must be a whole number from 0 to 4294967295 (found -1)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "sentence"), FAULTS)
def test_what_is_wrong_with_a_value_in_full(kind: Any, value: Any, sentence: str) -> None:
    with pytest.raises(FieldError) as caught:
        kind.read(value)
    assert str(caught.value) == sentence


def test_u64_takes_its_largest_number() -> None:
    assert U64.read(2**64 - 1) == 2**64 - 1


@pytest.mark.parametrize("length", [79, 80, 81, 5000])
def test_what_was_found_is_shown_in_about_eighty_characters(length: int) -> None:
    assert (shown("x" * length) == f'"{"x" * length}"') == (length <= 80)
    assert len(shown("x" * length)) < 100


@dataclass
class Sample:
    """A record with every sort of attribute."""

    a: str
    b: str = "b"
    c: list[str] = field(default_factory=list)


def test_a_table_needs_no_field_for_what_has_a_default_and_may_not_name_what_is_not_given() -> None:
    table = Table(Sample, Field("a", STRING))
    assert table.read({"a": "x"}).a == "x"
    for odd in ("e", "f"):
        with pytest.raises(TypeError) as caught:
            Table(Sample, Field("a", STRING), Field(odd, STRING))
        assert str(caught.value) == f"the table does not match Sample: {odd}"
    with pytest.raises(TypeError) as caught:
        Table(Sample, Field("f", STRING), Field("e", STRING))
    assert str(caught.value) == "the table does not match Sample: a, e, f"
    with pytest.raises(TypeError) as caught:
        Table(Sample, Field("a", STRING), Field("a", STRING))
    assert str(caught.value) == "a table needs a dataclass, and each of its attributes once"


def test_a_lone_surrogate_in_a_keys_name_in_full() -> None:
    with pytest.raises(FieldError) as caught:
        Table(Sample, Field("a", STRING)).read({"a": "x", "\ud800": 1}, "r")
    assert str(caught.value) == 'r: a key with a lone surrogate in its name (found "⟨U+D800⟩")'


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem("f.json", "it is torn"), "f.json: it is torn"),
        (Problem("f.json", "it is torn", "a[1].b"), "f.json, a[1].b: it is torn"),
        (Problem("f.json", "it is odd", "a", "5"), "f.json, a: it is odd (found 5)"),
    ],
)
def test_a_problem_in_one_sentence(problem: Problem, sentence: str) -> None:
    assert problem.sentence == sentence
    assert not problem.missing
