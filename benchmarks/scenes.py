"""What is measured on: roots of many goals, a project with branches, a long diff and a long log."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from omk_tui.core.format.limits import LARGEST_DOCUMENT, MOST_PATHS, MOST_RECORDS
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.opening.branch_work import Commit, Work
from omk_tui.core.opening.documents import goal_files
from omk_tui.core.records.file_names import (
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    GRAPH_FILE,
    LEDGER_FILE,
    PROOF_FILE,
)
from omk_tui.core.records.intake import INTAKE_FILE, Intake
from omk_tui.demo import lay_out

CHANGES_A_SECOND = 50
"""How many goals change in a second where goals change meanwhile."""
_LISTED = (GOAL_FILE, PROOF_FILE, GRAPH_FILE, EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE)
_CHANGE = ("-    value_{} = compute({}, 'old')", "+    value_{} = compute({}, 'new')")
WHO = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}


def samples(folder: Path, number: int) -> Path:
    """A root with about `number` goals of the samples' size."""
    root = folder / f"root-{number}"
    if root.exists():
        return root
    lay_out(root, folder / "nowhere")
    hostile = next(path for path in (root / "goals").iterdir() if "0badc0de" in path.name)
    shutil.rmtree(hostile)
    originals = sorted((root / "goals").iterdir())
    for index in range(max(number - len(originals), 0)):
        original = originals[index % len(originals)]
        shutil.copytree(original, root / "goals" / f"{original.name[:-8]}{index:08x}")
    (root / "omk.db").unlink()
    return root


def many(folder: Path, number: int) -> Path:
    """A root with so many goals of the samples' size, of which there is only what a list reads.

    Beyond ten thousand the files are links to those of the first.
    """
    root = folder / f"many-{number}"
    if root.exists():
        return root
    originals = sorted((samples(folder, 0) / "goals").iterdir())
    (root / "goals").mkdir(parents=True)
    for index in range(number):
        original = originals[index % len(originals)]
        goal = root / "goals" / f"goal-20260{1 + index % 9}{1 + index % 28:02}-000000-000-{index:08x}"
        goal.mkdir(parents=True)
        for path in original.iterdir():
            if path.name in _LISTED and index < 10_000:
                (goal / path.name).write_bytes(path.read_bytes().replace(original.name.encode(), goal.name.encode()))
            elif path.name in _LISTED:
                os.link(path, goal / path.name)
    return root


def change(root: Path, name: str, **changed: str) -> None:
    """Replace a goal's goal.json as omk does."""
    path = root / "goals" / name / GOAL_FILE
    other = path.with_suffix(".tmp")
    other.write_text(json.dumps({**json.loads(path.read_text()), **changed}, indent=2))
    other.replace(path)


@contextmanager
def changing(root: Path, names: Sequence[str]) -> Iterator[None]:
    """Change one goal after the other while the context lasts."""
    ended = threading.Event()

    def go_on() -> None:
        number = 0
        while not ended.wait(1 / CHANGES_A_SECOND):
            number += 1
            change(root, names[number % len(names)], normalized_goal=f"change {number}")

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def git(folder: Path, *words: str, given: bytes = b"") -> str:
    """A git command in a folder, with nobody's configuration."""
    environment = {**os.environ, **WHO, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    ended = subprocess.run(["git", *words], cwd=folder, env=environment, input=given, check=True, capture_output=True)
    return ended.stdout.decode().strip()


def project(folder: Path, files: int, branches: int) -> Path:
    """A project whose branch `work` changes `files` files, with `branches` more branches of one file each."""
    place = folder / f"project-{files}-{branches}"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    history = [_commit("main", "", {f"src/f{number}.py": "a = 1\n" * 50 for number in range(max(files, 20))})]
    history.append(
        _commit("work", "main", {f"src/f{number}.py": "a = 1\n" * 49 + "b = 2\n" for number in range(files)})
    )
    history += [_commit(f"agent/b{number}", "main", {f"new/n{number}.py": "c = 3\n"}) for number in range(branches)]
    git(place, "fast-import", "--quiet", given=b"".join(history))
    git(place, "reset", "-q", "--hard", "main")
    return place


def _commit(branch: str, parent: str, files: dict[str, str]) -> bytes:
    lines = [f"commit refs/heads/{branch}\ncommitter A <a@b> 1795380000 +0000\ndata 4\nwork\n".encode()]
    if parent:
        lines.append(f"from refs/heads/{parent}\n".encode())
    for path, text in files.items():
        lines.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode())
    return b"".join(lines) + b"\n"


