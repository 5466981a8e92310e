"""Where a person writes: the text of a decision, and the label that says what ctrl+s would do."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Static, TextArea

from omk_tui.core.text.pasted import pasted_text
from omk_tui.light.dataclass import dataclass
from omk_tui.messages.desk import Said
from omk_tui.text import ours


class Words(TextArea):
    """The summary or the reason. Enter is a new line; Tab leaves; PgUp and PgDn scroll the plan beside it."""

    @dataclass
    class PlanScrolled(Message):
        """A page down (1) or up (-1) in the plan was asked for."""

        step: int

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(
            text, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, show_line_numbers=False, id=id
        )
        self.cursor_blink = False

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert what of the paste is text, and say what was left out."""
        event.prevent_default()
        event.stop()
        text = pasted_text(event.text)
        if len(text) < len(event.text.replace("\r\n", "\n")):
            self.post_message(Said(ours("colours and control characters of the paste were left out")))
        if not self.read_only and (result := self._replace_via_keyboard(text, *self.selection)):
            self.move_cursor(result.end_location)

    def put(self, text: str) -> None:
        """Replace the whole text, as one step that can be undone; the cursor goes to its end."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)

    def action_cursor_page_up(self) -> None:
        """Scroll the plan up."""
        self.post_message(self.PlanScrolled(-1))

    def action_cursor_page_down(self) -> None:
        """Scroll the plan down."""
        self.post_message(self.PlanScrolled(1))


class CommitLabel(Static):
    """Says what ctrl+s would do now. It is no button: a click only says which key it is."""

    def on_click(self) -> None:
        """Say how to record; nothing else."""
        self.post_message(Said(ours("a click never records anything; press ctrl+s")))
