"""A merge of two commits in a scratch repository: its tree, or which files conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.text.printable import printable
from omk_tui.engine.git.command import Git, GitAnswer, RunningGit
from omk_tui.engine.git.scratch import scratch_variables
from omk_tui.light.dataclass import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.records.intake import MergeState

_UNKNOWN_OPTION = 129

Stages = Mapping[str, Mapping[str, str]]
"""For each path in conflict the blobs of its stages: "1" the base, "2" the target, "3" the source."""


@dataclass(frozen=True, slots=True)
class MergeTree:
    """What a merge came to: its `tree`, the `stages` of conflicts, or in a clause why it was not checked."""

    state: MergeState
    tree: str = ""
    stages: Stages = field(default_factory=dict)
    why: str = ""


def merge_tree(git: Git, scratch: str, target: str, source: str) -> MergeTree:
    """Merge the commit `source` into the commit `target`; what it makes is left in the scratch repository."""
    with start_merge(git, scratch, target, source) as running:
        return merge_of(running.answer())


def start_merge(git: Git, scratch: str, target: str, source: str) -> RunningGit:
    """Begin to merge as `merge_tree` does; `merge_of` reads the answer."""
    words = ["merge-tree", "--write-tree", "--no-messages", "-z", target, source]
    return git.start(words, folder=scratch, variables=scratch_variables(scratch))


def merge_of(answer: GitAnswer) -> MergeTree:
    """What a merge came to, by what git said of it."""
    tree, *entries = answer.text.split("\0")
    if answer.code is None:
        return MergeTree("not_checked", why="git took too long")
    if answer.code == _UNKNOWN_OPTION:
        return MergeTree("not_checked", why="this git has no merge-tree --write-tree; 2.38 brought it")
    if answer.code not in (0, 1) or not is_git_hash(tree.strip()):
        reason = printable(answer.complaint.strip().partition("\n")[0], 200)
        return MergeTree("not_checked", why=f"git could not merge: {reason or 'it gave no reason'}")
    if answer.code == 0:
        return MergeTree("clean", tree.strip())
    return MergeTree("conflict", tree.strip(), _stages(entries))


def _stages(entries: Sequence[str]) -> Stages:
    stages: dict[str, dict[str, str]] = {}
    for entry in entries:
        about, tab, path = entry.partition("\t")
        words = about.split(" ")
        if tab and len(words) == 3:
            stages.setdefault(path, {})[words[2]] = words[1]
    return stages
