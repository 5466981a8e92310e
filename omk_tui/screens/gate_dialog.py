"""Before gates run: which, on what, what is round them, as the code that runs is the agent's. And before they end."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import ModalScreen

from omk_tui.core.opening.gate_progress import GatesProgress
from omk_tui.messages.gating import GatesPlanned
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import ours, outside
from omk_tui.widgets.fact_sheet import Heading, Item, Sheet
from omk_tui.widgets.panes import Fact, TitleRule

Tree = Literal["head", "merged"]
"""On which tree gates run: the commit's own, or that of merging it into its base."""


class GateDialog(ModalScreen[Tree | None], DeskScreen, inherit_bindings=False):
    """Dismissed with the tree on which the gates are to run, or None when nothing is to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape,q", "back", show=False),
        Binding("enter", "run_gates", show=False, priority=True),
        Binding("m", "other_tree", show=False),
    ]

    def __init__(self, planned: GatesPlanned) -> None:
        super().__init__()
        self._planned = planned
        self._tree: Tree = "head"

    def compose(self) -> ComposeResult:
        with Container(id="gate-box", classes="pane"):
            yield TitleRule("run gates")
            yield Sheet(self._items())
        yield Foot("Enter runs them in the background  m the other tree  Esc runs nothing")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def _items(self) -> list[Item]:
        planned = self._planned
        items: list[Item] = [
            Fact("GOAL", outside(planned.goal_id)),
            Fact("COMMIT", outside(planned.commit)),
            Fact("TREE", self._tree_words()),
            Fact("INSIDE", ours((planned.isolation, "$missing" if planned.isolation.startswith("no") else ""))),
        ]
        items += [Fact("NOTE", outside(warning, "$stale")) for warning in planned.warnings]
        items.append(Heading("gates, as the base defines them"))
        for name, line in planned.gates:
            items += [ours(outside(name).stylize("bold")), Fact("RUN", outside(line), "command")]
        return items

    def _tree_words(self) -> Content:
        planned = self._planned
        if not planned.merged_tree:
            return ours("the commit's own; it was opened without a clean merge into ", outside(planned.base))
        if self._tree == "head":
            return ours("the commit's own; m takes that of merging it into ", outside(planned.base))
        merged = ours("that of merging it into ", outside(planned.base), f", {planned.merged_tree[:12]}")
        return Content.assemble(merged, "; m takes the commit's own")

    def action_other_tree(self) -> None:
        """Take the merge's tree instead of the commit's, and the other way round."""
        if self._planned.merged_tree:
            self._tree = "merged" if self._tree == "head" else "head"
            self.query_one(Sheet).show(self._items())

    def action_run_gates(self) -> None:
        """Let them run."""
        self.dismiss(self._tree)

    def action_back(self) -> None:
        """Run nothing."""
        self.dismiss(None)


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
        waiting = [each for each in self._progress.gates if each.state == "waiting"]
        items += [Fact("WAITS" if number == 0 else "", outside(each.name)) for number, each in enumerate(waiting)]
        effect = "Ending them records nothing of the gate that runs, and nothing of those that wait."
        return [*items, ours(""), ours(effect), ours("What has ended of this run is recorded already, and stays.")]

    def action_end(self) -> None:
        """End them."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Let them run."""
        self.dismiss(False)
