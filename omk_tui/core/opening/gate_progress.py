"""How far the gates of a goal are while they run: nothing of it is recorded yet."""

from __future__ import annotations

from typing import Literal

from omk_tui.light.dataclass import dataclass

LIVE_LOG = "live log"
"""The beginning of the name under which the output of a running gate is asked for; no file of a goal is called so."""


@dataclass(frozen=True, slots=True)
class GateProgress:
    """One gate of a run: its command line, its limit in seconds, and how far it is.

    `seconds` are those since it began, `size` the bytes that it has said, and `log` names its live log; empty and 0
    while it waits.
    """

    name: str
    command_line: str
    limit: int
    state: Literal["waiting", "running", "ended"] = "waiting"
    seconds: int = 0
    size: int = 0
    log: str = ""


@dataclass(frozen=True, slots=True)
class GatesProgress:
    """The gates that run on a goal now, in their order; none before the checkout is made."""

    goal_id: str
    gates: tuple[GateProgress, ...] = ()

    @property
    def running(self) -> GateProgress | None:
        """The gate that runs now."""
        return next((gate for gate in self.gates if gate.state == "running"), None)

    @property
    def words(self) -> str:
        """Where the run is, in a few words."""
        gate = self.running
        if gate is None:
            return "the gates are about to begin"
        number = self.gates.index(gate) + 1
        return f"gate {number} of {len(self.gates)} is running: {gate.name}"