def reviewed(folder: Path, files: int, lines: int, *, short: bool = False) -> tuple[Path, str]:
    """A root with one goal whose diff has that many files and lines; a million `short` lines are read whole."""
    root, goal_id = folder / f"reviewed-{lines}", "goal-20261122-205543-000-be0c4000"
    diff = []
    for number in range(files):
        each = lines // files
        diff.append(
            f"diff --git a/src/f{number}.py b/src/f{number}.py\n--- a/src/f{number}.py\n+++ b/src/f{number}.py\n"
        )
        diff.append(f"@@ -1,{each} +1,{each} @@ def f():\n")
        for line in range(each // 2):
            old, new = (f"-{line}", f"+{line}") if short else (code.format(line, line) for code in _CHANGE)
            diff.append(f"{old}\n{new}\n")
    intake = Intake(
        *(goal_id, "2026-11-22T20:55:57Z", "a@b", "omk-tui", "git", "/nowhere", "/nowhere/.git", "", "1" * 40, "main"),
        *("2" * 40, "3" * 40, "clean", "4" * 40, "clean", "--goal"),
    )
    work = Work("".join(diff).encode(), tuple(f"src/f{n}.py" for n in range(files)), (Commit("1" * 40, "a", "b"),))
    _, contents = goal_files(intake, "A long diff", work, str(root / "goals" / goal_id), Timestamp.from_unix_seconds(1))
    for path, data in contents.items():
        if path != INTAKE_FILE:
            place = root / "goals" / goal_id / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    return root, goal_id


def write_log(path: Path, size: int) -> None:
    """A log of at least that many bytes."""
    piece = b"".join(b"line %d of a large log\n" % number for number in range(50_000))
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(piece)


def with_log(folder: Path, size: int) -> tuple[Path, str]:
    """A root with one goal, a gate of which has a log of that many bytes."""
    original = sorted((samples(folder, 0) / "goals").iterdir())[-1]
    goal = folder / "with-log" / "goals" / original.name
    shutil.copytree(original, goal)
    write_log(next(goal.glob("artifacts/gates/*/*.log")), size)
    return folder / "with-log", goal.name


def at_the_caps(folder: Path) -> tuple[Path, str]:
    """A root with one goal that holds as much as is read of one: as many gates, tasks, gaps and paths.

    The gates share one log, and their output fills proof.json.
    """
    original = sorted((samples(folder, 0) / "goals").iterdir())[-1]
    root = folder / "at-the-caps"
    goal = root / "goals" / original.name
    shutil.copytree(original, goal)
    proof, graph = (json.loads((goal / name).read_text()) for name in (PROOF_FILE, GRAPH_FILE))
    proof["gates"] = [{**proof["gates"][0], "name": f"gate-{number}", "stdout": ""} for number in range(MOST_RECORDS)]
    proof["known_gaps"] = [f"gap {number}" for number in range(MOST_RECORDS)]
    proof["changed_files"] = [f"src/f{number}.py" for number in range(MOST_PATHS)]
    room = LARGEST_DOCUMENT - 4096 - len(json.dumps(proof).encode())
    for gate in proof["gates"]:
        gate["stdout"] = "x" * (room // MOST_RECORDS)
    more = range(MOST_RECORDS - len(graph["tasks"]))
    graph["tasks"] += [{**graph["tasks"][0], "id": f"task-{number}"} for number in more]
    for name, document in ((PROOF_FILE, proof), (GRAPH_FILE, graph)):
        (goal / name).write_text(json.dumps(document))
    return root, goal.name
