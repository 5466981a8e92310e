"""The words and keys of omk spelled out a second time, so that none can get lost (STATE-FORMAT 4.2, 6.4)."""

from __future__ import annotations

import json

import pytest

from omk_tui.core.judgement.oracle import classify, consult
from omk_tui.core.records.delivery import Delivery, read_deliveries

CHECKS = {
    "Hello": ("greenfield", ["acceptance", "smoke", "demo"]),
    "a greenfield": ("greenfield", ["acceptance", "smoke", "demo"]),
    "rewrite": ("rewrite", ["compatibility", "golden"]),
    "migrate": ("migration", ["compatibility", "golden"]),
    "refactor": ("refactor", ["compatibility", "golden"]),
    "audit": ("audit", ["audit"]),
    "bugfix": ("bugfix", ["regression"]),
    "perf": ("performance", ["performance"]),
    "docs": ("docs", ["docs"]),
    "audit docs": ("mixed", ["acceptance", "compatibility"]),
}


@pytest.mark.parametrize("text", CHECKS)
def test_what_each_kind_asks_for(text: str) -> None:
    oracle = consult(text, ())
    assert (oracle.kind, [check.name for check in oracle.checks]) == CHECKS[text]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rewrite port", [("rewrite", "rewrite"), ("rewrite", "port")]),
        ("migrate migration", [("migration", "migrate"), ("migration", "migration")]),
        ("refactor", [("refactor", "refactor")]),
        ("audit", [("audit", "audit")]),
        ("bugfix bug fix", [("bugfix", "bugfix"), ("bugfix", "bug fix"), ("bugfix", "fix ")]),
        ("fix it", [("bugfix", "fix ")]),
        ("performance", [("performance", "performance"), ("performance", "perf")]),
        ("benchmark", [("performance", "benchmark")]),
        ("docs documentation readme", [("docs", "docs"), ("docs", "documentation"), ("docs", "readme")]),
        ("build create implement add it",
         [("greenfield", "build"), ("greenfield", "create"), ("greenfield", "implement"), ("greenfield", "add ")]),
        ("build a greenfield", [("greenfield", "greenfield")]),
        ("audit a greenfield", [("audit", "audit"), ("greenfield", "greenfield")]),
        ("build an audit", [("audit", "audit")]),
    ],
)  # fmt: skip
def test_every_word_that_chooses_a_kind(text: str, words: list[tuple[str, str]]) -> None:
    assert list(classify(text)[1]) == words


LISTS = ("read_scope", "write_scope", "dependencies", "gates", "review_needs")
TYPED = (
    "slice_id", "owner", "read_scope", "write_scope", "dependencies", "branch", "worktree_name", "worktree_path",
    "gates", "review_needs", "pr_url", "commit_sha", "verification_summary", "status", "conflict_evidence_path",
    "conflict_blocking_reason", "slice_lease_id",
)  # fmt: skip


def record(delivery: dict[str, object]) -> Delivery:
    (read,) = read_deliveries(json.dumps({"tasks": [{"id": "t", "delivery": delivery}]}))
    return read


def test_typed_keys_are_written_in_omks_order_whatever_order_they_came_in() -> None:
    whole: dict[str, object] = {key: ["v"] if key in LISTS else "v" for key in reversed(TYPED)}
    read = record(whole)
    assert (tuple(read.typed), read.extras) == (TYPED, {})
    assert list(read.as_json()) == [*TYPED, "task_id"]


@pytest.mark.parametrize("key", TYPED)
def test_a_typed_key_holds_its_own_type_only(key: str) -> None:
    right: object = ["v", "w"] if key in LISTS else "v"
    wrong: list[object] = ["v" if key in LISTS else ["v"], 5, None, True, {"v": 1}, ["v", 5]]
    assert record({key: right}).typed == {key: right}
    assert record({key: right}).extras == {}
    for value in wrong:
        assert record({key: value}).typed == {}
        assert record({key: value}).extras == {key: value}
    assert record({key: right}).text(key) == (None if key in LISTS else "v")
