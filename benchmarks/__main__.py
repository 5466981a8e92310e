"""`python -m benchmarks [--quick]`: measures, compares with the last committed run, keeps this one."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import frames, scenes
from benchmarks.measure import Row, alternate, percentile, process, python

HERE = Path(__file__).parent
RESULTS, README = HERE / "results.json", HERE / "README.md"
WORSE = 1.25
_MARK = "<!-- made by make bench -->\n"


def commands(folder: Path, rounds: int) -> list[Row]:
    """Whole processes, as ratios of the bare interpreter's start."""
    environment = surroundings(folder)
    ten = scenes.samples(folder, 10)
    goal = sorted(path.name for path in (ten / "goals").iterdir())[-1]
    root = ["--state-root", str(ten)]
    accepting = ["accept", goal, "--summary", "read it", "--record-not-ready", "--despite-conflicts"]
    rejecting = ["reject", goal, "--reason", "not like this"]
    plain: dict[str, tuple[list[str], float]] = {
        "--version": (["--version"], 1.8),
        "--help": (["--help"], 1.8),
        "check --help": (["check", "--help"], 1.8),
        "an unknown option": (["list", "--lits"], 1.8),
        "an unknown command": (["lits", *root], 1.8),
        "list, 10 goals": (["list", *root], 5),
        "check": (["check", goal, *root], 5),
        "check --json": (["check", goal, "--json", *root], 8),
    }
    subjects = {name: process([program(), *words], folder, environment) for name, (words, _) in plain.items()}
    for words in (accepting, rejecting):
        undecided = folder / f"decided-{words[0]}"
        subject = process([program(), *words, "--state-root", str(undecided)], folder, environment, code=0)
        subjects[words[0]] = partial(_undecided, ten / "goals" / goal, undecided, subject)
    subjects = {"python": process([python(), "-c", "pass"], folder, environment), **subjects}
    times = alternate(subjects, rounds)
    targets = {**{name: target for name, (_, target) in plain.items()}, "accept": 8, "reject": 8}
    return [Row(name, "python", times[name], times["python"], target) for name, target in targets.items()]


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a measured process, with a home of its own."""
    return {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "xdg")}


def program() -> str:
    """The program as a person starts it."""
    return str(Path(python()).with_name("omk-tui"))


def _undecided(goal: Path, root: Path, subject: Callable[[], float]) -> float:
    """Time a subject in a root whose one goal is not decided yet."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(goal, root / "goals" / goal.name)
    return subject()


def many(folder: Path, number: int, rounds: int) -> list[Row]:
    """The list of many goals, nothing cached."""
    environment = surroundings(folder)
    root = scenes.samples(folder, number)
    words = [program(), "list", "--state-root", str(root)]
    subjects = {"python": [python(), "-c", "pass"], "list": words}
    times = alternate({name: process(each, folder, environment) for name, each in subjects.items()}, rounds)
    return [Row(f"list, {number:,} goals", "python", times["list"], times["python"], 0)]


def opening(folder: Path, rounds: int) -> list[Row]:
    """Opening a branch, beside python's start and three times what git needs for diff and merge."""
    rows = []
    for files in (20, 1000):
        project = scenes.project(folder, files, 0)
        environment = surroundings(folder)
        state = folder / f"opened-{files}"
        state.mkdir()
        words = [program(), "open", "work", "--state-root", str(state)]

        subject = process(words, project, environment)
        fresh = partial(_afresh, state, subject)
        times = alternate(
            {
                "python": process([python(), "-c", "pass"], folder, environment),
                "diff": process(["git", "diff", "main", "work"], project, environment),
                "merge": process(["git", "merge-tree", "--write-tree", "main", "work"], project, environment),
                "open": fresh,
            },
            rounds,
        )
        floor = times["python"] + 3 * (times["diff"] + times["merge"])
        rows.append(Row(f"open, {files} files", "python + 3 x git", times["open"], floor, 1.0))
    return rows


def _afresh(state: Path, subject: Callable[[], float]) -> float:
    """Time a subject in a root without goals."""
    for goal in (state / "goals").glob("*") if (state / "goals").exists() else ():
        goal.rename(state / f"old-{time.time_ns()}")
    return subject()


def branches(folder: Path) -> list[Row]:
    """How long the first rows of five hundred branches take, and all of them."""
    from omk_tui.engine.files.state_root import StateRoot
    from omk_tui.engine.opening.branches import branches_to_open

    project = scenes.project(folder, 20, 500)
    began = time.perf_counter()
    first = 0.0
    for _ in branches_to_open(StateRoot(str(folder / "none"), "bench", exists=False), str(project)):
        first = first or (time.perf_counter() - began) * 1000
    whole = (time.perf_counter() - began) * 1000
    return [
        Row("O, 500 branches, first rows", "100 ms", first, 100, 1.0),
        Row("O, 500 branches, every number", "100 ms", whole, 100, 0),
    ]


def on_screen(folder: Path, quick: bool) -> list[Row]:
    """From a key until its frame, beside one Static."""
    floor = frames.run(frames.floor())
    assert isinstance(floor, list)
    rows: list[Row] = []

    def add(name: str, times: list[float]) -> None:
        for share, word, target in ((0.5, "p50", 3.0), (0.95, "p95", 8.0)):
            value, least = percentile(times, share), percentile(floor, share)
            rows.append(Row(f"{name}, {word}", f"one Static, {word}", value, least, target))

    root, goal_id = scenes.reviewed(folder, 60, 20_000)
    walks = {"80x24": ((80, 24), ()), "160x50, side by side": ((160, 50), ("S",)), "wrapped": ((120, 40), ("w",))}
    for word, (size, more) in walks.items():
        walked = frames.run(frames.diff(root, goal_id, size, more))
        assert isinstance(walked, dict)
        for name, times in walked.items():
            add(f"diff of 20,000 lines, {word}: {name}", times)
    path = folder / "log"
    with path.open("w") as file:
        file.writelines(f"line {number} of a log\n" for number in range(1_000_000))
    times = frames.run(frames.log(path))
    assert isinstance(times, list)
    add("log of 1,000,000 lines", times)
    listed = frames.run(frames.goals(scenes.samples(folder, 100 if quick else 1_000)))
    assert isinstance(listed, list)
    add(f"list of {100 if quick else 1_000:,} goals", listed)
    return rows


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


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and goals")
    quick = parser.parse_args().quick
    rounds = 3 if quick else 9
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    with tempfile.TemporaryDirectory(prefix="omk-tui-bench-") as name:
        folder = Path(name)
        rows = [*commands(folder, rounds), *many(folder, 100, rounds), *many(folder, 1_000, 3)]
        rows += [*opening(folder, rounds), *branches(folder), *on_screen(folder, quick)]
    print(table(rows))
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    worse = [row for row in rows if row.name in before and row.ratio > WORSE * before[row.name]]
    for row in worse:
        print(f"worse by more than a quarter: {row.name}: {before[row.name]:.2f} -> {row.ratio:.2f}")
    RESULTS.write_text(json.dumps({row.name: round(row.ratio, 3) for row in rows}, indent=1) + "\n")
    machine = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    about = f"{machine}, {time.strftime('%Y-%m-%d')}"
    head, _, runs = README.read_text().partition(_MARK)
    newest = f"## Run on {about}\n\n{table(rows)}\n"
    last = runs.split("## Run on ")[1:2]
    README.write_text(head + _MARK + "\n" + newest + "".join(f"## Run on {run}" for run in last))
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
