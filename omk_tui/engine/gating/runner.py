"""Gates on an opened goal: defined by its base or by the person, run one after the other, each recorded as it ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import uuid
from contextlib import suppress
from typing import Protocol

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.omk_json import Json, TooLong
from omk_tui.core.format.redaction import redact_text
from omk_tui.core.judgement.branch_warnings import before_evidence
from omk_tui.core.opening.base_files import GATES_FILE
from omk_tui.core.opening.gate_definitions import BadGates, GateDefinition, joined, read_gates
from omk_tui.core.opening.gate_result import IN_PROOF, gate_of, log_of, with_output_of
from omk_tui.core.opening.junit_report import LARGEST_REPORT, TestReport, read_junit, says_no_tests
from omk_tui.core.opening.recording import RecordPlan, gate_record
from omk_tui.core.records.gate_run import CHECKOUT_NAME, TEMPORARY_NAME, GateNote, never_ran, what_lacks
from omk_tui.core.records.intake import Intake
from omk_tui.core.records.proof import Gate
from omk_tui.core.records.recorded_decision import RecordedDecision
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.engine.deciding.carry_out import Written
from omk_tui.engine.engine import Engine
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.remove_tree import remove_tree
from omk_tui.engine.files.work_file import read_below
from omk_tui.engine.gating.checkout import Checkout, NoCheckout, check_out, merged_tree
from omk_tui.engine.gating.disk_limit import USUAL_LIMITS, DiskLimit, Limits
from omk_tui.engine.gating.gate_log import write_gate_log
from omk_tui.engine.gating.isolation import Isolation
from omk_tui.engine.gating.process import Ended, Interrupted, run_supervised
from omk_tui.engine.gating.run_folders import lock_folder, remove_leftovers
from omk_tui.engine.opening.recorder import evidence_objection
from omk_tui.engine.opening.source import NoSource, Source, source_at
from omk_tui.light.dataclass import dataclass, field, replace


class Watcher(Protocol):
    """Is told of each gate as it begins and ends, and whether anybody still wants the run."""

    def began(self, gate: GateDefinition, number: int, total: int) -> None:
        """A gate begins."""

    def wrote(self, stream: int, piece: bytes) -> None:
        """The gate that runs has written something to standard output (0) or standard error (1)."""

    def ended(self, gate: Gate, note: GateNote) -> None:
        """A gate has ended and is recorded."""

    def wanted(self) -> bool:
        """False ends the run: the gate that is running is not recorded."""
        ...


@dataclass(frozen=True, slots=True)
class GateRequest:
    """Which gates are to run on a goal, on which tree, how isolated, and how much they may write."""

    goal_id: str
    isolation: Isolation
    only: tuple[str, ...] = ()
    added: tuple[GateDefinition, ...] = ()
    merged: bool = False
    limits: Limits = USUAL_LIMITS


@dataclass(frozen=True, slots=True)
class Gating:
    """What is about to run: the gates, the commit, the tree's kind; and of what was skipped the names.

    `required` names every gate that has to pass, whether it is about to run or not, and `recorded` are the gates of
    which there is a record already. `decision` is the one that the goal records, `warnings` say what to know before.
    """

    intake: Intake
    gates: tuple[GateDefinition, ...]
    skipped: tuple[str, ...]
    project: str
    required: tuple[str, ...]
    recorded: tuple[Gate, ...]
    decision: RecordedDecision | None = None
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class GatesRan:
    """The gates that ran and are recorded, in order; `interrupted` says that the run was ended early."""

    gates: list[Gate] = field(default_factory=list)
    notes: list[GateNote] = field(default_factory=list)
    interrupted: bool = False
    warnings: list[str] = field(default_factory=list)

    def summary(self, gating: Gating) -> str:
        """How many passed, in a clause: of this run, or of all that are required where one of them never ran."""
        if unrun := self.never_ran(gating):
            ran = {gate.name: gate for gate in (*gating.recorded, *self.gates)}
            required = [gate for gate in ran.values() if gate.required]
            passed = sum(gate.passed for gate in required)
            names = ", ".join(printable(name, 60) for name in unrun)
            return f"{passed} of {len(required) + len(unrun)} required gates passed, {names} never ran"
        return f"{sum(gate.passed for gate in self.gates)} of {len(self.gates)} gates passed"

    def never_ran(self, gating: Gating) -> tuple[str, ...]:
        """The required gates of which there is no record after this run."""
        return never_ran(gating.required, (*gating.recorded, *self.gates))


def plan_gates(engine: Engine, request: GateRequest) -> Gating | Refused | Failed:
    """What would run; nothing is run or written."""
    review = engine.review(request.goal_id)
    if not isinstance(review, Review):
        return review
    objection = evidence_objection(review)
    if objection is not None:
        return objection
    intake = review.facts.intake
    assert intake is not None
    project = review.facts.head.project_dir or intake.project_dir
    try:
        with source_at(project) as source:
            defined = read_gates(source.blob(intake.base, GATES_FILE)[1])
        gates = joined(defined, request.added)
    except NoSource as error:
        return Failed(str(error))
    except BadGates as error:
        return Failed(f"{GATES_FILE} at {intake.base[:12]}: {error}")
    unknown = [name for name in request.only if name not in [gate.name for gate in gates]]
    if unknown:
        return Failed(f"no gate is called {unknown[0]}; there are: {', '.join(gate.name for gate in gates) or 'none'}")
    required = tuple(gate.name for gate in gates if gate.required and not gate.skip)
    wanted = [gate for gate in gates if not request.only or gate.name in request.only]
    skipped = tuple(gate.name for gate in wanted if gate.skip)
    gates = tuple(gate for gate in wanted if not gate.skip)
    recorded = review.facts.stored.proof.gates if review.facts.stored else ()
    decision, warnings = review.facts.decision, before_evidence(review.facts)
    return Gating(intake, gates, skipped, project, required, recorded, decision, warnings)


def no_gates(gating: Gating) -> str:
    """Why nothing would run, in a clause."""
    if gating.skipped:
        return f"every gate that was asked for is skipped by {GATES_FILE} of the base: {', '.join(gating.skipped)}"
    return f"no gate is defined: there is no {GATES_FILE} on the base, or it defines none"


def run_gates(engine: Engine, request: GateRequest, gating: Gating, watcher: Watcher) -> GatesRan | Refused | Failed:
    """Run them in order, each on the same checkout, and record each as it ends."""
    ran = GatesRan()
    run = f"run-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:8]}"
    top = tempfile.mkdtemp(prefix=TEMPORARY_NAME)
    lock = lock_folder(top)
    try:
        remove_leftovers(os.path.dirname(top))
        with source_at(gating.project) as source:
            checkout = _checkout(source, request, gating.intake, os.path.join(top, CHECKOUT_NAME))
            lacks = what_lacks(checkout.manifest.lfs_pointers, checkout.submodules)
            ran.warnings += [lacks] if lacks else []
            for number, gate in enumerate(gating.gates, 1):
                watcher.began(gate, number, len(gating.gates))
                try:
                    ended = _run(gate, checkout, top, request, watcher)
                except Interrupted:
                    ran.interrupted = True
                    return ran
                stopped = _record(engine, request, gating, ran, run, number, gate, ended, checkout)
                if stopped is not None:
                    return stopped
                watcher.ended(ran.gates[-1], ran.notes[-1])
    except (NoSource, NoCheckout) as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"{error.filename or top}: {error.strerror or error}")
    finally:
        remove_tree(top)
        os.close(lock)
    return ran


def _checkout(source: Source, request: GateRequest, intake: Intake, folder: str) -> Checkout:
    os.mkdir(folder, 0o700)
    wanted = merged_tree(source, intake.base, intake.head) if request.merged else intake.head
    return check_out(source, wanted, folder)


def _run(gate: GateDefinition, checkout: Checkout, top: str, request: GateRequest, watcher: Watcher) -> Ended:
    home, temporary = os.path.join(top, "home"), os.path.join(top, "tmp")
    for folder in (home, temporary):
        os.makedirs(folder, 0o700, exist_ok=True)
    isolation = request.isolation
    environment = isolation.environment(home, temporary, os.environ)
    if "/" not in gate.command and shutil.which(gate.command, path=environment.get("PATH", os.defpath)) is None:
        return Ended(None, False, "No such file or directory (os error 2)", "", "", 0)
    return run_supervised(
        isolation.words(gate.argv, checkout.folder, home, temporary),
        folder=checkout.folder,
        environment=environment,
        seconds=gate.limit,
        wanted=watcher.wanted,
        wrote=watcher.wrote,
        overstepped=DiskLimit((checkout.folder, home, temporary), request.limits).overstepped,
    )


def _record(
    engine: Engine,
    request: GateRequest,
    gating: Gating,
    ran: GatesRan,
    run: str,
    number: int,
    definition: GateDefinition,
    ended: Ended,
    checkout: Checkout,
) -> Refused | Failed | None:
    """Record one gate that ended; its log and the records are there together, or neither is."""
    stdout, stderr = redact_text(ended.stdout), redact_text(ended.stderr)
    report = _report(definition, checkout)
    note = GateNote(
        name=definition.name,
        source=definition.source,
        tree=checkout.tree,
        merged=request.merged,
        isolation=request.isolation.level,
        duration_ms=ended.duration_ms,
        tests=report.tests if isinstance(report, TestReport) else -1,
        skipped=report.skipped if isinstance(report, TestReport) else -1,
        no_tests=report.tests == 0 if isinstance(report, TestReport) else says_no_tests(stdout + stderr),
        changed=checkout.changed(),
        lfs_pointers=checkout.manifest.lfs_pointers,
        submodules=checkout.submodules,
    )
    has_log = not (ended.spawn_error or (ended.timed_out and not (stdout + stderr).strip()))
    recorded: list[tuple[Gate, GateNote]] = []

    def make(review: Review, graph: dict[str, Json], folder: GoalFolder) -> RecordPlan | Refused:
        if objection := _decided_meanwhile(gating.decision, review.facts.decision, definition.name):
            return objection
        data = log_of(stdout, stderr)
        path = write_gate_log(folder, run, number, definition.name, data) if has_log else None
        known = replace(note, log=path or "") if ended.timed_out else note  # omk's record of such a gate names none
        log = None if ended.timed_out else path
        gate = gate_of(definition, ended, stdout, stderr, ended.overstepped or _report_trouble(report), log)
        for most in IN_PROOF:
            recorded[:] = [(with_output_of(gate, most), known)]
            with suppress(TooLong):
                return gate_record(review, graph, [recorded[0][0]], [known], engine.now(), required=gating.required)
        raise TooLong

    outcome = engine.record(request.goal_id, make)
    if not isinstance(outcome, Written):
        return outcome
    ran.gates.append(recorded[-1][0])
    ran.notes.append(recorded[-1][1])
    ran.warnings += outcome.notes
    return None


def _decided_meanwhile(before: RecordedDecision | None, now: RecordedDecision | None, gate: str) -> Refused | None:
    """Why a gate is not recorded on a goal that was decided while it ran, or None."""
    if now is None or (before is not None and (before.what, before.at) == (now.what, now.at)):
        return None
    decided = f"the goal was {now.what} at {now.at} {now.by} while its gates ran"
    return Refused("status", f"{decided}: gate {printable(gate, 60)} is not recorded, and the run ends")


def _report(gate: GateDefinition, checkout: Checkout) -> TestReport | str | None:
    """The report that the gate names; why it cannot be used, or None where it names none."""
    if not gate.junit:
        return None
    data = read_below(checkout.folder, gate.junit, LARGEST_REPORT)
    if data is None:
        return f"the report {gate.junit} was not written"
    return data if isinstance(data, str) else read_junit(data)


def _report_trouble(report: TestReport | str | None) -> str:
    """Why a report makes a gate fail; empty where it does not."""
    if isinstance(report, str):
        return report
    if report is not None and report.tests == 0:
        return "its report has no test: zero tests are a failure"
    return f"its report has {report.failed} failed tests" if report is not None and report.failed else ""
