"""The colours: five themes with the same names in each, and the names that stylesheets and contents may use.

Names beyond Textual's own: `$met $missing $failed $stale $skipped` (the five states), `$label` (dim labels), `$rule`
(thin lines), `$cursor` and `$cursor-blurred` (the lit row), `$found` and `$found-now` with `$found-text` (search),
`$added $removed` with `$added-ground $removed-ground` (diffs), `$syntax-keyword` and its like (code). Text in them
reads at 4.5:1 or better on every ground that it stands on; a test measures it.
"""

from __future__ import annotations

from textual.color import Color
from textual.theme import Theme

from omk_tui.light.dataclass import dataclass, replace

# Textual's own stylesheets name these two, and only its own themes of sixteen colours define them.
_ANSI_NAMES = {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, by their meaning.

    `added` is the colour of what a diff adds, that of `met` where it is empty; `code_strength` is how much of its own
    colour code keeps, from 0 to 1.
    """

    name: str
    dark: bool
    ground: str
    raised: str
    text: str
    label: str
    rule: str
    accent: str
    met: str
    missing: str
    failed: str
    stale: str
    skipped: str
    cursor: str
    cursor_blurred: str
    found: str
    found_now: str
    found_text: str
    added_ground: str
    removed_ground: str
    ansi: bool = False
    added: str = ""
    code_strength: float = 0.55

    def own_variables(self) -> dict[str, str]:
        """The variables that Textual does not know by itself."""
        return {
            "met": self.met,
            "missing": self.missing,
            "failed": self.failed,
            "stale": self.stale,
            "skipped": self.skipped,
            "label": self.label,
            "rule": self.rule,
            "cursor": self.cursor,
            "cursor-blurred": self.cursor_blurred,
            "found": self.found,
            "found-now": self.found_now,
            "found-text": self.found_text,
            "added": self.added or self.met,
            "removed": self.failed,
            "added-ground": self.added_ground,
            "removed-ground": self.removed_ground,
            **{f"syntax-{word}": self._weak(colour) for word, colour in self.syntax.items()},
        }

    @property
    def syntax(self) -> dict[str, str]:
        """The colours of code, before they are weakened."""
        return {
            "keyword": self.accent,
            "string": self.missing,
            "comment": self.label,
            "number": self.stale,
            "name": self.text,
        }

    def _weak(self, colour: str) -> str:
        """A colour on the way to the text's: code must not shout louder than what was changed in it."""
        return colour if self.ansi else Color.parse(self.text).blend(Color.parse(colour), self.code_strength).hex

    def theme(self) -> Theme:
        """The palette as a theme of Textual's."""
        return Theme(
            name=self.name,
            dark=self.dark,
            primary=self.accent,
            secondary=self.label,
            accent=self.accent,
            foreground=self.text,
            background=self.ground,
            surface=self.ground,
            panel=self.raised,
            success=self.met,
            warning=self.missing,
            error=self.failed,
            ansi=self.ansi,
            variables={**self.own_variables(), **self._textual_variables(), **(_ANSI_NAMES if self.ansi else {})},
        )

    def _textual_variables(self) -> dict[str, str]:
        return {
            "text": self.text,
            "text-muted": self.label,
            "text-disabled": self.label,
            "foreground-muted": self.label,
            "border": self.accent,
            "border-blurred": self.rule,
            "scrollbar": self.rule,
            "scrollbar-hover": self.label,
            "scrollbar-active": self.accent,
            "scrollbar-background": self.ground,
            "scrollbar-background-hover": self.ground,
            "scrollbar-background-active": self.ground,
            "scrollbar-corner-color": self.ground,
            "input-cursor-background": self.text,
            "input-cursor-foreground": self.ground,
            "input-cursor-text-style": "none",
            "input-selection-background": self.cursor,
            "input-selection-foreground": self.text,
            "screen-selection-background": self.cursor,
            "screen-selection-foreground": self.text,
            "block-cursor-background": self.cursor,
            "block-cursor-foreground": self.text,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": self.cursor_blurred,
            "block-cursor-blurred-foreground": self.text,
            "block-hover-background": self.cursor_blurred,
        }


DARK = Palette(
    name="omk-dark",
    dark=True,
    ground="#14171c",
    raised="#1c2027",
    text="#d5d9e0",
    label="#9aa4b2",
    rule="#39414d",
    accent="#7fb0e6",
    met="#8cc084",
    missing="#dcb768",
    failed="#f2938c",
    stale="#c7a2e0",
    skipped="#9fa8b5",
    cursor="#24354c",
    cursor_blurred="#222831",
    found="#433d1c",
    found_now="#e0c060",
    found_text="#14171c",
    added_ground="#17291c",
    removed_ground="#331c1e",
)

# A terminal of 256 colours has one dark green, and shows darker ones as black: text on it has to be lighter.
DARK_IN_256 = replace(DARK, added_ground="#005f00", removed_ground="#5f0000", added="#afd787", code_strength=0.3)

LIGHT = Palette(
    name="omk-light",
    dark=False,
    ground="#fafaf8",
    raised="#f0f0ed",
    text="#22262d",
    label="#5a636f",
    rule="#c3c8cf",
    accent="#1d5fa8",
    met="#2a6a2c",
    missing="#7a5200",
    failed="#b0221c",
    stale="#753b92",
    skipped="#59626e",
    cursor="#d6e4f5",
    cursor_blurred="#e8ebef",
    found="#fbe9a5",
    found_now="#8a5a00",
    found_text="#fafaf8",
    added_ground="#e2f2e2",
    removed_ground="#fae4e2",
)

HIGH_CONTRAST = Palette(
    name="omk-high-contrast",
    dark=True,
    ground="#000000",
    raised="#000000",
    text="#ffffff",
    label="#d0d0d0",
    rule="#a0a0a0",
    accent="#6cc8ff",
    met="#7dff7d",
    missing="#ffe04d",
    failed="#ff9a9a",
    stale="#f0b0ff",
    skipped="#d0d0d0",
    cursor="#003a70",
    cursor_blurred="#303030",
    found="#4d4400",
    found_now="#ffff00",
    found_text="#000000",
    added_ground="#003000",
    removed_ground="#400000",
)

# Blue for met and orange for failed, apart in lightness too, so that no common colour blindness joins them.
COLOUR_BLIND = Palette(
    name="omk-blue-orange",
    dark=True,
    ground="#14171c",
    raised="#1c2027",
    text="#d5d9e0",
    label="#9aa4b2",
    rule="#39414d",
    accent="#e6e9ee",
    met="#77aeea",
    missing="#f0e2a8",
    failed="#f59a3c",
    stale="#c9b7d6",
    skipped="#9fa8b5",
    cursor="#2a3441",
    cursor_blurred="#222831",
    found="#403a1b",
    found_now="#f0e2a8",
    found_text="#14171c",
    added_ground="#14263c",
    removed_ground="#3a2410",
)

# The terminal's own sixteen colours: whatever the person has chosen there is legible to that person.
TERMINAL = Palette(
    name="omk-terminal",
    dark=True,
    ground="ansi_default",
    raised="ansi_default",
    text="ansi_default",
    label="ansi_default",
    rule="ansi_default",
    accent="ansi_blue",
    met="ansi_green",
    missing="ansi_yellow",
    failed="ansi_red",
    stale="ansi_magenta",
    skipped="ansi_default",
    cursor="ansi_default",
    cursor_blurred="ansi_default",
    found="ansi_default",
    found_now="ansi_default",
    found_text="ansi_default",
    added_ground="ansi_default",
    removed_ground="ansi_default",
    ansi=True,
)

_IN_256 = {DARK.name: DARK_IN_256}
"""Palettes that a terminal of 256 colours gets in place of those of the same name."""

PALETTES = (DARK, LIGHT, HIGH_CONTRAST, COLOUR_BLIND, TERMINAL)
DEFAULT = DARK.name


def palettes(colour_system: str | None) -> tuple[Palette, ...]:
    """Every palette of ours for a terminal of that many colours, in the words of rich: `256`, `truecolor`, ..."""
    return tuple(_IN_256.get(each.name, each) if colour_system == "256" else each for each in PALETTES)


def themes(colour_system: str | None = None) -> tuple[Theme, ...]:
    """Every theme of ours, for `App.register_theme`."""
    return tuple(palette.theme() for palette in palettes(colour_system))


def theme_variable_defaults() -> dict[str, str]:
    """What `App.get_theme_variable_defaults()` should return, so that our names parse in any theme."""
    return DARK.own_variables()
