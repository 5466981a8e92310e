"""Rows read in processes: the same rows, whatever becomes of the processes, and none of them stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.engine.reading import goals_list, line_cache, line_workers
from tests.core.documents import graph_json
from tests.engine.states import State

GOALS = 12
AT_ONCE = (
    "from omk_tui.engine.reading import line_cache, line_worker; line_cache.SETTLED_AFTER = 0.0; line_worker.main()"
)


@pytest.fixture
def crowd(state: State, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> State:
    """A dozen goals, one unreadable and one of an odd name, that three processes read."""
    for number in range(GOALS - 2):
        state.add(f"goal-{number}")
    state.add("goal-odd").rename(state.root / "goals" / "goal-odd-\udce9")
    state.add("goal-bad", graph=graph_json(version=0))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(goals_list, "worker_count", lambda goals: 3 if goals else 0)
    monkeypatch.setattr(goals_list, "SMALLEST_LIST", 1)
    monkeypatch.setattr(line_cache, "SETTLED_AFTER", 0.0)
    return state


def here(state: State) -> set[GoalLine]:
    goals_list = state.engine()._list()
    goals = goals_list.find()
    return {row.line for batch in goals_list._reader(goals.rows).lines(goals.names, 4) for row in batch}


def rows(state: State) -> set[GoalLine]:
    return {line for batch in state.engine().lines(4) for line in batch}


def test_processes_read_the_same_rows_and_fill_the_cache(crowd: State, monkeypatch: pytest.MonkeyPatch) -> None:
    right = here(crowd)
    assert len(right) == GOALS
    right |= {line for line in crowd.engine().goals().goals if line.source == "row"}
    monkeypatch.setattr(line_workers, "_PROGRAM", (sys.executable, "-P", "-c", AT_ONCE))
    assert rows(crowd) == right
    left: list[int] = []

    def count(goals: int) -> int:
        left.append(goals)
        return 0

    monkeypatch.setattr(goals_list, "worker_count", count)
    assert rows(crowd) == right
    assert left == [2], "all but the goal whose name no database can hold, and the one that cannot be read"


@pytest.mark.parametrize(
    "program",
    [
        ("/nowhere/python",),
        ("false",),
        (sys.executable, "-c", "import sys; sys.stdin.readline(); print('[]'); print('[]')"),
        (sys.executable, "-c", "import sys; sys.stdin.readline(); print('[[1, 2]]')"),
        (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"),
        (sys.executable, "-c", "import os; os.kill(os.getpid(), 19)"),
        (sys.executable, "-c", AT_ONCE + "\nprint('x')"),
    ],
    ids=["missing", "false", "silent", "garbled", "killed", "stopped", "garbled end"],
)
def test_processes_that_fail_cost_no_row(crowd: State, monkeypatch: pytest.MonkeyPatch, program: tuple[str]) -> None:
    monkeypatch.setattr(line_workers, "_PROGRAM", program)
    monkeypatch.setattr(line_workers, "SILENT_FOR", 2.0)
    assert {line for line in rows(crowd) if line.source != "row"} == here(crowd)


def test_whoever_goes_away_leaves_no_process(crowd: State) -> None:
    lines = crowd.engine().lines(1)
    assert next(lines)
    lines.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_processes_are_as_isolated_as_this_one() -> None:
    code = "from omk_tui.engine.reading import line_workers; print(*line_workers._PROGRAM[1:])"
    package = str(Path(line_workers.__file__).parents[3])
    code = f"import sys; sys.path.insert(0, {package!r}); {code}"
    isolated = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True).stdout
    assert isolated.split()[:2] == ["-P", "-I"]
    usual = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "-I" not in usual.split()


def test_few_goals_and_one_processor_need_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert line_workers.worker_count(line_workers.FEWEST_GOALS - 1) == 0
    assert line_workers.worker_count(line_workers.FEWEST_GOALS) == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert line_workers.worker_count(10**6) == 0
