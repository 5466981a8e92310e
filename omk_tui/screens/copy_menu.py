"""The copy menu: what of the thing under the cursor can be copied, each with a letter and as it would be copied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from omk_tui.core.text.words import plural
from omk_tui.messages.desk import Copyable
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import outside
from omk_tui.widgets.columns import Column, Columns, TableRow
from omk_tui.widgets.fact_sheet import Heading, Item, sheet_lines
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import Fact, TitleRule

_COLUMNS = Columns((Column("", 1), Column("", 13), Column("", 0)), gap=2)
_AS_WIDE_AS_IT_IS = 100_000


def commands_of(items: Iterable[Item]) -> str:
    """What stands behind NEXT among facts, and the lines that go on with it."""
    lines: list[str] = []
    is_next = False
    for item in items:
        is_next = isinstance(item, Fact) and (item.label == "NEXT" or (is_next and not item.label))
        if is_next and isinstance(item, Fact):
            lines.append(item.words.plain.rstrip())
    return "\n".join(lines)


def text_of(items: Sequence[Item]) -> str:
    """Facts as a text: the whole of what is shown, with no line cut."""
    lines = [item.title if isinstance(item, Heading) else "" for item in items]
    drawn = [
        [title] if title else [line.plain.rstrip() for line in sheet_lines([item], _AS_WIDE_AS_IT_IS)]
        for title, item in zip(lines, items, strict=True)
    ]
    return "\n".join(line for part in drawn for line in part)


class CopyMenu(ModalScreen[Copyable | None], DeskScreen, inherit_bindings=False):
    """A few lines to choose from, by letter or cursor; dismissed with what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*DeskScreen.BINDINGS, Binding("escape,q,y", "back", show=False)]

    def __init__(self, copyables: Sequence[Copyable]) -> None:
        super().__init__()
        self._copyables = {each.key: each for each in copyables if each.text}
        self._list = LineList([Line(each.key, _row(each)) for each in self._copyables.values()])

    def compose(self) -> ComposeResult:
        with Container(id="palette-box", classes="pane"):
            yield TitleRule("copy")
            yield self._list
        yield Foot("a letter or Enter copies  Esc closes")

    def on_mount(self) -> None:
        self._list.focus()

    def on_key(self, event: events.Key) -> None:
        """A letter chooses at once; it writes nothing but the clipboard."""
        if event.character in self._copyables:
            event.stop()
            self.dismiss(self._copyables[event.character])

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        self.dismiss(self._copyables[event.key])

    def action_back(self) -> None:
        """Copy nothing."""
        self.dismiss(None)


def _row(each: Copyable) -> TableRow:
    more = each.text.count("\n")
    shown = outside(each.text.split("\n", 1)[0], limit=200)
    further = f"  (+{plural(more, 'line')})" if more else ""
    return TableRow(_COLUMNS, ((each.key, "bold $accent"), each.what, shown + further))
