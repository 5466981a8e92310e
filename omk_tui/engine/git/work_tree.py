"""Whether a work tree differs from its commit, as ``git status`` would say, with nothing run inside submodules."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping

from omk_tui.engine.git.command import Git
from omk_tui.engine.git.repository import NoRepository, Repository, find_repository
from omk_tui.engine.git.settings import (
    NoSettings,
    Settings,
    is_trusted,
    read_settings,
    read_settings_file,
    stand_in,
)

_DEEPEST = 8
"""How deep submodules inside submodules are followed."""
_GITLINK = b"160000 "


def is_dirty(
    git: Git, repository: Repository, settings: Settings, variables: Mapping[str, str], depth: int = 0
) -> bool | None:
    """Whether ``git status --porcelain`` would name a change or an untracked file; None when git did not say in time.

    Git would start another git in each submodule, which would obey the submodule's own configuration; here each is
    looked at as the project is. One that cannot be looked at so counts as changed.
    """
    # Renames are two lines or one, which is a change either way; to find them git may want blobs it does not have.
    words = ["status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty"]
    answer = git.start(words, folder=repository.work_tree, variables=variables).answer()
    if answer.code != 0:
        return None
    changes = [entry for entry in answer.output.split(b"\0") if _is_change(entry)]
    ignored: Mapping[str, str] | None = None
    if changes:
        only_links = all(entry[:3] == b" M " for entry in changes)
        if not only_links:
            return True
        ignored = _ignored_submodules(git, repository, settings)
        if any(ignored.get(os.fsdecode(entry[3:])) != "all" for entry in changes):
            return True
    links = list(_gitlinks(git, repository, variables))
    if not links:
        return False
    if ignored is None:
        ignored = _ignored_submodules(git, repository, settings)
    usual = settings.get("diff.ignoresubmodules", "none")
    return _any_dirty(git, repository, [(path, ignored.get(path, usual)) for path in links], depth)


def _is_change(entry: bytes) -> bool:
    return len(entry) >= 4 and entry[:2] != b"  "


def _any_dirty(git: Git, repository: Repository, links: list[tuple[str, str]], depth: int) -> bool | None:
    for path, ignore in links:
        if ignore in ("all", "dirty"):
            continue
        folder = _inside(repository.work_tree, path)
        if folder is None or not os.path.lexists(os.path.join(folder, ".git")):
            continue  # nothing is checked out there
        if depth >= _DEEPEST:
            return True
        try:
            below = find_repository(folder)
            if not is_trusted(git, below):
                return True
            settings = dict(read_settings(git, below))
            if ignore == "untracked":
                settings["status.showuntrackedfiles"] = "no"
            with stand_in(below, settings) as variables:
                dirty = is_dirty(git, below, settings, variables, depth + 1)
        except (NoRepository, NoSettings, OSError):
            dirty = None if git.out_of_time else True
        if dirty is None or dirty:
            return dirty
    return False


def _gitlinks(git: Git, repository: Repository, variables: Mapping[str, str]) -> Iterator[str]:
    """The paths in the index that stand for a commit of another repository."""
    answer = git.start(["ls-files", "--stage", "-z"], folder=repository.work_tree, variables=variables).answer()
    if _GITLINK not in answer.output:
        return
    for entry in answer.output.split(b"\0"):
        if entry.startswith(_GITLINK):
            yield os.fsdecode(entry.partition(b"\t")[2])


def _inside(work_tree: str, path: str) -> str | None:
    """The folder at a path of the index, if no part of it is a link; None where there is none."""
    folder = work_tree
    for name in path.split("/"):
        if name in ("", ".", ".."):
            return None
        folder = os.path.join(folder, name)
        try:
            if not stat.S_ISDIR(os.lstat(folder).st_mode):
                return None
        except (OSError, ValueError):
            return None
    return folder


def _ignored_submodules(git: Git, repository: Repository, settings: Settings) -> Mapping[str, str]:
    """How much of each submodule's changes is to be ignored (all, dirty, untracked, none), by its path."""
    modules = os.path.join(repository.work_tree, ".gitmodules")
    try:
        regular = stat.S_ISREG(os.lstat(modules).st_mode)
    except OSError:
        regular = False
    listed = read_settings_file(git, repository.work_tree, modules) if regular else {}
    paths = {
        name.removeprefix("submodule.").removesuffix(".path"): path
        for name, path in listed.items()
        if name.startswith("submodule.") and name.endswith(".path")
    }
    ignored: dict[str, str] = {}
    for module, path in paths.items():
        value = settings.get(f"submodule.{module}.ignore", listed.get(f"submodule.{module}.ignore"))
        if value is not None:
            ignored[path] = value
    return ignored
