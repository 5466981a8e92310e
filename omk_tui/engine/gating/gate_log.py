"""The log of a gate, in a folder of its own run: it is never written over, so a record that names it stays true."""

from __future__ import annotations

import os
import re

from omk_tui.core.records.file_names import ARTIFACTS_FOLDER
from omk_tui.engine.files import open_flags
from omk_tui.engine.files.atomic import make_folder, replace_file
from omk_tui.engine.files.goal_folder import GoalFolder

_ODD = re.compile("[^A-Za-z0-9]")


def write_gate_log(folder: GoalFolder, run: str, number: int, gate: str, data: bytes) -> str:
    """Write the log of a gate below ``artifacts/gates/RUN`` and sync it; returns its absolute path. Raises OSError."""
    name = f"gate-{number:02d}-{_ODD.sub('-', gate)[:100]}.log"
    with folder.parent((*folder.locate(ARTIFACTS_FOLDER), name)) as artifacts:
        make_folder(artifacts, "gates", private=False)
        gates = os.open("gates", open_flags.FOLDER, dir_fd=artifacts)
        try:
            make_folder(gates, run, private=False)
            place = os.open(run, open_flags.FOLDER, dir_fd=gates)
            try:
                replace_file(place, name, data)
                for each in (place, gates, artifacts):
                    os.fsync(each)
            finally:
                os.close(place)
        finally:
            os.close(gates)
    return os.path.join(folder.path, ARTIFACTS_FOLDER, "gates", run, name)
