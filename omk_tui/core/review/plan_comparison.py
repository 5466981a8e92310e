"""The rollback plan that a reject would write, beside the one that an earlier reject has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from omk_tui.light.dataclass import dataclass

MOST_LINES = 200
"""How many of the differing lines of each side are kept; all of them are counted."""


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """What differs between the plan on disk and the plan as it would be now, the reason left aside.

    `reason` is that of the plan on disk; None where it has no such part. `before` are lines that only the plan on disk
    has, `after` lines that only the new one would have, with how many there are in all.
    """

    reason: str | None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    before_count: int = 0
    after_count: int = 0
    is_same: bool = True


def compare_plans(plan: str, placeholder: str, on_disk: str) -> PlanComparison:
    """Compare the plan on disk with `plan`, in which `placeholder` stands for the reason.

    The time that it takes grows with the length of the texts only, whatever they hold.
    """
    head, _, tail = plan.partition(placeholder)
    reason = _reason(head, tail, on_disk)
    before = (on_disk if reason is None else head + placeholder + on_disk[len(head) + len(reason) :]).split("\n")
    after = plan.split("\n")
    if before == after:
        return PlanComparison(reason)
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    before, after = before[start:], after[start:]
    backwards = zip(reversed(before), reversed(after), strict=False)
    end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards))
    before, after = before[: len(before) - end], after[: len(after) - end]
    gone, fresh = _only_in(before, after), _only_in(after, before)
    return PlanComparison(
        reason, tuple(gone[:MOST_LINES]), tuple(fresh[:MOST_LINES]), len(gone), len(fresh), is_same=False
    )


def _reason(head: str, tail: str, on_disk: str) -> str | None:
    """What stands in the plan on disk where the reason belongs: up to the next heading."""
    heading = "\n".join(tail.split("\n", 4)[:4])
    end = on_disk.find(heading, len(head))
    return on_disk[len(head) : end] if on_disk.startswith(head) and end >= 0 else None


def _only_in(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """The lines, each as often as it stands more often among them than among the others."""
    left = Counter(lines) - Counter(others)
    only: list[str] = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
            only.append(line)
    return only
