"""A checkout of an exact tree in a temporary folder: from our own scratch repository, with no filter and no hook."""

from __future__ import annotations

import os

from omk_tui.core.text.printable import printable
from omk_tui.engine.gating.manifest import Manifest
from omk_tui.engine.git.scratch import scratch_variables
from omk_tui.engine.opening.source import Source
from omk_tui.light.dataclass import dataclass

_MOST_CHANGED = 200


class NoCheckout(Exception):
    """Why a tree cannot be checked out, in a sentence."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder that holds a tree; nothing of it is registered anywhere. `submodules` counts those that it names."""

    folder: str
    tree: str
    manifest: Manifest
    submodules: int = 0

    def changed(self) -> tuple[str, ...]:
        """Tracked files that are no longer as they were checked out."""
        return self.manifest.changed(_MOST_CHANGED)


def check_out(source: Source, commit_or_tree: str, folder: str) -> Checkout:
    """Put a tree into the empty `folder`. Raises NoCheckout."""
    tree = source.read("rev-parse", "--verify", "--quiet", f"{commit_or_tree}^{{tree}}").text.strip()
    variables = _variables(source, folder)
    for words in (["read-tree", tree], ["checkout-index", "--all", "--force", "--quiet", "-u"]):
        answer = source.git.start(words, folder=folder, variables=variables).answer()
        if answer.code != 0:
            why = printable(answer.complaint.strip().partition("\n")[0], 300) or "git took too long"
            lacks = "; a partial clone lacks it until git fetches it" if "unable to read" in why else ""
            raise NoCheckout(f"tree {tree[:12]} cannot be checked out: {why}{lacks}")
    listed = source.read("ls-tree", "-r", "-z", "--full-tree", tree)
    entries = [entry.partition(b"\t") for entry in listed.output.split(b"\0") if entry]
    if listed.code != 0:
        raise NoCheckout(f"tree {tree[:12]} cannot be checked out: git cannot list its files")
    submodules = sum(about.startswith(b"160000 ") for about, _, _ in entries)
    return Checkout(folder, tree, Manifest(folder, (name for _, _, name in entries)), submodules)


def merged_tree(source: Source, base: str, head: str) -> str:
    """The tree of merging head into base, made in the scratch repository. Raises NoCheckout."""
    merge = source.merge(base, head)
    if merge.state != "clean":
        raise NoCheckout("the merge conflicts, or git cannot make it: there is no merged tree to run gates on")
    return merge.tree


def _variables(source: Source, folder: str) -> dict[str, str]:
    index = os.path.join(source.scratch, "index")
    return {**scratch_variables(source.scratch), "GIT_WORK_TREE": folder, "GIT_INDEX_FILE": index}
