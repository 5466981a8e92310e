"""`omk-tui gate`: the gates of the base run on the commit of an opened goal, and are recorded."""

from __future__ import annotations

import time
from types import FrameType
from typing import Annotated, Literal, TypedDict, get_args

from omk_tui.cli.command import Action, Call, Request, WrongWords
from omk_tui.cli.command_table import ADD, DRY_GATES, MERGED, NET, ONLY, PASS_ENV, SANDBOX, WITH_HOME
from omk_tui.cli.console import Console
from omk_tui.cli.document import SCHEMA, Document, Key, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import ENDING_TO_DECIDE, resolve
from omk_tui.cli.interrupts import handled
from omk_tui.cli.page import FAILED, MET, MISSING, Page, Piece, outside
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.judgement.gate_words import timed_out_after
from omk_tui.core.judgement.requirements import gate_stanza
from omk_tui.core.judgement.review_wall import gates_hold
from omk_tui.core.opening.base_files import GATES_FILE
from omk_tui.core.opening.gate_definitions import BadGates, GateDefinition, added_gate
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate
from omk_tui.core.review.log_failures import failure_excerpt
from omk_tui.core.text.pasted import without_sequences
from omk_tui.core.text.printable import printable
from omk_tui.engine.gating.isolation import Isolation, NoIsolation, Wish, isolation
from omk_tui.engine.gating.live_log import CleanOutput
from omk_tui.engine.gating.runner import GateRequest, GatesRan, Gating, no_gates, plan_gates, run_gates

_MOST_LINES = 1_000
"""Lines of one gate's output that are shown on a terminal while it runs; its log has all of them."""
_LONGEST_LINE = 500
_TELL_EVERY = 0.5
_WIDEST = 240


