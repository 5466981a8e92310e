"""A branch that can be opened, as a list of them shows it."""

from __future__ import annotations

from typing import Literal

from omk_tui.core.text.printable import printable
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class BranchRow:
    """One branch. Counts are -1 and `merge` is empty while they are not known; `when` is its head's Unix time.

    `moved_from` is the commit that was opened of it before, empty for a branch that is new to the desk.
    """

    ref: str
    head: str
    author: str
    when: int
    base: str
    worktree: str = ""
    moved_from: str = ""
    ahead: int = -1
    behind: int = -1
    files: int = -1
    added: int = 0
    removed: int = 0
    merge: Literal["", "clean", "conflict", "not_checked"] = ""

    @property
    def name(self) -> str:
        """As people say it."""
        return printable(self.ref.removeprefix("refs/heads/").removeprefix("refs/remotes/"), 200)
