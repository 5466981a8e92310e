"""Budgets: what the agents used, and the checkpoint that a decision writes (STATE-FORMAT 4.7, 8)."""

from __future__ import annotations

from collections.abc import Iterable

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import Timestamp, elapsed_seconds
from omk_tui.core.records.goal import Goal
from omk_tui.core.text.words import WHITE_SPACE, ascii_lower, trim
from omk_tui.light.dataclass import dataclass
from omk_tui.light.pattern import pattern

U64_MAX = (1 << 64) - 1
_BUDGET_TIME = pattern(rf"(\+?[0-9]+)[{WHITE_SPACE}]*([smhdSMHD]?)")
_UNIT_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_INPUT_KEYS = ("input_other", "input_cache_read", "input_cache_creation")
_STATUS_UPDATES = ("status_update", "status-update")


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the agents used and their estimated cost in US dollars."""

    tokens: int = 0
    cost_usd: float = 0.0

    def plus(self, other: Usage) -> Usage:
        """Both together; tokens saturate at the largest u64."""
        return Usage(min(U64_MAX, self.tokens + other.tokens), self.cost_usd + other.cost_usd)


def usage_in_lines(lines: Iterable[str]) -> Usage:
    """What one wire-events.jsonl reports (STATE-FORMAT 8.1).

    Entries of one message id count once, the largest; anonymous entries add up before them.
    """
    total = Usage()
    by_message: dict[str, Usage] = {}
    for line in lines:
        entry = _entry(line)
        if entry is None:
            continue
        message, usage = entry
        if message is None:
            total = total.plus(usage)
        elif message not in by_message or usage.tokens > by_message[message].tokens:
            by_message[message] = usage
    for usage in by_message.values():
        total = total.plus(usage)
    return total


def _entry(line: str) -> tuple[str | None, Usage] | None:
    """Message id and usage of one line, or None when it reports none."""
    if "token_usage" not in line and "\\u" not in line:
        return None
    try:
        document = omk_json.parse(line)
    except omk_json.JsonError:
        return None
    params = _member(document, "params")
    kind = _member(params, "type")
    payload = _member(params, "payload")
    if not isinstance(kind, str) or ascii_lower(kind) not in _STATUS_UPDATES:
        return None
    usage = _usage(_member(payload, "token_usage"))
    message = _member(payload, "message_id")
    return None if usage is None else (message if isinstance(message, str) else None, usage)


def _usage(reported: Json) -> Usage | None:
    if type(reported) is int:
        return Usage(reported, (reported / 1_000_000.0) * 8.0) if reported >= 0 else None
    if not isinstance(reported, dict):
        return None
    given = min(U64_MAX, sum(_amount(reported.get(key)) for key in _INPUT_KEYS))
    output_tokens = _amount(reported.get("output"))
    total = min(U64_MAX, given + output_tokens)
    return Usage(total, (given / 1_000_000.0) * 2.0 + (output_tokens / 1_000_000.0) * 8.0)


def _amount(value: Json) -> int:
    return max(0, value) if type(value) is int else 0


def _member(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, dict) else None


def total_budget_seconds(budget_time: str | None) -> int | None:
    """Seconds in a budget such as ``2h``, or None when it is unset or no budget (STATE-FORMAT 8.2)."""
    match = _BUDGET_TIME.fullmatch(trim(budget_time or ""))
    if match is None:
        return None
    # Forty digits are beyond any u64, and Python refuses to read thousands of them; zeros before them do not count.
    seconds = int(match[1].lstrip("+0")[:40] or "0") * _UNIT_SECONDS[ascii_lower(match[2])]
    return seconds if seconds <= U64_MAX else None


def checkpoint(goal: Goal, usage: Usage, label: str, recorded_at: Timestamp) -> dict[str, Json]:
    """One line of budget-checkpoints.jsonl for the goal as it is after the decision (STATE-FORMAT 4.7, 8.2)."""
    elapsed = elapsed_seconds(goal.created_at, recorded_at)
    total = total_budget_seconds(goal.budget_time)
    members: dict[str, Json] = {
        "version": 1,
        "goal_id": goal.goal_id,
        "label": label,
        "status": goal.status,
        "phase": goal.phase,
        "recorded_at": recorded_at.text(),
        "budget_time": goal.budget_time,
        "total_budget_secs": total,
        "elapsed_since_created_secs": elapsed,
        "remaining_budget_secs": None if total is None else max(0, total - elapsed),
        "budget_tokens": goal.budget_tokens,
        "used_tokens": usage.tokens,
        "remaining_budget_tokens": None if goal.budget_tokens is None else max(0, goal.budget_tokens - usage.tokens),
        "budget_usd": goal.budget_usd,
        "estimated_cost_usd": usage.cost_usd,
        "remaining_budget_usd": None if goal.budget_usd is None else max(0.0, goal.budget_usd - usage.cost_usd),
    }
    return {key: value for key, value in members.items() if value is not None}
