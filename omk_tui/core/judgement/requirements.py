"""Omk's nine requirements: each judged, told and pointed to its evidence in one place (STATE-FORMAT 6.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from omk_tui.core.judgement.evidence_place import GATE_LOGS, EvidencePlace
from omk_tui.core.judgement.gate_words import gate_result, timed_out_after
from omk_tui.core.judgement.oracle import Oracle, gates_named
from omk_tui.core.judgement.review_wall import PERFORMANCE_WORDS, Pass, gates_hold, performance_gate
from omk_tui.core.records.gate_run import never_ran
from omk_tui.core.records.maker import OMK, Maker
from omk_tui.core.records.proof import Gate, Proof
from omk_tui.core.records.task_graph import TaskGraph
from omk_tui.core.records.task_names import (
    AGENT_EXECUTE,
    AGENT_IMPLEMENT_PREFIX,
    LOCAL_VERIFY,
    REVIEW,
    SECURITY_REVIEW,
)
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few, plural
from omk_tui.light.dataclass import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    State = Literal["met", "missing", "failed", "waived"]

_SHORT = 30
"""Characters of a waiver's reason in a row."""
_MOST_NAMED = 8
"""Changed files that are named; the Diff section has all of them."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement for accepting.

    `key` names it for programs, `text` is omk's sentence for its absence, `name` what that is about. `state` is
    `failed` where there is evidence that does not hold, `missing` where there is none, `waived` where the project's own
    policy says so (omk knows no waivers: what it writes still names it as missing). `facts` are behind that, and
    `short_facts` the same in at most about thirty clean characters. `next` holds one command or text block a line and
    is empty when the requirement is met. `place` is where its evidence is to be seen, if it has a section of its own.
    `met_for_omk` says that omk's own rule is met although this program says that something is missing.
    """

    key: str
    text: str
    name: str
    state: State
    facts: str
    short_facts: str
    next: str
    place: EvidencePlace | None = None
    met_for_omk: bool = False

    @property
    def met(self) -> bool:
        """Whether nothing is to be done for it."""
        return self.state == "met"

    @property
    def sentence(self) -> str:
        """Omk's sentence for its absence, or that it is met: ``required verification gates are met``."""
        if not self.met:
            return self.text
        return f"{self.name} {'are' if self.text.startswith(f'{self.name} are ') else 'is'} met"

    @property
    def waived(self) -> bool:
        """Whether the project's policy does without it."""
        return self.state == "waived"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the requirements are judged from: the stored proof and graph, and what oracle and wall make of them.

    `maker` is the program that made the goal, whose commands bring what is missing. `waivers` are those of an opened
    goal's policy, by key with the reason, `required_gates` the gates that such a goal has to pass, by name.
    """

    goal_id: str
    proof: Proof
    graph: TaskGraph
    oracle: Oracle
    wall: Sequence[Pass]
    maker: Maker = OMK
    waivers: Mapping[str, str] = field(default_factory=dict)
    required_gates: tuple[str, ...] = ()

    def step(self, step: str) -> str:
        """The command of the goal's maker for a step."""
        return self.maker.command(step, self.goal_id)


def build_requirements(evidence: Evidence) -> tuple[Requirement, ...]:
    """The nine requirements in omk's order."""
    return tuple(_waived(judge(evidence), evidence) for judge in _IN_OMKS_ORDER)


