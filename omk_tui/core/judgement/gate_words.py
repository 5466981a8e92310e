"""How a gate ended, in few words."""

from __future__ import annotations

from omk_tui.core.records.proof import DEFAULT_SECONDS, Gate


def timed_out_after(gate: Gate) -> str:
    """`timed out after 5 s`; empty for a gate that ended in time."""
    return f"timed out after {gate.timeout_secs or DEFAULT_SECONDS} s" if gate.timed_out else ""


def gate_result(gate: Gate) -> str:
    """`pass`, `FAIL exit 1`, `FAIL timeout`, `FAIL not started`, `SKIP`."""
    if gate.skipped:
        return "SKIP"
    if gate.passed:
        return "pass"
    if gate.timed_out:
        return "FAIL timeout"
    return "FAIL not started" if gate.exit_code is None else f"FAIL exit {gate.exit_code}"
