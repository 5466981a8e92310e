"""Sections: what the eight parts of a review say, as pure functions from a Review to rows and details."""

from __future__ import annotations

from omk_tui.keys.commands import SECTIONS as TITLES
from omk_tui.sections import checklist, conflicts, diff, gates, oracle, rollback, timeline, wall
from omk_tui.sections.view import Detail, FileDetail, Section, SectionData, SectionView, TextDetail

__all__ = ["SECTIONS", "Detail", "FileDetail", "Section", "SectionData", "SectionView", "TextDetail"]

_BUILDERS = (
    checklist.build,
    oracle.build,
    wall.build,
    gates.build,
    diff.build,
    conflicts.build,
    rollback.build,
    timeline.build,
)

SECTIONS: tuple[Section, ...] = tuple(
    Section(str(number), title, build)
    for number, (title, build) in enumerate(zip(TITLES, _BUILDERS, strict=True), start=1)
)
"""In the order of their keys, 1 to 8."""