def missing(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    """Omk's sentences for what is missing by omk's own rules, in order."""
    return tuple(requirement.text for requirement in requirements if not (requirement.met or requirement.met_for_omk))


def unwaived(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    """Omk's sentences for everything that is missing and not waived, in order."""
    return tuple(requirement.text for requirement in requirements if not (requirement.met or requirement.waived))


def _waived(requirement: Requirement, of: Evidence) -> Requirement:
    """The requirement, waived if the policy waives it or every part of it that does not hold."""
    if requirement.met or not of.waivers:
        return requirement
    parts: list[str] = []
    if requirement.key == "review_wall" and of.wall:
        parts = [f"wall.{review_pass.name}" for review_pass in of.wall if not review_pass.passed]
    elif requirement.key == "oracle":
        parts = [f"oracle.{check.name}" for check in of.oracle.checks if not check.passed]
    keys = [requirement.key] if requirement.key in of.waivers else parts
    if not keys or not all(key in of.waivers for key in keys):
        return requirement
    reasons = "; ".join(f"{key}: {printable(of.waivers[key], 300)}" for key in keys)
    facts = f"{requirement.facts}; waived by the base's .omk/desk.toml: {reasons}"
    reason = printable(of.waivers[keys[0]], 300)
    short = reason if len(reason) <= _SHORT else f"{reason[: _SHORT - 1]}…"
    return replace(requirement, state="waived", facts=facts, short_facts=short, next="")


def gate_stanza(names: Sequence[str]) -> str:
    """Stanzas for ``.omk/gates.toml`` that define one required gate for each name."""
    return "\n".join(
        f'[[gates]]\nname = "{name}"\ncommand = "sh"\nargs = ["-c", "./scripts/{name}.sh"]\nrequired = true'
        for name in names
    )


# The nine, in omk's order. Each is judged, told and pointed to its evidence in one place.


def _gates(of: Evidence) -> Requirement:
    gates = of.proof.gates
    required = [gate for gate in gates if gate.required]
    failed = [gate for gate in required if not gate.passed]
    unrun = never_ran(of.required_gates, gates)
    if gates:
        passed, wanted = len(required) - len(failed), len(required) + len(unrun)
        facts = f"{passed} of {wanted} required gates passed"
        facts += f"; failed: {', '.join(map(_failure, failed))}" if failed else ""
        facts += f"; never ran: {', '.join(unrun)}" if unrun else ""
        short = f"{passed}/{wanted} passed"
    else:
        facts, short = "the proof has no gate", "no gate"
    if failed:
        short += f"; {printable(failed[0].name, 24)} {gate_result(failed[0])}"
    elif gates and unrun:
        short += f"; {printable(unrun[0], 14)} never ran"
    holds = gates_hold(gates)
    return Requirement(
        "gates",
        "required verification gates are missing or failing",
        "required verification gates",
        _state(holds and not unrun, tried=bool(gates) and not holds),
        facts,
        short,
        _next(holds and not unrun, of.step("verify")),
        GATE_LOGS,
        met_for_omk=holds,
    )


def _local_verification(of: Evidence) -> Requirement:
    return _task(of, "local_verification", "local verification task evidence", LOCAL_VERIFY, "verify")


def _agent_execution(of: Evidence) -> Requirement:
    """The one execute task if it exists, else all implement tasks."""
    execute = of.graph.with_id(AGENT_EXECUTE)
    parts = [task for task in of.graph.tasks if task.id.startswith(AGENT_IMPLEMENT_PREFIX)]
    waiting = [task.id for task in parts if not task.done]
    if execute:
        done = of.graph.is_done(AGENT_EXECUTE)
        facts, short = f"task {AGENT_EXECUTE} is {execute[0].status}", f"task {execute[0].status}"
    elif not parts:
        done = False
        facts = f"there is no task {AGENT_EXECUTE} and none that begins with {AGENT_IMPLEMENT_PREFIX}"
        short = "no such task"
    else:
        done = not waiting
        facts = f"{len(parts) - len(waiting)} of {len(parts)} {AGENT_IMPLEMENT_PREFIX}* tasks are done"
        facts += f"; waiting: {', '.join(waiting)}" if waiting else ""
        short = f"{len(parts) - len(waiting)}/{len(parts)} tasks done"
    name = "agent execution task evidence"
    step = _next(done, of.step("execute"))
    return Requirement("agent_execution", f"{name} is missing", name, _state(done), facts, short, step)


def _review(of: Evidence) -> Requirement:
    return _task(of, "review", "review task evidence", REVIEW, "review")


def _security_review(of: Evidence) -> Requirement:
    return _task(of, "security_review", "security review task evidence", SECURITY_REVIEW, "security_review")


def _changed_files(of: Evidence) -> Requirement:
    files = of.proof.changed_files
    counted = plural(len(files), "changed file")
    return Requirement(
        "changed_files",
        "changed-file evidence is missing",
        "changed-file evidence",
        _state(bool(files)),
        f"{counted}: {first_few(files, _MOST_NAMED)}" if files else "the proof names no changed file",
        f"{len(files):,} {'file' if len(files) == 1 else 'files'}",
        _next(bool(files), of.step("execute")),
        EvidencePlace("diff", "the diff"),
    )


def _post_mutation(of: Evidence) -> Requirement:
    ran = of.proof.post_mutation_gates_ran
    word = "ran" if ran else "did not run"
    name = "post-mutation verification evidence"
    step = _next(ran, of.step("verify_change"))
    facts = f"gates {word} after the agent's change"
    return Requirement("post_mutation", f"{name} is missing", name, _state(ran), facts, word, step)


def _review_wall(of: Evidence) -> Requirement:
    blocked = [review_pass.name for review_pass in of.wall if not review_pass.passed]
    passed = len(of.wall) - len(blocked)
    holds = bool(of.wall) and not blocked
    if of.wall:
        facts = f"{passed} of {len(of.wall)} passes" + (f"; blocked: {', '.join(blocked)}" if blocked else "")
        short = f"{passed}/{len(of.wall)} passes"
    else:
        facts, short = "no review has run yet, so omk's wall is empty", "empty: no review ran"
    return Requirement(
        "review_wall",
        "required review wall evidence is incomplete or blocked",
        "required review wall evidence",
        _state(holds, tried=bool(of.wall)),
        facts,
        short,
        _next(holds, _wall_steps(of)),
        EvidencePlace("wall", "the six passes"),
    )


def _oracle(of: Evidence) -> Requirement:
    oracle = of.oracle
    wanted = [check.name for check in oracle.checks if not check.passed]
    words = ", ".join(f'"{word}" ({kind})' for kind, word in oracle.matched)
    reason = f"chosen by {words}" if words else "the default: no word of another kind is in the goal"
    gates = ", ".join(f"{check.name}: {check.gate or 'no passed gate'}" for check in oracle.checks)
    short = f"{len(oracle.checks) - len(wanted)}/{len(oracle.checks)} checks"
    to_add = [name for name in wanted if f"oracle.{name}" not in of.waivers]
    rule = "a part of the gate's name must be exactly: " + ", ".join(to_add)
    return Requirement(
        "oracle",
        f"{oracle.kind} oracle evidence is incomplete or failing",
        f"{oracle.kind} oracle evidence",
        _state(oracle.passed, tried=any(gates_named(check, of.proof.gates) for check in wanted)),
        f"kind {oracle.kind}, {reason}; {gates}",
        short + (f"; no gate {', '.join(wanted)}" if wanted else ""),
        _next(oracle.passed, _add_gates(of, to_add, rule)),
        EvidencePlace("oracle", "the checks and the gate names that count"),
    )


_IN_OMKS_ORDER: tuple[Callable[[Evidence], Requirement], ...] = (
    _gates,
    _local_verification,
    _agent_execution,
    _review,
    _security_review,
    _changed_files,
    _post_mutation,
    _review_wall,
    _oracle,
)
_NUMBER_WORDS = {9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}
COUNTED = f"{_NUMBER_WORDS.get(len(_IN_OMKS_ORDER), len(_IN_OMKS_ORDER))} requirements"
"""How the requirements are called together: ``nine requirements``."""


def _task(of: Evidence, key: str, name: str, task_id: str, verb: str) -> Requirement:
    """A requirement that one task of the graph is done."""
    tasks, done = of.graph.with_id(task_id), of.graph.is_done(task_id)
    facts = f"task {task_id} is {tasks[0].status}" if tasks else f"there is no task {task_id}"
    short = f"task {tasks[0].status}" if tasks else "no such task"
    step = _next(done, of.step(verb))
    return Requirement(key, f"{name} is missing", name, _state(done), facts, short, step)


def _state(met: bool, *, tried: bool = False) -> State:
    return "met" if met else "failed" if tried else "missing"


def _next(met: bool, step: str) -> str:
    return "" if met else step


def _failure(gate: Gate) -> str:
    ended = timed_out_after(gate) or ("did not start" if gate.exit_code is None else f"exit {gate.exit_code}")
    return f"{gate.name} ({ended})"


def _wall_steps(of: Evidence) -> str:
    blocked = {
        review_pass.name
        for review_pass in of.wall
        if not review_pass.passed and f"wall.{review_pass.name}" not in of.waivers
    }
    steps: list[str] = []
    if not of.wall or blocked & {"architect", "security"}:
        steps.append(of.step("review"))
    if not of.proof.changed_files:
        steps.append(of.step("execute"))
    if performance_gate(of.proof.gates) is None and "wall.performance" not in of.waivers:
        words = " or ".join(PERFORMANCE_WORDS)
        steps.append(_add_gates(of, ["bench"], f"a passed gate must have {words} in its name"))
    elif not gates_hold(of.proof.gates):
        steps.append(of.step("verify"))
    return "\n".join(steps)


def _add_gates(of: Evidence, names: Sequence[str], rule: str) -> str:
    return f"# .omk/gates.toml: {rule}\n{gate_stanza(names)}\n{of.step('verify')}"
