"""Alternating measurements: each round times every subject once, so that a noisy machine is noisy for all of them."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the floor that it is a ratio of, and its target (0: none)."""

    name: str
    floor: str
    value: float
    floor_value: float
    target: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many floors it is."""
        return self.value / self.floor_value


def process(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], code: int | None = None
) -> Callable[[], float]:
    """A subject: a whole process, in milliseconds. It raises RuntimeError where it ends with another `code`."""

    def run() -> float:
        began = time.perf_counter()
        ended = subprocess.run(words, cwd=folder, env=dict(environment), capture_output=True, check=False)
        took = (time.perf_counter() - began) * 1000
        if code is not None and ended.returncode != code:
            raise RuntimeError(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.decode()}")
        return took

    return run


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that some work takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def alternate(subjects: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each subject over `rounds` rounds, after one that does not count."""
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(rounds + 1):
        for name, subject in subjects.items():
            took = subject()
            if number:
                times[name].append(took)
    return {name: statistics.median(values) for name, values in times.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the others are."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def python() -> str:
    """The interpreter that runs this."""
    return sys.executable


def key_rows(
    name: str, times: Sequence[float], floor: Sequence[float], p50: float = 3.0, p95: float = 8.0
) -> list[Row]:
    """The rows of a walk by keys beside those of one Static, with the targets of both percentiles."""
    return [
        Row(f"{name}, {word}", f"one Static, {word}", percentile(times, share), percentile(floor, share), target)
        for share, word, target in ((0.5, "p50", p50), (0.95, "p95", p95))
    ]
