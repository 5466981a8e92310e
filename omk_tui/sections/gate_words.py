"""How gates are told wherever they appear: state, result, time, exit code."""

from __future__ import annotations

from omk_tui.core.records.proof import Gate
from omk_tui.core.review.goal_review import Review
from omk_tui.text import State


def gates_of(review: Review) -> tuple[Gate, ...]:
    """The gates of the proof, in its order; none when it cannot be read."""
    return review.facts.stored.proof.gates if review.facts.stored else ()


def gate_state(gate: Gate) -> State:
    """Met, skipped (which omk counts as passed) or failed."""
    if gate.skipped:
        return State.SKIPPED
    return State.MET if gate.passed else State.FAILED


def gate_word(gate: Gate) -> str:
    """`pass`, `FAIL`, `SKIP` or `timeout`."""
    if gate.skipped:
        return "SKIP"
    return "pass" if gate.passed else "timeout" if gate.timed_out else "FAIL"


def exit_word(gate: Gate) -> str:
    """The exit code; `-` when there is none."""
    return "-" if gate.exit_code is None else str(gate.exit_code)


def duration(milliseconds: int) -> str:
    """A duration in at most seven characters: `0.4s`, `38.0s`, `12m03s`, `4h12m`, `99d+`."""
    seconds = milliseconds / 1000
    if seconds < 100:
        return f"{seconds:.1f}s"
    whole = milliseconds // 1000
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    if whole < 100 * 3600:
        return f"{whole // 3600}h{whole // 60 % 60:02}m"
    days = whole // 86400
    return f"{days}d" if days < 100_000 else "99999d+"
