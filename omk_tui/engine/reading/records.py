"""Reading the records of one goal into Facts: goal.json, proof.json, task-graph.json, and what omk.db adds."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import LARGEST_DOCUMENT, too_many_values
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import FieldError
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.facts import Controller, Facts
from omk_tui.core.records.file_names import CHECKPOINTS_FILE, EVENTS_FILE, GOAL_FILE, GRAPH_FILE, PROOF_FILE
from omk_tui.core.records.gate_run import GATE_RUN_FILE, LARGEST_GATE_RUN, BadGateRun, GateRun, read_gate_run
from omk_tui.core.records.goal import Goal, read_goal
from omk_tui.core.records.goal_row import Cell, RowError, goal_of
from omk_tui.core.records.intake import (
    INTAKE_FILE,
    LARGEST_INTAKE,
    SUPERSEDED_FILE,
    BadIntake,
    Intake,
    read_intake,
    was_opened,
)
from omk_tui.core.records.maker import Desk
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import read_proof
from omk_tui.core.records.task_graph import TaskGraph, findings, read_task_graph
from omk_tui.core.text.words import first_few
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.processes import process_exists
from omk_tui.engine.reading.ledger_tail import last_line
from omk_tui.light.dataclass import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

_INTAKE_GONE = Problem(
    INTAKE_FILE,
    "it is missing, although the goal's id says that omk-tui opened it from a branch; put it back, or move the goal's "
    "directory away and open the branch again",
    missing=True,
)
ALIVE_FOR = 30
"""Seconds after its last heartbeat that a controller counts as alive (STATE-FORMAT 7.5)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its bytes, or the problem."""

    data: bytes = b""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """The three documents of a goal as bytes, and the facts in them (the project is not looked at yet)."""

    facts: Facts
    documents: Mapping[str, Document]


def read_records(
    folder: GoalFolder, goal_id: str, row: Mapping[str, Cell] | None, now: Timestamp, interrupted: str = ""
) -> Records:
    """The records in an open goal directory. Nothing raises: what cannot be read is a problem inside the facts."""
    documents = {name: read_document(folder, name) for name in (GOAL_FILE, PROOF_FILE, GRAPH_FILE)}
    goal, goal_problem = _parsed(GOAL_FILE, documents, lambda text: read_goal(text, folder.path))
    stored, proof_problem = _parsed(PROOF_FILE, documents, read_proof)
    graph, graph_problem = _parsed(GRAPH_FILE, documents, _valid_graph)
    deliveries, raw_problem = _parsed(GRAPH_FILE, documents, read_deliveries)
    from_row = False
    if goal_problem is not None and goal_problem.missing and row is not None:
        goal, goal_problem = goal_from_row(row, folder.path, now)
        from_row = goal is not None
    facts = Facts(
        goal_id=goal_id,
        goal_dir=folder.path,
        goal=goal,
        stored=stored,
        graph=graph if raw_problem is None else None,
        deliveries=deliveries,
        goal_problem=goal_problem,
        proof_problem=proof_problem,
        graph_problem=graph_problem or raw_problem,
        goal_from_row=from_row,
        controller=controller_of(row, now),
        torn_logs=tuple(name for name in (EVENTS_FILE, CHECKPOINTS_FILE) if is_torn(folder, name)),
        interrupted=interrupted,
        ledger_line=last_line(folder) if stored and stored.sidecars.integration_evidence else b"",
    )
    intake = read_intake_of(folder)
    if isinstance(intake, Problem):
        facts = replace(facts, intake_problem=intake)
    elif intake is not None:
        run = _gate_run(folder)
        facts = replace(
            facts,
            intake=intake,
            gate_notes=run.notes,
            required_gates=run.required,
            superseded_by=superseded_by(folder),
            maker=Desk(),
        )
    elif was_opened(goal_id, (delivery.text("commit_sha") for delivery in deliveries or ())):
        facts = replace(facts, intake_problem=_INTAKE_GONE)
    return Records(facts, documents)


def read_intake_of(folder: GoalFolder) -> Intake | Problem | None:
    """The intake record of a goal that this program opened; None for any other, the problem where it cannot be read."""
    try:
        return read_intake(folder.read(INTAKE_FILE, LARGEST_INTAKE).decode("utf-8"))
    except Unreadable as error:
        return None if error.missing else Problem(INTAKE_FILE, error.reason)
    except UnicodeDecodeError as error:
        return Problem(INTAKE_FILE, f"it is not valid UTF-8 at byte {error.start}")
    except BadIntake as error:
        return Problem(INTAKE_FILE, str(error))


def _gate_run(folder: GoalFolder) -> GateRun:
    try:
        return read_gate_run(folder.read(GATE_RUN_FILE, LARGEST_GATE_RUN).decode("utf-8"))
    except (Unreadable, UnicodeDecodeError, BadGateRun):
        return GateRun()


def superseded_by(folder: GoalFolder) -> str:
    """The id of the goal that a later state of the branch has, as the mark says; empty without one."""
    try:
        mark = omk_json.parse(folder.read(SUPERSEDED_FILE, LARGEST_INTAKE).decode("utf-8"))
    except (Unreadable, UnicodeDecodeError, JsonError):
        return ""
    by = mark.get("by") if isinstance(mark, dict) else None
    return by if isinstance(by, str) else ""


def ghost_facts(goal_id: str, path: str, row: Mapping[str, Cell], now: Timestamp) -> Facts:
    """The facts of a goal that only has a row: its directory is gone."""
    goal, problem = goal_from_row(row, path, now)
    return Facts(
        goal_id=goal_id,
        goal_dir=path,
        goal=goal,
        stored=None,
        graph=None,
        deliveries=None,
        goal_problem=problem,
        goal_from_row=goal is not None,
        controller=controller_of(row, now),
    )


def read_document(folder: GoalFolder, name: str) -> Document:
    """The bytes of one file of the goal directory, at most LARGEST_DOCUMENT."""
    try:
        return Document(folder.read(name, LARGEST_DOCUMENT))
    except Unreadable as error:
        return Document(problem=Problem(name, error.reason, missing=error.missing))


def goal_from_row(row: Mapping[str, Cell], path: str, now: Timestamp) -> tuple[Goal | None, Problem | None]:
    """The goal that a row stands for when goal.json is missing (STATE-FORMAT 5.1)."""
    try:
        return goal_of(row, path, now).goal, None
    except RowError as error:
        return None, Problem(GOAL_FILE, f"it is missing, and its row in omk.db cannot be used: {error}", missing=True)


def controller_of(row: Mapping[str, Cell] | None, now: Timestamp) -> Controller:
    """The controller that a row names; alive when its process is and its heartbeat is fresh (STATE-FORMAT 7.5)."""
    pid, beat = (row.get("controller_pid"), row.get("updated_at")) if row else (None, None)
    if not isinstance(pid, int) or pid <= 0:
        return Controller()
    fresh = isinstance(beat, int) and now.seconds - beat <= ALIVE_FOR
    return Controller(pid, fresh and process_exists(pid))


def is_torn(folder: GoalFolder, name: str) -> bool:
    """Whether a log's last line has no newline: a write was cut off (STATE-FORMAT H11)."""
    try:
        return ends_torn(folder, name)
    except Unreadable:
        return False


