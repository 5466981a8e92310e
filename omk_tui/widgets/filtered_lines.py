"""FilteredLines: the lines of a list, and as its rows those that a filter lets through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omk_tui.text import matches, search_words
from omk_tui.widgets.line import Line

_NOT = "!"
"""What stands before a word that a line must not contain."""


class FilteredLines:
    """Lines in their order, a filter on them, and the rows that it lets through: all as long as it is empty."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = self.rows = tuple(lines)
        self.filter_text = ""
        self._places: dict[str, int] = {}
        self._haystacks: list[str] | None = None

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Take these lines; the filter stays."""
        self.lines, self._places, self._haystacks = lines, {}, None
        self.rows = self._matching()

    def replace_lines(self, lines: Iterable[Line]) -> list[int]:
        """Put these in the places of the lines with their keys; the places in which that made a difference."""
        if not self._places:
            self._places = {line.key: at for at, line in enumerate(self.lines)}
        after, changed = list(self.lines), []
        for line in lines:
            at = self._places[line.key]
            if after[at] != line:
                after[at] = line
                changed.append(at)
        self.lines, self._haystacks = tuple(after), None
        self.rows = self._matching()
        return changed

    def filter(self, text: str) -> None:
        """Let only lines through that contain every word of `text`, in any case, and none of those behind a ``!``."""
        self.filter_text = text
        self.rows = self._matching()

    def _matching(self) -> tuple[Line, ...]:
        words = search_words(self.filter_text)
        wanted = [word for word in words if not word.startswith(_NOT)]
        unwanted = [word[1:] for word in words if word.startswith(_NOT) and word != _NOT]
        if not wanted and not unwanted:
            return self.lines
        if self._haystacks is None:
            self._haystacks = [line.haystack() for line in self.lines]
        pairs = zip(self.lines, self._haystacks, strict=True)
        if len(wanted) == 1 and not unwanted:  # without a call for each line
            word = wanted[0]
            return tuple([line for line, haystack in pairs if word in haystack])
        return tuple(
            [
                line
                for line, haystack in pairs
                if matches(haystack, wanted) and not any(word in haystack for word in unwanted)
            ]
        )
