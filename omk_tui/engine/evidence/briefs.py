"""The brief of a goal: what its agent has to know to do better, from the review, the logs and the merges of now."""

from __future__ import annotations

from omk_tui.core.review.brief import brief
from omk_tui.core.review.goal_review import Review
from omk_tui.engine.engine import Engine

_LOG_TAIL = 64 << 10
_MOST_LOGS = 10


def make_brief(engine: Engine, review: Review) -> str:
    """The brief as Markdown: bounded, and without control characters."""
    return brief(review, _logs(engine, review), engine.project(review).merges(review.conflicts))


def _logs(engine: Engine, review: Review) -> dict[str, str]:
    """The ends of the logs of failing gates; of one without a log what the proof holds."""
    gates = review.facts.stored.proof.gates if review.facts.stored else ()
    logs: dict[str, str] = {}
    for gate, log in zip(gates, review.gate_logs, strict=False):
        if gate.passed or len(logs) == _MOST_LOGS:
            continue
        text = gate.stdout + gate.stderr
        if log.path is not None and not log.problem:
            file = engine.open_file(review.goal_id, log.path)
            if not isinstance(file, str):
                with file:
                    file.seek(max(log.size - _LOG_TAIL, 0))
                    text = file.read(_LOG_TAIL).decode("utf-8", "replace")
        logs[gate.name] = text
    return logs