class _Watcher:
    """Tells each gate on standard error, on a terminal with its output as it comes, and ends the run on ctrl+c."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._output, self._line, self._lines = CleanOutput(), "", 0
        self._name, self._began, self._reported_at = "", 0.0, 0.0
        self.stopped = False

    def began(self, gate: GateDefinition, number: int, total: int) -> None:
        self._console.say(f"[{number}/{total}] {printable(gate.name, 60)}: {printable(gate.command_line, 200)}")
        self._output, self._line, self._lines = CleanOutput(), "", 0
        self._name, self._began, self._reported_at = printable(gate.name, 60), time.monotonic(), 0.0

    def wrote(self, stream: int, piece: bytes) -> None:
        if self._console.is_followed:
            self._show(self._output.take(stream, piece))

    def _show(self, text: str) -> None:
        *whole, self._line = (self._line + text).split("\n")
        self._line = self._line[-_LONGEST_LINE:]
        shown = whole[: max(_MOST_LINES - self._lines, 0)]
        self._lines += len(whole)
        self._console.say(*(f"      | {_last_of(line)}" for line in shown))
        if len(shown) < len(whole):
            self._line = f"... {self._lines - _MOST_LINES:,} more lines; the gate's log has them"

    def ended(self, gate: Gate, note: GateNote) -> None:
        if self._console.is_followed and (rest := self._line + self._output.end()) and self._lines < _MOST_LINES:
            self._line = ""
            self._show(f"{rest}\n")
        ended = timed_out_after(gate) or f"{'pass' if gate.passed else 'FAIL'} in {gate.duration_ms / 1000:.1f} s"
        tests = f", {note.tests} tests" if note.tests >= 0 else ""
        self._console.say(f"      {ended}{tests}")

    def wanted(self) -> bool:
        if self._console.is_followed and (now := time.monotonic()) - self._reported_at >= _TELL_EVERY:
            self._reported_at = now
            self._console.show_status(f"      {self._name} {now - self._began:.0f} s  {_last_of(self._line)}".rstrip())
        return not self.stopped

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopped = True


def _last_of(line: str) -> str:
    """What a line shows in the end: what was written over is gone, and so are colours."""
    return without_sequences(line).rstrip("\r").rpartition("\r")[2][:_LONGEST_LINE]


def run(call: Call) -> int:
    """Run the gates and record each."""
    request, console = call.request, call.console
    goal_id = resolve(call, ENDING_TO_DECIDE)
    if not isinstance(goal_id, str):
        return stopped(call, goal_id)
    try:
        added = tuple(added_gate(text) for text in request.options.get(ADD.name, ()))
        level = isolation(
            _wish(request),
            net=request.has(NET),
            with_home=request.has(WITH_HOME),
            pass_env=request.options.get(PASS_ENV.name, ()),
        )
    except (BadGates, NoIsolation) as error:
        return stopped(call, Failed(str(error)), goal_id)
    only = request.options.get(ONLY.name, ())
    asked = GateRequest(goal_id, level, only, added, request.has(MERGED))
    gating = plan_gates(call.engine, asked)
    if not isinstance(gating, Gating):
        return stopped(call, gating, goal_id)
    for warning in gating.warnings:
        console.say(f"warning: {printable(warning, 600)}")
    if not gating.gates:
        return _no_gates(call, goal_id, gating)
    if request.has(DRY_GATES):
        return _dry_run(call, goal_id, gating, level)
    console.say(level.sentence)
    watcher = _Watcher(console)
    with handled(watcher.stop):  # the gate's processes end first, then this one
        ran = run_gates(call.engine, asked, gating, watcher)
    console.show_status("")
    if not isinstance(ran, GatesRan):
        return stopped(call, ran, goal_id)
    for warning in ran.warnings:
        console.say(f"note: {warning}")
    if request.json:
        console.exact(line(document(goal_id, gating, level, ran)))
    else:
        console.show(_page(call, goal_id, gating, ran))
    if ran.interrupted:
        console.say("omk-tui: ended early; the gate that was running is not recorded")
        return Exit.INTERRUPTED
    return console.ending(Exit.DONE if _holds(gating, ran) else Exit.MISSING)


def _holds(gating: Gating, ran: GatesRan) -> bool:
    """Whether every required gate of the run passed, and there is a record of every other."""
    return gates_hold(ran.gates) and not ran.never_ran(gating)


def _wish(request: Request) -> Wish:
    value = request.value(SANDBOX) or "auto"
    return next((wish for wish in get_args(Wish) if wish == value), "auto")


def _no_gates(call: Call, goal_id: str, gating: Gating) -> int:
    """No gate is defined: how to define one, and no guess at what it could be."""
    why = no_gates(gating)
    if call.request.json:
        call.console.exact(line(document(goal_id, gating, None, GatesRan(), why)))
    call.console.say(
        f"omk-tui: {why}",
        f"On the base, commit {GATES_FILE} with one stanza for each gate, such as:",
        *gate_stanza(["test"]).split("\n"),
        "or add one now:  " + call.engine.call.desk("gate", goal_id, "--add test='COMMAND'"),
    )
    return Exit.MISSING


def _dry_run(call: Call, goal_id: str, gating: Gating, level: Isolation) -> int:
    if call.request.json:
        call.console.exact(line(document(goal_id, gating, level, GatesRan())))
        return call.console.ending()
    page = Page()
    page.add(outside(goal_id, "title"), f"  at {gating.intake.head[:12]}: would run", fit="whole")
    for gate in gating.gates:
        origin = "the base" if gate.source == "base" else "you"
        page.add(Piece(f"{gate.name}", "title"), f"  {gate.limit} s, defined by {origin}", indent=2)
        page.add(outside(gate.command_line), indent=4)
    for name in gating.skipped:
        page.add(Piece(name, "quiet"), "  skipped by the base's configuration", indent=2)
    page.add(level.sentence)
    call.console.show(page)
    return call.console.ending()


def _page(call: Call, goal_id: str, gating: Gating, ran: GatesRan) -> Page:
    page = Page()
    page.add(outside(goal_id, "title"), f"  {ran.summary(gating)}", fit="whole")
    for gate, note in zip(ran.gates, ran.notes, strict=True):
        sign = Piece(MET, "met") if gate.passed else Piece(FAILED if gate.required else MISSING, "failed")
        how = "did not start" if gate.exit_code is None else f"exit {gate.exit_code}"
        how = timed_out_after(gate) or f"{how}, {gate.duration_ms / 1000:.1f} s"
        tree = f"tree {note.tree[:12]}" + (" of the merge" if note.merged else "")
        page.add(sign, f" {printable(gate.name, 60)}  {how}, {tree}", indent=1)
        if not gate.passed:
            page.block([outside(text, limit=_WIDEST).text for text in _excerpt(gate)], indent=6, style="quiet")
    step = "gate" if ran.never_ran(gating) else "check"
    page.add("next  ", outside(call.engine.call.desk(step, goal_id), "command"), fit="whole")
    return page


def _excerpt(gate: Gate) -> list[str]:
    """What to see of a failed gate at once: the lines around the failure, else the first ones, and our own word."""
    first = gate.stderr_summary or gate.stdout_summary or ""
    lines = failure_excerpt((gate.stderr, gate.stdout)) or [text for text in first.split("\n") if text]
    last = gate.stderr.rstrip().rpartition("\n")[2]
    return [*lines, last] if last.startswith("omk-tui: ") and last not in lines else lines


# The document


class GateRan(TypedDict):
    """One gate that ran, or would run."""

    name: Annotated[str, Key("Its name.", "unit")]
    command: Annotated[list[str], Key("Its words.", ["python3", "-m", "pytest"])]
    source: Annotated[Literal["base", "added"], Key("Who defined it.", "base")]
    required: Annotated[bool, Key("Whether it has to pass.", True)]
    passed: Annotated[bool | None, Key("Whether it passed; null where it has not run.", True)]
    exit_code: Annotated[int | None, Key("Its exit code; null where it has none.", 0)]
    timed_out: Annotated[bool, Key("Whether its time was up.", False)]
    duration_ms: Annotated[int, Key("Milliseconds that it took.", 1520)]
    tests: Annotated[int | None, Key("Tests in its report; null without one.", 12)]
    tree: Annotated[str | None, Key("The tree that it ran on.", "4" * 40)]
    log: Annotated[str | None, Key("Its log; null where it has none.", "/state/goals/GOAL/artifacts/gates/run-1/g.log")]
    changed: Annotated[list[str], Key("Tracked files that it changed.", [])]


class GateDocument(TypedDict):
    """`omk-tui gate --json`: the gates that ran and are recorded."""

    schema: Annotated[Literal["omk-tui/gate/1"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's id.", "goal-20261122-205557-000-1f0c9a2b")]
    head: Annotated[str | None, Key("The commit; null where nothing was looked at.", "1f0c9a2b" + "0" * 32)]
    isolation: Annotated[Literal["bwrap", "none"] | None, Key("What was round the gates.", "bwrap")]
    passed: Annotated[bool, Key("Whether every required gate that was to run passed, and none never ran.", True)]
    gates: Annotated[list[GateRan], Key("The gates in order.")]
    never_ran: Annotated[list[str], Key("Required gates of which there is no record after this run.", [])]
    skipped: Annotated[list[str], Key("Gates that the base's configuration skips.", [])]
    why: Annotated[str | None, Key("Why nothing ran; null when something did.", None)]
    warnings: Annotated[
        list[str],
        Key("What is to be known of the run; that the branch has gone on or that it reopens a rejected goal, say.", []),
    ]


def document(
    goal_id: str,
    gating: Gating,
    level: Isolation | None,
    ran: GatesRan,
    why: str | None = None,
) -> Document:
    """What ran, in the order of the definitions."""
    done = {gate.name: (gate, note) for gate, note in zip(ran.gates, ran.notes, strict=True)}
    return GateDocument(
        schema="omk-tui/gate/1",
        goal_id=goal_id,
        head=gating.intake.head,
        isolation=level.level if level else None,
        passed=_holds(gating, ran),
        never_ran=list(ran.never_ran(gating)),
        gates=[_ran(definition, done.get(definition.name)) for definition in gating.gates],
        skipped=list(gating.skipped),
        why=why,
        warnings=[*gating.warnings, *ran.warnings],
    )


def _ran(definition: GateDefinition, done: tuple[Gate, GateNote] | None) -> GateRan:
    gate, note = done if done is not None else (None, None)
    return GateRan(
        name=definition.name,
        command=list(definition.argv),
        source=definition.source,
        required=definition.required,
        passed=gate.passed if gate else None,
        exit_code=gate.exit_code if gate else None,
        timed_out=bool(gate and gate.timed_out),
        duration_ms=gate.duration_ms if gate else 0,
        tests=note.tests if note and note.tests >= 0 else None,
        tree=note.tree if note else None,
        log=(gate.output_path or (note.log if note else "") or None) if gate else None,
        changed=list(note.changed) if note else [],
    )


def failure(_request: Request, goal_id: str, outcome: Refused | Failed) -> Document:
    """Why nothing ran."""
    return GateDocument(
        schema="omk-tui/gate/1",
        goal_id=goal_id,
        head=None,
        isolation=None,
        passed=False,
        gates=[],
        never_ran=[],
        skipped=[],
        why=outcome.why,
        warnings=[],
    )


def examine(request: Request) -> None:
    """The sandbox is one of three words."""
    value = request.value(SANDBOX)
    if value is not None and value not in get_args(Wish):
        raise WrongWords(f"--sandbox wants auto, bwrap or none; not {value or 'an empty word'}")


ACTION = Action(run, examine=examine, failure=failure, documents=lambda: (GateDocument,))
