"""Where the branches of opened goals are now, and where their bases are: git is asked once for all of a repository."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.intake import Intake
from omk_tui.core.text.printable import printable
from omk_tui.engine.git.command import Git, find_git
from omk_tui.engine.git.commit_name import is_branch_name
from omk_tui.engine.git.live_merge import try_merges
from omk_tui.engine.git.ref_files import repository_folder
from omk_tui.engine.git.repository import NoRepository, Repository
from omk_tui.engine.git.scratch import scratch_repository, scratch_variables
from omk_tui.engine.git.settings import NoSettings, Settings, readable_repository


def check_branches(intakes: Sequence[Intake], *, merges: bool) -> list[BranchCheck]:
    """The branch of each opened goal beside the commit that was judged, and its base beside the recorded one.

    With `merges` the merge into a base that has moved is tried anew, which takes a command of git for each.
    """
    by_folder: dict[str, list[Intake]] = {}
    for intake in intakes:
        by_folder.setdefault(repository_folder(intake), []).append(intake)
    checks = {folder: iter(_check_folder(folder, group, merges)) for folder, group in by_folder.items()}
    return [next(checks[repository_folder(intake)]) for intake in intakes]


def _check_folder(folder: str, intakes: Sequence[Intake], merges: bool) -> list[BranchCheck]:
    git = find_git(os.environ)
    if git is None:
        return _not_checked(intakes, "there is no git on PATH")
    try:
        with readable_repository(git, folder) as (repository, settings, variables):
            return _check(git, repository, settings, variables, intakes, merges)
    except (NoRepository, NoSettings) as error:
        return _not_checked(intakes, f"{folder}: {error}")
    except OSError as error:
        return _not_checked(intakes, f"{folder}: {error.strerror or error}")


def _not_checked(intakes: Sequence[Intake], why: str) -> list[BranchCheck]:
    return [BranchCheck("not checked", f"the branch was not checked: {why}") for _ in intakes]


def _check(
    git: Git,
    repository: Repository,
    settings: Settings,
    variables: Mapping[str, str],
    intakes: Sequence[Intake],
    merges: bool,
) -> list[BranchCheck]:
    names = {name for intake in intakes for name in (intake.branch or intake.head, intake.base_ref, intake.head)}
    commits = _commits(git, repository, variables, sorted(names))
    merged = _merged(git, repository, settings, intakes, commits) if commits is not None else None
    if commits is None or merged is None:
        return _not_checked(intakes, "git took too long")
    moved = [
        (intake.head, tip)
        for intake in intakes
        if (tip := commits.get(intake.base_ref, "")) not in ("", intake.base) and (intake.head, tip) not in merged
    ]
    tried = try_merges(repository.work_tree, moved) if merges and moved else ()
    states = {pair: merge.state for pair, merge in zip(moved, tried, strict=False)}
    return [_beside(intake, commits, merged, states) for intake in intakes]


def _beside(
    intake: Intake,
    commits: Mapping[str, str],
    merged: frozenset[tuple[str, str]],
    states: Mapping[tuple[str, str], str],
) -> BranchCheck:
    """One goal beside the commits that its names stand for now."""
    tip, base_tip = commits.get(intake.branch or intake.head, ""), commits.get(intake.base_ref, "")
    name, base = printable(intake.branch_name, 200), printable(intake.base_ref.removeprefix("refs/heads/"), 200)
    pair = (intake.head, base_tip)
    base_text, merge_now = "", ""
    if base_tip and base_tip != intake.base and pair not in merged:
        merge_now = states.get(pair, "")
        base_text = f"the base moved: {base} was at {intake.base[:12]} and is at {base_tip[:12]}"
        base_text += {"clean": "; it still merges cleanly", "conflict": "; now it conflicts"}.get(merge_now, "")
    with_base = partial(
        BranchCheck,
        base_tip=base_tip,
        base_text=base_text,
        merged=pair in merged,
        base_conflicts=merge_now == "conflict",
    )
    if not tip:
        return with_base("gone", f"the branch {name} is gone")
    if tip == intake.head:
        return with_base("same", f"{name} is at {tip[:12]}, which is what was judged", tip)
    text = f"the branch moved: {name} was judged at {intake.head[:12]} and is at {tip[:12]}"
    return with_base("moved", text, tip)


def _commits(
    git: Git, repository: Repository, variables: Mapping[str, str], names: Sequence[str]
) -> dict[str, str] | None:
    """The commit that each name stands for, without those that stand for none; None when git took too long."""
    branch_names = [name for name in names if is_branch_name(name)]
    questions = "".join(f"{name}^{{commit}}\n" for name in branch_names).encode("utf-8", "surrogateescape")
    words = ["cat-file", "--batch-check=%(objectname) %(objecttype)"]
    answer = git.start(words, folder=repository.work_tree, variables=variables, stdin=questions).answer()
    lines = answer.text.splitlines()
    if answer.code != 0 or len(lines) != len(branch_names):
        return None if answer.code is None else {}
    answers = (line.partition(" ") for line in lines)
    return {
        name: commit
        for name, (commit, _, kind) in zip(branch_names, answers, strict=True)
        if kind == "commit" and is_git_hash(commit)
    }


def _merged(
    git: Git, repository: Repository, settings: Settings, intakes: Sequence[Intake], commits: Mapping[str, str]
) -> frozenset[tuple[str, str]] | None:
    """Which heads are in which tips of their bases, as pairs; None when git took too long.

    git filters refs by that in one walk, so in a scratch repository each head gets a ref.
    """
    heads: dict[str, set[str]] = {}
    for intake in intakes:
        tip = commits.get(intake.base_ref, "")
        if tip and commits.get(intake.head) == intake.head:
            heads.setdefault(tip, set()).add(intake.head)
    pairs: set[tuple[str, str]] = set()
    if not heads:
        return frozenset()
    with scratch_repository(repository, settings) as scratch:
        for tip, judged in heads.items():
            with open(os.path.join(scratch, "packed-refs"), "w", encoding="ascii") as file:
                file.write("# pack-refs with: sorted \n")
                file.writelines(f"{head} refs/heads/{head}\n" for head in sorted(judged))
            words = ["for-each-ref", "--format=%(objectname)", f"--merged={tip}", "refs/heads/"]
            answer = git.start(words, folder=scratch, variables=scratch_variables(scratch)).answer()
            if answer.code is None:
                return None
            pairs |= {(head, tip) for head in answer.text.split() if head in judged}
    return frozenset(pairs)
