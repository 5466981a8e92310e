"""The fixed lines of every screen: header, section tabs, title rule, facts, footer. Each draws one immutable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from omk_tui.keys.commands import SECTIONS, SHORT_SECTIONS, Where
from omk_tui.keys.footer import SPARING, Scene, footer_lines
from omk_tui.light.dataclass import dataclass
from omk_tui.messages.desk import SectionAsked
from omk_tui.text import NOTHING, State, between, fit, ours, wrapped, wrapped_command

LABEL_WIDTH = 7
"""Labels (WHY, NEXT, RISK, REPO, FILE) take this many cells, blanks included, on every screen."""


@dataclass(frozen=True)
class Heading:
    """The header line: what the screen is about, the verdict, the snapshot or root, and the live mark."""

    what: Content = NOTHING
    verdict: Content = NOTHING
    snapshot: Content = NOTHING
    live: Content = NOTHING

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Heading) and all(
            mine.is_same(theirs) for mine, theirs in zip(self._parts(), other._parts(), strict=True)
        )

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[Content, ...]:
        return (self.what, self.verdict, self.snapshot, self.live)

    def line(self, width: int) -> Content:
        """The heading in exactly `width` cells; the verdict is the last thing to give way."""
        room = max(width - 2, 0)
        optional = [part for part in (self.snapshot, self.live) if part]
        shown = [part for part in (self.verdict, *optional) if part]
        while len(shown) > 1 and sum(part.cell_length + 2 for part in shown) > room * 2 // 3:
            shown.pop(-2 if len(shown) > 2 else -1)
        right = Content("  ").join(shown)
        return ours(" ", between(self.what, right, room), " ").truncate(width)


class HeaderLine(Widget):
    """One line that never scrolls away: what, verdict, snapshot, live."""

    DEFAULT_CSS = """
    HeaderLine { height: 1; width: 1fr; background: $panel; color: $foreground; text-style: bold; }
    """
    heading: reactive[Heading] = reactive(Heading())

    def render(self) -> Content:
        """The heading in the width that there is."""
        return self.heading.line(self.size.width)


class SectionTabs(Widget):
    """The eight sections in one line, the open one in brackets; a click asks for a section as its key does.

    `marks` are states to show behind a section's name, by number: `4 Gates!`; `notes` are words behind that, where
    there is room for them: `5 Diff 12/40`.
    """

    DEFAULT_CSS = """
    SectionTabs { height: 1; width: 1fr; background: $background; color: $label; }
    """
    current: reactive[int] = reactive(1)
    marks: reactive[dict[int, State]] = reactive(dict[int, State]())
    notes: reactive[dict[int, str]] = reactive(dict[int, str]())

    def __init__(self, current: int = 1) -> None:
        super().__init__()
        self.set_reactive(SectionTabs.current, current)
        self._ends: tuple[tuple[int, int], ...] = ()

    def render(self) -> Content:
        """The tabs: full names where there is room, else shorter ones, at last numbers."""
        width = self.size.width
        line = NOTHING
        cut = tuple(name[:4] for name in SHORT_SECTIONS)
        forms = [(SECTIONS, True), (SHORT_SECTIONS, True), (SHORT_SECTIONS, False), (cut, True), (cut, False)]
        for names, with_notes in [*forms, (("",) * len(SECTIONS), False)]:
            line, self._ends = self._laid_out(names, self.notes if with_notes else {})
            if line.rstrip().cell_length <= width:
                return line.truncate(width)  # the blank behind the last name may be missing
        return line.truncate(width, ellipsis=True)

    def _laid_out(self, names: Sequence[str], notes: Mapping[int, str]) -> tuple[Content, tuple[tuple[int, int], ...]]:
        line = Content("")
        ends: list[tuple[int, int]] = []
        for number, name in enumerate(names, 1):
            words = f"{number} {name}".rstrip()
            mark = self._mark(number) if name else NOTHING
            if number in notes:
                mark = ours(mark, " ", notes[number])
            if number == self.current:
                tab = ours(("[" + words, "bold $accent"), mark, ("]", "bold $accent"))
            else:
                tab = ours(" ", words, mark, " ")
            line += tab
            ends.append((line.cell_length, number))
        return line, tuple(ends)

    def _mark(self, number: int) -> Content:
        """The state's sign without its brackets, which mean the open section here."""
        state = self.marks.get(number)
        return NOTHING if state is None else ours((state.sign[1], f"bold {state.style}"))

    def on_click(self, event: events.Click) -> None:
        """Ask for the section under the pointer."""
        for end, number in self._ends:
            if event.x < end:
                self.post_message(SectionAsked(number))
                return


