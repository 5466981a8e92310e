"""omk's wall of six passes (STATE-FORMAT 6.5)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence

import pytest

from omk_tui.core.judgement.review_wall import Pass, build_wall, gates_hold
from omk_tui.core.records.proof import Gate, read_proof
from tests.core.documents import Members, gate, proof_json

NAMES = ("architect", "code", "test", "security", "performance", "anti-slop")


def read(members: Sequence[Members]) -> tuple[Gate, ...]:
    return read_proof(json.dumps(proof_json(gates=list(members)))).proof.gates


def wall(
    reviewed: bool = True, security: bool = True, gates: Sequence[Members] = (), files: Sequence[str] = ()
) -> dict[str, Pass]:
    built = build_wall(reviewed=reviewed, security_reviewed=security, gates=read(gates), changed_files=files)
    assert tuple(one.name for one in built) in ((), NAMES)
    return {one.name: one for one in built}


@pytest.mark.parametrize(("r", "s", "g", "f", "p"), list(itertools.product((True, False), repeat=5)))
def test_what_each_pass_depends_on(r: bool, s: bool, g: bool, f: bool, p: bool) -> None:
    gates = [gate("unit", passed=g), gate("bench", passed=p, required=False)]
    seen = {name: one.passed for name, one in wall(r, s, gates, ["a"] if f else []).items()}
    if not (r or s):
        assert seen == {}
        return
    assert seen == {
        "architect": r,
        "code": r and f,
        "test": g,
        "security": s,
        "performance": p,
        "anti-slop": r and g and f,
    }


def test_a_pass_has_one_gap_when_it_is_blocked_and_none_when_it_passed() -> None:
    for one in (*wall().values(), *wall(gates=[gate("bench")], files=["a"]).values()):
        assert one.status == ("passed" if one.passed else "blocked")
        assert one.known_gaps == (() if one.passed else (one.gap,))
        assert all((one.path, one.summary, one.evidence, one.risk, one.gap, one.recommended_next_step))


def test_what_a_pass_says_never_contradicts_its_status() -> None:
    blocked, passed = wall(reviewed=False)["architect"], wall()["architect"]
    assert (blocked.says, passed.says) == (blocked.gap, passed.summary)
    assert blocked.stock_words == f'omk writes "{blocked.summary}" of this pass in any case; the gap is what holds'
    assert passed.stock_words == "" == wall()["performance"].stock_words, "only where omk's summary says otherwise"


def test_the_next_step_of_the_code_pass_follows_the_files_and_not_the_result() -> None:
    code = wall(reviewed=False, files=["a"])["code"]
    assert (code.passed, code.recommended_next_step) == (False, "Inspect the changed files in the PR diff.")
    assert code.summary == "code review has changed-file evidence to inspect"


def test_evidence_names_gates_and_files() -> None:
    seen = wall(gates=[gate("unit"), gate("lint", passed=False)], files=["a", "b c"])
    assert seen["test"].evidence == "gate results: unit=passed, lint=failed"
    assert seen["code"].evidence == "changed files: a, b c"
    assert wall()["test"].evidence == "no gate evidence recorded"
    assert wall()["anti-slop"].evidence == "no changed-file evidence captured"


@pytest.mark.parametrize(
    ("name", "counts"),
    [("imperfect-docs", True), ("workbench", True), ("BENCH", True), ("load", False), ("pERf", True)],
)
def test_any_name_with_perf_or_bench_is_a_performance_gate(name: str, counts: bool) -> None:
    assert wall(gates=[gate(name)])["performance"].passed == counts


def test_gates_hold_when_there_are_some_and_no_required_one_failed() -> None:
    assert not gates_hold(())
    assert gates_hold(read([gate("a", passed=False, required=False)]))
    assert not gates_hold(read([gate("a"), gate("b", passed=False)]))
