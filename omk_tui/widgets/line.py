"""Line: one row of a list, as a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content

from omk_tui.light.dataclass import dataclass
from omk_tui.text import matches

Drawn = Content | Callable[[int], Content]
"""A row's content, or how to make it for a width in cells.

A function should be a value (a frozen dataclass with `__call__`), so that two equal rows are equal and paint nothing.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row: its key, what is drawn, whether the cursor may stand on it, and the text that filter and search look in.

    Without `search` the content's own text is looked in, or the key when the content is a function.
    """

    key: str
    content: Drawn
    selectable: bool = True
    search: str = ""

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Line):
            return NotImplemented
        if self.key != other.key or self.selectable != other.selectable or self.search != other.search:
            return False
        mine, theirs = self.content, other.content
        if isinstance(mine, Content) and isinstance(theirs, Content):
            return mine.is_same(theirs)
        return mine == theirs

    def __hash__(self) -> int:
        return hash(self.key)

    def haystack(self) -> str:
        """The casefolded text in which filter and search look."""
        text = self.search or (self.content.plain if isinstance(self.content, Content) else self.key)
        return text.casefold()

    def contains(self, words: Sequence[str]) -> bool:
        """Whether every word (casefolded) is in it."""
        return matches(self.haystack(), words)
