"""Starting crowd.py and reading its reports."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omk_tui.core.decision.outcome import Outcome
from tests.faults.company import CHECKOUT, Act


class Crowd:
    """Processes that begin at once, each with acts to do one after the other."""

    def __init__(self, folder: Path, processes: Sequence[Sequence[Act]]) -> None:
        self._reports = [folder / f"report-{number}" for number in range(len(processes))]
        work = [
            {"acts": [vars(act) for act in acts], "report": str(report)}
            for acts, report in zip(processes, self._reports, strict=True)
        ]
        self._program = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("crowd.py")), str(CHECKOUT)],
            stdin=subprocess.PIPE,
        )
        assert self._program.stdin
        self._program.stdin.write(json.dumps(work).encode() + b"\n")
        self._program.stdin.close()

    @property
    def busy(self) -> bool:
        return self._program.poll() is None

    def outcomes(self, patience: float = 300) -> list[list[Outcome]]:
        """How the acts of each process ended; waits for that."""
        assert self._program.wait(patience) == 0
        return [_outcomes(report) for report in self._reports]


def _outcomes(report: Path) -> list[Outcome]:
    ended: Any = pickle.loads(report.read_bytes())
    assert isinstance(ended, list), ended
    return ended
