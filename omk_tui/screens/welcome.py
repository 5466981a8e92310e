"""The welcome of the demo: a few lines above the desk, gone with the first key, which does nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import ours
from omk_tui.widgets.panes import TitleRule


class WelcomeScreen(ModalScreen[None], DeskScreen, inherit_bindings=False):
    """Lines to read before anything else."""

    BINDINGS: ClassVar[list[BindingType]] = [*DeskScreen.BINDINGS]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        with Container(id="welcome-box", classes="pane"):
            yield TitleRule("welcome to the demo")
            yield Static(Content("\n").join(ours(line) for line in self._lines))
        yield Foot("any key begins")

    def on_key(self, event: events.Key) -> None:
        """Whatever the key, it closes the welcome and reaches nothing below."""
        event.stop()
        event.prevent_default()
        self.dismiss(None)

    def on_click(self) -> None:
        """A click closes it too."""
        self.dismiss(None)
