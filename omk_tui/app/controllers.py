"""The controllers, each loaded when its work first comes up: the first frame of the list needs but one of them."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from textual import on

from omk_tui.app.listing import Listing
from omk_tui.app.shell import Shell
from omk_tui.messages.marking import MarkingMessage

if TYPE_CHECKING:
    from omk_tui.app.deciding import Deciding
    from omk_tui.app.editing import Editing
    from omk_tui.app.evidence import Evidence
    from omk_tui.app.gating import GateRuns
    from omk_tui.app.marking import Marking
    from omk_tui.app.opening import Opening
    from omk_tui.app.reviewing import Reviewing
    from omk_tui.app.searching import Searching


class Controllers(Shell, inherit_bindings=False):
    """Who does what the app is asked for."""

    @cached_property
    def listing(self) -> Listing:
        """The list of goals."""
        return Listing(self)

    @cached_property
    def reviewing(self) -> Reviewing:
        """The goal on the desk."""
        from omk_tui.app.reviewing import Reviewing

        return Reviewing(self, self.listing, self.marking)

    @cached_property
    def marking(self) -> Marking:
        """Which changed files of the goal on the desk were read."""
        from omk_tui.app.marking import Marking

        return Marking(self)

    @on(MarkingMessage)
    def _marking_goes_on(self, event: MarkingMessage) -> None:
        self.marking.take(event)

    @cached_property
    def searching(self) -> Searching:
        """Searches through logs."""
        from omk_tui.app.searching import Searching

        return Searching(self)

    @cached_property
    def opening(self) -> Opening:
        """Branches that become goals."""
        from omk_tui.app.opening import Opening

        return Opening(self, self.listing, self.reviewing)

    @cached_property
    def gating(self) -> GateRuns:
        """Gates that run."""
        from omk_tui.app.gating import GateRuns

        return GateRuns(self, self.listing, self.reviewing)

    @cached_property
    def evidence(self) -> Evidence:
        """Reviews and briefs."""
        from omk_tui.app.evidence import Evidence

        return Evidence(self, self.listing, self.reviewing)

    @cached_property
    def editing(self) -> Editing:
        """The person's own editor."""
        from omk_tui.app.editing import Editing

        return Editing(self, self.decisions.drafts)

    @cached_property
    def decisions(self) -> Deciding:
        """Dialogs and decisions."""
        from omk_tui.app.deciding import Deciding

        return Deciding(self, self.listing, self.reviewing)


@cache
def load_code() -> None:
    """Load all that is otherwise loaded when it is first needed: no key waits for it, and no later version is met."""
    from importlib import import_module
    from pkgutil import walk_packages

    for name in ("omk_tui.app", "omk_tui.screens"):
        for module in walk_packages(import_module(name).__path__, f"{name}."):
            import_module(module.name)
