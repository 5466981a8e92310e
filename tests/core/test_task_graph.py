"""task-graph.json as accept reads it, and what makes it invalid (STATE-FORMAT 4.2, 5.4)."""

from __future__ import annotations

import json

import pytest

from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import FieldError
from omk_tui.core.records.task_graph import TaskGraph, findings, read_task_graph
from tests.core.documents import Members, graph_json, task


def graph(*tasks: Members, **members: object) -> TaskGraph:
    return read_task_graph(json.dumps(graph_json() | {"tasks": list(tasks)} | members))


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (graph(task("a")), ()),
        (graph(task("a"), version=0), ("task graph version must be greater than zero",)),
        (graph(task("a"), goal_id=" \u3000"), ("task graph goal_id must not be empty",)),
        (graph(), ("task graph must contain at least one task",)),
        (graph(task(" "), task("\t", title="")), ("task id must not be empty", "task id must not be empty")),
        (graph(task("a"), task("a")), ("duplicate task id: a",)),
        (graph(task("a", title=" ")), ("task a title must not be empty",)),
        (graph(task("a", description="")), ("task a description must not be empty",)),
        (graph(task("a", acceptance=[])), ("task a must define at least one acceptance criterion",)),
        (graph(task("a", acceptance=[""])), ()),
        (graph(task("a", dependencies=["b"])), ("task a depends on missing task b",)),
        (graph(task("a", dependencies=["b "]), task("b")), ("task a depends on missing task b ",)),
        (graph(task("a", dependencies=[" "]), task(" ")),
         ("task id must not be empty", "task a depends on missing task  ")),
        (
            graph(task("a", dependencies=["a"])),
            ("task a cannot depend on itself", "task graph contains a dependency cycle"),
        ),
        (
            graph(task("a", dependencies=["b"]), task("b", dependencies=["c"]), task("c", dependencies=["a"])),
            ("task graph contains a dependency cycle",),
        ),
        (
            graph(task("a", dependencies=["b"]), task("b", dependencies=["a"]), task("b")),
            ("duplicate task id: b",),
        ),
        (
            graph(task("a", dependencies=["b"]), task("b"), task("b", dependencies=["a"])),
            ("duplicate task id: b", "task graph contains a dependency cycle"),
        ),
        (graph(task("a", dependencies=["c"]), task("b", dependencies=["c"]), task("c")), ()),
    ],
)  # fmt: skip
def test_findings_are_omks(read: TaskGraph, found: tuple[str, ...]) -> None:
    assert findings(read) == found


def test_findings_come_in_omks_order() -> None:
    bad = graph(task("a", title="", description="", acceptance=[], dependencies=["a", "x"]), version=0, goal_id="")
    assert findings(bad) == (
        "task graph version must be greater than zero",
        "task graph goal_id must not be empty",
        "task a title must not be empty",
        "task a description must not be empty",
        "task a must define at least one acceptance criterion",
        "task a cannot depend on itself",
        "task a depends on missing task x",
        "task graph contains a dependency cycle",
    )


def test_a_long_chain_is_no_cycle_and_no_crash() -> None:
    chain = [task(f"t{n}", dependencies=[f"t{n + 1}"]) for n in range(5000)]
    assert findings(graph(*chain, task("t5000"))) == ()
    assert findings(graph(*chain, task("t5000", dependencies=["t0"]))) == ("task graph contains a dependency cycle",)


def test_a_task_is_done_when_any_task_of_its_id_is() -> None:
    read = graph(task("a", "pending"), task("a", "done"), task("b", "blocked"))
    assert (read.is_done("a"), read.is_done("b"), read.is_done("c")) == (True, False, False)
    assert [one.status for one in read.with_id("a")] == ["pending", "done"]


def test_unknown_keys_may_hold_what_only_a_raw_read_refuses() -> None:
    text = json.dumps(graph_json()).replace('"id": "goal-review"', '"delivery": "\\ud800", "id": "goal-review"')
    assert read_task_graph(text).is_done("goal-review")


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"status": "running"}, "tasks[0].status"),
        ({"dependencies": None}, "tasks[0].dependencies"),
        ({"retry_count": -1}, "tasks[0].retry_count"),
        ({"lease_expires_at": "soon"}, "tasks[0].lease_expires_at"),
        ({"evidence": [{"kind": "a", "path": "b"}]}, "tasks[0].evidence[0].summary"),
    ],
)
def test_what_omk_refuses_is_refused_with_the_field_named(members: Members, where: str) -> None:
    with pytest.raises(FieldError) as caught:
        graph(task("a", **members))
    assert caught.value.where == where


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(JsonError):
        read_task_graph("{")
