"""Branches become goals, and gates run, from the desk: in threads, with what they say passed on."""

from __future__ import annotations

import os
from functools import partial

from textual.worker import get_current_worker

from omk_tui.app.listing import Listing
from omk_tui.app.reviewing import Reviewing
from omk_tui.app.shell import Shell
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate
from omk_tui.engine.gating.isolation import Isolation, isolation
from omk_tui.engine.gating.runner import GateRequest, GatesRan, Gating, plan_gates, run_gates
from omk_tui.engine.opening.branches import branches_to_open
from omk_tui.engine.opening.opener import OpenRequest, open_goals
from omk_tui.engine.opening.source import NoSource
from omk_tui.messages import (
    BranchesAsked,
    BranchesListed,
    BranchOpened,
    GatesAsked,
    GatesEnded,
    GatesGoOn,
    GatesPlanned,
    OpeningMessage,
)
from omk_tui.screens.branches import BranchesScreen
from omk_tui.screens.gate_dialog import GateDialog


class _Watcher:
    """Passes on how far the gates are, from their thread."""

    def __init__(self, app: Shell, goal_id: str) -> None:
        self._app, self._goal_id = app, goal_id
        self.stopped = False

    def began(self, gate: GateDefinition, number: int, total: int) -> None:
        self._app.post_message(GatesGoOn(self._goal_id, f"gate {number} of {total} is running: {gate.name}"))

    def ended(self, gate: Gate, note: GateNote) -> None:
        word = "passed" if gate.passed else "FAILED"
        self._app.post_message(GatesGoOn(self._goal_id, f"gate {gate.name} {word} in {note.duration_ms / 1000:.1f} s"))

    def wanted(self) -> bool:
        return not self.stopped


class Opening:
    """Opens branches, and runs the gates of opened goals."""

    def __init__(self, app: Shell, listing: Listing, reviewing: Reviewing) -> None:
        self._app, self._listing, self._reviewing = app, listing, reviewing
        self._watcher: _Watcher | None = None
        self._planned: tuple[GateRequest, Gating] | None = None

    @property
    def gates_run(self) -> bool:
        """Whether gates are running."""
        return self._watcher is not None

    def end_gates(self) -> None:
        """End the gates that are running; what has ended of them is recorded."""
        if self._watcher is not None:
            self._watcher.stopped = True

    def take(self, event: OpeningMessage) -> None:
        """Whatever is asked for or told of branches and gates."""
        match event:
            case BranchesAsked():
                self.show_branches()
            case BranchesListed():
                self.take_branches(event)
            case BranchOpened():
                self.take_opened(event)
            case GatesAsked():
                self.plan_gates()
            case GatesPlanned():
                self.ask(event)
            case GatesGoOn():
                self.show_progress(event)
            case GatesEnded():
                self.take_end(event)

    # Branches

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
        return BranchOpened(opened[0].intake.goal_id, "", len(opened))

    def take_opened(self, event: BranchOpened) -> None:
        """A branch was opened: it is in the list, and on the desk when it is the only one."""
        self._listing.read()
        if event.why:
            self._app.say(event.why)
        elif event.count == 1:
            self._reviewing.open_goal(event.goal_id)
        else:
            self._app.say(f"{event.count} branches are opened")

    # Gates

    def plan_gates(self) -> None:
        """Find out what would run on the open goal."""
        if self.gates_run:
            self._app.say("gates are running already; ctrl+q ends them")
            return
        goal_id = self._app.opened.goal_id
        self._app.say("looking which gates the base defines ...")
        self._app.in_thread("plan gates", partial(self._plan_job, goal_id), lambda why: GatesEnded(goal_id, why))

    def _plan_job(self, goal_id: str) -> GatesPlanned | GatesEnded:
        level: Isolation = isolation("auto", net=False, with_home=False, pass_env=())
        request = GateRequest(goal_id, level)
        gating = plan_gates(self._app.engine, request)
        if not isinstance(gating, Gating):
            return GatesEnded(goal_id, gating.why)
        if not gating.gates:
            return GatesEnded(goal_id, "no gate is defined by .omk/gates.toml of the base; omk-tui gate --add runs one")
        self._planned = (request, gating)
        lines = tuple((gate.name, gate.command_line) for gate in gating.gates)
        return GatesPlanned(goal_id, gating.intake.head, lines, level.sentence)

    def ask(self, event: GatesPlanned) -> None:
        """Ask before anything of the agent's runs."""
        if event.goal_id == self._app.opened.goal_id:
            self._app.push_screen(GateDialog(event), self._run)

    def _run(self, wanted: bool | None) -> None:
        if not wanted or self._planned is None:
            self._app.say("nothing runs")
            return
        request, gating = self._planned
        self._watcher = _Watcher(self._app, request.goal_id)
        self._app.in_thread(
            "gates",
            partial(self._run_job, request, gating, self._watcher),
            lambda why: GatesEnded(request.goal_id, why),
        )

    def _run_job(self, request: GateRequest, gating: Gating, watcher: _Watcher) -> GatesEnded:
        ran = run_gates(self._app.engine, request, gating, watcher)
        if not isinstance(ran, GatesRan):
            return GatesEnded(request.goal_id, ran.why)
        passed = sum(gate.passed for gate in ran.gates)
        early = "; ended early" if ran.interrupted else ""
        return GatesEnded(request.goal_id, f"{passed} of {len(ran.gates)} gates passed{early}")

    def show_progress(self, event: GatesGoOn) -> None:
        """Say how far the gates are; what has ended is on disk, so it is read again."""
        self._app.say(event.words)
        if event.goal_id == self._app.opened.goal_id:
            self._reviewing.read_goal()

    def take_end(self, event: GatesEnded) -> None:
        """The gates have ended, or none could run."""
        self._watcher = None
        self._app.say(event.words)
        if event.goal_id == self._app.opened.goal_id:
            self._reviewing.read_goal()
        self._listing.read_lines([event.goal_id])
