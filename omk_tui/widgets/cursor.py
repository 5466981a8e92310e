"""Where the cursor of a list stands when its rows change, and which rows are kept in sight with it."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.widgets.line import Line


def surviving(rows: Sequence[Line], old_rows: Sequence[Line], old_cursor: int, successor: str | None = None) -> int:
    """The new row of the cursor's key, else of `successor`, of the nearest key behind it, before it; else the first."""
    if not 0 <= old_cursor < len(old_rows):
        return 0
    places = {rows[index].key: index for index in range(len(rows) - 1, -1, -1)}  # of two rows with one key the first
    behind, before = old_rows[old_cursor + 1 :], old_rows[:old_cursor]
    neighbours = (line.key for line in (*behind, *reversed(before)))
    for key in (old_rows[old_cursor].key, successor, *neighbours):
        if key is not None and (place := places.get(key)) is not None and rows[place].selectable:
            return place
    return 0


def selectable(rows: Sequence[Line], start: int, step: int) -> int:
    """The first selectable row from `start` on in steps of 1 or -1; -1 when there is none."""
    index = min(max(start, 0), len(rows) - 1)
    while 0 <= index < len(rows):
        if rows[index].selectable:
            return index
        index += step
    return -1


def nearest(rows: Sequence[Line], wanted: int, step: int = 1) -> int:
    """As `selectable`, and the other way when there is none that way."""
    index = selectable(rows, wanted, step)
    return index if index >= 0 else selectable(rows, wanted, -step)


def surroundings(rows: Sequence[Line], cursor: int, page: int) -> tuple[int, int]:
    """The rows to keep in sight with the cursor: the headings right above it, and the list's end below the last."""
    first = last = cursor
    while first > 0 and cursor - first + 1 < page and not rows[first - 1].selectable:
        first -= 1
    while last + 1 < len(rows) and last + 1 - first < page and not rows[last + 1].selectable:
        last += 1
    return first, last if last + 1 == len(rows) else cursor
