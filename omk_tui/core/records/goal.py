"""goal.json: the state of one goal (STATE-FORMAT 4.1)."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.record_table import (
    BOOL,
    FLOAT,
    OPTIONAL,
    STRING,
    TIMESTAMP,
    U32,
    U64,
    Field,
    Table,
    array,
    enum,
)
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.light.dataclass import dataclass, replace

STATUSES = (
    "running",
    "ready",
    "not_ready",
    "blocked_on_human",
    "blocked_on_external",
    "needs_more_budget",
    "failed_infra",
    "paused",
    "cancelled",
)
PHASES = ("intake", "planning", "decomposition", "execution", "verification_design", "proof")
DELIVERY_POLICIES = ("local", "draft-pr", "auto-pr")
MERGE_POLICIES = ("disabled", "manual", "gated")

STATUS = enum("goal status", STATUSES)
PHASE = enum("goal phase", PHASES)


@dataclass(frozen=True, slots=True)
class Artifact:
    """One entry of an `artifacts` list; `path` is usually relative to the goal directory."""

    kind: str
    path: str
    created_at: Timestamp


ARTIFACT = Table(
    Artifact,
    Field("kind", STRING),
    Field("path", STRING),
    Field("created_at", TIMESTAMP),
)


@dataclass(frozen=True, slots=True)
class TerminalCriteria:
    """What must hold before a goal may end."""

    proof_required: bool = True
    gates_required: bool = True
    human_blockers_stop: bool = True


TERMINAL_CRITERIA = Table(
    TerminalCriteria,
    Field("proof_required", BOOL),
    Field("gates_required", BOOL),
    Field("human_blockers_stop", BOOL),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the goal was rejected or failed, and when that was recorded."""

    reason: str
    recorded_at: Timestamp


FAILURE = Table(Failure, Field("reason", STRING), Field("recorded_at", TIMESTAMP))


@dataclass(frozen=True, slots=True)
class Goal:
    """The goal record; attributes are named as the keys of goal.json."""

    version: int
    goal_id: str
    original_goal: str
    normalized_goal: str
    status: str
    phase: str
    created_at: Timestamp
    updated_at: Timestamp
    completed_at: Timestamp | None
    until_ready: bool
    budget_time: str | None
    budget_tokens: int | None
    budget_usd: float | None
    max_agents: int | None
    cost_tracker_path: str | None
    terminal_criteria: TerminalCriteria
    delivery_policy: str
    merge_policy: str
    slice_execution: bool
    artifacts: tuple[Artifact, ...]
    failure: Failure | None
    state_dir: str


GOAL = Table(
    Goal,
    Field("version", U32, default=1),
    Field("goal_id", STRING),
    Field("original_goal", STRING),
    Field("normalized_goal", STRING),
    Field("status", STATUS),
    Field("phase", PHASE, default="intake"),
    Field("created_at", TIMESTAMP),
    Field("updated_at", TIMESTAMP),
    Field("completed_at", TIMESTAMP, default=OPTIONAL),
    Field("until_ready", BOOL, default=False),
    Field("budget_time", STRING, default=OPTIONAL),
    Field("budget_tokens", U64, default=OPTIONAL),
    Field("budget_usd", FLOAT, default=OPTIONAL),
    Field("max_agents", U64, default=OPTIONAL),
    Field("cost_tracker_path", STRING, default=OPTIONAL),
    Field("terminal_criteria", TERMINAL_CRITERIA, default=TerminalCriteria()),
    Field("delivery_policy", enum("delivery policy", DELIVERY_POLICIES), default="local"),
    Field("merge_policy", enum("merge policy", MERGE_POLICIES), default="disabled"),
    Field("slice_execution", BOOL, default=False),
    Field("artifacts", array(ARTIFACT), default=()),
    Field("failure", FAILURE, default=OPTIONAL),
    Field("state_dir", STRING, default=""),
)


def read_goal(text: str, state_dir: str) -> Goal:
    """The goal in the text of a goal.json found in `state_dir` (STATE-FORMAT 4.1; the stored `state_dir` is ignored).

    Raises JsonError or FieldError.
    """
    return replace(GOAL.read(omk_json.parse_lenient(text)), state_dir=state_dir)


def write_goal(goal: Goal) -> str:
    """The text of goal.json as omk writes it: pretty, no final newline, nothing redacted."""
    return omk_json.pretty(GOAL.write(goal))


def with_artifact(artifacts: tuple[Artifact, ...], new: Artifact) -> tuple[Artifact, ...]:
    """`artifacts` with `new` at the end, unless an entry of that kind and path is there (STATE-FORMAT 6.2)."""
    wanted = path_components(new.path)
    if any(old.kind == new.kind and path_components(old.path) == wanted for old in artifacts):
        return artifacts
    return (*artifacts, new)


def path_components(path: str) -> tuple[str, ...]:
    """The components that decide whether two paths are the same to omk.

    Doubled and trailing slashes and inner ``.`` do not matter; a leading ``.`` and the root do.
    """
    parts = path.split("/")
    path_parts = [part for i, part in enumerate(parts) if part not in ("", ".") or (part == "." and i == 0)]
    return ("/", *path_parts) if path.startswith("/") else tuple(path_parts)
