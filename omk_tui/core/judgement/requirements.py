"""The checklist: omk's nine requirements for accepting, each with its facts and its next step (STATE-FORMAT 6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omk_tui.core.judgement.oracle import Oracle
from omk_tui.core.judgement.review_wall import PERFORMANCE_WORDS, Pass, gates_hold, performance_gate
from omk_tui.core.records.proof import Gate, Proof
from omk_tui.core.records.task_graph import TaskGraph
from omk_tui.core.text.printed_commands import omk_command

LOCAL_VERIFY = "goal-local-verify"
AGENT_EXECUTE = "goal-agent-execute"
AGENT_IMPLEMENT_PREFIX = "goal-agent-implement-"
REVIEW = "goal-review"
SECURITY_REVIEW = "goal-security-review"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: omk's sentence for its absence, whether it is met, the facts behind that, and the next step.

    `next` holds one command or text block a line; it is empty when the requirement is met.
    """

    text: str
    met: bool
    facts: str
    next: str


def gate_stanza(names: Sequence[str]) -> str:
    """Stanzas for ``.omk/gates.toml`` that define one required gate for each name."""
    return "\n".join(
        f'[[gates]]\nname = "{name}"\ncommand = "sh"\nargs = ["-c", "./scripts/{name}.sh"]\nrequired = true'
        for name in names
    )


def build_checklist(
    goal_id: str, proof: Proof, graph: TaskGraph, oracle: Oracle, wall: Sequence[Pass]
) -> tuple[Requirement, ...]:
    """The nine requirements in omk's order, judged from the stored proof and graph."""
    verify, execute, review = (omk_command(verb, goal_id) for verb in ("verify", "execute", "review"))
    files = proof.changed_files
    agents_done, agents_facts = _agents(graph)
    return (
        _requirement(
            "required verification gates are missing or failing",
            gates_hold(proof.gates),
            _gate_facts(proof.gates),
            verify,
        ),
        _task_requirement("local verification task evidence is missing", graph, LOCAL_VERIFY, verify),
        _requirement("agent execution task evidence is missing", agents_done, agents_facts, execute),
        _task_requirement("review task evidence is missing", graph, REVIEW, review),
        _task_requirement("security review task evidence is missing", graph, SECURITY_REVIEW, review),
        _requirement(
            "changed-file evidence is missing",
            bool(files),
            f"{_count(len(files), 'changed file')}: {', '.join(files)}" if files else "the proof names no changed file",
            execute,
        ),
        _requirement(
            "post-mutation verification evidence is missing",
            proof.post_mutation_gates_ran,
            f"gates {'ran' if proof.post_mutation_gates_ran else 'did not run'} after the agent's change",
            execute,
        ),
        _requirement(
            "required review wall evidence is incomplete or blocked",
            bool(wall) and all(one.passed for one in wall),
            _wall_facts(wall),
            _wall_next(goal_id, proof, wall),
        ),
        _requirement(
            f"{oracle.kind} oracle evidence is incomplete or failing",
            oracle.passed,
            _oracle_facts(oracle),
            _oracle_next(goal_id, oracle),
        ),
    )


def missing(requirements: Sequence[Requirement]) -> tuple[str, ...]:
    """Omk's sentences for what is missing, in order."""
    return tuple(requirement.text for requirement in requirements if not requirement.met)


def _requirement(text: str, met: bool, facts: str, next_step: str) -> Requirement:
    return Requirement(text, met, facts, "" if met else next_step)


def _task_requirement(text: str, graph: TaskGraph, task_id: str, next_step: str) -> Requirement:
    tasks = graph.with_id(task_id)
    facts = f"task {task_id} is {tasks[0].status}" if tasks else f"there is no task {task_id}"
    return _requirement(text, graph.is_done(task_id), facts, next_step)


def _agents(graph: TaskGraph) -> tuple[bool, str]:
    """Whether the agent's work is done: the one execute task if it exists, else all implement tasks."""
    execute = graph.with_id(AGENT_EXECUTE)
    if execute:
        return graph.is_done(AGENT_EXECUTE), f"task {AGENT_EXECUTE} is {execute[0].status}"
    implement = [task for task in graph.tasks if task.id.startswith(AGENT_IMPLEMENT_PREFIX)]
    if not implement:
        return False, f"there is no task {AGENT_EXECUTE} and none that begins with {AGENT_IMPLEMENT_PREFIX}"
    waiting = [task.id for task in implement if not task.done]
    facts = f"{len(implement) - len(waiting)} of {len(implement)} {AGENT_IMPLEMENT_PREFIX}* tasks are done"
    return not waiting, facts + (f"; waiting: {', '.join(waiting)}" if waiting else "")


def _gate_facts(gates: Sequence[Gate]) -> str:
    if not gates:
        return "the proof has no gate"
    required = [gate for gate in gates if gate.required]
    passed = sum(gate.passed for gate in required)
    failed = [_failure(gate) for gate in required if not gate.passed]
    facts = f"{passed} of {len(required)} required gates passed"
    return facts + (f"; failed: {', '.join(failed)}" if failed else "")


def _failure(gate: Gate) -> str:
    if gate.timed_out:
        return f"{gate.name} (timed out after {gate.timeout_secs} s)"
    return f"{gate.name} ({'did not start' if gate.exit_code is None else f'exit {gate.exit_code}'})"


def _wall_facts(wall: Sequence[Pass]) -> str:
    if not wall:
        return "no review has run yet, so omk's wall is empty"
    blocked = [one.name for one in wall if not one.passed]
    facts = f"{len(wall) - len(blocked)} of {len(wall)} passes"
    return facts + (f"; blocked: {', '.join(blocked)}" if blocked else "")


def _oracle_facts(oracle: Oracle) -> str:
    words = ", ".join(f'"{word}" ({kind})' for kind, word in oracle.matched)
    reason = f"chosen by {words}" if words else "the default: no word of another kind is in the goal"
    gates = ", ".join(f"{check.name}: {check.gate or 'no passed gate'}" for check in oracle.checks)
    return f"kind {oracle.kind}, {reason}; {gates}"


def _oracle_next(goal_id: str, oracle: Oracle) -> str:
    wanted = [check.name for check in oracle.checks if not check.passed]
    return _add_gates(goal_id, wanted, "a part of the gate's name must be exactly: " + ", ".join(wanted))


def _wall_next(goal_id: str, proof: Proof, wall: Sequence[Pass]) -> str:
    blocked = {one.name for one in wall if not one.passed}
    steps: list[str] = []
    if not wall or blocked & {"architect", "security"}:
        steps.append(omk_command("review", goal_id))
    if not proof.changed_files:
        steps.append(omk_command("execute", goal_id))
    if performance_gate(proof.gates) is None:
        words = " or ".join(PERFORMANCE_WORDS)
        steps.append(_add_gates(goal_id, ["bench"], f"a passed gate must have {words} in its name"))
    elif not gates_hold(proof.gates):
        steps.append(omk_command("verify", goal_id))
    return "\n".join(steps)


def _add_gates(goal_id: str, names: Sequence[str], rule: str) -> str:
    return f"# .omk/gates.toml: {rule}\n{gate_stanza(names)}\n{omk_command('verify', goal_id)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
