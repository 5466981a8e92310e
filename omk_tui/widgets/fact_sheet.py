"""Sheet: labelled facts, lines and rules to read, laid out anew for each width."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from omk_tui.dataclass import dataclass
from omk_tui.widgets.document import Document
from omk_tui.widgets.panes import Fact, fact_lines, rule


@dataclass(frozen=True)
class Heading:
    """A thin rule with a title, between two groups of facts."""

    title: str


Item = Fact | Heading | Content


def sheet_lines(items: Sequence[Item], width: int) -> list[Content]:
    """The items as lines of at most `width` cells; labels stand in the same column as everywhere."""
    lines: list[Content] = []
    for item in items:
        if isinstance(item, Fact):
            lines.extend(line[1:] for line in fact_lines([item], width + 2))
        elif isinstance(item, Heading):
            lines.append(rule(item.title, width).stylize_before("$label"))
        else:
            lines.append(item)
    return lines


class Sheet(Document):
    """A document of facts. Equal items paint nothing; the place is kept when they change."""

    DEFAULT_CSS = """
    Sheet { scrollbar-gutter: stable; }
    """

    def __init__(self, items: Sequence[Item] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(wrap=True, id=id, classes=classes)
        self._items = tuple(items)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is shown."""
        return self._items

    @property
    def plain(self) -> str:
        """The text as it stands on the screen, scrolled away or not."""
        return "\n".join(self.content_of(number).plain for number in range(len(self.lines)))

    def show(self, items: Sequence[Item], *, home: bool = False) -> None:
        """Show these items; `home` goes to the top, as for another goal."""
        self._items = tuple(items)
        self._lay_out(home)

    def on_resize(self) -> None:
        """Lay the facts out for the new width."""
        super().on_resize()
        self._lay_out(home=False)

    def action_hunk(self, step: int) -> None:
        """The next (1) or previous (-1) group of facts."""
        width = max(self.view.width - 2, 8)
        groups, line = [], 0
        for item in self._items:
            if isinstance(item, Heading):
                groups.append((line, item.title))
            line += len(sheet_lines([item], width))
        here = self.top_line
        ahead = [group for group in groups if (group[0] > here if step > 0 else group[0] < here)]
        if not ahead:
            self.say("there is no further group of facts" if step > 0 else "this is the first group of facts")
            return
        line, title = ahead[0 if step > 0 else -1]
        self.go_to_line(line)
        self.say(title)

    def _lay_out(self, home: bool) -> None:
        if self.view.width:
            self.set_lines(sheet_lines(self._items, max(self.view.width - 2, 8)), home=home)
