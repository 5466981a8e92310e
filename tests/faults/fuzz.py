"""Looks at a great many damaged state roots: no exception, no hang, no write.

``python -m tests.faults.fuzz --cases 200000 --jobs 2``; half of the cases run as an ordinary user, where that is
possible. Hypothesis chooses the damages, follows the seed, and makes a case that fails as small as it can; the blob
that it tells goes to ``--again BLOB``.
"""

from __future__ import annotations

import argparse
import codecs
import io
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, suppress
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, given, reproduce_failure, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import DidNotReproduce

from omk_tui.engine import Engine
from tests.engine.states import NOBODY
from tests.faults.patient import DAMAGES, GOALS, IS_THOROUGH, Damage, Patient, Wrote

CHECKOUT = Path(__file__).parents[2]


def work(base: Path, seed: str, cases: int, *, ordinary: bool, again: str | None) -> int:
    """Run cases in this process; the first that fails is made as small as possible, told, and ends it."""
    _prepare(base)
    if ordinary:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    begun = time.monotonic()
    patient = Patient(base)

    def case(goal_id: str, damages: list[Damage], thorough: bool) -> None:
        patient.run(goal_id, damages, thorough=thorough)

    try:
        _search(case, seed, cases, again)
    except DidNotReproduce:
        print("this case does not fail any more")
        return 0
    except Exception:
        print(f"seed {seed}{', --ordinary' * ordinary}:", file=sys.stderr)
        traceback.print_exc()
        return 1
    who = "an ordinary user" if ordinary or os.geteuid() else "root"
    print(
        f"{patient.cases} damaged states as {who}, {len(patient.kinds)} kinds of damage: 0 exceptions, 0 hangs, "
        f"0 writes; slowest look {patient.slowest:.2f} s; {time.monotonic() - begun:.0f} s"
    )
    return 0


def _search(case: Callable[[str, list[Damage], bool], None], seed: str, cases: int, again: str | None) -> None:
    """Let Hypothesis try that many cases, or the one that it once told by its blob. Raises what a case raises."""
    test = given(st.sampled_from(GOALS), DAMAGES, IS_THOROUGH)(case)
    test = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=tuple(HealthCheck),
    )(hypothesis.seed(seed)(test))
    if again is not None:
        test = reproduce_failure(hypothesis.__version__, again.encode())(test)
    test()


def _prepare(base: Path) -> None:
    """Import what is imported late while it can be: an ordinary user may not be let into this Python's library."""
    for name in ("utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le", "idna"):
        codecs.lookup(name)
    Engine.load_code()
    set_hypothesis_home_dir(base / "hypothesis")
    with suppress(Wrote), redirect_stderr(io.StringIO()):
        _search(_fails, "", 20, None)
    os.environ["XDG_STATE_HOME"] = str(base / "xdg")


def _fails(goal_id: str, damages: list[Damage], thorough: bool) -> None:
    raise Wrote


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=1, help="processes at the same time")
    parser.add_argument("--again", metavar="BLOB", help="only the case that reproduce_failure was told with")
    parser.add_argument("--ordinary", action="store_true", help="with --again: as an ordinary user, for root")
    parser.add_argument("--base", metavar="DIR", help="used by the program itself")
    words = parser.parse_args()
    os.umask(0o022)
    if words.base:
        return work(Path(words.base), words.seed, words.cases, ordinary=words.ordinary, again=words.again)
    if words.again:
        return _together([(1, words.ordinary)], words.seed, 1, words.again)
    return _together(_shares(words.cases, words.jobs), words.seed, words.jobs)


def _shares(cases: int, jobs: int) -> list[tuple[int, bool]]:
    """The number of cases of each part, and whether an ordinary user runs them: half, where root can become one."""
    as_root = os.geteuid() == 0
    parts = 2 * jobs if as_root else jobs
    return [(cases * (part + 1) // parts - cases * part // parts, as_root and part % 2 == 1) for part in range(parts)]


def _together(shares: Sequence[tuple[int, bool]], seed: str, jobs: int, again: str | None = None) -> int:
    """Run the parts, so many at the same time, each in a folder and with a seed of its own."""
    memory = Path("/dev/shm")
    waiting, codes = list(enumerate(shares)), [0]
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="omk-tui-fuzz-", dir=memory if os.access(memory, os.W_OK) else None) as top:
        os.chmod(top, 0o711)
        while waiting or running:
            while waiting and len(running) < jobs:
                part, (cases, ordinary) = waiting.pop(0)
                base = Path(top) / f"part-{part}"
                base.mkdir()
                command = [sys.executable, "-m", "tests.faults.fuzz", "--base", str(base)]
                command += ["--cases", str(cases), "--seed", f"{seed}.{part}"]
                if ordinary:
                    os.chown(base, NOBODY, NOBODY)
                    command.append("--ordinary")
                if again:
                    command += ["--again", again]
                running.append(subprocess.Popen(command, cwd=CHECKOUT))
            codes.append(running.pop(0).wait())
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
