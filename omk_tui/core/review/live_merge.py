"""What a merge of a slice comes to now, beside what its conflict record says."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    LiveState = Literal["conflict", "clean", "gone", "not_checked"]

MARKER_SIZE = 37
"""The length of the marks round a conflict, longer than those that a file may hold already."""
_MOST_HUNKS = 100
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class ConflictHunk:
    """One place where a merge conflicts, three ways: the lines of the common base, of the target, and of the slice.

    `line` is the number of its first line in the target's file. A side is cut after 200 lines.
    """

    path: str
    line: int
    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def conflict_hunks(path: str, merged: str) -> tuple[ConflictHunk, ...]:
    """The conflicts in a text that `git merge-file --diff3` wrote with marks of `MARKER_SIZE`; the first hundred."""
    begin, middle, split, end = (sign * MARKER_SIZE for sign in "<|=>")
    hunks: list[ConflictHunk] = []
    sides: dict[str, list[str]] = {}
    side, number, start = "", 0, 0
    for line in merged.split("\n"):
        if line.startswith(begin):
            sides, side, start = {"ours": [], "base": [], "theirs": []}, "ours", number + 1
        elif side and line.startswith(middle):
            side = "base"
        elif side and line.startswith(split):
            side = "theirs"
        elif side and line.startswith(end):
            base, ours, theirs = (tuple(sides[name][:_MOST_LINES]) for name in ("base", "ours", "theirs"))
            hunks.append(ConflictHunk(path, start, base, ours, theirs))
            side = ""
        else:
            number += side in ("", "ours")
            if side:
                sides[side].append(line)
    return tuple(hunks[:_MOST_HUNKS])


@dataclass(frozen=True, slots=True)
class LiveMerge:
    """A merge tried now, without touching the project.

    `state` is `conflict`, `clean`, `gone` (a ref names no commit any more) or `not_checked`; `text` says it in a
    sentence, in the case of `not_checked` why. `files` are the paths in conflict, `hunks` the places in them.
    """

    state: LiveState
    text: str
    files: tuple[str, ...] = ()
    hunks: tuple[ConflictHunk, ...] = ()


def not_checked(why: str) -> LiveMerge:
    """A merge that was not tried, and why, in a clause."""
    return LiveMerge("not_checked", f"not checked now: {why}")
