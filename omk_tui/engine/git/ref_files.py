"""Which files of a repository change when the branch or the base of an opened goal moves; git is not asked."""

from __future__ import annotations

import os

from omk_tui.core.records.intake import Intake
from omk_tui.engine.git.commit_name import is_branch_name
from omk_tui.engine.git.repository import NoRepository, find_repository

_OF_ALL_REFS = ("packed-refs", "reftable/tables.list")
"""Files that hold many refs, or name those that do, below the common git directory."""


def repository_folder(intake: Intake) -> str:
    """The project's folder, or the main work tree of its repository where a linked one is gone."""
    if os.path.lexists(os.path.join(intake.project_dir, ".git")):
        return intake.project_dir
    above, name = os.path.split(intake.repository)
    return above if name == ".git" else intake.project_dir


def ref_files(intake: Intake) -> tuple[str, ...]:
    """Paths of the files that say where the goal's branch and its base are; some need not be there.

    They lie below the common git directory, which all work trees of a repository share, whatever names the record has.
    Empty where there is no repository.
    """
    try:
        common_dir = find_repository(repository_folder(intake)).common_dir
    except NoRepository:
        return ()
    names = [name for name in dict.fromkeys((intake.branch, intake.base_ref)) if _is_ref(name)]
    files = [file for name in names for file in (name, f"logs/{name}")]
    return tuple(os.path.join(common_dir, file) for file in (*files, *_OF_ALL_REFS))


def _is_ref(name: str) -> bool:
    """Whether this is the full name of a ref, whose file therefore lies below a git directory."""
    parts = name.split("/")
    return parts[0] == "refs" and is_branch_name(name) and not any(part in ("", ".", "..") for part in parts)
