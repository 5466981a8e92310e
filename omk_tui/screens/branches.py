"""The branches that can be opened as goals: Space marks several, Enter opens."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from omk_tui.core.opening.branch_row import BranchRow
from omk_tui.core.text.age import age
from omk_tui.core.text.words import plural
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import State, ours, outside, sign
from omk_tui.widgets.columns import Column, Columns, TableRow
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import TitleRule

_COLUMNS = Columns(
    (
        Column("", 1),
        Column("BRANCH"),
        Column("AUTHOR", 16, least=70),
        Column("AGE", 4, right=True),
        Column("AHEAD", 5, right=True),
        Column("BEHIND", 6, right=True, least=76),
        Column("FILES", 5, right=True),
        Column("+/-", 13, right=True, least=84),
        Column("MERGE", 15),
    )
)
_MERGES = {"clean": State.MET, "conflict": State.FAILED, "not_checked": State.UNREADABLE}


class BranchesScreen(ModalScreen[tuple[str, ...]], DeskScreen, inherit_bindings=False):
    """Dismissed with the full names of the branches to open; none when it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q", "back", show=False),
        Binding("space", "mark", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._branches: dict[str, BranchRow] = {}
        self._marked: set[str] = set()
        self._note = Static(ours((" looking at the branches ...", "$label")))
        self._list = LineList()

    def compose(self) -> ComposeResult:
        with Container(id="branches-box", classes="pane"):
            yield TitleRule("open a branch as a goal")
            yield self._note
            yield self._list
        yield Foot("Enter opens  Space marks several  j/k  Esc closes; nothing of a branch runs by opening it")

    def on_mount(self) -> None:
        self._list.set_header(_COLUMNS.header)
        self._list.focus()

    def show_branches(self, branches: Sequence[BranchRow]) -> None:
        """Show these branches, or what more is known of some of them."""
        self._branches |= {branch.ref: branch for branch in branches}
        words = f" {plural(len(self._branches), 'branch', 'branches')} ahead of the base and not on the desk"
        none = " no branch is ahead of the base and not on the desk already"
        self._note.update(ours((words if self._branches else none, "$label")))
        self._draw()

    def show_problem(self, why: str) -> None:
        """Say why there is nothing to open."""
        self._note.update(ours(" ", sign(State.FAILED), " ", outside(why)))

    def _draw(self) -> None:
        self._list.set_lines(
            [Line(ref, self._row(branch), search=branch.name) for ref, branch in self._branches.items()]
        )

    def _row(self, branch: BranchRow) -> TableRow:
        mark = ours(("*", "bold $accent")) if branch.ref in self._marked else ours(" ")
        name = outside(branch.name)
        if branch.moved_from:
            name = ours(name, ("  has gone on since it was opened", "$stale"))
        known = branch.files >= 0
        merge: Content | tuple[str, str] = ("...", "$label")
        if branch.merge:
            state = _MERGES[branch.merge]
            merge = ours(sign(state), " ", (branch.merge.replace("_", " "), state.style))
        cells = (
            mark,
            name,
            (branch.author, "$label"),
            (age(time.time() - branch.when), "$label"),
            str(branch.ahead) if known else "",
            str(branch.behind) if known else "",
            str(branch.files) if known else "",
            ours((f"+{branch.added}", "$added"), " ", (f"-{branch.removed}", "$removed")) if known else "",
            merge,
        )
        return TableRow(_COLUMNS, cells)

    def action_mark(self) -> None:
        """Mark the branch under the cursor, or not any more."""
        key = self._list.cursor_key
        if key is not None:
            self._marked ^= {key}
            self._draw()
            self._list.action_move(1)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        self.dismiss(tuple(ref for ref in self._branches if ref in self._marked) or (event.key,))

    def action_back(self) -> None:
        """Open nothing."""
        self.dismiss(())
