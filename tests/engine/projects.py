"""Git projects to look at, and the programs that a hostile configuration of one names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WHO = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **WHO}, check=True, capture_output=True, text=True
    )
    return ended.stdout.strip()


def conflicting_project(folder: Path) -> Path:
    """A project whose branch `ours` conflicts with `theirs`, and not with `apart`."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "notes.txt").write_text("one\ntwo\nthree\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "base")
    for branch, name, text in (
        ("ours", "notes.txt", "one\nTWO\nthree\n"),
        ("theirs", "notes.txt", "one\n2\nthree\n"),
        ("apart", "other.txt", "apart\n"),
    ):
        git(folder, "checkout", "-q", "-b", branch, "main")
        (folder / name).write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-qm", branch)
    git(folder, "checkout", "-q", "ours")
    return folder


TRAPS = ("driver", "textconv", "hook", "alternates", "replace")


def plant(folder: Path, beside: Path, trap: str) -> Path:
    """Let the configuration of a project name a program; where it ran, the file that is returned is there."""
    mark = beside / "it-ran"
    program = beside / "agent-program"
    program.write_text(f"#!/bin/sh\necho ran >> '{mark}'\nexit 0\n")
    program.chmod(0o755)
    if trap in ("driver", "textconv"):
        (folder / ".git/info").mkdir(exist_ok=True)
        (folder / ".git/info/attributes").write_text("*.txt merge=agent diff=agent filter=agent\n")
        git(folder, "config", "merge.agent.driver", f"{program} %A")
        git(folder, "config", "merge.default", "agent")
        git(folder, "config", "diff.agent.textconv", str(program))
        git(folder, "config", "filter.agent.clean", str(program))
    if trap == "hook":
        for name in ("post-index-change", "reference-transaction", "pre-merge-commit"):
            (folder / ".git/hooks" / name).write_bytes(program.read_bytes())
            (folder / ".git/hooks" / name).chmod(0o755)
        git(folder, "config", "core.fsmonitor", str(program))
    if trap == "alternates":
        git(folder, "config", "core.alternateRefsCommand", str(program))
    if trap == "replace":
        git(folder, "replace", git(folder, "rev-parse", "theirs"), git(folder, "rev-parse", "apart"))
    return mark
