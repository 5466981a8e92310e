"""What changed between two readings of a goal, in sentences: requirement by requirement, then everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omk_tui.core.review.goal_review import changed_parts
from omk_tui.core.review.shown_points import GIT_PART, RECORDS, Point, Seen
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few

_NAMES_SHOWN = 5


def changes(before: Seen, after: Seen) -> tuple[str, ...]:
    """What is different in `after`, one sentence each; empty when both show the same.

    The sentences are clean: outside text in them is printable and bounded. Parts that changed without a consequence
    for anything that is shown come last, by name.
    """
    old, new = _by_name(before.points), _by_name(after.points)
    moved = [(old[name], point) for name, point in new.items() if name in old and _differ(old[name], point)]
    added = [point for name, point in new.items() if name not in old and point.item]
    removed = [point for name, point in old.items() if name not in new and point.item]
    words = (*(_moved(was, now) for was, now in moved), *_several("new {}", added), *_several("{} gone", removed))
    explained = {point.part for point in (*(now for _, now in moved), *added, *removed)}
    if "" in explained:
        explained.update((*RECORDS, GIT_PART))
    silent = [part for part in changed_parts(before.parts, after.parts) if part not in explained]
    rest = (f"{printable(part, 300)}: the bytes differ, nothing that is shown here does" for part in silent)
    return (*words, *rest)


def _by_name(points: Sequence[Point]) -> dict[tuple[str, str], Point]:
    return {(point.kind, point.item): point for point in points}


def _differ(was: Point, now: Point) -> bool:
    return (was.state, was.detail) != (now.state, now.detail)


def _moved(was: Point, now: Point) -> str:
    name = f"{now.kind} {now.item}" if now.item else now.kind
    if was.state == now.state:
        return f"{name}: still {now.state}, now: {now.detail or 'nothing behind it'}"
    return f"{name}: {was.state} -> {now.state}" + (f": {now.detail}" if now.detail else "")


def _several(title: str, points: Sequence[Point]) -> Iterator[str]:
    """What came or went: each with its state, and what has none a few to a line, by kind."""
    kinds: dict[str, list[str]] = {}
    for point in points:
        words = f"{point.item} ({point.state})" if point.state else point.item
        kinds.setdefault(point.kind, []).append(words)
    for kind, names in kinds.items():
        yield f"{title.format(kind)}: {first_few(names, _NAMES_SHOWN)}"
