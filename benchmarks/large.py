"""Goals that are as large as they may be: opened in the desk, walked, and left while they are still being read."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import frames, scenes
from benchmarks.desk import MINIMAL, desk_command, first
from benchmarks.measure import Row, key_rows, python
from benchmarks.terminal import Terminal

_ESC_FLOOR = "100 ms + 100 ms for what may follow Esc"
MANY_LINES = 1_000_000
LARGE_LOG = 2 << 30
"""Bytes of the log whose opening and memory are measured."""
_CAPS, _LOG = "a goal at the caps", "a log of 2 GB"
_FIRST, _READING, _LIST = b"Checklist", b"reading ...", b"VERDICT"


def large_goals(folder: Path, rounds: int, floor: list[float]) -> list[Row]:
    """The first frame of the desk on each large goal, how soon it is left, and the keys in it beside `floor`."""
    goals = {
        _CAPS: scenes.at_the_caps(folder),
        f"a diff of {MANY_LINES:,} lines": scenes.reviewed(folder, 60, MANY_LINES, short=True),
        _LOG: scenes.with_log(folder, LARGE_LOG),
    }
    rows = _opened(folder, goals, rounds)
    for name, times in frames.run(frames.gates(*goals[_CAPS])).items():
        rows += key_rows(f"{_CAPS}: {name}", times, floor)
    for name, times in frames.run(frames.diff(*goals[f"a diff of {MANY_LINES:,} lines"], (80, 24))).items():
        rows += key_rows(f"diff of {MANY_LINES:,} lines, 80x24: {name}", times, floor)
    for root, _ in goals.values():
        shutil.rmtree(root)
    return rows


def _opened(folder: Path, goals: dict[str, tuple[Path, str]], rounds: int) -> list[Row]:
    environment = {**os.environ, "HOME": str(folder)}
    minimal = partial(first, [python(), "-c", MINIMAL], b"marker", environment, folder)
    subjects: dict[str, Callable[[], float]] = {"minimal": minimal}
    times: dict[str, list[float]] = {"minimal": []}
    slow = {name: goal for name, goal in goals.items() if name != _LOG}  # of a log only the ends are read
    left: dict[str, list[float]] = {name: [] for name in slow}
    for name, (root, goal_id) in goals.items():
        subjects[name] = partial(first, [*desk_command(root), goal_id], _FIRST, environment, folder)
        times[name] = []
    for _ in range(rounds):
        for name, subject in subjects.items():
            times[name].append(subject())
        for name, (root, goal_id) in slow.items():
            left[name].append(_left(root, goal_id, environment, folder))
    least = statistics.median(times.pop("minimal"))
    rows = [
        Row(f"{name}: first frame", "minimal app", statistics.median(all_), least, 1.25) for name, all_ in times.items()
    ]
    rows += [
        Row(f"{name}: Esc while it is read, until the list", _ESC_FLOOR, statistics.median(all_), 200, 1.0)
        for name, all_ in left.items()
    ]
    return rows


def _left(root: Path, goal_id: str, environment: dict[str, str], folder: Path) -> float:
    """Milliseconds from Esc until the list is there, while the goal is still being read."""
    with Terminal([*desk_command(root), goal_id], environment, folder) as terminal:
        terminal.until(_READING)
        return terminal.key(b"\x1b", _LIST)
