"""Gates run from the desk: asked for first, in a thread, their output read as it grows, ended when a person says so."""

from __future__ import annotations

import io
import time
from functools import partial
from threading import Lock

from textual.timer import Timer

from omk_tui.app.listing import Listing
from omk_tui.app.reviewing import Reviewing
from omk_tui.app.shell import Shell
from omk_tui.core.judgement.gate_words import timed_out_after
from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.opening.gate_progress import LIVE_LOG, GateProgress, GatesProgress
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate
from omk_tui.core.text.printable import printable
from omk_tui.engine.gating.isolation import isolation
from omk_tui.engine.gating.live_log import LiveLog
from omk_tui.engine.gating.runner import GateRequest, GatesRan, Gating, no_gates, plan_gates, run_gates
from omk_tui.light.dataclass import dataclass, field, replace
from omk_tui.messages.gating import GatesAsked, GatesEnded, GatesGoOn, GatesPlanned, GatingMessage
from omk_tui.messages.reviewing import FileOpened
from omk_tui.screens.gate_dialog import EndGatesDialog, GateDialog, Tree
from omk_tui.screens.section_pane import SectionPane

SHOW_EVERY = 0.5
"""Seconds between two looks at the output of a gate that runs."""
_LONGEST_READ = 1.0
"""Seconds after which a run that has ended is not shown any more, whether what it recorded has been read or not."""


@dataclass(slots=True)
class _Run:
    """A run of gates: written by its thread, read by the desk; and the thread's question whether it is still wanted."""

    app: Shell
    goal_id: str
    gates: list[GateProgress]
    stopped: bool = False
    leaves: bool = False
    _began: float = 0.0
    _log: LiveLog | None = None
    _lock: Lock = field(default_factory=Lock)

    def began(self, gate: GateDefinition, number: int, total: int) -> None:
        """A gate begins: its output is read from now on."""
        with self._lock:
            self._log, self._began = LiveLog(), time.monotonic()
            self.gates[number - 1] = replace(self.gates[number - 1], state="running")
        self.app.post_message(GatesGoOn(self.goal_id, ""))

    def wrote(self, stream: int, piece: bytes) -> None:
        """The gate has written something."""
        if self._log is not None:
            self._log.take(stream, piece)

    def ended(self, gate: Gate, note: GateNote) -> None:
        """A gate is recorded: its log is another file from now on."""
        self.close(gate.name)
        word = "passed" if gate.passed else "FAILED"
        ended = timed_out_after(gate) or f"{word} in {note.duration_ms / 1000:.1f} s"
        self.app.post_message(GatesGoOn(self.goal_id, f"gate {printable(gate.name, 60)} {ended}"))

    def wanted(self) -> bool:
        return not self.stopped

    def close(self, name: str = "") -> None:
        """The gate of that name has ended; without a name the run is over."""
        with self._lock:
            if self._log is not None:
                self._log.close()
            self._log = None
            self.gates = [replace(each, state="ended") if each.name == name else each for each in self.gates]

    def progress(self) -> GatesProgress:
        """How far it is at this moment."""
        with self._lock:
            log, seconds = self._log, int(time.monotonic() - self._began)
            gates = tuple(
                replace(gate, seconds=seconds, size=log.size, log=f"{LIVE_LOG} {number}.{log.edition}")
                if gate.state == "running" and log is not None
                else gate
                for number, gate in enumerate(self.gates, 1)
            )
        return GatesProgress(self.goal_id, gates)

    def open_log(self, name: str) -> io.FileIO | str:
        """The live log of that name opened for reading, or why it cannot be."""
        running = self.progress().running
        with self._lock:
            if self._log is None or running is None or running.log != name:
                return "the gate has ended; its log is read"
            return io.FileIO(self._log.descriptor(), "r")


