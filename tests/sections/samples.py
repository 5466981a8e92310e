"""Sections of the sample goals, built by the real engine, and how they read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from textual.content import Content

from omk_tui import demo
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.reading import Reading
from omk_tui.engine import Engine
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.sections import SECTIONS, SectionData, SectionView
from omk_tui.sections.view import Detail, FileDetail, StreamDetail, TextDetail
from omk_tui.text import outside
from omk_tui.widgets.diff_lines import plain_text

NAMES = (*demo.NAMES, "hostile")
NOW = Timestamp.parse("2026-11-22T21:00:00Z")


@dataclass(frozen=True)
class Samples:
    """The sample goals laid out, and an engine on them."""

    engine: Engine
    root: Path

    def review(self, name: str) -> Review:
        """The review of a sample."""
        review = self.engine.review(demo.goal_id(name))
        assert isinstance(review, Review)
        return review

    def data(self, review: Review, *, width: int = 78, raw: bool = False) -> SectionData:
        """What the sections show besides the review, read as the app does."""
        reading = self.engine.read(review.goal_id)
        assert isinstance(reading, Reading)
        return SectionData.of(reading, NOW, width, raw=raw)

    def section(self, name: str, key: str, *, width: int = 78, raw: bool = False) -> SectionView:
        """A section of a sample by its key."""
        review = self.review(name)
        return build(key, review, self.data(review, width=width, raw=raw))


def lay_out(folder: Path) -> Samples:
    """The samples below a folder, with an empty project."""
    project = folder / "project"
    project.mkdir()
    demo.lay_out(folder / "root", project)
    return Samples(Engine(StateRoot(str(folder / "root"), "--state-root", True), str(project)), folder / "root")


def build(key: str, review: Review, data: SectionData) -> SectionView:
    """The section on a key."""
    return next(section for section in SECTIONS if section.key == key).build(review, data)


def rows(view: SectionView, width: int = 78) -> list[str]:
    """The rows as they are drawn, without blanks at the end."""
    return [_drawn(line.content, width).plain.rstrip() for line in view.rows]


def _drawn(content: object, width: int) -> Content:
    drawn = content(width) if callable(content) else content
    assert isinstance(drawn, Content)
    return drawn


def header(view: SectionView, width: int = 78) -> str:
    """The line above the rows."""
    return "" if view.header is None else _drawn(view.header, width).plain.rstrip()


def told(detail: Detail) -> str:
    """A detail's text; for a file the facts above it."""
    if isinstance(detail, StreamDetail):
        part = detail.stream.parts[detail.stream.number_of(detail.at)]
        return "\n".join([*(outside(text).plain for text in (part.title, *part.facts)), *map(plain_text, part.lines)])
    lines = detail.lines if isinstance(detail, TextDetail) else detail.facts
    return "\n".join(line.plain.rstrip() for line in lines)


def everything(view: SectionView, width: int) -> str:
    """All that a section can show."""
    parts = [view.summary.plain, header(view, width), *rows(view, width)]
    for key in view.details:
        detail = view.details[key]
        parts += [detail.title.plain, told(detail)]
        if isinstance(detail, FileDetail):
            parts.append(detail.path)
    return "\n".join(parts)


def with_facts(review: Review, **changes: object) -> Review:
    """The review with other facts, judged again."""
    from omk_tui.core.judgement.judge import judge

    facts = replace(review.facts, **changes)  # type: ignore[arg-type]
    return replace(review, facts=facts, judgement=judge(facts))
