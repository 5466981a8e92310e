"""Decides one generated case with omk and with the product, on two identical copies, and compares (STATE-FORMAT 6)."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.differential.deliberate import deliberate_rule
from tests.differential.recorder import error_text, record
from tests.differential.views import view_differences, without
from tests.golden.case import Case, read_case
from tests.golden.deciders import Decider, omk, product, run_omk
from tests.golden.layout import lay_out
from tests.golden.observe import Observation, run
from tests.golden.rules import (
    exit_is,
    latest_refused,
    omk_differences,
    product_differences,
    untouched,
    user_version_differences,
)

UNKNOWN = {"expect": {"exit": 0, "stdout": "", "error": "", "files": {}, "db_rows": None}}


@dataclass(frozen=True)
class Judgement:
    """What a comparison gave.

    `outcome`: omk's, in a few words, for the histogram. `deliberate`: the rule that allows a difference, or None.
    `differences`: in words; empty is identical, or as the deliberate rule wants it. `recorded`: the case with omk's
    result, as a golden case.
    """

    outcome: str
    deliberate: str | None
    differences: list[str]
    recorded: dict[str, Any]


def readable(raw: dict[str, Any]) -> Case:
    """A generated case as it is read back from a file, without expectations."""
    return read_case(json.loads(json.dumps(raw | UNKNOWN)))


def judge(raw: dict[str, Any], binary: Path, decider: Decider = product, *, views: bool = False) -> Judgement:
    """Compare one case. `raw` is a golden case without `expect`; `decider` stands in for the product.

    `views`: what omk lists and shows is compared too, where no deliberate difference applies.
    """
    case = readable(raw)
    with tempfile.TemporaryDirectory(prefix="omk-tui-") as folder:
        base = Path(folder)
        newest = newest_goals(case, base, binary) if case.goal.strip() == "latest" else []
        agreed = len(set(newest)) == 1 and newest[0] is not None
        # Where database and files agree, `latest` is decided by that id, so from goal.json (5.2, 5.3, H5).
        asked = (case.verb, str(newest[0]), *case.argv[2:]) if agreed else case.argv
        theirs = run(omk(binary), asked, lay_out(case, base / "omk"))
        blank = "cannot be empty" in error_text(theirs.result.stderr)
        disagreed = len(set(newest)) > 1 and not blank
        deliberate = "latest" if disagreed else deliberate_rule(case, theirs)
        recorded = record(raw, theirs, deliberate)
        judged = read_case(json.loads(json.dumps(recorded)))
        ours = run(decider, _command(case), lay_out(case, base / "ours"))
        if disagreed:
            differences = latest_refused(ours, [name for name in newest if name is not None])
        else:
            differences = product_differences(judged, ours)
        if deliberate is None:
            differences += user_version_differences(theirs, ours) if theirs.result.exit == 0 else []
            differences += _unasked(judged, base / "unasked", decider)
            if views and not newest and is_known(case):
                differences += view_differences(case, theirs, base / "views", binary, decider)
    return Judgement(outcome(theirs), deliberate, differences, recorded)


def rehearse(raw: dict[str, Any], binary: Path) -> Judgement:
    """Let omk decide a case twice: what differs then is the fault of the case or of the harness, not of the product."""
    case = readable(raw)
    with tempfile.TemporaryDirectory(prefix="omk-tui-") as folder:
        first, second = (run(omk(binary), case.argv, lay_out(case, Path(folder) / name)) for name in ("1", "2"))
        recorded = record(raw, first, deliberate_rule(case, first))
        differences = omk_differences(read_case(json.loads(json.dumps(recorded))), second)
    return Judgement(outcome(first), recorded.get("deliberate"), differences, recorded)


def _command(case: Case) -> tuple[str, ...]:
    return (*case.argv, "--record-not-ready", "--despite-conflicts") if case.verb == "accept" else case.argv


def _unasked(case: Case, base: Path, decider: Decider) -> list[str]:
    """Without --record-not-ready an acceptance with gaps is refused and nothing is written."""
    if case.verb != "accept" or not case.expect.stdout.startswith("Acceptance: not_ready\n"):
        return []
    seen = run(decider, case.argv, lay_out(case, base))
    return [f"without --record-not-ready: {fault}" for fault in exit_is(seen, 3) + untouched(seen)]


def newest_goals(case: Case, base: Path, binary: Path) -> list[str | None]:
    """What omk itself calls the newest goal: with the case's database, and without any."""
    found = []
    for name, seen_case in (("with", case), ("without", without(case))):
        places = lay_out(seen_case, base / name)
        said = run_omk(binary, ("goal", "list"), places).stdout.decode("utf-8", "replace")
        first = re.match(r"Goals \(\d+\):\n  \[[a-z_]+\] (.*?)  ", said, re.S)
        found.append(first[1] if first else None)
    return found


def is_known(case: Case) -> bool:
    """Whether the goal that the command names is there."""
    return f"goals/{case.goal.strip()}/" in case.files


def outcome(seen: Observation) -> str:
    """omk's result in a few words."""
    if seen.result.exit == 0:
        return seen.result.stdout.decode("utf-8", "replace").split("\n")[0]
    message = error_text(seen.result.stderr).split("\n")
    first = re.sub(r"(/\S*|'[^']*'|\(.*|[0-9a-f]{8}-[-0-9a-f]+).*", "...", message[0].removeprefix("Error: "))
    cause = (
        re.sub(r"(/\S*|'[^']*'|`[^`]*`|at line .*|:.*|\b\d+\b).*", "...", message[-1].strip()) if message[1:] else ""
    )
    half = "half-written, " if seen.before.state != seen.after.state else ""
    return f"{half}exit {seen.result.exit}: {first[:60]} {cause[:40]}".strip()
