"""The recordings and the harness that reads them agree with the real omk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.case import case_paths, load_case
from tests.golden.deciders import omk
from tests.golden.layout import lay_out
from tests.golden.observe import run
from tests.golden.rules import newest_goal, omk_differences

CASES = {path.stem: path for path in case_paths()}


@pytest.mark.parametrize("name", CASES)
def test_omk_does_what_was_recorded(name: str, omk_binary: Path, tmp_path: Path) -> None:
    case = load_case(CASES[name])
    argv = case.argv
    if case.goal == "latest" and case.deliberate != "latest" and case.files:
        # Recorded as decided by the id of the newest goal; omk's own `latest` would decide the row's state (H5).
        argv = (case.verb, newest_goal(case), *argv[2:])
    faults = omk_differences(case, run(omk(omk_binary), argv, lay_out(case, tmp_path)))
    assert not faults, "\n".join(faults)