class GateRuns:
    """Plans, runs and ends the gates of opened goals; one run at a time."""

    def __init__(self, app: Shell, listing: Listing, reviewing: Reviewing) -> None:
        self._app, self._listing, self._reviewing = app, listing, reviewing
        self._run: _Run | None = None
        self._planned: tuple[GateRequest, Gating] | None = None
        self._ticking: Timer | None = None

    @property
    def running(self) -> bool:
        """Whether gates are running."""
        return self._run is not None

    def end(self) -> None:
        """End the gates that are running; what has ended of them is recorded."""
        if self._run is not None:
            self._run.stopped = True

    def take(self, event: GatingMessage) -> None:
        """Whatever is asked for or told of gates."""
        match event:
            case GatesAsked():
                self.plan()
            case GatesPlanned():
                self.ask(event)
            case GatesGoOn():
                self.go_on(event)
            case GatesEnded():
                self.take_end(event)

    def plan(self) -> None:
        """Find out what would run on the open goal; where gates run already ask whether they are to end."""
        goal_id = self._app.opened.goal_id
        if self._run is not None:
            self._app.push_screen(EndGatesDialog(self._run.progress(), leaves=False), self._end)
            return
        self._app.say("looking which gates the base defines ...")
        self._app.in_thread("plan gates", partial(self._plan_job, goal_id), lambda why: GatesEnded(goal_id, why))

    def _plan_job(self, goal_id: str) -> GatesPlanned | GatesEnded:
        level = isolation("auto", net=False, with_home=False, pass_env=())
        request = GateRequest(goal_id, level)
        gating = plan_gates(self._app.engine, request)
        if not isinstance(gating, Gating):
            return GatesEnded(goal_id, gating.why)
        if not gating.gates:
            return GatesEnded(goal_id, f"{no_gates(gating)}; omk-tui gate --add runs one")
        self._planned = (request, gating)
        lines = tuple((gate.name, gate.command_line) for gate in gating.gates)
        intake = gating.intake
        return GatesPlanned(
            goal_id,
            intake.head,
            lines,
            level.sentence,
            base=intake.base_ref,
            merged_tree=intake.merge_tree if intake.merge == "clean" else "",
            warnings=gating.warnings,
        )

    def ask(self, event: GatesPlanned) -> None:
        """Ask before anything of the agent's runs."""
        if event.goal_id == self._app.opened.goal_id:
            self._app.push_screen(GateDialog(event), self._begin)

    def _begin(self, tree: Tree | None) -> None:
        if tree is None or self._planned is None or self._run is not None:
            self._app.say("nothing runs")
            return
        request, gating = self._planned
        request = replace(request, merged=tree == "merged")
        gates = [GateProgress(gate.name, gate.command_line, gate.limit) for gate in gating.gates]
        run = self._run = _Run(self._app, request.goal_id, gates)
        self._ticking = self._app.set_interval(SHOW_EVERY, self._show)
        self._show()
        self._app.say("the gates begin; Esc leaves them running, f follows the log, x ends them")
        self._app.in_thread(
            "gates", partial(self._run_job, request, gating, run), lambda why: GatesEnded(request.goal_id, why)
        )

    def _run_job(self, request: GateRequest, gating: Gating, run: _Run) -> GatesEnded:
        try:
            ran = run_gates(self._app.engine, request, gating, run)
        finally:
            run.close()
        if not isinstance(ran, GatesRan):
            return GatesEnded(request.goal_id, ran.why)
        early = "; ended early, nothing is recorded of the gate that was running" if ran.interrupted else ""
        notes = "".join(f"; {warning}" for warning in ran.warnings)
        return GatesEnded(request.goal_id, f"{ran.summary(gating)}{early}{notes}")

    def _show(self) -> None:
        self._app.running = self._run.progress() if self._run is not None else None

    def open_log(self, event: SectionPane.FileAsked) -> None:
        """Open the output of the gate that runs for the section that shows it."""
        file = self._run.open_log(event.path) if self._run is not None else "no gate is running"
        self._reviewing.show_file(FileOpened(self._app.opened.goal_id, event.section, event.path, file))

    def go_on(self, event: GatesGoOn) -> None:
        """Say how far the gates are; what has ended is on disk, so it is read again."""
        self._show()
        if event.words:
            self._app.say(event.words, asked=False)
            if event.goal_id == self._app.opened.goal_id:
                self._reviewing.read_goal()

    def take_end(self, event: GatesEnded) -> None:
        """The gates have ended, or none could run."""
        run, self._run = self._run, None
        if self._ticking is not None:
            self._ticking.stop()
        if event.goal_id != self._app.opened.goal_id:
            self._show()
        else:  # once what is recorded has been read: no row is to go away under the cursor and come back
            self._app.set_timer(_LONGEST_READ, self.goal_read)
        if run is not None and run.leaves:
            self._app.exit(0)
            return
        self._app.say(event.words, asked=False)
        if event.goal_id == self._app.opened.goal_id:
            self._reviewing.read_goal()
        self._listing.read_lines([event.goal_id])

    def goal_read(self) -> None:
        """What is on disk is known: show no more of a run that has ended."""
        if self._run is None:
            self._show()

    # Ending them

    def ask_to_leave(self) -> None:
        """Ask whether the gates that run are to end with the desk."""
        if self._run is not None:
            self._app.push_screen(EndGatesDialog(self._run.progress(), leaves=True), self._end_and_leave)

    def _end(self, wanted: bool | None) -> None:
        if wanted:
            self.end()
        self._app.say("ending the gates that run; what has ended of them is recorded" if wanted else "they go on")

    def _end_and_leave(self, wanted: bool | None) -> None:
        if wanted and self._run is None:
            self._app.exit(0)
        elif wanted and self._run is not None:
            self._run.leaves = True
            self._end(wanted)
        else:
            self._app.say("the gates go on, and so does the desk")
