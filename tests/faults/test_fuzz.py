"""Some of the damaged states of `make fuzz`."""

from __future__ import annotations

import subprocess
import sys

from tests.faults.company import CHECKOUT
from tests.faults.conftest import Tell

CASES = 400


def test_no_damaged_state_raises_hangs_or_is_written_to(tell: Tell) -> None:
    command = [sys.executable, "-m", "tests.faults.fuzz", "--cases", str(CASES)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        tell(f"fuzz: {line}")
