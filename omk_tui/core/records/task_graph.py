"""task-graph.json as accept reads it: typed, then validated (STATE-FORMAT 4.2, 5.4)."""

from __future__ import annotations

from collections.abc import Iterable

from omk_tui.core.format import omk_json
from omk_tui.core.format.record_table import OPTIONAL, STRING, TIMESTAMP, U32, Field, Table, array, enum
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.words import trim
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class TaskEvidence:
    """One piece of evidence that a task names."""

    kind: str
    path: str
    summary: str


TASK_EVIDENCE = Table(TaskEvidence, Field("kind", STRING), Field("path", STRING), Field("summary", STRING))


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the graph; attributes are named as its keys (without `delivery`, which is read raw)."""

    id: str
    title: str
    description: str
    status: str
    owner_role: str | None
    completed_at: Timestamp | None
    evidence: tuple[TaskEvidence, ...]
    retry_count: int
    max_retries: int
    lease_expires_at: Timestamp | None
    dependencies: tuple[str, ...]
    read_set: tuple[str, ...]
    write_set: tuple[str, ...]
    risk: str
    acceptance: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether the task's status is `done`."""
        return self.status == "done"


TASK = Table(
    Task,
    Field("id", STRING),
    Field("title", STRING),
    Field("description", STRING),
    Field("status", enum("task status", ("pending", "blocked", "done"))),
    Field("owner_role", STRING, default=OPTIONAL),
    Field("completed_at", TIMESTAMP, default=OPTIONAL),
    Field("evidence", array(TASK_EVIDENCE), default=()),
    Field("retry_count", U32, default=0),
    Field("max_retries", U32, default=0),
    Field("lease_expires_at", TIMESTAMP, default=OPTIONAL, write_null=True),
    Field("dependencies", array(STRING)),
    Field("read_set", array(STRING)),
    Field("write_set", array(STRING)),
    Field("risk", STRING),
    Field("acceptance", array(STRING)),
)


@dataclass(frozen=True, slots=True)
class TaskGraph:
    """The typed task graph."""

    version: int
    goal_id: str
    generated_at: Timestamp
    tasks: tuple[Task, ...]

    def with_id(self, task_id: str) -> tuple[Task, ...]:
        """Every task of that id, in file order."""
        return tuple(task for task in self.tasks if task.id == task_id)

    def is_done(self, task_id: str) -> bool:
        """Whether some task of that id is done."""
        return any(task.done for task in self.with_id(task_id))


TASK_GRAPH = Table(
    TaskGraph,
    Field("version", U32),
    Field("goal_id", STRING),
    Field("generated_at", TIMESTAMP),
    Field("tasks", array(TASK)),
)


def read_task_graph(text: str) -> TaskGraph:
    """The typed graph in the text of a task-graph.json, not yet validated. Raises JsonError or FieldError."""
    return TASK_GRAPH.read(omk_json.parse_lenient(text))


def findings(graph: TaskGraph) -> tuple[str, ...]:
    """What makes the graph invalid, in omk's order and words (STATE-FORMAT 5.4); empty when it is valid."""
    return tuple(_findings(graph))


def _findings(graph: TaskGraph) -> Iterable[str]:
    if graph.version == 0:
        yield "task graph version must be greater than zero"
    if not trim(graph.goal_id):
        yield "task graph goal_id must not be empty"
    if not graph.tasks:
        yield "task graph must contain at least one task"
    known: set[str] = set()
    for task in graph.tasks:
        if not trim(task.id):
            yield "task id must not be empty"
            continue
        if task.id in known:
            yield f"duplicate task id: {task.id}"
        known.add(task.id)
        if not trim(task.title):
            yield f"task {task.id} title must not be empty"
        if not trim(task.description):
            yield f"task {task.id} description must not be empty"
        if not task.acceptance:
            yield f"task {task.id} must define at least one acceptance criterion"
    for task in graph.tasks:
        for dependency in task.dependencies:
            if dependency == task.id:
                yield f"task {task.id} cannot depend on itself"
            elif dependency not in known:
                yield f"task {task.id} depends on missing task {dependency}"
    if _has_cycle({task.id: task.dependencies for task in graph.tasks}):
        yield "task graph contains a dependency cycle"


def _has_cycle(edges: dict[str, tuple[str, ...]]) -> bool:
    """Whether the dependencies run in a circle; the last of several tasks with one id counts."""
    settled: set[str] = set()
    for start, first in edges.items():
        if start in settled:
            continue
        on_path = {start}
        stack = [(start, iter(first))]
        while stack:
            node, rest = stack[-1]
            for dependency in rest:
                if dependency in on_path:
                    return True
                if dependency in edges and dependency not in settled:
                    on_path.add(dependency)
                    stack.append((dependency, iter(edges[dependency])))
                    break
            else:
                stack.pop()
                on_path.discard(node)
                settled.add(node)
    return False
