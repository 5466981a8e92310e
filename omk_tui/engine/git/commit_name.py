"""Which commit a name stands for in a repository."""

from __future__ import annotations

from collections.abc import Mapping

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.engine.git.command import Git
from omk_tui.engine.git.repository import Repository
from omk_tui.light.pattern import pattern

_BRANCH = pattern(r"(?!-)[^\x00-\x20\x7f~^:?*\[\\]{1,400}")


def commit_of(git: Git, repository: Repository, variables: Mapping[str, str], name: str) -> str:
    """The whole hash of the commit that a name stands for now; empty where there is none.

    What git would take for an option or a range has to be refused by the caller.
    """
    words = ["rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"]
    answer = git.start(words, folder=repository.work_tree, variables=variables).answer()
    commit = answer.text.strip()
    return commit if answer.code == 0 and is_git_hash(commit) else ""


def is_branch_name(name: str) -> bool:
    """Whether git could call a ref so: no option, no search, no parent of something."""
    return bool(_BRANCH.fullmatch(name))
