"""Where the branch and the base of an opened goal are today."""

from __future__ import annotations

import os

from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.intake import Intake
from omk_tui.core.text.printable import printable
from omk_tui.engine.git.command import Git, find_git
from omk_tui.engine.git.commit_name import commit_of, is_branch_name
from omk_tui.engine.git.live_merge import try_merges
from omk_tui.engine.git.repository import NoRepository, Repository
from omk_tui.engine.git.settings import NoSettings, readable_repository


def check_branch(intake: Intake) -> BranchCheck:
    """The branch of an opened goal beside the commit that was judged, and its base beside the recorded one."""
    git = find_git(os.environ)
    if git is None:
        return BranchCheck("not checked", "the branch was not checked: there is no git on PATH")
    folder = _folder(intake)
    try:
        with readable_repository(git, folder) as (repository, _, variables):
            return _check(git, repository, dict(variables), intake)
    except (NoRepository, NoSettings) as error:
        return BranchCheck("not checked", f"the branch was not checked: {folder}: {error}")
    except OSError as error:
        return BranchCheck("not checked", f"the branch was not checked: {folder}: {error.strerror or error}")


def _folder(intake: Intake) -> str:
    """The project's folder, or the main work tree of its repository where a linked one is gone."""
    if os.path.lexists(os.path.join(intake.project_dir, ".git")):
        return intake.project_dir
    above, name = os.path.split(intake.repository)
    return above if name == ".git" else intake.project_dir


def _check(git: Git, repository: Repository, variables: dict[str, str], intake: Intake) -> BranchCheck:
    def commit(name: str) -> str:
        return commit_of(git, repository, variables, name) if is_branch_name(name) else ""

    tip, base_tip = commit(intake.branch or intake.head), commit(intake.base_ref)
    if git.out_of_time:
        return BranchCheck("not checked", "the branch was not checked: git took too long")
    name, base = printable(intake.branch_name, 200), printable(intake.base_ref.removeprefix("refs/heads/"), 200)
    words = ["merge-base", "--is-ancestor", intake.head, base_tip]
    merged = bool(base_tip) and git.run(words, folder=repository.work_tree, variables=variables).code == 0
    base_text = ""
    if base_tip and base_tip != intake.base and not merged:
        base_text = f"the base moved: {base} was at {intake.base[:12]} and is at {base_tip[:12]}"
        now = try_merges(repository.work_tree, [(intake.head, base_tip)])[0]
        base_text += {"clean": "; it still merges cleanly", "conflict": "; now it conflicts"}.get(now.state, "")
    if not tip:
        return BranchCheck("gone", f"the branch {name} is gone", "", base_tip, base_text, merged)
    if tip == intake.head:
        text = f"{name} is at {tip[:12]}, which is what was judged"
        return BranchCheck("same", text, tip, base_tip, base_text, merged)
    text = f"the branch moved: {name} was judged at {intake.head[:12]} and is at {tip[:12]}"
    return BranchCheck("moved", text, tip, base_tip, base_text, merged)