def rule(title: Content | str, width: int, right: Content | str = "") -> Content:
    """A thin line with a title in it: `── tests: cargo test ─────`; `right` stands before its end."""
    if width <= 0:
        return Content("")
    title = Content(title) if isinstance(title, str) else title
    right = Content(right) if isinstance(right, str) else right
    if not title and not right:
        return Content("─" * width)
    ending = ours(" ", right, " ─") if right and right.cell_length + 8 < width else Content("")
    room = width - ending.cell_length - 4
    if room < 1:
        return Content("─" * width)
    shown = title.truncate(room, ellipsis=True)
    lead = ours("── ", shown, " ") if shown else Content("")
    return ours(lead, "─" * max(width - lead.cell_length - ending.cell_length, 0), ending)


class TitleRule(Widget):
    """A rule line over a pane; in the accent while the pane's `.pane` container has the focus in it."""

    DEFAULT_CSS = """
    TitleRule { height: 1; width: 1fr; background: $background; color: $label; }
    """
    title: reactive[Content] = reactive(Content(""), always_update=True)
    right: reactive[Content] = reactive(Content(""), always_update=True)

    def __init__(self, title: Content | str = "") -> None:
        super().__init__()
        self.set_reactive(TitleRule.title, Content(title) if isinstance(title, str) else title)

    def render(self) -> Content:
        """The rule in the width that there is."""
        return rule(self.title, self.size.width, self.right)


@dataclass(frozen=True)
class Fact:
    """A labelled fact: `WHY   nothing is missing`. An empty label continues the one above.

    Words are wrapped as a `text`, as a `command` (from the second row on `hang` cells further in), or cut to a `line`.
    """

    label: str
    words: Content
    form: Literal["text", "command", "line"] = "text"
    hang: int = 2

    def rows(self, width: int) -> list[Content]:
        """The words in rows of at most `width` cells."""
        match self.form:
            case "command":
                return wrapped_command(self.words, width, self.hang)
            case "line":
                return [self.words.truncate(width, ellipsis=True)]
            case _:
                return wrapped(self.words, width)


def fact_lines(facts: Sequence[Fact], width: int) -> list[Content]:
    """The facts as display lines of at most `width` cells: dim labels in a fixed column, words wrapped beside them."""
    lines: list[Content] = []
    for fact in facts:
        label = (fact.label[: LABEL_WIDTH - 1].ljust(LABEL_WIDTH), "$label")
        for number, row in enumerate(fact.rows(max(width - LABEL_WIDTH - 2, 8))):
            lines.append(ours(" ", label if number == 0 else " " * LABEL_WIDTH, row))
    return lines


class FooterLines(Widget):
    """The foot of a screen: a rule, the keys of the place in one or two lines, and what just happened.

    On low screens (under 16 rows) the rule and the second line of keys are left out.
    """

    DEFAULT_CSS = """
    FooterLines { height: auto; width: 1fr; background: $background; color: $label; }
    """
    where: reactive[Where] = reactive(Where.LIST, layout=True)
    scene: reactive[Scene] = reactive(Scene.USUAL, layout=True)
    said: reactive[Content] = reactive(Content(""), always_update=True)

    def __init__(self, where: Where) -> None:
        super().__init__()
        self.set_reactive(FooterLines.where, where)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Three lines at most under a rule."""
        return len(self._lines(width, viewport.height))

    def render(self) -> Content:
        """The lines in the width that there is."""
        return Content("\n").join(
            fit(line, self.size.width) for line in self._lines(self.size.width, self.app.size.height)
        )

    def _lines(self, width: int, screen_height: int) -> list[Content]:
        low = screen_height < 16
        lines = 1 if low or (screen_height < 32 and self.scene in SPARING) else 2
        keys = [ours(" ", line) for line in footer_lines(self.where, max(width - 2, 0), lines, self.scene)]
        return self._with_said(keys if low else [ours((rule("", width).plain, "$rule")), *keys], width)

    def _with_said(self, lines: list[Content], width: int) -> list[Content]:
        """The lines with what was said below them; further rows of a long sentence take the places of the last."""
        rows = wrapped(self.said.stylize_before("$foreground"), max(width - 2, 1))[: len(lines) + 1]
        return [*lines[: len(lines) + 1 - len(rows)], *(ours(" ", row) for row in rows)]
