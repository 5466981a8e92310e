"""Generated goals: a small run with a fixed seed against the real omk, and what holds of the generator without it."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.__main__ import case_of
from tests.differential.generator import generate
from tests.differential.judge import judge, readable, rehearse
from tests.differential.shrink import shrink
from tests.golden.layout import lay_out
from tests.golden.observe import look

SEED = "ordinary"


@pytest.mark.parametrize("number", range(60))
def test_the_product_decides_as_omk_does(number: int, omk_binary: Path) -> None:
    result = judge(case_of(SEED, number), omk_binary, views=number % 3 == 0)
    assert not result.differences, "\n".join(result.differences)


def test_omk_decides_a_case_the_same_way_twice_and_in_every_way(omk_binary: Path) -> None:
    outcomes = set()
    for number in range(60):
        result = rehearse(case_of(SEED, number), omk_binary)
        assert not result.differences, f"{number}: " + "\n".join(result.differences)
        outcomes.add(result.outcome)
    for kind in ("Acceptance: ready", "Acceptance: not_ready", "half-written", "exit 1: Goal", "exit 1: Failed"):
        assert any(outcome.startswith(kind) for outcome in outcomes), f"no case ends with {kind}"


def test_a_seed_gives_the_same_cases_everywhere() -> None:
    assert json.dumps(case_of("s", 7)) == json.dumps(case_of("s", 7))
    assert json.dumps(case_of("s", 7)) != json.dumps(case_of("t", 7))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_every_generated_case_can_be_laid_out(rng: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case = readable(generate(rng))
        places = lay_out(case, Path(folder))
        assert set(case.files) <= set(look(places).state) | {"omk.db", "omk.db/"}


def test_the_generator_reaches_every_deliberate_difference_and_every_database() -> None:
    cases = [case_of(SEED, number) for number in range(400)]
    assert {case["argv"][0] for case in cases} == {"accept", "reject"}
    assert any(case["argv"][1] == "latest" for case in cases)
    assert any(case.get("must_not_contain") for case in cases)
    assert {case["db_rows"] is None for case in cases} == {True, False}
    assert {case.get("db_user_version", 2) for case in cases} >= {0, 1, 2, 3, 7, -1}
    assert any("omk.db/" in case["files"] for case in cases)
    assert {tuple(case["project"].get("git") or ()) for case in cases} >= {(), ("branch",), ("branch", "commit")}


def test_shrinking_keeps_what_differs_and_drops_the_rest() -> None:
    case = case_of(SEED, 3)
    goal = next(name for name in case["files"] if name.endswith("/goal.json"))

    def differs(smaller: dict[str, object]) -> bool:
        files = smaller["files"]
        assert isinstance(files, dict)
        return "created_at" in json.loads(files[goal]["text"])

    small = shrink(case, differs)
    assert differs(small)
    assert list(small["files"]) == [goal]
    assert len(json.dumps(small)) < len(json.dumps(case)) / 3
