"""Merges tried in a scratch repository that borrows the project's objects: nothing of the project is written or obeyed.

A merge in the project itself would run the merge drivers of its configuration and leave objects there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from omk_tui.core.records.conflict import Conflict
from omk_tui.core.review.live_merge import MARKER_SIZE, ConflictHunk, LiveMerge, conflict_hunks, not_checked
from omk_tui.core.text.printable import printable
from omk_tui.engine.git.command import Git, find_git
from omk_tui.engine.git.commit_name import commit_of
from omk_tui.engine.git.merge_tree import merge_tree
from omk_tui.engine.git.repository import NoRepository, Repository
from omk_tui.engine.git.scratch import scratch_repository, scratch_variables
from omk_tui.engine.git.settings import NoSettings, readable_repository
from omk_tui.light.pattern import pattern

Refs = tuple[str, str]
"""What is to be merged, and into what."""

_REF = pattern(r"[\w./+#~^-]{1,400}")
"""What is asked about: names, hashes and their parents; no search, no path, no option."""
_MOST_MERGES = 64
"""Merges that are tried for one goal."""
_MOST_FILES = 200
_MOST_SHOWN = 20
"""Files whose conflicts are shown."""
_LARGEST_BLOB = 1 << 20
_NO_TEXT = 128


def try_conflicts(path: str, conflicts: Sequence[Conflict]) -> tuple[LiveMerge, ...]:
    """What the merge behind each conflict record comes to now, in their order."""
    if not path:
        return (not_checked("no project is known for this goal"),) * len(conflicts)
    refs = [
        (conflict.merge.source_ref, conflict.merge.target_ref) for conflict in conflicts if conflict.merge is not None
    ]
    results = iter(try_merges(path, refs) if refs else ())
    no_refs = not_checked("no readable evidence names the two refs")
    return tuple(no_refs if conflict.merge is None else next(results) for conflict in conflicts)


def try_merges(path: str, merges: Sequence[Refs]) -> tuple[LiveMerge, ...]:
    """What each merge comes to in the project at `path`, all of them within the seconds of one look."""
    git = find_git(os.environ)
    if git is None:
        return (not_checked("there is no git on PATH"),) * len(merges)
    try:
        with readable_repository(git, path) as (repository, settings, variables):
            heads = [tuple(_commit(git, repository, variables, ref) for ref in refs) for refs in merges[:_MOST_MERGES]]
            with scratch_repository(repository, settings) as scratch:
                results = tuple(
                    _merge(git, scratch, refs, *commits) for refs, commits in zip(merges, heads, strict=False)
                )
        untried = not_checked(f"only the first {_MOST_MERGES} slices are")
        return (*results, *(untried for _ in merges[_MOST_MERGES:]))
    except (NoRepository, NoSettings) as error:
        return (not_checked(f"{path}: {error}"),) * len(merges)
    except OSError as error:
        return (not_checked(f"{path}: {error.strerror or error}"),) * len(merges)


def _commit(git: Git, repository: Repository, variables: Mapping[str, str], ref: str) -> str:
    """The full hash of the commit that a ref names now; empty where it names none."""
    if not _REF.fullmatch(ref) or ref.startswith("-") or ".." in ref:
        return ""
    return commit_of(git, repository, variables, ref)


def _merge(git: Git, scratch: str, refs: Refs, source: str, target: str) -> LiveMerge:
    missing = [ref for ref, commit in zip(refs, (source, target), strict=True) if not commit]
    if missing and git.out_of_time:
        return not_checked("git took too long")
    if missing:
        names = " and ".join(printable(ref, 120) or "an empty ref" for ref in missing)
        return LiveMerge("gone", f"{names} {'names' if len(missing) == 1 else 'name'} no commit any more")
    merge = merge_tree(git, scratch, target, source)
    merge_words = f"{printable(refs[0], 120)} into {printable(refs[1], 120)}"
    if merge.state == "not_checked":
        return not_checked(merge.why)
    if merge.state == "clean":
        return LiveMerge("clean", f"{merge_words} merges cleanly now")
    paths = tuple(merge.stages)
    hunks = [hunk for path in paths[:_MOST_SHOWN] for hunk in _hunks(git, scratch, refs, path, merge.stages[path])]
    several = "file" if len(paths) == 1 else "files"
    words = f"{merge_words} conflicts now in {len(paths)} {several}"
    return LiveMerge("conflict", words, paths[:_MOST_FILES], tuple(hunks))


def _hunks(git: Git, scratch: str, refs: Refs, path: str, stages: Mapping[str, str]) -> tuple[ConflictHunk, ...]:
    """The places of a file that both sides changed; none for files that only one side has, or that are no text."""
    if set(stages) != {"1", "2", "3"}:
        return ()
    for stage, blob in stages.items():
        text = git.start(
            ["cat-file", "blob", blob], folder=scratch, variables=scratch_variables(scratch), largest=_LARGEST_BLOB
        ).answer()
        if text.code != 0:
            return ()
        with open(os.path.join(scratch, f"stage-{stage}"), "wb") as file:
            file.write(text.output)
    words = ["merge-file", "-p", "-q", "--diff3", f"--marker-size={MARKER_SIZE}", "stage-2", "stage-1", "stage-3"]
    merged = git.start(words, folder=scratch, variables=scratch_variables(scratch)).answer()
    return conflict_hunks(path, merged.text) if merged.code is not None and merged.code < _NO_TEXT else ()
