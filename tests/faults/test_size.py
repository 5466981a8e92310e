"""Files of 2 GB cost no memory, and a decision costs little more than the same writes without a journal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from omk_tui.core.decision.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, UpsertRow
from omk_tui.engine.database.row_writer import upsert_row
from omk_tui.engine.files.atomic import replace_file, write_all
from tests.core.documents import GOAL_ID, conflict_task, gate, graph_json, proof_json
from tests.engine.states import State
from tests.faults.company import CHECKOUT
from tests.faults.conftest import Tell
from tests.faults.scenes import fresh_accept

HUGE = 2 << 30
MOST_MEMORY = 150
"""MiB that the process may have used."""
MOST_COST = 6
"""Times the cost of the same writes without a journal, a ledger or synced folders."""

HUGE_FILES = (
    "events.jsonl",
    "event-log.jsonl",
    "budget-checkpoints.jsonl",
    "artifacts/gates/unit.log",
    "artifacts/agent-runs/run-1/mutation.diff",
    "artifacts/agent-runs/run-1/wire-events.jsonl",
    "artifacts/integration/merge-conflict-a.json",
    "artifacts/integration/integrator-reject.json",
    "artifacts/integration/integrator-decisions.jsonl",
)

LOOK = """
import sys, time
sys.path[:0] = [sys.argv[1]]
from omk_tui.core.decision.planner import Decision
from omk_tui.engine import Engine, StateRoot
engine = Engine(StateRoot(sys.argv[2], "--state-root", True), "/")
goal = sys.argv[3]
review = engine.review(goal)
engine.goals(); engine.read(goal); engine.history(goal); engine.doctor()
engine.open_file(goal, "artifacts/gates/unit.log")
plan = engine.plan(review, "reject", "no")
print(type(engine.decide(Decision("reject", goal, "no"))).__name__)
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("huge", [None, *HUGE_FILES])
def test_a_file_of_2_gb_costs_no_memory(tmp_path: Path, huge: str | None, tell: Tell) -> None:
    state = State(tmp_path)
    log = str(state.folder() / "artifacts/gates/unit.log")
    folder = state.add(
        proof=proof_json(gates=[gate("unit", output_path=log)]), graph=graph_json(tasks=[conflict_task()])
    )
    if huge is not None:
        path = folder / huge
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.truncate(path, HUGE)
        path.chmod(0o600)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", LOOK, str(CHECKOUT), str(state.root), GOAL_ID],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "xdg")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcome, memory = done.stdout.split()
    tell(f"faults: 2 GB in {huge}: {int(memory) >> 10} MiB, {time.monotonic() - begun:.1f} s, {outcome}")
    assert int(memory) >> 10 < MOST_MEMORY
    assert outcome == ("Failed" if huge is not None and huge.endswith("decisions.jsonl") else "Recorded")


def test_a_journalled_decision_costs_little_more_than_the_bare_writes(tmp_path: Path, tell: Tell) -> None:
    """Both are measured in turns, on the same goal and disk, with everything but the writing left out."""
    scene = fresh_accept(tmp_path / "scene")
    plan = scene.state.plan("accept", "good")

    def whole() -> None:
        from omk_tui.engine.deciding import transaction
        from omk_tui.engine.files.goal_folder import GoalFolder

        with GoalFolder(str(scene.state.folder())) as folder:
            journal = transaction.prepare(folder, plan, "somebody")
            transaction.write_journal(folder, journal)
            transaction.roll_forward(folder, journal, str(scene.root / "omk.db"))

    costs: dict[Callable[[], None], list[float]] = {whole: [], lambda: bare(scene.root, plan): []}
    for _ in range(15):
        for work, times in costs.items():
            scene.restore()
            begun = time.perf_counter()
            work()
            times.append(time.perf_counter() - begun)
    journalled, unjournalled = (median(times) * 1000 for times in costs.values())
    tell(
        f"faults: a journalled decision takes {journalled:.2f} ms, its bare writes {unjournalled:.2f} ms: "
        f"{journalled / unjournalled:.2f} times"
    )
    assert journalled < MOST_COST * unjournalled


def bare(root: Path, plan: DecisionPlan) -> None:
    """The writes of a plan as omk does them: each file synced before its rename, logs and folders not at all."""
    place = root / "goals" / plan.goal_id
    for step in plan.steps:
        match step:
            case MakeFolder(path):
                (place / path).mkdir(exist_ok=True)
            case ReplaceFile(path, data):
                parent = os.open((place / path).parent, os.O_RDONLY)
                replace_file(parent, os.path.basename(path), data)
                os.close(parent)
            case AppendLine(path, data) if not path.endswith("integrator-decisions.jsonl"):
                fd = os.open(place / path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                write_all(fd, data)
                os.close(fd)
            case UpsertRow(row):
                assert not upsert_row(str(root / "omk.db"), row)
            case _:
                assert json.loads(step.data)["goal_id"] == plan.goal_id, "the ledger is ours alone"
