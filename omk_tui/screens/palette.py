"""The palette: our commands by name, for the place it was opened from; a choice does what the key does."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widgets import Input

from omk_tui.keys.commands import BROWSING, Level, Where, elsewhere, elsewhere_words, palette_commands
from omk_tui.light.dataclass import dataclass
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import ours
from omk_tui.theme import PALETTES
from omk_tui.widgets.columns import Column, Columns, TableRow
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import TitleRule

_COLUMNS = Columns((Column("", 0), Column("", 8)), gap=2)


SYNONYMS = {
    "search": "find grep look for",
    "wrap": "soft break fold",
    "two_sides": "split columns",
    "follow": "tail live",
    "numbers": "gutter",
    "mark_read": "viewed seen done reviewed",
    "try_merges": "conflict rerun verify tests",
    "review_file": "attach note security",
    "brief": "prompt feedback export",
    "fold": "hide done",
    "branches": "checkout worktree new",
    "copy_menu": "clipboard yank",
    "raw": "source plain",
    "accept": "approve lgtm merge",
    "reject": "decline deny request changes",
    "refresh": "reload update",
    "next_blocker": "problem failure missing",
    "help": "keys manual glossary",
}
"""Other words under which people look for a command, by its id."""


@dataclass(frozen=True)
class Offer:
    """One line of the palette: what it does, the key that does it, the action to run, and other words for it."""

    words: str
    key: str
    action: str
    also: str = ""


def offers(where: Where | None) -> tuple[Offer, ...]:
    """What the palette holds in a place: its commands, the themes, and leaving."""
    commands = palette_commands(where) if where is not None else ()
    matches = [
        Offer(
            command.words(where) if where is not None else "",
            command.shown,
            f"app.{command.action}" if command.level is Level.APP else command.action,
            SYNONYMS.get(command.id, ""),
        )
        for command in commands
    ]
    others = [command for command in elsewhere(where) if command.palette] if where in BROWSING else []
    matches += [
        Offer(elsewhere_words(command.id), command.shown, f"elsewhere({command.id!r})", SYNONYMS.get(command.id, ""))
        for command in others
    ]
    themes = [
        Offer(f"theme: {palette.name.removeprefix('omk-')}", "", f"app.use_theme({palette.name!r})")
        for palette in PALETTES
    ]
    return (*matches, Offer("leave omk-tui", "ctrl+q", "app.leave_app"), *themes)


class PaletteScreen(ModalScreen[str | None], DeskScreen, inherit_bindings=False):
    """A line to type into and the commands that match; dismissed with the chosen action."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,ctrl+p", "back", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, where: Where | None) -> None:
        super().__init__()
        self._input = Input(compact=True, placeholder="type a part of a command", max_length=80)
        self._list = LineList(
            [
                Line(
                    offer.action,
                    TableRow(_COLUMNS, (offer.words, (offer.key, "$label"))),
                    search=f"{offer.words} {offer.also}",
                )
                for offer in offers(where)
            ],
            unfiltered_by="Backspace shows the others again",
        )
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Container(id="palette-box", classes="pane"):
            yield TitleRule("commands")
            yield self._input
            yield self._list
        yield Foot("Enter does it  up down choose  Esc closes")

    def on_mount(self) -> None:
        self._input.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list.filter(event.value)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self._choose(self._list.cursor_key)

    @on(LineList.Chosen)
    def _clicked(self, event: LineList.Chosen) -> None:
        self._choose(event.key)

    def _choose(self, action: str | None) -> None:
        if action is None:
            self.say(ours("no command is called that"))
        else:
            self.dismiss(action)

    def action_move(self, step: int) -> None:
        """The next or previous command."""
        self._list.action_move(step)

    def action_page(self, step: int) -> None:
        """A page of commands further or back."""
        self._list.action_page(step)

    def action_back(self) -> None:
        """Close the palette."""
        self.dismiss(None)
