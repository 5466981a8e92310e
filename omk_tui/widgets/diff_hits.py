"""Where in the diffs of a goal something that is searched for stands: on rows, and in what no row shows of a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from omk_tui.core.review.diff import DiffLine
from omk_tui.core.review.diff_stream import Part
from omk_tui.core.text.search import Search
from omk_tui.text import LINE_LIMIT, count, ours, outside
from omk_tui.widgets.diff_layout import DiffLayout
from omk_tui.widgets.diff_lines import plain_text


def hits_of(search: Search, parts: Sequence[Part], layout: DiffLayout) -> list[int]:
    """The rows of a layout of these parts that have what is searched for, in order; none while nothing is."""
    hits: list[int] = []
    for number, part in enumerate(parts) if search else ():
        texts = [part.title, *part.facts]
        first = layout.start_of(number)
        hits += [first + at for at, text in enumerate(texts) if search.is_in(outside(text).plain)]
        first += len(texts)
        has_hit = [search.is_in(plain_text(line)) or _hidden_place(search, line) >= 0 for line in part.lines]
        if (sides := layout.sides_of(number)) is None:
            hits += [first + at for at, has in enumerate(has_hit) if has]
        else:
            pairs = enumerate(sides)
            hits += [first + at for at, pair in pairs if any(line >= 0 and has_hit[line] for line in pair)]
    return hits


def hidden_match(search: Search, lines: Iterable[DiffLine]) -> Content | None:
    """Where a match is, and what stands round it, if it is in what is never shown of a row's lines; else None."""
    lines = list(lines)
    if any(search.is_in(plain_text(line)) for line in lines):
        return None
    for line in lines:
        if (at := _hidden_place(search, line)) >= 0:
            return ours(f"not shown, at character {count(at)}: …", outside(line.text[max(at - 10, 1) : at + 60]))
    return None


def _hidden_place(search: Search, line: DiffLine) -> int:
    """Where in a line that is too long to be shown whole is what is searched for; -1 where it is not."""
    return search.place_in(line.text) if len(line.text) > LINE_LIMIT else -1
