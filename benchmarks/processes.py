"""Whole processes: the commands, opening a branch, lists of many goals."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks import scenes
from benchmarks.measure import Row, alternate, process, python, timed
from omk_tui.core.format.limits import LARGEST_DOCUMENT
from omk_tui.core.records.file_names import GOAL_FILE, GRAPH_FILE, PROOF_FILE
from omk_tui.engine.files.goal_folder import GoalFolder

_RECORDS = (GOAL_FILE, PROOF_FILE, GRAPH_FILE)
CHANGED = 10
"""Goals that have changed when a list is asked for again."""


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
    if omk := os.environ.get("OMK_BIN"):
        home = folder / "omk-deciding"
        for words in (["accept", "--summary", "read it"], ["reject", "--reason", "not like this"]):
            subject = process(
                [omk, "goal", words[0], goal, *words[1:]], folder, {**environment, "XDG_STATE_HOME": str(home)}, code=0
            )
            subjects[f"omk goal {words[0]}"] = partial(_undecided, ten / "goals" / goal, home / "omk", subject)
    times = alternate(subjects, rounds)
    targets = {**{name: target for name, (_, target) in plain.items()}, "accept": 8, "reject": 8}
    rows = [Row(name, "python", times[name], times["python"], target) for name, target in targets.items()]
    beside = [name for name in ("accept", "reject") if f"omk goal {name}" in times]
    return [
        *rows,
        *(Row(f"{name}, beside omk", f"omk goal {name}", times[name], times[f"omk goal {name}"], 0) for name in beside),
    ]


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


def lists(folder: Path, large: int, rounds: int) -> list[Row]:
    """A list of many goals, anew and again after a few have changed, beside omk's own, which judges nothing.

    Without OMK_BIN the floor is the bare interpreter, and there is no target.
    """
    root = scenes.many(folder, large)
    environment = {**surroundings(folder), "XDG_CACHE_HOME": str(folder / "list-cache")}
    listing = process([program(), "list", "--state-root", str(root)], folder, environment)
    omk = os.environ.get("OMK_BIN")
    floor, name = process([python(), "-c", "pass"], folder, environment), "python"
    if omk:
        floor, name = partial(_omk_list, omk, root, folder, environment), "omk goal list"
    anew, again = f"list, {large:,} goals, nothing cached", f"list, {large:,} goals, {CHANGED} changed since"
    subjects: dict[str, Callable[[], float]] = {
        "floor": floor,
        anew: partial(_anew, folder / "list-cache", listing),
        again: partial(_again, root, listing),
    }
    times = alternate(subjects, rounds)
    return [
        Row(anew, name, times[anew], times["floor"], 6.0 if omk else 0),
        Row(again, name, times[again], times["floor"], 1.0 if omk else 0),
    ]


def confinement(folder: Path, rounds: int) -> list[Row]:
    """What it costs to read the records of goals confined and bounded, beside reading them by their paths."""
    goals_dir = scenes.many(folder, 1_000) / "goals"
    names = os.listdir(goals_dir)

    def confined() -> None:
        for name in names:
            with GoalFolder(str(goals_dir / name)) as goal:
                for file in _RECORDS:
                    goal.read(file, LARGEST_DOCUMENT)

    def plain() -> None:
        for name in names:
            for file in _RECORDS:
                with open(f"{goals_dir}/{name}/{file}", "rb") as opened:
                    opened.read()

    times = alternate({"confined": partial(timed, confined), "plain": partial(timed, plain)}, rounds)
    name = "records of 1,000 goals, read confined and bounded"
    return [Row(name, "open and read by path", times["confined"], times["plain"], 0)]


def _anew(cache: Path, listing: Callable[[], float]) -> float:
    shutil.rmtree(cache, ignore_errors=True)
    return listing()


def _again(root: Path, listing: Callable[[], float]) -> float:
    for name in sorted(os.listdir(root / "goals"))[:CHANGED]:
        scenes.change(root, name, normalized_goal=f"at {time.time_ns()}")
    return listing()


def _omk_list(omk: str, root: Path, folder: Path, environment: Mapping[str, str]) -> float:
    """Time the real omk on the same files; the database that it makes is removed again."""
    home = folder / "omk-home"
    home.mkdir(exist_ok=True)
    if not (home / "omk").exists():
        (home / "omk").symlink_to(root)
    took = process([omk, "goal", "list"], folder, {**environment, "XDG_STATE_HOME": str(home)})()
    for path in root.glob("omk.db*"):
        path.unlink()
    shutil.rmtree(root / "logs", ignore_errors=True)
    return took
