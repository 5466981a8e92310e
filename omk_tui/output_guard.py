"""The last gate before the terminal: no control character, link or click of a stranger gets past it.

Everything from outside is cleaned where it comes in (`text.outside`). This filter sees every segment of every widget
once more, ours and Textual's, so that one forgotten place is not a hole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

from omk_tui.core.text.printable import MARKS_PER_BASE, has_shape, is_mark, is_plain

OURS = "omk"
"""The meta key that a clickable text of our own carries beside `@click`; markup from outside cannot set it."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_NO_COLOR = NoColor()
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def own_click(action: str) -> dict[str, str]:
    """The meta of a clickable text of our own: `Style.from_meta(own_click("app.help"))`."""
    return {"@click": action, OURS: "yes"}


class OutputGuard(LineFilter):
    """Replaces what a terminal would obey, and drops links and clicks that are not ours. Widths stay as they were."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments when nothing is wrong with them, which is nearly always."""
        for text, style, control in segments:
            if not is_plain(text) or control or (style is not None and _disarmed(style) is not None):
                return [_clean(segment) for segment in segments]
        return segments


def _clean(segment: Segment) -> Segment:
    text, style, _control = segment
    disarmed = None if style is None else _disarmed(style)
    return Segment(text if is_plain(text) else clean(text), style if disarmed is None else disarmed)


def clean(text: str) -> str:
    """`text` in exactly as many cells, without C0, DEL, C1, whatever has no shape, and marks piled upon one another."""
    cells = cell_len(text)
    allowed = []
    marks = 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= MARKS_PER_BASE:
            allowed.append(character if has_shape(character) else _stand_in(character))
    shown = "".join(allowed)
    return shown if cell_len(shown) == cells else set_cell_size(shown, cells)


def _stand_in(character: str) -> str:
    if character.isspace() and not _CONTROL.match(character):
        return " " * cell_len(character)
    return _REPLACEMENT * cell_len(character)


@lru_cache(maxsize=4096)
def _disarmed(style: Style) -> Style | None:
    """A copy without link and foreign actions; None when the style has neither."""
    meta = style.meta
    foreign = OURS not in meta and any(key.startswith("@") for key in meta)
    if not foreign and style.link is None:
        return None
    allowed = {key: value for key, value in meta.items() if not (foreign and key.startswith("@"))}
    bare = style.clear_meta_and_links()
    return bare + Style.from_meta(allowed) if allowed else bare


def guarded(filters: Sequence[LineFilter], guard: OutputGuard) -> list[LineFilter]:
    """What `App.get_line_filters()` should return: Textual's own filters, then the guard.

    Under NO_COLOR Textual picks its grey filter before it knows the theme, and grey made from a terminal's default
    colours is black on black. Colour is therefore left out altogether; signs, words and reverse carry the meaning.
    """
    return [*(_NO_COLOR if isinstance(each, Monochrome) else each for each in filters), guard]
