"""Where the real omk is, and one loud line where it is not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.golden.deciders import find_omk

VERSION = "0.5.0"
HOW_TO = f"NOT RUN: no omk {VERSION} binary. Set OMK_BIN to one (or put `omk` on PATH) to compare with the real omk."


def usable_omk() -> tuple[Path | None, str]:
    """The binary, or None and the loud line that says what to set."""
    binary = find_omk()
    if binary is None:
        return None, HOW_TO
    if not os.access(binary, os.X_OK):
        return None, f"{HOW_TO} OMK_BIN names {binary}, which cannot be run."
    said = subprocess.run(
        [binary, "--version"], check=False, capture_output=True, text=True, timeout=20, env={"HOME": "/nonexistent"}
    )
    if VERSION not in said.stdout:
        return None, f"{HOW_TO} {binary} is {said.stdout.strip()!r}."
    return binary, ""
