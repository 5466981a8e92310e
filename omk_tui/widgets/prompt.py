"""Prompt: one line at the foot of a screen in which a filter or a search is typed."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from omk_tui.core.text.pasted import pasted_text
from omk_tui.light.dataclass import dataclass
from omk_tui.text import ours, outside


class TextLine(Input):
    """One line to type in; of a paste it takes the first line that has text, without colours and controls."""

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        lines = pasted_text(event.text).split("\n")
        self.replace(next((line for line in lines if line.strip()), "").replace("\t", " "), *self.selection)


class Prompt(Widget):
    """`/ words`: hidden until `ask`; Enter keeps what was typed, Esc clears it; both give the focus back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", "clear", show=False)]
    DEFAULT_CSS = """
    Prompt {
        height: 1; width: 1fr; display: none; background: $panel;
        Horizontal { height: 1; }
        Static { width: auto; color: $accent; background: $panel; padding: 0 1; }
        Input { width: 1fr; border: none; height: 1; padding: 0; background: $panel; }
    }
    """

    @dataclass
    class Changed(Message):
        """Another letter was typed; `text` is clean."""

        text: str

    @dataclass
    class Kept(Message):
        """Enter: the text stays in force."""

        text: str

    @dataclass
    class Cleared(Message):
        """Esc: no text is in force."""

    def __init__(self) -> None:
        super().__init__()
        self._asked_from: Widget | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(ours("/"))
            yield TextLine(compact=True, select_on_focus=False)

    @property
    def asking(self) -> bool:
        """Whether the line is open."""
        return bool(self.display)

    def ask(self, label: str, text: str = "", hint: str = "") -> None:
        """Open the line with a label of ours (`filter`, `search`) and the text in force, or else a hint."""
        if not self.asking:
            self._asked_from = self.screen.focused
        self.query_one(Static).update(ours(label))
        box = self.query_one(Input)
        with box.prevent(Input.Changed):
            box.value = text
        box.cursor_position = len(text)
        box.placeholder = hint
        self.display = True
        self.screen.set_focus(box)  # at once: the next key may be a letter for it

    def close(self) -> None:
        """Hide the line and give the focus back to whoever had it."""
        self.display = False
        if self._asked_from is not None and self._asked_from.is_attached:
            self.screen.set_focus(self._asked_from)
        self._asked_from = None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        clean = outside(event.value, limit=256).plain
        if clean != event.value:
            event.input.value = clean
            return
        if self.asking:
            self.post_message(self.Changed(clean))

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(outside(event.value, limit=256).plain))
        self.close()

    def action_clear(self) -> None:
        """Close with nothing in force."""
        self.post_message(self.Cleared())
        self.close()
