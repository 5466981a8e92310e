"""The desk on many goals: its first frame, all rows, changes on disk, memory."""

from __future__ import annotations

import json
import os
import statistics
import threading
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
CHANGES_A_SECOND = 50


def desk(folder: Path, large: int, rounds: int) -> list[Row]:
    """First frames beside a minimal app's, and a list of `large` goals until it is complete."""
    small_root, large_root = scenes.many(folder, 10), scenes.many(folder, large)
    empty = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "no-cache")}
    filled = {**empty, "XDG_CACHE_HOME": str(folder / "cache")}
    complete(large_root, filled, folder)
    subjects: dict[str, Callable[[], float]] = {
        "minimal": lambda: _first([python(), "-c", MINIMAL], b"marker", empty, folder),
        "desk, 10 goals: first frame": lambda: _first(_desk(small_root), _FIRST, empty, folder),
        f"desk, {large:,} goals: first frame": lambda: _first(_desk(large_root), _FIRST, filled, folder),
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
    return _first(_desk(root), _COMPLETE, environment, folder)


def _fresh(root: Path, environment: Mapping[str, str], folder: Path) -> float:
    for path in (folder / "no-cache").glob("omk-tui/*"):
        path.unlink()
    return complete(root, environment, folder)


def _first(words: list[str], marker: bytes, environment: Mapping[str, str], folder: Path) -> float:
    with Terminal(words, environment, folder) as terminal:
        return terminal.until(marker)


def _desk(root: Path) -> list[str]:
    return [python(), "-m", "omk_tui", "--state-root", str(root)]


def changes(folder: Path, large: int) -> list[Row]:
    """From a change of the newest goal on disk until it is on screen, while others change; and memory."""
    root = scenes.many(folder, large)
    environment = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    names = sorted(path.name for path in (root / "goals").iterdir())
    newest = max(names, key=lambda name: _goal(root, name)["created_at"] + name)
    times = []
    with Terminal(_desk(root), environment, folder) as terminal:
        terminal.until(_COMPLETE)
        terminal.rest(3.0)
        memory = terminal.memory
        busy = threading.Event()
        others = threading.Thread(target=_change_others, args=(root, [n for n in names if n != newest], busy))
        others.start()
        try:
            for number in range(20):
                terminal.rest(0.3)
                began = time.perf_counter()
                word = f"token-{number:04}"
                _put(root, newest, original_goal=f"{word} of the benchmark")
                times.append(terminal.after(began, word.encode()))
        finally:
            busy.set()
            others.join()
    return [
        Row(f"change on disk until on screen, {large:,} watched, p95", "100 ms", percentile(times, 0.95), 100, 1.0),
        Row(f"memory, {large:,} goals listed", "90 MiB", memory, 90, 1.0, "MiB"),
    ]


def _change_others(root: Path, names: list[str], ended: threading.Event) -> None:
    number = 0
    while not ended.wait(1 / CHANGES_A_SECOND):
        number += 1
        _put(root, names[number % len(names)], normalized_goal=f"change {number}")


def _goal(root: Path, name: str) -> dict[str, str]:
    goal: dict[str, str] = json.loads((root / "goals" / name / "goal.json").read_text())
    return goal


def _put(root: Path, name: str, **changed: str) -> None:
    """Replace a goal's goal.json as omk does."""
    path = root / "goals" / name / "goal.json"
    other = path.with_suffix(".tmp")
    other.write_text(json.dumps({**_goal(root, name), **changed}, indent=2))
    other.replace(path)
