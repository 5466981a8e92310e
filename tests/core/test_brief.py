"""The brief: what an agent can do something about, in paths that exist, and nothing where there is nothing."""

from __future__ import annotations

import time

import pytest

from omk_tui.core.records.gate_run import paths_in_repository
from omk_tui.core.review.brief import brief
from tests.core.documents import CREATED, facts_of, gate, graph_json, proof_json, task
from tests.core.reviews import review_of


@pytest.mark.parametrize(
    ("log", "shown"),
    [
        ("/tmp/omk-tui-gates-0k4nhaoo/checkout/test_calc.py:12: E", "test_calc.py:12: E"),
        ("at (/var/tmp/a-b/omk-tui-gates-x_1/checkout/src/a b.rs:3)", "at (src/a b.rs:3)"),
        ("rootdir: /tmp/omk-tui-gates-0k/checkout\nnext", "rootdir: .\nnext"),
        ("'/tmp/omk-tui-gates-0k/checkout/'", "'./'"),
        ("/tmp/omk-tui-gates-0k/home/x /tmp/checkout/y", "/tmp/omk-tui-gates-0k/home/x /tmp/checkout/y"),
    ],
)
def test_paths_of_the_checkout_are_paths_of_the_repository(log: str, shown: str) -> None:
    assert paths_in_repository(log) == shown


def test_a_log_of_nothing_but_paths_takes_no_time() -> None:
    log = "/a" * 32_000
    before = time.process_time()
    assert paths_in_repository(log) == log
    assert time.process_time() - before < 1


def test_only_what_an_agent_can_do_is_told() -> None:
    proof = proof_json(gates=[gate("unit", passed=False, exit_code=1)], changed_files=[])
    graph = graph_json(tasks=[task("goal-review", "pending")])
    text = brief(review_of(facts_of(proof=proof, graph=graph)), {"unit": "/tmp/omk-tui-gates-a/checkout/x.py:1: E"}, ())
    assert "failed: unit (exit 1)" in text and "no file is changed yet" in text and "\nx.py:1: E\n" in text
    assert "task goal-" not in text and "review wall" not in text and "review task" not in text
    assert "proves yet" in text and "acceptance" in text


def test_where_an_agent_has_nothing_to_do_the_brief_says_so() -> None:
    assert "Nothing is known that an agent should change." in brief(review_of(facts_of()), {}, ())
    evidence = {"status": "accepted", "decided_at": CREATED, "summary": "read it\nall"}
    accepted = facts_of(proof=proof_json(integration_evidence=evidence, status="ready"))
    text = brief(review_of(accepted), {"unit": "old"}, ())
    assert text.startswith("# Nothing to change: ") and "It is accepted; an agent has nothing to do" in text
    assert "What is missing" not in text and "integrator's:" in text
