"""The brief for the agent, to be read and copied."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from omk_tui.messages.desk import Copyable
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import count, ours
from omk_tui.widgets.document import Document
from omk_tui.widgets.panes import TitleRule


class BriefScreen(ModalScreen[None], DeskScreen, inherit_bindings=False):
    """What the agent of a goal has to know, as Markdown; `y` copies all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q", "back", show=False),
        Binding("y", "copy_menu", show=False),
    ]

    def __init__(self, goal_id: str, text: str) -> None:
        super().__init__()
        self._goal_id, self._text = goal_id, text
        self._title = TitleRule("brief for the agent")
        self._document = Document()

    def compose(self) -> ComposeResult:
        with Container(id="brief-box", classes="pane"):
            yield self._title
            yield self._document
        yield Foot("y copies it  j/k scroll  Esc back")

    def on_mount(self) -> None:
        self._title.right = ours(f"{count(len(self._text.encode()))} bytes")
        self._document.set_lines(self._text.rstrip("\n").split("\n"))
        self._document.focus()

    def copyables(self) -> list[Copyable]:
        """The brief."""
        return [Copyable("a", "brief", self._text)]

    def action_back(self) -> None:
        """Close it."""
        self.dismiss(None)
