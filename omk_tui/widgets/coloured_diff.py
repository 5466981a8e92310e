"""ColouredDiff: asks for the syntax of the code on screen and paints what may come next, while no key is answered."""

from __future__ import annotations

from collections.abc import Iterator

from omk_tui.messages.reviewing import ColoursAsked
from omk_tui.widgets.diff_surface import DiffSurface
from omk_tui.widgets.painting_ahead import PaintingAhead

_LONGEST_LINE = 4000
_LONGEST_HUNK = 5000


class ColouredDiff(DiffSurface):
    """Rows whose code is coloured once its syntax is known; hunks are asked about as a whole, and once."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._asked: set[tuple[str, int]] = set()
        self._awaited: set[tuple[str, int]] = set()
        self._ahead = PaintingAhead(self, self._make_ready)

    def rows_ahead(self) -> Iterator[int]:
        """The rows of the stream that may come next, as rows of the screen from the top of the stream."""
        return iter(())

    def show_colours(self, asked: ColoursAsked, spans: list[list[list[tuple[int, int, str]]]]) -> None:
        """Colour code that was asked about."""
        code = self._code.setdefault(asked.part_key, {})
        for numbers, side in zip(asked.lines, spans, strict=False):
            code.update({number: line for number, line in zip(numbers, side, strict=False) if line})
        lines = [number for side in asked.lines for number in side]
        part = next((number for number, part in enumerate(self._parts) if part.key == asked.part_key), -1)
        if part < 0 or not lines:
            return
        self._awaited.discard((asked.part_key, min(lines)))
        first = self._layout.row_of_line(part, min(lines))
        self._forget_rows(range(first, first + max(lines) - min(lines) + 1))
        self._plan_ahead(behind_frame=False)

    def _forget_colours(self, part_key: str = "") -> None:
        """Forget the colours of a part whose lines are others now; without a key those of every part."""
        if part_key:
            self._code.pop(part_key, None)
        else:
            self._code.clear()
        for places in (self._asked, self._awaited):
            places.difference_update([place for place in places if part_key in ("", place[0])])

    def _ask_for_colours(self) -> None:
        """Ask for the colours of the code on screen that has not been asked about."""
        if self.view.height:
            first = self._layout.at(self.scroll_offset.y)
            for number in range(first, min(first + self.view.height, len(self._layout))):
                self._awaits_colours(number)

    def _awaits_colours(self, number: int) -> bool:
        """Whether the colours of a row are still to come; they are asked for if they have not been."""
        row = self._layout.row(number)
        part = self._parts[row.part]
        if row.kind != "line" or part.patch is None or self.app.no_color or self.app.native_ansi_color:
            return False
        hunk = self._layout.hunk_of(row.part, max(row.left, row.right))
        place = (part.key, hunk.start)
        if not hunk or place in self._asked:
            return place in self._awaited
        self._asked.add(place)
        if len(hunk) > _LONGEST_HUNK or any(len(part.lines[at].text) > _LONGEST_LINE for at in hunk):
            return False
        old = tuple(at for at in hunk if part.lines[at].kind in ("removed", "context"))
        new = tuple(at for at in hunk if part.lines[at].kind in ("added", "context"))
        codes = tuple("\n".join(part.lines[at].text[1:] for at in side) for side in (old, new))
        self._awaited.add(place)
        self.post_message(ColoursAsked(part.key, part.patch.path, (old, new), codes))
        return True

    def _plan_ahead(self, *, behind_frame: bool = True) -> None:
        """Make ready what may come next, but for rows that would be painted again once their colours come."""
        last = self._layout.height
        rows = (top for top in self.rows_ahead() if 0 <= top < last and not self._awaits_colours(self._layout.at(top)))
        self._ahead.plan(rows, behind_frame=behind_frame)
