"""Every recorded decision, made by the product on the same state, leaves what omk left (cases/README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.case import Case, case_paths, load_case
from tests.golden.deciders import product
from tests.golden.layout import lay_out
from tests.golden.mask import mask_text, span_of_run
from tests.golden.observe import Observation, run
from tests.golden.rules import PLAN, exit_is, product_differences, untouched

CASES = {path.stem: path for path in case_paths()}


def recorded(name: str) -> Case:
    return load_case(CASES[name])


def timeless(seen: Observation, text: bytes) -> bytes:
    """Text with `<NOW>` for the instants of the run that it was seen in."""
    rows = seen.before.database.rows if seen.before.database else ()
    return mask_text(text, span_of_run(seen.before.state, rows, seen.result.started, seen.result.ended), None)


def made_with_gaps(case: Case) -> bool:
    """Whether omk recorded this acceptance although evidence was missing."""
    return case.verb == "accept" and case.expect.stdout.startswith("Acceptance: not_ready\n")


@pytest.mark.parametrize("name", CASES)
def test_the_decision_is_as_recorded(name: str, tmp_path: Path) -> None:
    case = recorded(name)
    places = lay_out(case, tmp_path)
    argv = (*case.argv, "--record-not-ready", "--despite-conflicts") if case.verb == "accept" else case.argv
    faults = product_differences(case, run(product, argv, places))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", [name for name in CASES if made_with_gaps(recorded(name))])
def test_missing_evidence_is_recorded_only_on_demand(name: str, tmp_path: Path) -> None:
    case = recorded(name)
    seen = run(product, case.argv, lay_out(case, tmp_path))
    if case.deliberate is None:
        faults = exit_is(seen, 3) + untouched(seen)
        assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "name", [name for name in CASES if any(file.endswith(PLAN) for file in recorded(name).expect.files)]
)
def test_the_preview_of_the_rollback_plan_is_the_file(name: str, tmp_path: Path) -> None:
    case = recorded(name)
    places = lay_out(case, tmp_path)
    preview = run(product, ("plan", case.goal, *case.argv[:1], *case.argv[2:], "--show", "rollback"), places)
    decision = run(product, case.argv, places)
    plans = [entry.content for file, entry in decision.after.state.items() if file.endswith(PLAN)]
    if decision.result.exit == 0:
        # A plan that embeds the decision file holds the instant of its own run.
        assert [timeless(preview, preview.result.stdout)] == [timeless(decision, plan) for plan in plans]
        assert preview.result.exit == 0, preview.result.stderr
    else:
        assert preview.result.exit == decision.result.exit
    assert preview.before == preview.after
