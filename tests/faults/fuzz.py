"""Looks at a great many damaged state roots: no exception, no hang, no write.

``python -m tests.faults.fuzz --cases 200000 --jobs 2``; half of the cases run as an ordinary user, where that is
possible. Each case follows from the seed and its number alone: ``--only NUMBER`` repeats one.
"""

from __future__ import annotations

import argparse
import codecs
import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import FrameType

from omk_tui.core.decision import Decision
from omk_tui.core.journal import JOURNAL_FILE
from omk_tui.core.plan import Verb
from omk_tui.core.review import Review
from omk_tui.engine import Engine
from tests.core.documents import conflict_task, gate, graph_json, proof_json
from tests.engine.states import NOBODY, State
from tests.faults.scenes import cut_off, lay
from tests.faults.wreckage import WRECKS, a_journal
from tests.golden.tree import Tree, photograph

PATIENCE = 20
"""Seconds after which a look counts as a hang."""
LARGEST = 1 << 20
"""Bytes of the largest file that is damaged once more."""
GOALS = ("goal-1", "goal-2", "goal-3")
VERBS: tuple[Verb, ...] = ("accept", "reject")
CHECKOUT = Path(__file__).parents[2]

Stamp = tuple[int, ...]


class Hang(BaseException):
    """A look took too long."""


class Wrote(Exception):
    """A look changed something."""


class Fuzz:
    """A root of three goals, damaged and looked at case by case."""

    def __init__(self, base: Path, seed: int) -> None:
        self.seed = seed
        self.state = State(base)
        self.kinds: Counter[str] = Counter()
        self.slowest = 0.0
        self._fill(base)
        self._whole: Tree = photograph(self.state.root)
        files = [self.state.root / name for name, entry in self._whole.items() if entry.kind == "file"]
        database = self.state.root / "omk.db"
        self._files = {
            goal_id: [database, *(path for path in files if path.is_relative_to(self.state.folder(goal_id)))]
            for goal_id in GOALS
        }

    def _fill(self, base: Path) -> None:
        state = self.state
        state.add("goal-1")
        evidence = "artifacts/integration/merge-conflict-a.json"
        log = str(state.folder("goal-2") / "artifacts/gates/unit.log")
        gates = [gate("unit", passed=False, output_path=log), gate("acceptance"), gate("bench", required=False)]
        rich = state.add(
            "goal-2", proof=proof_json("goal-2", gates=gates), graph=graph_json("goal-2", [conflict_task(evidence)])
        )
        for verb in VERBS:
            state.recorded(verb, f"because of {verb}", "goal-2", record_not_ready=True)
        used = {"params": {"type": "status_update", "payload": {"token_usage": 5}}}
        for name, text in {
            evidence: '{"conflicts": ["src/a.py"], "classification": "both"}',
            "artifacts/gates/unit.log": "Traceback\n" * 30,
            "artifacts/agent-runs/run-1/mutation.diff": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
            "artifacts/agent-runs/run-1/wire-events.jsonl": json.dumps(used) + "\n",
        }.items():
            (rich / name).parent.mkdir(parents=True, exist_ok=True)
            (rich / name).write_text(text)
        state.add("goal-3")
        engine = state.engine()
        cut_off(engine, Decision("reject", "goal-3", "cut off"), after=0)
        os.rename(state.folder("goal-3") / JOURNAL_FILE, base / "journal")

    # -- one case --------------------------------------------------------------------------------------------------

    def run(self, number: int) -> None:
        """Damage the root, look at it, and put it right again. Raises what the looks raise, Hang or Wrote."""
        chance = random.Random(f"{self.seed} {number}")
        wrecks = chance.choices(
            [one for one, _ in WRECKS], [weight for _, weight in WRECKS], k=chance.choice((1, 1, 1, 2, 4))
        )
        goal_id = chance.choice(GOALS)
        for wreck in wrecks:
            path = chance.choice(self._files[goal_id])
            with suppress(OSError, sqlite3.Error):  # the root may be too damaged already
                if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < LARGEST:
                    wreck(chance, self.state.root, path)
                    self.kinds[wreck.__name__] += 1
        before = stamps(self.state.root)
        signal.alarm(PATIENCE)
        begun = time.perf_counter()
        try:
            look(self.state.engine(), goal_id, thorough=chance.random() < 0.1)
        finally:
            signal.alarm(0)
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        after = stamps(self.state.root)
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        if a_journal in wrecks:
            changed = {name for name in changed if not _is_recovery(name) and not _same_but_links(before, after, name)}
        if changed:
            raise Wrote(", ".join(sorted(changed)))
        self._restore()

    def _restore(self) -> None:
        open_folders(self.state.root)
        shutil.rmtree(self.state.root)
        lay(self.state.root, self._whole)


def open_folders(top: Path) -> None:
    """Let every folder be read and emptied again."""
    top.chmod(0o700)
    for path in top.iterdir():
        if path.is_dir() and not path.is_symlink():
            open_folders(path)


