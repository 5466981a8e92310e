"""The help: the keys of the place one is in, then of the others; words, signs and verdicts; searched with `/`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from omk_tui.core.judgement.verdict import WORDS, Verdict
from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.text.search import BadPattern, Search
from omk_tui.keys.commands import SECTIONS, Where
from omk_tui.keys.key_table import key_rows
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.screens.goal_rows import verdict_style
from omk_tui.text import NOTHING, State, fit, ours, sign, wrapped
from omk_tui.widgets.fact_sheet import PART_SIGN, Item, Sheet, sheet_lines
from omk_tui.widgets.fact_sheet import Heading as Part
from omk_tui.widgets.panes import Fact, HeaderLine, Heading
from omk_tui.widgets.prompt import Prompt

_LABEL_WIDTH = 16

GLOSSARY = (
    ("goal", "what was asked of the agents, with everything that was recorded about it, in one folder"),
    ("gate", "a command that must succeed, such as the tests; a required one blocks while it fails"),
    ("oracle", "the kind of goal decides which outcomes must be proven; each has a row in section 2"),
    ("wall", "six review passes derived from task states, gates and file names; nobody read the code for them"),
    ("slice", "the part of the work that one agent did on a branch of its own, to be merged by the integrator"),
    ("conflict", "a slice that did not merge; recorded at the time, and tried again now with x"),
    ("snapshot", "the digest of every byte that was judged; a decision is recorded only while it still holds"),
    ("ledger", f"{LEDGER_FILE.rpartition('/')[2]}: every decision with who, when, why and on which snapshot"),
)
"""The words of the desk that a newcomer has to guess, and what they mean."""

_SECTION_HELP = (
    "what is required and what is missing; Enter goes to the evidence of a row",
    "the outcomes that this kind of goal has to prove",
    "the review passes: what is said, and what is missing",
    "every check that ran, with its log; a failed one opens at the failure",
    "one stream over all files: [ ] hunk, { } file, w wrap, S old beside new, Enter unfolds; "
    "v marks a file as read, or takes that back: [x] read, [~] changed since you read it",
    "slices that did not merge, and what their merge comes to now (x)",
    "what a reject would write, before it is written",
    "what happened, in the order in which it was recorded",
)


class HelpScreen(ModalScreen[None], DeskScreen, inherit_bindings=False):
    """Every key, in the words of the table of commands; the place from where it was asked for comes first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q,question_mark", "back", show=False),
        Binding("slash", "search", show=False),
        Binding("right_square_bracket", "hunk(1)", show=False),
        Binding("left_square_bracket", "hunk(-1)", show=False),
    ]

    def __init__(self, where: Where = Where.LIST, section: int = 0) -> None:
        super().__init__()
        self._where, self._section = where, section

    def compose(self) -> ComposeResult:
        yield HeaderLine()
        yield Sheet(id="help")
        yield Prompt()
        yield Foot("Esc closes  / search  [ ] part  j/k PgUp PgDn scroll")

    def on_mount(self) -> None:
        place = SECTIONS[self._section - 1].lower() if self._section else self._where.value.lower()
        self.query_one(HeaderLine).heading = Heading(ours(("HELP", "bold $accent"), f"  you are in: {place}"))
        self.query_one(Sheet).focus()

    def on_resize(self) -> None:
        self.query_one(Sheet).show(help_page(max(self.size.width - 4, 20), self._where, self._section))

    def action_search(self) -> None:
        """Ask for words to look for in the help."""
        self.query_one(Prompt).ask("search")

    def action_hunk(self, step: int) -> None:
        """The next (1) or previous (-1) part of the help."""
        self.query_one(Sheet).action_hunk(step)

    @on(Prompt.Kept)
    def _search(self, event: Prompt.Kept) -> None:
        try:
            self.query_one(Sheet).find(Search(event.text))
        except BadPattern as error:
            self.say_outside(str(error))

    @on(Prompt.Cleared)
    def _search_ended(self) -> None:
        self.query_one(Sheet).find(Search())

    def action_back(self) -> None:
        """Close the help."""
        self.dismiss(None)


_COLUMN = 56
"""Cells of a column of the help, where there is room for more than one."""
_GAP = 3


def help_page(width: int, where: Where = Where.LIST, section: int = 0) -> list[Item]:
    """The help in as many columns as a width has room for: its parts in order, column by column."""
    number = max((width + _GAP) // (_COLUMN + _GAP), 1)
    if number == 1:
        return help_items(width, where, section)
    room = (width + _GAP) // number - _GAP
    columns = balanced(sheet_lines(help_items(room, where, section), room), number)
    height = max(map(len, columns))
    padded = [[*column, *[NOTHING] * (height - len(column))] for column in columns]
    return [Content(" " * _GAP).join(fit(line, room) for line in row) for row in zip(*padded, strict=True)]


def balanced(lines: Sequence[Content], number: int) -> list[Sequence[Content]]:
    """The lines in at most so many columns of about the same height; a column begins with a part where one is near."""
    columns: list[Sequence[Content]] = []
    rest = lines
    for remaining in range(number, 1, -1):
        middle = -(-len(rest) // remaining)
        starts = [at for at, line in enumerate(rest) if at and line.plain.startswith(PART_SIGN)]
        close = [at for at in starts if abs(at - middle) <= middle // 4]
        cut = min(close, key=lambda at: abs(at - middle)) if close else middle
        columns.append(rest[:cut])
        rest = rest[cut:]
    return [*columns, rest]


def help_items(width: int, where: Where = Where.LIST, section: int = 0) -> list[Item]:
    """The help as lines of at most `width` cells, the keys of `where` and the help of a section first."""
    items: list[Item] = []
    if section:
        items += _row(f"{section} {SECTIONS[section - 1]}", _SECTION_HELP[section - 1], width)
    for place in sorted(Where, key=lambda each: each is not where):
        items.append(Part(f"keys in the {place.value.lower()}"))
        column = list(Where).index(place)
        for row in key_rows():
            if row.meanings[column]:
                items += _row(row.keys, row.meanings[column], width)
        if place is Where.DIALOG:
            words = "A decision is recorded by ctrl+s in a dialog, and by nothing else: no key, click or paste."
            items += wrapped(ours(words), width)
    items.append(Part("sections of the review"))
    for number, (name, meaning) in enumerate(zip(SECTIONS, _SECTION_HELP, strict=True), 1):
        items += _row(f"{number} {name}", meaning, width)
    items.append(Part("words"))
    for word, meaning in GLOSSARY:
        items += _row(word, meaning, width)
    items.append(Part("signs"))
    items += wrapped(ours("   ").join(ours(sign(state), " ", state.word) for state in State), width)
    items.append(Part("verdicts"))
    for word, verdict in WORDS.items():
        items += _row(word, verdict.meaning, width, verdict_style(Verdict(word)))
    items.append(Fact("", ours(("+2 behind a verdict: two more warnings, which omk's rules would let pass", "$label"))))
    items.append(Part("outside this screen"))
    items += [
        *_row("omk-tui COMMAND", "list, check, plan, accept, reject: the same engine, for scripts", width),
        *_row("omk-tui --help", "says what each of them does", width),
    ]
    return items


def _row(label: str, meaning: str, width: int, style: str = "bold") -> list[Item]:
    """A label and what it means, with further lines below the meaning where it is long."""
    room = _LABEL_WIDTH if width >= 2 * _LABEL_WIDTH else len(label) + 1
    lines = wrapped(ours(meaning), max(width - room, 12))
    return [
        ours((label.ljust(room) if n == 0 else " " * room, style), line) for n, line in enumerate(lines or [NOTHING])
    ]
