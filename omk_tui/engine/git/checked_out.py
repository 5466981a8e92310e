"""Which branch is checked out where, by the files of a repository; git is not asked."""

from __future__ import annotations

import os

from omk_tui.engine.files import open_flags

LARGEST_POINTER = 4096
"""Bytes of a file that names a folder or a ref."""
_MOST_WORK_TREES = 1000
_REF = "ref: "


def checked_out(common_dir: str) -> dict[str, str]:
    """The full ref names that are checked out, with the main work tree or the linked one; both may be gone by now.

    What a linked work tree says of itself is not asked: who goes there looks whether it names this repository in turn.
    """
    branches: dict[str, str] = {}
    main = os.path.dirname(common_dir) if os.path.basename(common_dir) == ".git" else ""
    heads = [(main, os.path.join(common_dir, "HEAD"))] if main else []
    folder = os.path.join(common_dir, "worktrees")
    names = sorted(os.listdir(folder))[:_MOST_WORK_TREES] if os.path.isdir(folder) else []
    for name in names:
        gitdir = first_line(os.path.join(folder, name, "gitdir"))
        if gitdir:
            heads.append((os.path.dirname(gitdir), os.path.join(folder, name, "HEAD")))
    for place, head in heads:
        line = first_line(head)
        if line.startswith(_REF) and os.path.isdir(place):
            branches.setdefault(line.removeprefix(_REF).strip(), place)
    return branches


def first_line(path: str) -> str:
    """The first line of a small file, without its end; empty where it cannot be read."""
    try:
        descriptor = os.open(path, open_flags.FILE & ~os.O_NOFOLLOW)  # git follows a link to HEAD
        with open(descriptor, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(LARGEST_POINTER).rstrip("\n")
    except OSError:
        return ""
