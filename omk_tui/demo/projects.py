"""Small git projects behind the samples, made from their own diffs; the same commits on every machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from omk_tui.core.review.diff import FilePatch, read_diff
from omk_tui.demo.unrecorded import ABOVE, BRANCHES, LATER, MOVED_ON, NEW_FILES

_WHEN = 1_795_380_000
"""The date of the first commit, in Unix seconds; each further one is an hour later."""
_AUTHOR = "Sam Sample <sam@example.org>"
_COMMIT = re.compile("[0-9a-f]{40}")

Renames = dict[bytes, bytes]
"""Hashes in the recorded files, and those that the project of the demo has instead: of the same length."""


def build(name: str, goal: Path, folder: Path) -> Renames:
    """Make the project of the sample `name`, recorded in `goal`, in the absent directory `folder`.

    Returns which hashes of the recorded files have to be replaced; none, and an empty directory, where there is no git.
    Raises OSError, and CalledProcessError when git fails.
    """
    folder.mkdir(parents=True)
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):
        return {}
    patches = _patches(goal)
    before = {patch.path: _text(patch, "old", ABOVE.get(name, {}).get(patch.path, "")) for patch in patches}
    after = {patch.path: _text(patch, "new", ABOVE.get(name, {}).get(patch.path, "")) for patch in patches}
    new_files = NEW_FILES.get(name, {})
    history = [commit_record("main", 0, "", "Start", before or {"README.md": f"# {name}\n"})]
    if name in MOVED_ON:
        history.append(commit_record("main", 1, "main", "Take the agent's work in", {**after, **new_files}))
    branches = BRANCHES.get(name, {})
    for number, (slice_id, (path, there, now)) in enumerate(branches.items(), 2):
        text = before[path].replace(there, now)
        history.append(commit_record(f"omk/{goal.name}/{slice_id}", number, "main", f"Change {path}", {path: text}))
    run_git(git, folder, "init", "--quiet", "--template=", "--initial-branch=main")
    run_git(git, folder, "fast-import", "--quiet", stdin=b"".join(history))
    run_git(git, folder, "reset", "--quiet", "--hard", "main")
    for path, text in {**after, **new_files}.items():
        _write(folder / path, text + LATER.get(name, {}).get(path, ""))
    base = run_git(git, folder, "rev-list", "--max-parents=0", "main")
    tips = {slice_id: run_git(git, folder, "rev-parse", f"omk/{goal.name}/{slice_id}") for slice_id in branches}
    return {**_renamed_commits(goal, base, tips), **_renamed_blobs(patches, before, after)}


def _patches(goal: Path) -> tuple[FilePatch, ...]:
    diffs = sorted(goal.glob("artifacts/agent-runs/*/mutation.diff"))
    return read_diff("", "", diffs[-1].read_text("utf-8")).files if diffs else ()


def _text(patch: FilePatch, side: str, above: str) -> str:
    """A file before (`old`) or after (`new`) a patch; the samples' hunks reach to the ends of their files."""
    kinds = ("context", "removed" if side == "old" else "added")
    return above + "".join(f"{line.text[1:]}\n" for line in patch.lines if line.kind in kinds)


def commit_record(
    branch: str, number: int, parent: str, message: str, files: Mapping[str, str], author: str = _AUTHOR
) -> bytes:
    """A commit as `git fast-import` reads it."""
    when = f"{author} {_WHEN + 3600 * number} +0000"
    lines = [f"commit refs/heads/{branch}\nauthor {when}\ncommitter {when}\n".encode(), _data(message)]
    if parent not in ("", branch):  # a branch goes on from its own tip without being told
        lines.append(f"from refs/heads/{parent}\n".encode())
    for path, text in sorted(files.items()):
        lines += [f"M 100644 inline {path}\n".encode(), _data(text)]
    return b"".join(lines) + b"\n"


def _data(text: str) -> bytes:
    data = text.encode()
    return b"data %d\n%b\n" % (len(data), data)


def _renamed_commits(goal: Path, base: str, tips: Mapping[str, str]) -> Renames:
    recorded = json.loads((goal / "proof.json").read_bytes()).get("commits") or []
    renamed = {commit.encode(): base.encode() for commit in recorded[:1] if _COMMIT.fullmatch(commit)}
    for task in _tasks(json.loads((goal / "task-graph.json").read_bytes())):
        delivery = task.get("delivery") or {}
        commit, tip = delivery.get("commit_sha"), tips.get(delivery.get("slice_id", ""))
        if commit and tip:
            renamed[commit.encode()] = tip.encode()
    return renamed


def _tasks(graph: Mapping[str, list[dict[str, dict[str, str]]]]) -> Iterable[dict[str, dict[str, str]]]:
    return graph.get("tasks") or graph.get("nodes") or ()


def _renamed_blobs(patches: Iterable[FilePatch], before: Mapping[str, str], after: Mapping[str, str]) -> Renames:
    renamed: Renames = {}
    for patch in patches:
        for recorded, text in zip(patch.blobs, (before[patch.path], after[patch.path]), strict=True):
            data = text.encode()
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
            renamed[recorded.encode()] = blob[: len(recorded)].encode()
    return renamed


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run_git(git: str, folder: Path, *words: str, stdin: bytes = b"") -> str:
    """Run git with nobody's configuration; returns what it says, without its last line end."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }
    ended = subprocess.run([git, *words], cwd=folder, env=environment, input=stdin, check=True, capture_output=True)
    return ended.stdout.decode().strip()
