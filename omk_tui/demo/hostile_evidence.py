"""What lies beside the records of the hostile goal: slices in conflict, gate logs, a diff; raw bytes among them."""

from __future__ import annotations

import json
from typing import Any, Final

from omk_tui.demo.attacks import EVERYTHING, FORGED, LONG_LINE, MARKUP, NOT_UTF8, SEQUENCES

_PARSED = "artifacts/integration/merge-conflict-hostile-1.json"
_RAW = "artifacts/integration/merge-conflict-hostile-2.json"
_OUTSIDE = "../../omk.db"
_UNREADABLE = f"artifacts/integration/{EVERYTHING}"


def deliveries() -> list[dict[str, Any]]:
    """The `delivery` objects of four slices in conflict (STATE-FORMAT 4.2), one for each kind of evidence.

    They are, in order: JSON to be parsed, bytes that are no text, a file outside the goal, a path that cannot exist.
    """
    paths = (_PARSED, _RAW, _OUTSIDE, _UNREADABLE)
    return [_delivery(number, path) for number, path in enumerate(paths, start=1)]


def _delivery(number: int, path: str) -> dict[str, Any]:
    return {
        "merge_conflict_artifact": path,
        "merge_conflict_clean": False,
        "conflict_classification": {"Unsafe": {"reason": EVERYTHING}},
        "slice_id": f"slice-{number} {MARKUP[number]} {SEQUENCES[number]}",
        "owner": EVERYTHING,
        "branch": f"--owned {EVERYTHING}",
        "worktree_name": EVERYTHING,
        "gates": [EVERYTHING],
        "verification_summary": LONG_LINE,
        "status": "blocked",
        "conflict_evidence_path": path,
        "conflict_blocking_reason": f"{EVERYTHING}\n{FORGED}",
    }


def gate_log(number: int) -> bytes:
    """The log of one gate (STATE-FORMAT 2.1), with bytes that are no UTF-8 on both sides."""
    hostile = "\n".join((*MARKUP, *SEQUENCES, FORGED, LONG_LINE)).encode() + b"\n" + NOT_UTF8
    return b"[stdout]\ngate %d\n%s\n[stderr]\n%s" % (number, hostile, hostile)


def _merge_conflict() -> bytes:
    """STATE-FORMAT 4.5, with a lone surrogate escaped where the syntax allows it."""
    document = {
        "task_id": EVERYTHING,
        "source_ref": EVERYTHING,
        "target_ref": f"--owned {EVERYTHING}",
        "clean_merge": False,
        "conflicting_files": [*MARKUP, *SEQUENCES, FORGED, LONG_LINE, "LONE"],
        "command_line": f"git merge-tree {EVERYTHING}",
        "stdout_summary": FORGED,
        "stderr_summary": "",
        "artifact_path": _PARSED,
        "conflict_classification": {"Unsafe": {"reason": EVERYTHING}},
    }
    return json.dumps(document, ensure_ascii=False, indent=2).replace('"LONE"', '"owned \\ud800"').encode()


def _diff() -> bytes:
    """STATE-FORMAT 2.2."""
    added = "".join(f"+{text}\n" for text in (*MARKUP, *SEQUENCES, *FORGED.split("\n"), LONG_LINE))
    head = f"diff --git a/{EVERYTHING} b/{EVERYTHING}\n--- a/{EVERYTHING}\n+++ b/{EVERYTHING}\n"
    hunk = f"@@ -1,1 +1,{added.count(chr(10))} @@ {EVERYTHING}\n-harmless\n"
    return (head + hunk + added).encode() + b"+" + NOT_UTF8


FILES: Final[dict[str, bytes]] = {
    _PARSED: _merge_conflict(),
    _RAW: NOT_UTF8 + FORGED.encode() + b"\n" + EVERYTHING.encode() + b"\n" + LONG_LINE.encode(),
    "artifacts/agent-runs/goal-agent-execute/mutation.diff": _diff(),
}
"""Bytes by path in the goal directory."""
