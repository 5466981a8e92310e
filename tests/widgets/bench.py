"""A bench for one widget: our themes, stylesheets and guard around it, and a note of everything it says."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.widget import Widget

from omk_tui import theme
from omk_tui.messages.desk import Said, SectionAsked
from omk_tui.output_guard import OutputGuard, guarded
from omk_tui.stylesheets import stylesheets
from omk_tui.widgets.line_list import LineList
from omk_tui.widgets.prompt import Prompt


class Bench(App[None]):
    """Shows the given widgets under each other."""

    CSS_PATH = stylesheets()[0]

    def __init__(self, *widgets: Widget, theme_name: str = theme.DEFAULT) -> None:
        super().__init__()
        self.shown = widgets
        self.guard = OutputGuard()
        self.said: list[str] = []
        self.heard: list[Message] = []
        for each in theme.themes():
            self.register_theme(each)
        self.theme = theme_name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.theme_variable_defaults()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return guarded(super().get_line_filters(), self.guard)

    def compose(self) -> ComposeResult:
        yield from self.shown

    def on_said(self, message: Said) -> None:
        self.said.append(message.words.plain)

    def on_line_list_highlighted(self, message: LineList.Highlighted) -> None:
        self.heard.append(message)

    def on_line_list_chosen(self, message: LineList.Chosen) -> None:
        self.heard.append(message)

    def on_section_asked(self, message: SectionAsked) -> None:
        self.heard.append(message)

    def on_prompt_changed(self, message: Prompt.Changed) -> None:
        self.heard.append(message)

    def on_prompt_kept(self, message: Prompt.Kept) -> None:
        self.heard.append(message)

    def on_prompt_cleared(self, message: Prompt.Cleared) -> None:
        self.heard.append(message)

    def chosen(self) -> list[str]:
        """The keys that were chosen, in order."""
        return [message.key for message in self.heard if isinstance(message, LineList.Chosen)]
