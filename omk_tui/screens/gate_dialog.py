"""Before gates run: which, on what, and what is round them. It is the agent's code that runs, so it is asked."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from omk_tui.messages import GatesPlanned
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import ours, outside
from omk_tui.widgets.fact_sheet import Heading, Item, Sheet
from omk_tui.widgets.panes import Fact, TitleRule


class GateDialog(ModalScreen[bool], DeskScreen, inherit_bindings=False):
    """Dismissed with true when the gates are to run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q", "back", show=False),
        Binding("enter", "run_gates", show=False, priority=True),
    ]

    def __init__(self, planned: GatesPlanned) -> None:
        super().__init__()
        self._planned = planned

    def compose(self) -> ComposeResult:
        with Container(id="gate-box", classes="pane"):
            yield TitleRule("run gates")
            yield Sheet(self._items())
        yield Foot("Enter runs them in the background  Esc runs nothing")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _items(self) -> list[Item]:
        planned = self._planned
        items: list[Item] = [
            Fact("GOAL", outside(planned.goal_id)),
            Fact("COMMIT", outside(planned.commit)),
            Fact("ROUND", ours((planned.isolation, "$missing" if planned.isolation.startswith("no") else ""))),
            Heading("gates, as the base defines them"),
        ]
        items += [Fact(name[:7], outside(line)) for name, line in planned.gates]
        return items

    def action_run_gates(self) -> None:
        """Let them run."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Run nothing."""
        self.dismiss(False)
