"""What a merge of a slice comes to now, beside what its conflict record says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LiveState = Literal["conflict", "clean", "gone", "not_checked"]


@dataclass(frozen=True, slots=True)
class LiveMerge:
    """A merge tried now, without touching the project.

    `state` is `conflict`, `clean`, `gone` (a ref names no commit any more) or `not_checked`; `text` says it in a
    sentence, in the case of `not_checked` why. `files` are the paths in conflict.
    """

    state: LiveState
    text: str
    files: tuple[str, ...] = ()


def not_checked(why: str) -> LiveMerge:
    """A merge that was not tried, and why, in a clause."""
    return LiveMerge("not_checked", f"not checked now: {why}")
