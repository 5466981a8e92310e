"""How the cost of a list grows with its goals: the exponent, and a picture."""

from __future__ import annotations

import math
import os
import shutil
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import scenes
from benchmarks.measure import process, python

HEIGHT = 10


def grown(folder: Path, sizes: Sequence[int], rounds: int) -> dict[str, dict[int, float]]:
    """Milliseconds of each work at each size: the list read anew, the same again, and doctor."""
    environment = {**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "growth-cache")}
    times: dict[str, dict[int, float]] = {"list, nothing cached": {}, "list, the same again": {}, "doctor": {}}
    for size in sizes:
        root = scenes.many(folder, size)
        words = [python(), "-m", "omk_tui"]
        again = process([*words, "list", "--state-root", str(root)], folder, environment)
        doctor = process([*words, "doctor", "--state-root", str(root)], folder, environment)
        anew, same, examined = [], [], []
        for _ in range(rounds if size <= 10_000 else 1):
            shutil.rmtree(folder / "growth-cache", ignore_errors=True)
            anew.append(again())
            same.append(again())
            examined.append(doctor())
        for name, values in zip(times, (anew, same, examined), strict=True):
            times[name][size] = statistics.median(values)
    return times


def exponent(times: Mapping[int, float]) -> float:
    """The power of the number of goals by which the time grows, between the two largest sizes."""
    (small, least), (large, most) = sorted(times.items())[-2:]
    return math.log(most / least) / math.log(large / small)


def table(times: Mapping[str, Mapping[int, float]]) -> str:
    """The times as Markdown, with their exponents."""
    sizes = sorted(next(iter(times.values())))
    head = " | ".join(f"{size:,} goals" for size in sizes)
    lines = [f"| work | {head} | exponent |", "|---|" + "---:|" * (len(sizes) + 1)]
    for name, of_size in times.items():
        cells = " | ".join(f"{of_size[size]:,.0f} ms" for size in sizes)
        lines.append(f"| {name} | {cells} | {exponent(of_size):.2f} |")
    return "\n".join(lines) + "\n"


def picture(times: Mapping[str, Mapping[int, float]]) -> str:
    """The times over the number of goals, each step of both scales the tenfold: slope 1 is as many times as goals."""
    sizes = sorted(next(iter(times.values())))
    values = [value for of_size in times.values() for value in of_size.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    per_decade = max(HEIGHT // max(high - low, 1), 1)
    height = per_decade * max(high - low, 1)
    width = 12
    grid = [[" "] * (width * len(sizes)) for _ in range(height + 1)]
    for sign, of_size in zip("ard", times.values(), strict=True):
        for column, size in enumerate(sizes):
            row = height - round((math.log10(of_size[size]) - low) * per_decade)
            place = column * width + width // 2
            grid[row][place + (0 if grid[row][place] == " " else 1)] = sign
    lines = []
    for number, cells in enumerate(grid):
        decade, part = divmod(height - number, per_decade)
        label = " " * 10 if part else f"{10 ** (low + decade) / 1000:>8g} s"
        lines.append(f"{label} |{''.join(cells).rstrip()}")
    lines.append(" " * 10 + "-" * (width * len(sizes)))
    lines.append(" " * 11 + "".join(f"{size:,}".center(width) for size in sizes))
    names = "   ".join(f"{sign} {name}" for sign, name in zip(("a", "r", "d"), times, strict=True))
    return "```\n" + "\n".join(lines) + f"\n\n           goals; {names}\n```\n"
