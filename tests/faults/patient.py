"""A state root that is damaged and looked at, case by case: no look raises, hangs or writes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from hypothesis import strategies as st

from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.file_names import JOURNAL_FILE
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine
from tests.core.documents import conflict_task, gate, graph_json, proof_json
from tests.engine.states import State
from tests.faults.scenes import cut_off, lay
from tests.faults.wreckage import WRECKS, Wreck, a_journal
from tests.golden.tree import Tree, photograph

PATIENCE = 20
"""Seconds after which a look counts as a hang."""
LARGEST = 1 << 20
"""Bytes of the largest file that is damaged once more."""
GOALS = ("goal-1", "goal-2", "goal-3")
VERBS: tuple[Verb, ...] = ("accept", "reject")

Stamp = tuple[int, ...]


class Interrupt(BaseException):
    """The alarm of a look; no handler of errors holds it up."""


class Hang(Exception):
    """A look took too long."""


class Wrote(Exception):
    """A look changed something."""


@dataclass(frozen=True)
class Damage:
    """One thing that is done to a root: what, to which of the goal's files, and with which dice."""

    wreck: Wreck
    place: int
    dice: bytes


# Dice are bytes, since Hypothesis draws those evenly and integers seldom large.
DAMAGES = st.lists(
    st.builds(
        Damage,
        st.sampled_from([wreck for wreck, weight in WRECKS for _ in range(weight)]),
        st.integers(0, 255),
        st.binary(min_size=8, max_size=8),
    ),
    min_size=1,
    max_size=4,
)
IS_THOROUGH = st.sampled_from([False] * 9 + [True])


class Patient:
    """A root of three goals, damaged and looked at case by case."""

    def __init__(self, base: Path) -> None:
        self.state = State(base)
        self.cases = 0
        self.kinds: set[str] = set()
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
            state.recorded(verb, f"because of {verb}", "goal-2", record_not_ready=True, despite_conflicts=True)
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

    def run(self, goal_id: str, damages: Sequence[Damage], *, thorough: bool) -> None:
        """Damage the root, look at it, and put it right again. Raises what the looks raise, Hang or Wrote."""
        self.cases += 1
        try:
            for damage in damages:
                self._damage(goal_id, damage)
            before = stamps(self.state.root)
            self._look(goal_id, thorough=thorough)
            after = stamps(self.state.root)
            changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
            if any(damage.wreck is a_journal for damage in damages):
                changed = {one for one in changed if not _is_recovery(one) and not _is_its_other_name(before, one)}
            if changed:
                raise Wrote(", ".join(sorted(changed)))
        finally:
            self._restore()

    def _damage(self, goal_id: str, damage: Damage) -> None:
        path = self._files[goal_id][damage.place % len(self._files[goal_id])]
        with suppress(OSError, sqlite3.Error):  # the root may be too damaged already
            if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < LARGEST:
                damage.wreck(random.Random(damage.dice), self.state.root, path)
                self.kinds.add(damage.wreck.__name__)

    def _look(self, goal_id: str, *, thorough: bool) -> None:
        signal.signal(signal.SIGALRM, _interrupt)
        signal.alarm(PATIENCE)
        begun = time.perf_counter()
        try:
            look(self.state.engine(), goal_id, thorough=thorough)
        except Interrupt:
            raise Hang from None
        finally:
            signal.alarm(0)
        self.slowest = max(self.slowest, time.perf_counter() - begun)

    def _restore(self) -> None:
        open_folders(self.state.root)
        shutil.rmtree(self.state.root)
        lay(self.state.root, self._whole)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupt


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
    engine.read(goal_id)
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


def _is_its_other_name(before: Mapping[str, Stamp], name: str) -> bool:
    """Whether it is a hard link to what a look may change."""
    inode = before[name][1] if name in before else -1
    return any(stamp[1] == inode and _is_recovery(other) for other, stamp in before.items())


def _is_recovery(name: str) -> bool:
    """Whether a look may change that, when a journal stands in the goal: what a decision writes."""
    # A goal directory that is a link to the root is decided where it leads.
    path = name.removeprefix("goals/").partition("/")[2] if name.startswith("goals/") else name
    return name.startswith("omk.db") or path in (
        JOURNAL_FILE, "goal.json", "proof.json", "events.jsonl", "budget-checkpoints.jsonl", "artifacts",
        "artifacts/integration", "artifacts/integration/integrator-accept.json",
        "artifacts/integration/integrator-reject.json", "artifacts/integration/rollback-rejected-slice.md",
        "artifacts/integration/integrator-decisions.jsonl",
    )  # fmt: skip
