"""The kind of a goal and the gates that prove it (STATE-FORMAT 6.4)."""

from __future__ import annotations

import json

import pytest

from omk_tui.core.judgement.oracle import REQUIRED_CHECKS, classify, consult
from omk_tui.core.records.proof import Gate, read_proof
from tests.core.documents import gate, proof_json


def gates(*names: str, **changes: object) -> tuple[Gate, ...]:
    text = json.dumps(proof_json(gates=[gate(name, **changes) for name in names]))
    return read_proof(text).proof.gates


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Rewrite the parser", "rewrite"),
        ("Add a report page", "rewrite"),
        ("Migrate to v2", "migration"),
        ("Support immigration forms", "mixed"),
        ("Refactor it", "refactor"),
        ("Visit the refactory", "refactor"),
        ("Audit the code", "audit"),
        ("Seats of the auditorium", "audit"),
        ("bugfix", "bugfix"),
        ("a bug fix", "bugfix"),
        ("Fix it", "bugfix"),
        ("the prefix rule", "bugfix"),
        ("this is a fix", "greenfield"),
        ("fixes", "greenfield"),
        ("fix,", "greenfield"),
        ("a perfect parser", "performance"),
        ("benchmark", "performance"),
        ("Write the README", "docs"),
        ("documentation", "docs"),
        ("Fix the report export", "mixed"),
        ("greenfield", "greenfield"),
        ("greenfield audit", "mixed"),
        ("Build something", "greenfield"),
        ("Add docs", "docs"),
        ("", "greenfield"),
        ("Hello", "greenfield"),
        ("FIX\u3000it", "bugfix"),
        ("bug  \n fix", "bugfix"),
        ("AUDİT", "greenfield"),
    ],
)
def test_the_kind_of_a_goal(text: str, kind: str) -> None:
    assert classify(text)[0] == kind


def test_the_words_that_chose_the_kind_are_told_in_omks_order() -> None:
    assert classify("Audit and port the README")[1] == (("rewrite", "port"), ("audit", "audit"), ("docs", "readme"))
    assert classify("Build and create it")[1] == (("greenfield", "build"), ("greenfield", "create"))
    assert classify("Hello")[1] == ()


@pytest.mark.parametrize("kind", REQUIRED_CHECKS)
def test_each_kind_asks_for_its_checks(kind: str) -> None:
    text = "audit the docs" if kind == "mixed" else {"bugfix": "fix it", "docs": "the docs"}.get(kind, kind)
    oracle = consult(text, ())
    assert (oracle.kind, oracle.passed) == (kind, False)
    assert tuple(check.name for check in oracle.checks) == REQUIRED_CHECKS[kind]
    assert consult(text, gates(*REQUIRED_CHECKS[kind])).passed


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("performance", True),
        ("PERFORMANCE", True),
        ("a-performance_b", True),
        ("Performance v2", True),
        ("perf-test", False),
        ("performance2", False),
        ("performances", False),
        ("éperformance", True),
        ("überperformance", False),
        ("performance²", True),
    ],
)
def test_a_part_of_the_gates_name_has_to_be_the_check(name: str, counts: bool) -> None:
    assert consult("perf", gates(name)).passed == counts


def test_failed_gates_do_not_count_but_optional_and_skipped_ones_do() -> None:
    assert not consult("audit", gates("audit", passed=False)).passed
    assert consult("audit", gates("audit", required=False, command_line="<skipped by config>")).passed


def test_the_first_passed_gate_is_named_and_one_gate_may_satisfy_several_checks() -> None:
    oracle = consult("mixed: audit docs", (*gates("acceptance-1", passed=False), *gates("Acceptance-Compatibility")))
    assert [check.gate for check in oracle.checks] == ["Acceptance-Compatibility"] * 2


def test_the_evidence_is_as_omk_writes_it() -> None:
    assert consult("port it", gates("golden")).as_json() == {
        "kind": "rewrite",
        "status": "blocked",
        "checks": [
            {"name": "compatibility", "status": "blocked", "gate": None},
            {"name": "golden", "status": "passed", "gate": "golden"},
        ],
    }
