"""`python -m tests.differential --cases N --seed S [--jobs J] [--keep DIR]`: compare the product with the real omk.

Case `i` of seed `S` is the same on every machine. A difference is shrunk, printed and kept as a golden case. The last
line is `cases N, identical N, deliberate N, different N`; the exit code is 1 if anything differs, 2 if there is no omk.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.differential.binary import usable_omk
from tests.differential.generator import generate
from tests.differential.judge import Judgement, judge, rehearse
from tests.differential.shrink import shrink

BATCH = 25


@dataclass(frozen=True)
class Job:
    """A run of cases of one seed for one process."""

    seed: str
    first: int
    count: int
    binary: Path
    itself: bool
    views: int


@dataclass(frozen=True)
class Found:
    """What one case gave, and what is needed to see it again."""

    number: int
    outcome: str
    deliberate: str | None
    differences: list[str]
    recorded: dict[str, Any]


def case_of(seed: str, number: int) -> dict[str, Any]:
    """Case `number` of a seed."""
    case = generate(random.Random(f"{seed}/{number}"))
    return case | {"name": f"seed-{seed}-{number}", "about": f"Generated: case {number} of seed {seed}."}


def work(job: Job) -> list[Found]:
    """Compare the cases of one job."""
    found = []
    for number in range(job.first, job.first + job.count):
        result = compare(case_of(job.seed, number), job, views=job.views > 0 and number % job.views == 0)
        found.append(Found(number, result.outcome, result.deliberate, result.differences, result.recorded))
    return found


def compare(case: dict[str, Any], job: Job, *, views: bool = False) -> Judgement:
    """The product against omk, or omk against itself, which checks the generator and the harness alone.

    A comparison that breaks down is a difference too: it must not end the run, nor pass unseen.
    """
    try:
        return rehearse(case, job.binary) if job.itself else judge(case, job.binary, views=views)
    except Exception:
        return Judgement("the comparison broke down", None, [traceback.format_exc()], case)


def run_all(jobs: list[Job], workers: int) -> Iterator[Found]:
    if workers == 1:
        for job in jobs:
            yield from work(job)
        return
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(work, jobs):
            yield from found


def main(arguments: list[str]) -> int:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", allow_abbrev=False, description=__doc__)
    parser.add_argument("--cases", type=int, required=True, help="how many cases")
    parser.add_argument("--seed", default="1", help="any text; the same seed gives the same cases")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--keep", type=Path, help="directory for differing cases, shrunk, as golden cases")
    parser.add_argument("--histogram", action="store_true", help="say how often omk ended in which way")
    parser.add_argument("--views", type=int, default=3, help="compare the views of every n-th case; 0: of none")
    parser.add_argument("--itself", action="store_true", help="compare omk with itself: checks the generator alone")
    options = parser.parse_args(arguments)
    binary, reason = usable_omk()
    if binary is None:
        print(reason, file=sys.stderr)
        return 2
    ends = range(options.first, options.first + options.cases, BATCH)
    jobs = [
        Job(
            options.seed,
            first,
            min(BATCH, options.first + options.cases - first),
            binary,
            options.itself,
            options.views,
        )
        for first in ends
    ]
    started = time.monotonic()
    outcomes: Counter[str] = Counter()
    tally: Counter[str] = Counter()
    for found in run_all(jobs, options.jobs):
        outcomes[f"{found.outcome}{f'  [{found.deliberate}]' if found.deliberate else ''}"] += 1
        tally["different" if found.differences else "deliberate" if found.deliberate else "identical"] += 1
        if found.differences:
            report(found, jobs[0], options.keep)
    if options.histogram:
        for outcome, count in outcomes.most_common():
            print(f"{count:6} {outcome}")
    elapsed = time.monotonic() - started
    print(f"{elapsed:.0f} s, {options.cases / elapsed:.1f} cases a second")
    kinds = ", ".join(f"{kind} {tally[kind]}" for kind in ("identical", "deliberate", "different"))
    print(f"cases {options.cases}, {kinds}")
    return 1 if tally["different"] else 0


def report(found: Found, job: Job, keep: Path | None) -> None:
    """Print a difference with its shrunk case, and keep it."""
    print(f"--- seed {job.seed}, case {found.number}: {found.outcome} [{found.deliberate}]", flush=True)
    print("\n".join(found.differences)[:4000])
    if keep is None:
        return
    kinds = kinds_of(found.differences)
    views = any(difference.startswith("view: ") for difference in found.differences)

    def differs(case: dict[str, Any]) -> bool:
        return bool(kinds & kinds_of(compare(case, job, views=views).differences))

    small = shrink(case_of(job.seed, found.number), differs)
    judged = compare(small, job, views=views)
    keep.mkdir(parents=True, exist_ok=True)
    path = keep / f"{small['name']}.json"
    path.write_text(json.dumps(judged.recorded, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"shrunk: {path}")
    print("\n".join(judged.differences)[:2000], flush=True)


def kinds_of(differences: list[str]) -> set[str]:
    """The differences without their details: two cases that share one differ in the same way."""
    return {difference.split("\n")[0].split("(")[0].split(":")[0] for difference in differences}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
