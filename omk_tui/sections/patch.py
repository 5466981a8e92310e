"""One file of a diff as lines to read: signs and tints, numbers where there is room, changed words brighter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from omk_tui.core.review.diff import DiffLine
from omk_tui.core.text.printable import printable
from omk_tui.text import LINE_LIMIT, ours, styled

NUMBERED_FROM = 70
"""From this many columns on lines carry their numbers in the old and the new file."""

_COMPARED = 600
_STYLES = {
    "header": "$label",
    "hunk": "$accent",
    "added": "$added on $added-ground",
    "removed": "$removed on $removed-ground",
    "context": "",
    "note": "$label",
    "stray": "$stale",
}


def is_plumbing(line: DiffLine) -> bool:
    """Whether a line only repeats the file's name, as git's headers do."""
    return line.kind == "header" and line.text.startswith(("diff --git ", "index ", "--- ", "+++ "))


def patch_lines(lines: Sequence[DiffLine], width: int) -> Iterator[Content]:
    """The lines of one file's patch, in order, as contents."""
    numbered = width >= NUMBERED_FROM
    highest = max((line.new or line.old or 0 for line in lines), default=0)
    digits = max(len(str(highest)), 3)
    at = 0
    while at < len(lines):
        end = _run_end(lines, at)
        if end == at:
            yield _line(lines[at], _clean(lines[at].text), digits if numbered else 0)
            at += 1
            continue
        yield from _changed(lines[at:end], digits if numbered else 0)
        at = end


def _run_end(lines: Sequence[DiffLine], at: int) -> int:
    """Where a run of removed lines and as many added ones ends; `at` itself when there is none."""
    removed = at
    while removed < len(lines) and lines[removed].kind == "removed":
        removed += 1
    size = removed - at
    added = lines[removed : removed + size]
    follows = removed + size < len(lines) and lines[removed + size].kind == "added"
    paired = size > 0 and len(added) == size and all(line.kind == "added" for line in added) and not follows
    return removed + size if paired else at


def _changed(run: Sequence[DiffLine], digits: int) -> Iterator[Content]:
    """A run of replaced lines: where an old line and its new one differ, the difference is bold."""
    half = len(run) // 2
    texts = [_clean(line.text) for line in run]
    for number, line in enumerate(run):
        other = texts[(number + half) % len(run)]
        span = changed_span(texts[number], other)
        yield _line(line, texts[number], digits, span)


def changed_span(text: str, other: str) -> tuple[int, int]:
    """Where in `text` (a line with its sign) the difference to `other` lies; empty when little is the same."""
    if max(len(text), len(other)) > _COMPARED:
        return 0, 0
    most = min(len(text), len(other))
    start = 1
    while start < most and text[start] == other[start]:
        start += 1
    tail = 0
    while tail < most - start and text[-1 - tail] == other[-1 - tail]:
        tail += 1
    end = len(text) - tail
    same = start - 1 + tail
    if same < 4 or end <= start:
        return 0, 0
    while start > 1 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _clean(text: str) -> str:
    text = text.removesuffix("\r")
    return printable(text.expandtabs(8) if "\t" in text else text, LINE_LIMIT)


def _line(line: DiffLine, text: str, digits: int, span: tuple[int, int] = (0, 0)) -> Content:
    content = styled(text, _STYLES[line.kind])
    if span[1] > span[0]:
        content = content.stylize("bold", *span)
    if line.kind == "stray":
        content = ours(("? ", "$stale"), content)
    if not digits:
        return content
    if line.kind not in ("added", "removed", "context"):
        return content
    old, new = (str(number) if number is not None else "" for number in (line.old, line.new))
    return ours((f"{old:>{digits}} {new:>{digits}} ", "$label"), content)
