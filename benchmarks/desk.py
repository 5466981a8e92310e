"""The desk on many goals: its first frame, all rows, changes on disk, memory."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import scenes
from benchmarks.measure import Row, percentile, python
from benchmarks.terminal import Terminal

MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("marker")
Minimal().run()
"""
_FIRST, _COMPLETE = b"VERDICT", b"NEEDS YOU"


def desk(folder: Path, large: int, rounds: int) -> list[Row]:
    """First frames beside a minimal app's, and a list of `large` goals until it is complete."""
    small_root, large_root = scenes.many(folder, 10), scenes.many(folder, large)
    empty = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "no-cache")}
    filled = {**empty, "XDG_CACHE_HOME": str(folder / "cache")}
    complete(large_root, filled, folder)
    subjects: dict[str, Callable[[], float]] = {
        "minimal": lambda: first([python(), "-c", MINIMAL], b"marker", empty, folder),
        "desk, 10 goals: first frame": lambda: first(desk_command(small_root), _FIRST, empty, folder),
        f"desk, {large:,} goals: first frame": lambda: first(desk_command(large_root), _FIRST, filled, folder),
        f"desk, {large:,} goals: complete, nothing cached": lambda: _fresh(large_root, empty, folder),
        f"desk, {large:,} goals: complete, cached": lambda: complete(large_root, filled, folder),
    }
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            times[name].append(subject())
    medians = {name: statistics.median(values) for name, values in times.items()}
    targets = dict(zip(list(subjects)[1:], (1.25, 1.25, 12.0, 3.0), strict=True))
    return [Row(name, "minimal app", medians[name], medians["minimal"], target) for name, target in targets.items()]


def complete(root: Path, environment: Mapping[str, str], folder: Path) -> float:
    """Milliseconds from the start until every row is read and sorted."""
    return first(desk_command(root), _COMPLETE, environment, folder)


def _fresh(root: Path, environment: Mapping[str, str], folder: Path) -> float:
    for path in (folder / "no-cache").glob("omk-tui/*"):
        path.unlink()
    return complete(root, environment, folder)


def first(words: list[str], marker: bytes, environment: Mapping[str, str], folder: Path) -> float:
    """Milliseconds from the start of a program until it has written `marker`."""
    with Terminal(words, environment, folder) as terminal:
        return terminal.until(marker)


def desk_command(root: Path) -> list[str]:
    """The desk on a root."""
    return [python(), "-m", "omk_tui", "--state-root", str(root)]


def _created_at(root: Path, name: str) -> str:
    goal: dict[str, str] = json.loads((root / "goals" / name / "goal.json").read_text())
    return goal["created_at"]


def changes(folder: Path, large: int) -> list[Row]:
    """From a change of the newest goal on disk until it is on screen, while others change; and memory."""
    root = scenes.many(folder, large)
    environment = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    names = sorted(path.name for path in (root / "goals").iterdir())
    newest = max(names, key=lambda name: _created_at(root, name) + name)
    times = []
    with Terminal(desk_command(root), environment, folder) as terminal:
        terminal.until(_COMPLETE)
        terminal.rest(3.0)
        memory = terminal.memory
        with scenes.changing(root, [name for name in names if name != newest]):
            for number in range(20):
                terminal.rest(0.3)
                began = time.perf_counter()
                word = f"token-{number:04}"
                scenes.change(root, newest, original_goal=f"{word} of the benchmark")
                times.append(terminal.after(began, word.encode()))
    name = f"change on disk until on screen, {large:,} watched, {scenes.CHANGES_A_SECOND} others a second, p95"
    return [
        Row(name, "100 ms", percentile(times, 0.95), 100, 1.0),
        Row(f"memory, {large:,} goals listed", "90 MiB", memory, 90, 1.0, "MiB"),
    ]


def deciding(folder: Path, times: int) -> list[Row]:
    """From ctrl+s until the result of a durable decision is on screen."""
    goal = next((scenes.many(folder, 10) / "goals").iterdir())
    environment = {**os.environ, "HOME": str(folder)}
    took = []
    for number in range(times):
        root = folder / f"undecided-{number}"
        shutil.copytree(goal, root / "goals" / goal.name)
        with Terminal([*desk_command(root), goal.name], environment, folder) as terminal:
            terminal.until(b"Checklist")
            terminal.rest(0.5)
            terminal.key(b"R", b"REJECT")
            terminal.rest(0.5)
            terminal.key(b"no good", b"good")
            terminal.rest(1.0)
            took.append(terminal.key(b"\x13", b"REJECTED"))
    return [Row("a decision, ctrl+s until its result, p95", "100 ms", percentile(took, 0.95), 100, 1.0)]
