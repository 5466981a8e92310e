"""The help: every key in every place, the signs and the verdicts, in one text to scroll."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from omk_tui.commands import KeyRow, key_rows
from omk_tui.core.judgement.verdict import WORDS, Verdict
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.screens.goal_rows import verdict_style
from omk_tui.text import State, ours, sign, wrapped
from omk_tui.widgets.columns import Column, Columns
from omk_tui.widgets.fact_sheet import Heading as Part
from omk_tui.widgets.fact_sheet import Item, Sheet
from omk_tui.widgets.panes import Fact, HeaderLine, Heading

_KEYS = Columns((Column("KEY", 14), Column("LIST", 0), Column("REVIEW", 0), Column("DIALOG", 0)), gap=2)

KEY_WIDTH = 16


class HelpScreen(ModalScreen[None], DeskScreen, inherit_bindings=False):
    """Every key, in the words of the table of commands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q,question_mark", "back", show=False),
    ]

    def compose(self) -> ComposeResult:
        yield HeaderLine()
        yield Sheet(id="help")
        yield Foot("Esc closes the help  j/k PgUp PgDn scroll")

    def on_mount(self) -> None:
        self.query_one(HeaderLine).heading = Heading(ours(("HELP", "bold $accent"), "  every key, in every place"))
        self.query_one(Sheet).focus()

    def on_resize(self) -> None:
        self.query_one(Sheet).show(help_items(max(self.size.width - 3, 20)))

    def action_back(self) -> None:
        """Close the help."""
        self.dismiss(None)


def help_items(width: int) -> list[Item]:
    """The help as lines of at most `width` cells."""
    items: list[Item] = []
    if width >= _table_width():
        items.append(ours((_KEYS.header(width).plain, "$label")))
        items += [_KEYS.row([(row.keys, "bold"), *row.meanings], width) for row in key_rows()]
    else:
        for row in key_rows():
            items += _key_lines(row, width)
    items.append(ours("A decision is recorded by ctrl+s in a dialog, and by nothing else: no key, click or paste."))
    items.append(Part("signs"))
    items.append(Content("   ").join(ours(sign(state), " ", state.word) for state in State))
    items.append(Part("verdicts"))
    items += [ours((f"{word:<14}", verdict_style(Verdict(word))), told.meaning) for word, told in WORDS.items()]
    items.append(Fact("", ours(("+2 behind a verdict: two more warnings, which omk's rules would let pass", "$label"))))
    items.append(Part("outside this screen"))
    items += [
        ours(("omk-tui list | check | plan | accept | reject", "bold"), "   the same engine, for scripts"),
        ours(("omk-tui --help", "bold"), "   says what each of them does"),
    ]
    return items


def _table_width() -> int:
    """From how many columns no cell of the key table is cut; below, the places follow each other."""
    return KEY_WIDTH + 3 * (2 + max(len(meaning) for row in key_rows() for meaning in row.meanings))


def _key_lines(row: KeyRow, width: int) -> list[Content]:
    """A key and what it does, place by place, below each other where the line ends."""
    meanings = dict(zip(("list", "review", "dialog"), row.meanings, strict=True))
    meant = {place: meaning for place, meaning in meanings.items() if meaning}
    if len(set(meant.values())) == 1:
        words = ours(next(iter(meant.values())), (f"   ({', '.join(meant)})", "$label"))
    else:
        words = Content("   ").join(ours((f"{place}: ", "$label"), meaning) for place, meaning in meant.items())
    lines = wrapped(words, max(width - KEY_WIDTH, 16))
    return [ours((row.keys if n == 0 else "").ljust(KEY_WIDTH), line) for n, line in enumerate(lines)]
