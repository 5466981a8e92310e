"""Branches become goals, from the desk: in threads, with what they say passed on."""

from __future__ import annotations

import os
from functools import partial

from textual.worker import get_current_worker

from omk_tui.app.listing import Listing
from omk_tui.app.reviewing import Reviewing
from omk_tui.app.shell import Shell
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.engine.opening.branches import branches_to_open
from omk_tui.engine.opening.opened_goal import OpenRequest
from omk_tui.engine.opening.opener import open_goals
from omk_tui.engine.opening.source import NoSource
from omk_tui.messages.opening import BranchesAsked, BranchesListed, BranchOpened, OpeningMessage
from omk_tui.screens.branches import BranchesScreen


class Opening:
    """Lists the branches that can be opened, and opens them."""

    def __init__(self, app: Shell, listing: Listing, reviewing: Reviewing) -> None:
        self._app, self._listing, self._reviewing = app, listing, reviewing

    def take(self, event: OpeningMessage) -> None:
        """Whatever is asked for or told of branches."""
        match event:
            case BranchesAsked():
                self.show_branches()
            case BranchesListed():
                self.take_branches(event)
            case BranchOpened():
                self.take_opened(event)

    def show_branches(self) -> None:
        """Show what can be opened in the project, and fill it as it is read."""
        self._app.push_screen(BranchesScreen(), self._open)
        self._app.in_thread("branches", self._list, lambda why: BranchesListed((), why))

    def _list(self) -> BranchesListed | None:
        worker = get_current_worker()
        try:
            for rows in branches_to_open(self._app.engine.root, self._folder()):
                if worker.is_cancelled:
                    return None
                self._app.post_message(BranchesListed(rows))
        except NoSource as error:
            return BranchesListed((), str(error))
        return None

    def _folder(self) -> str:
        return self._app.engine.project_dir or os.getcwd()

    def take_branches(self, event: BranchesListed) -> None:
        """Give what was read to the screen, if it is still there."""
        if isinstance(self._app.screen, BranchesScreen):
            if event.why:
                self._app.screen.show_problem(event.why)
            else:
                self._app.screen.show_branches(event.branches)

    def _open(self, refs: tuple[str, ...] | None) -> None:
        self._app.workers.cancel_group(self._app, "branches")
        if not refs:
            return
        self._app.say("opening ...")
        self._app.in_thread("open", partial(self._open_job, refs), lambda why: BranchOpened("", why))

    def _open_job(self, refs: tuple[str, ...]) -> BranchOpened:
        engine = self._app.engine
        opened = open_goals(engine.root, OpenRequest(self._folder(), refs), engine.now)
        if isinstance(opened, Refused | Failed):
            return BranchOpened("", opened.why)
        reasons = "; ".join(each.why for each in opened.skipped)
        return BranchOpened(opened.goals[0].intake.goal_id, "", len(opened.goals), skipped=reasons)

    def take_opened(self, event: BranchOpened) -> None:
        """A branch was opened: it is in the list, and on the desk when it is the only one."""
        self._listing.read()
        if event.why:
            self._app.say(event.why)
            return
        if event.count == 1:
            self._reviewing.open_goal(event.goal_id)
        words = [f"{event.count} branches are opened"] if event.count > 1 else []
        words += [f"not opened: {event.skipped}"] if event.skipped else []
        if words:
            self._app.say("; ".join(words))
