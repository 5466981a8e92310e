"""Before gates run: which, on what, what is round them, as the code that runs is the agent's. And before they end."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from omk_tui.core.opening.gate_progress import GatesProgress
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
        yield Foot("Enter runs them in the background; their output grows in 4 Gates  Esc runs nothing")

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


class EndGatesDialog(ModalScreen[bool], DeskScreen, inherit_bindings=False):
    """Dismissed with true when the gates that run are to end; with `leaves` the desk ends behind them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q,ctrl+q", "back", show=False, priority=True),
        Binding("e", "end", show=False),
    ]

    def __init__(self, running: GatesProgress, *, leaves: bool) -> None:
        super().__init__()
        self._progress, self._leaves = running, leaves

    def compose(self) -> ComposeResult:
        with Container(id="gate-box", classes="pane"):
            yield TitleRule("gates are running")
            yield Sheet(self._items())
        yield Foot("e ends them" + (" and leaves  Esc stays" if self._leaves else "  Esc lets them run"))

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _items(self) -> list[Item]:
        gate = self._progress.running
        items: list[Item] = [Fact("GOAL", outside(self._progress.goal_id))]
        if gate is not None:
            items.append(Fact("RUNS", ours(outside(gate.name), f" for {gate.seconds} s of at most {gate.limit} s")))
        left = [each for each in self._progress.gates if each.state == "waiting"]
        items += [Fact("WAITS" if number == 0 else "", outside(each.name)) for number, each in enumerate(left)]
        ends = "Ending them records nothing of the gate that runs, and nothing of those that wait."
        return [*items, ours(""), ours(ends), ours("What has ended of this run is recorded already, and stays.")]

    def action_end(self) -> None:
        """End them."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Let them run."""
        self.dismiss(False)
