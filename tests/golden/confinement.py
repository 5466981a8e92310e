"""What lies outside a goal directory, once every link and `..` is followed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

READ_OR_WRITTEN = frozenset(
    {
        "goal.json", "proof.json", "task-graph.json", "events.jsonl", "budget-checkpoints.jsonl", "artifacts",
        "artifacts/integration", "artifacts/integration/integrator-accept.json",
        "artifacts/integration/integrator-reject.json", "artifacts/integration/rollback-rejected-slice.md",
    }
)  # fmt: skip
"""The names below a goal directory that a decision reads or writes."""


def is_outside(folder: Path, path: Path | str) -> bool:
    """Whether a path resolves outside the goal directory. A path that no system call takes lies nowhere."""
    try:
        resolved, home = os.path.realpath(path), os.path.realpath(folder)
    except (ValueError, OSError):
        return False
    return resolved != home and not resolved.startswith(home + "/")


def links_outside(folder: Path) -> frozenset[str]:
    """The names that a decision reads or writes and that are links to the outside of their goal directory."""
    return frozenset(
        name for name in READ_OR_WRITTEN if (folder / name).is_symlink() and is_outside(folder, folder / name)
    )


def evidence_paths(graph: bytes) -> Iterator[str]:
    """The conflict evidence paths of a task graph read as free JSON; none where it cannot be read."""
    try:
        tasks = json.loads(graph.decode("utf-8"))["tasks"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    for task in tasks if isinstance(tasks, list) else []:
        delivery = task.get("delivery") if isinstance(task, dict) and isinstance(task.get("id"), str) else None
        path = delivery.get("conflict_evidence_path") if isinstance(delivery, dict) else None
        if isinstance(path, str):
            yield path