def look(engine: Engine, goal_id: str, *, thorough: bool) -> None:
    """Everything that is read of a root and of one of its goals."""
    listing = engine.goals()
    assert all(line.verdict for line in listing.goals)
    review = engine.review(goal_id)
    if isinstance(review, Review):
        for verb in VERBS:
            engine.plan(review, verb, "because")
    engine.timeline(goal_id)
    engine.signature(goal_id)
    engine.history(goal_id)
    if thorough:
        engine.resolve("latest")
        engine.line(goal_id)
        engine.doctor()


def stamps(root: Path) -> dict[str, Stamp]:
    """Mode, inode, size and times of everything below the root; a change of any kind shows in one of them."""
    found: dict[str, Stamp] = {}
    waiting = [os.fspath(root)]
    while waiting:
        folder = waiting.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                info = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
                times = () if is_folder else (info.st_mtime_ns, info.st_ctime_ns)
                found[os.path.relpath(entry.path, root)] = (
                    info.st_mode,
                    info.st_ino,
                    0 if is_folder else info.st_size,
                    *times,
                )
                if is_folder:
                    waiting.append(entry.path)
    return found


def _same_but_links(before: Mapping[str, Stamp], after: Mapping[str, Stamp], name: str) -> bool:
    """Whether only the last time differs: another name of a hard-linked file was replaced."""
    return name in before and name in after and before[name][:-1] == after[name][:-1]


def _is_recovery(name: str) -> bool:
    """Whether a look may change that, when a journal stands in the goal: what a decision writes."""
    _, _, path = name.removeprefix("goals/").partition("/")
    return name.startswith("omk.db") or path in (
        JOURNAL_FILE, "goal.json", "proof.json", "events.jsonl", "budget-checkpoints.jsonl", "artifacts",
        "artifacts/integration", "artifacts/integration/integrator-accept.json",
        "artifacts/integration/integrator-reject.json", "artifacts/integration/rollback-rejected-slice.md",
        "artifacts/integration/integrator-decisions.jsonl",
    )  # fmt: skip


# -- the program -----------------------------------------------------------------------------------------------------


def work(base: Path, seed: int, numbers: range, *, ordinary: bool) -> int:
    """Run cases in this process; the first that fails ends it."""
    for name in ("utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le", "idna"):
        codecs.lookup(name)  # an ordinary user may not be let into this Python's library
    if ordinary:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    signal.signal(signal.SIGALRM, _hang)
    os.environ["XDG_STATE_HOME"] = str(base / "xdg")
    begun = time.monotonic()
    fuzz = Fuzz(base, seed)
    for number in numbers:
        try:
            fuzz.run(number)
        except (Exception, Hang):
            print(f"case {number} of seed {seed}{', --ordinary' * ordinary}:", file=sys.stderr)
            traceback.print_exc()
            return 1
    who = "an ordinary user" if ordinary or os.geteuid() else "root"
    print(
        f"{len(numbers)} damaged states as {who}: 0 exceptions, 0 hangs, 0 writes; slowest look "
        f"{fuzz.slowest:.2f} s; {time.monotonic() - begun:.0f} s"
    )
    return 0


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes at the same time")
    parser.add_argument("--only", type=int, help="the number of one case")
    parser.add_argument("--ordinary", action="store_true", help="with --only: as an ordinary user, for root")
    parser.add_argument("--part", nargs=3, metavar=("BASE", "FIRST", "LAST"), help="used by the program itself")
    words = parser.parse_args()
    os.umask(0o022)
    if words.part:
        base, first, last = words.part
        return work(Path(base), words.seed, range(int(first), int(last)), ordinary=words.ordinary)
    if words.only is not None:
        return _together([(range(words.only, words.only + 1), words.ordinary)], words.seed, 1)
    return _together(_shares(words.cases, words.jobs), words.seed, words.jobs)


def _shares(cases: int, jobs: int) -> list[tuple[range, bool]]:
    """The cases of each part, and whether an ordinary user runs them: half of them, where root can become one."""
    as_root = os.geteuid() == 0
    parts = 2 * jobs if as_root else jobs
    borders = [cases * part // parts for part in range(parts + 1)]
    return [(range(*ends), as_root and part % 2 == 1) for part, ends in enumerate(pairwise(borders))]


def _together(shares: Sequence[tuple[range, bool]], seed: int, jobs: int) -> int:
    """Run the parts, so many at the same time, each in a folder of its own."""
    memory = Path("/dev/shm")
    waiting, codes = list(shares), [0]
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="omk-tui-fuzz-", dir=memory if os.access(memory, os.W_OK) else None) as top:
        os.chmod(top, 0o711)
        while waiting or running:
            while waiting and len(running) < jobs:
                numbers, ordinary = waiting.pop(0)
                base = Path(top) / f"part-{len(waiting)}"
                base.mkdir()
                command = [sys.executable, "-m", "tests.faults.fuzz", "--seed", str(seed)]
                if ordinary:
                    os.chown(base, NOBODY, NOBODY)
                    command.append("--ordinary")
                command += ["--part", str(base), str(numbers.start), str(numbers.stop)]
                running.append(subprocess.Popen(command, cwd=CHECKOUT))
            codes.append(running.pop(0).wait())
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
