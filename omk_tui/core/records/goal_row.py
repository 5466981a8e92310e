"""A goal as a row of table `goals` in omk.db, and back (STATE-FORMAT 7.3, 7.4)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import FieldError
from omk_tui.core.format.timestamp import Timestamp, TimestampError
from omk_tui.core.records.goal import (
    DELIVERY_POLICIES,
    FAILURE,
    MERGE_POLICIES,
    PHASES,
    STATUSES,
    TERMINAL_CRITERIA,
    Failure,
    Goal,
    TerminalCriteria,
)
from omk_tui.light.dataclass import dataclass

Cell = str | int | float | bytes | None
"""What SQLite keeps in one column."""

COLUMNS = (
    "goal_id",
    "status",
    "phase",
    "kind",
    "original_goal",
    "normalized_goal",
    "goal_text",
    "project_dir",
    "state_dir",
    "policy",
    "delivery_policy",
    "merge_policy",
    "until_ready",
    "slice_execution",
    "max_agents",
    "budget_time",
    "budget_tokens",
    "budget_usd",
    "cost_tracker_path",
    "terminal_criteria",
    "failure",
    "created_at",
    "updated_at",
    "completed_at",
    "controller_pid",
    "version",
)
_OPTIONAL_TEXT = ("kind", "budget_time", "cost_tracker_path", "terminal_criteria", "failure")
_OPTIONAL_INTEGER = ("max_agents", "budget_tokens", "budget_usd", "completed_at", "controller_pid")
# omk reads back other spellings than it writes, so rows with a hyphen cannot be read (STATE-FORMAT 7.4).
_READABLE_POLICIES = tuple(word.replace("-", "_") for word in DELIVERY_POLICIES)
_INTEGER = ("until_ready", "slice_execution", "created_at", "updated_at", "version")


class RowError(ValueError):
    """A row that omk cannot turn into a goal; the message names the column and what it holds."""


def row_of(goal: Goal) -> dict[str, Cell]:
    """All columns of the goal's row, as omk upserts them; the controller's pid is always erased (STATE-FORMAT 7.3)."""
    return {
        "goal_id": goal.goal_id,
        "status": goal.status,
        "phase": goal.phase,
        "kind": None,
        "original_goal": goal.original_goal,
        "normalized_goal": goal.normalized_goal,
        "goal_text": goal.original_goal,
        "project_dir": goal.state_dir,
        "state_dir": goal.state_dir,
        "policy": "local",
        "delivery_policy": goal.delivery_policy,
        "merge_policy": goal.merge_policy,
        "until_ready": int(goal.until_ready),
        "slice_execution": int(goal.slice_execution),
        "max_agents": None if goal.max_agents is None else _signed(goal.max_agents, 32),
        "budget_time": goal.budget_time,
        "budget_tokens": None if goal.budget_tokens is None else _signed(goal.budget_tokens, 64),
        "budget_usd": None if goal.budget_usd is None else _cents(goal.budget_usd),
        "cost_tracker_path": goal.cost_tracker_path,
        "terminal_criteria": omk_json.compact(TERMINAL_CRITERIA.write(goal.terminal_criteria)),
        "failure": None if goal.failure is None else omk_json.compact(FAILURE.write(goal.failure)),
        "created_at": goal.created_at.seconds,
        "updated_at": goal.updated_at.seconds,
        "completed_at": None if goal.completed_at is None else goal.completed_at.seconds,
        "controller_pid": None,
        "version": _signed(goal.version, 32),
    }


def _signed(number: int, bits: int) -> int:
    """The low `bits` of `number`, read as a signed integer."""
    low = number & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low


def _cents(usd: float) -> int:
    product = usd * 100.0
    limit = 1 << 63
    if math.isnan(product):
        return 0
    if abs(product) >= limit:
        return limit - 1 if product > 0 else -limit
    return int(product)


@dataclass(frozen=True, slots=True)
class RowGoal:
    """The goal that a row stands for, and what else the row says."""

    goal: Goal
    controller_pid: int | None


def goal_of(row: Mapping[str, Cell], state_dir: str, now: Timestamp) -> RowGoal:
    """The goal as omk reads it from a row (STATE-FORMAT 7.4): whole seconds, cents, no artifacts.

    `now` replaces `created_at` or `updated_at` outside the calendar, as omk does. Raises RowError.
    """
    _check_types(row)
    usd = row.get("budget_usd")
    tokens, agents = row.get("budget_tokens"), row.get("max_agents")
    return RowGoal(
        goal=Goal(
            version=_small(row, "version") % (1 << 32),
            goal_id=_text(row, "goal_id"),
            original_goal=_text(row, "original_goal"),
            normalized_goal=_text(row, "normalized_goal"),
            status=_word(row, "status", STATUSES),
            phase=_word(row, "phase", PHASES),
            created_at=_instant(row["created_at"]) or now,
            updated_at=_instant(row["updated_at"]) or now,
            completed_at=_instant(row.get("completed_at")),
            until_ready=bool(row["until_ready"]),
            budget_time=_optional_text(row, "budget_time"),
            budget_tokens=tokens % (1 << 64) if isinstance(tokens, int) else None,
            budget_usd=usd / 100.0 if isinstance(usd, int) else None,
            max_agents=_small(row, "max_agents") % (1 << 64) if agents is not None else None,
            cost_tracker_path=_optional_text(row, "cost_tracker_path"),
            terminal_criteria=_criteria(row),
            delivery_policy=_word(row, "delivery_policy", _READABLE_POLICIES).replace("_", "-"),
            merge_policy=_word(row, "merge_policy", MERGE_POLICIES),
            slice_execution=bool(row["slice_execution"]),
            artifacts=(),
            failure=_failure(row),
            state_dir=state_dir,
        ),
        controller_pid=_int(row, "controller_pid"),
    )


def _failure(row: Mapping[str, Cell]) -> Failure | None:
    text = _optional_text(row, "failure")
    if text is None:
        return None
    try:
        return FAILURE.read(omk_json.parse_lenient(text), "failure")
    except (JsonError, FieldError) as error:
        raise RowError(f"column failure: {error}") from error


def _criteria(row: Mapping[str, Cell]) -> TerminalCriteria:
    text = _optional_text(row, "terminal_criteria")
    if text is None:
        return TerminalCriteria()
    try:
        return TERMINAL_CRITERIA.read(omk_json.parse_lenient(text))
    except (JsonError, FieldError):
        return TerminalCriteria()


def _check_types(row: Mapping[str, Cell]) -> None:
    for column in COLUMNS:
        value = row.get(column)
        if column in _INTEGER:
            fits = type(value) is int
        elif column in _OPTIONAL_INTEGER:
            fits = value is None or type(value) is int
        else:
            fits = type(value) is str or (value is None and column in _OPTIONAL_TEXT)
        if not fits:
            raise RowError(f"column {column} holds {value!r:.60}")


def _text(row: Mapping[str, Cell], column: str) -> str:
    value = row[column]
    assert isinstance(value, str)
    return value


def _optional_text(row: Mapping[str, Cell], column: str) -> str | None:
    value = row.get(column)
    return value if isinstance(value, str) else None


def _int(row: Mapping[str, Cell], column: str) -> int | None:
    value = row.get(column)
    return value if isinstance(value, int) else None


def _small(row: Mapping[str, Cell], column: str) -> int:
    value = row[column]
    if not isinstance(value, int) or not -(1 << 31) <= value < (1 << 31):
        raise RowError(f"column {column} does not fit 32 bits: {value!r:.60}")
    return value


def _word(row: Mapping[str, Cell], column: str, words: tuple[str, ...]) -> str:
    value = _text(row, column)
    if value not in words:
        raise RowError(f"column {column}: omk does not know {value[:60]!r}")
    return value


def _instant(seconds: Cell) -> Timestamp | None:
    """The instant of that second, or None when it lies outside the calendar."""
    if not isinstance(seconds, int):
        return None
    try:
        return Timestamp.from_unix_seconds(seconds)
    except TimestampError:
        return None