def ends_torn(folder: GoalFolder, name: str) -> bool:
    """As `is_torn`, but raises Unreadable when that cannot be told."""
    with folder.open(name) as file:
        try:
            size = os.fstat(file.fileno()).st_size
            return size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        except OSError as error:
            raise Unreadable.of(error) from None


def _parsed(name: str, documents: Mapping[str, Document], read: Callable[[str], T]) -> tuple[T | None, Problem | None]:
    document = documents[name]
    if document.problem is not None:
        return None, document.problem
    try:
        text = document.data.decode("utf-8")
        excess = too_many_values(text)
        return (None, Problem(name, excess)) if excess else (read(text), None)
    except UnicodeDecodeError as error:
        return None, Problem(name, f"it is not valid UTF-8 at byte {error.start}")
    except JsonError as error:
        return None, Problem(name, f"it is not valid JSON: {error}")
    except FieldError as error:
        return None, Problem(name, error.problem, field=error.where, found=error.found)
    except InvalidGraph as error:
        return None, Problem(name, f"the task graph is invalid: {error}")


_MOST_FINDINGS = 100


class InvalidGraph(ValueError):
    """A typed graph that omk's validation refuses; the message has its findings, of many the first."""


def _valid_graph(text: str) -> TaskGraph:
    graph = read_task_graph(text)
    graph_findings = findings(graph)
    if graph_findings:
        raise InvalidGraph(first_few(graph_findings, _MOST_FINDINGS, "; "))
    return graph


def read_created_at(folder: GoalFolder) -> tuple[Timestamp, str]:
    """When the goal of a directory was created, and its inner id, as omk without a database sorts by.

    Raises ValueError when its scan of the directories would skip this one (STATE-FORMAT 5.3).
    """
    document = read_document(folder, GOAL_FILE)
    goal, problem = _parsed(GOAL_FILE, {GOAL_FILE: document}, lambda text: read_goal(text, folder.path))
    if goal is None:
        raise ValueError(problem.sentence if problem else GOAL_FILE)
    return goal.created_at, goal.goal_id


def read_title(folder: GoalFolder) -> str:
    """The goal's text as its goal.json has it; empty where that cannot be read."""
    document = read_document(folder, GOAL_FILE)
    goal, _ = _parsed(GOAL_FILE, {GOAL_FILE: document}, lambda text: read_goal(text, folder.path))
    return goal.original_goal if goal is not None else ""
