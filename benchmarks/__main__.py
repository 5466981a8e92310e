"""`python -m benchmarks [--quick]`: measures, compares with the last committed run, keeps this one."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import desk, growth, processes, walks
from benchmarks.measure import Row

HERE = Path(__file__).parent
RESULTS, README = HERE / "results.json", HERE / "README.md"
WORSE = 1.25
_MARK = "<!-- made by make bench -->\n"
_RUN = "## Run on "


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| work | is | floor | is | ratio | target | |", "|---|---:|---|---:|---:|---:|---|"]
    for row in rows:
        verdict = "" if not row.target else "ok" if row.ratio <= row.target else "**missed**"
        target = f"{row.target:g}" if row.target else "-"
        lines.append(
            f"| {row.name} | {row.value:.1f} {row.unit} | {row.floor} | {row.floor_value:.1f} {row.unit} "
            f"| {row.ratio:.2f} | {target} | {verdict} |"
        )
    return "\n".join(lines) + "\n"


def report(rows: list[Row], times: Mapping[str, Mapping[int, float]]) -> str:
    """What one run has found, as Markdown."""
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    head = f"{_RUN}{machine}, {time.strftime('%Y-%m-%d %H:%M')}\n\n"
    grown = f"How the cost of many goals grows:\n\n{growth.table(times)}\n{growth.picture(times)}"
    return f"{head}{table(rows)}\n{grown}\n"


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and goals, for a look; nothing is kept")
    quick = parser.parse_args().quick
    rounds, large = (3, 1_000) if quick else (9, 10_000)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    with tempfile.TemporaryDirectory(prefix="omk-tui-bench-") as name:
        folder = Path(name)
        os.environ |= {"XDG_STATE_HOME": str(folder / "xdg"), "XDG_CACHE_HOME": str(folder / "own-cache")}
        rows = [*processes.commands(folder, rounds), *processes.lists(folder, large, 3)]
        rows += [*processes.opening(folder, rounds), *processes.branches(folder)]
        rows += processes.confinement(folder, rounds)
        rows += [*desk.desk(folder, large, 5), *desk.changes(folder, large), *desk.deciding(folder, rounds)]
        rows += walks.walks(folder, large)
        sizes = (100, 1_000) if quick else (100, 1_000, 10_000, 100_000)
        times = growth.grown(folder, sizes, 3)
    print(report(rows, times))
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    worse = [row for row in rows if row.name in before and row.ratio > WORSE * before[row.name]]
    for row in worse:
        print(f"worse by more than a quarter: {row.name}: {before[row.name]:.2f} -> {row.ratio:.2f}")
    if not quick:
        RESULTS.write_text(json.dumps({row.name: round(row.ratio, 3) for row in rows}, indent=1) + "\n")
        head, _, runs = README.read_text().partition(_MARK)
        last = runs.split(_RUN)[1:2]
        README.write_text(head + _MARK + "\n" + report(rows, times) + "".join(_RUN + run for run in last))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
