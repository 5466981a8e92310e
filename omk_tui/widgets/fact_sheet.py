"""Sheet: labelled facts, lines and rules to read, laid out anew for each width."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size

from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass
from omk_tui.text import ours, outside_lines
from omk_tui.widgets.document import Document
from omk_tui.widgets.panes import Fact, fact_lines, rule


@dataclass(frozen=True)
class Heading:
    """A thin rule with a title, between two groups of facts; `place` is the file that those below it are about."""

    title: str
    place: FilePlace | None = None


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


MOST_FACT_LINES = 500
"""The most lines of one fact."""


def facts_of_lines(label: str, text: str) -> list[Item]:
    """A text of several lines as one fact: the label beside the first line. At most `MOST_FACT_LINES` of them."""
    first = "\n".join(text.split("\n", MOST_FACT_LINES)[:MOST_FACT_LINES])
    items: list[Item] = [Fact(label if number == 0 else "", line) for number, line in enumerate(outside_lines(first))]
    more = text.count("\n", len(first) + 1) + 1
    if len(text) > len(first) + 1:
        items.append(Fact("", ours((f"… {plural(more, 'more line')}", "$label"))))
    return items


PART_SIGN = "── "
"""How a rule with a title begins, also where it is part of a line."""
GROUP_STARTS = (PART_SIGN, "# ", "## ", "<<<<<<< ", "@@ -")
"""How a line of a text begins that is jumped to: a heading of Markdown, a conflict, a hunk of a diff."""


def _group_title(item: Item) -> Content | str:
    """What is said on a jump to an item; empty where nothing begins with it."""
    if isinstance(item, Heading):
        return item.title
    return item if isinstance(item, Content) and item.plain.startswith(GROUP_STARTS) else ""


class Sheet(Document):
    """A document of facts. Equal items paint nothing; the place is kept when they change."""

    DEFAULT_CSS = """
    Sheet { scrollbar-gutter: stable; scrollbar-size-horizontal: 0; }
    """

    def __init__(self, items: Sequence[Item] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(wrap=True, id=id, classes=classes)
        self._items = tuple(items)
        self._jump: tuple[int, int] | None = None
        """The line at the top after the last jump, and the line that it led to: the end of the text may lie between."""

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
        if home:
            self._jump = None
        self._lay_out(home)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines that the facts take in a width."""
        return len(sheet_lines(self._items, max(width - 2, 8)))

    def on_resize(self) -> None:
        """Lay the facts out for the new width."""
        super().on_resize()
        self._lay_out(home=False)

    @property
    def file_place(self) -> FilePlace | None:
        """What the heading at the top or jumped to is about, else the first that is about a file; None without one."""
        places = [(line, item.place) for line, item in self._groups() if isinstance(item, Heading) and item.place]
        return next((place for line, place in reversed(places) if line <= self._here), places[0][1] if places else None)

    @property
    def _here(self) -> int:
        return self._jump[1] if self._jump is not None and self._jump[0] == self.top_line else self.top_line

    def _groups(self) -> list[tuple[int, Item]]:
        """Where headings, conflicts and hunks begin, and what begins there."""
        width = max(self.view.width - 2, 8)
        groups: list[tuple[int, Item]] = []
        line = 0
        for item in self._items:
            if _group_title(item) and (
                not groups or line > groups[-1][0] + 1
            ):  # what begins right below a heading belongs to it
                groups.append((line, item))
            line += len(sheet_lines([item], width))
        return groups

    def action_hunk(self, step: int) -> None:
        """The next (1) or previous (-1) heading, conflict or hunk."""
        here = self._here
        ahead = [group for group in self._groups() if (group[0] > here if step > 0 else group[0] < here)]
        if not ahead:
            self.say("there is no further heading or hunk" if step > 0 else "there is no heading or hunk above this")
            return
        line, item = ahead[0 if step > 0 else -1]
        self.go_to_line(line)
        self._jump = (self.top_line, line)
        self.say(_group_title(item))

    def _lay_out(self, home: bool) -> None:
        if self.view.width:
            self.set_lines(sheet_lines(self._items, max(self.view.width - 2, 8)), home=home)
