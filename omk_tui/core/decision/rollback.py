"""The rollback plan that a reject writes, byte for byte (STATE-FORMAT 6.6)."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.records.conflict import Conflict, Evidence
from omk_tui.light.pattern import pattern

REASON_PLACEHOLDER = "<your reason appears here as you type it in R>"
"""The reason of the rollback plan that is shown before anybody has written one."""
_BACKTICKS = pattern("`+")


def rollback_plan(goal_id: str, reason: str, changed_files: Sequence[str], conflicts: Sequence[Conflict]) -> str:
    """The whole text of ``rollback-rejected-slice.md``.

    `conflicts` are in section order, each evidence already what is to be embedded. One deliberate difference from
    omk: the fence is longer than any run of back-ticks inside, so that evidence cannot close it.
    """
    files = "".join(f"- `{file}`\n" for file in changed_files) or "- no changed-file evidence recorded\n"
    return (
        "# Rejected Goal Rollback Plan\n\n"
        f"Goal: `{goal_id}`\n\n"
        f"Rejection reason: {reason}\n\n"
        "## Scope\n\n"
        "Review and revert only the files changed by this rejected goal slice:\n\n"
        f"{files}"
        "## Recovery Steps\n\n"
        "1. Keep the durable goal state and proof artifacts for auditability.\n"
        "2. Revert or replace the rejected code changes in a task-scoped branch.\n"
        "3. Re-run the goal verification gates and integrator review before accepting again.\n"
        + "".join(_section(conflict) for conflict in conflicts)
    )


def _section(conflict: Conflict) -> str:
    text = f"## Conflict evidence — slice `{conflict.section_id}`\n\n"
    if conflict.reason is not None:
        text += f"**Blocking reason:** {conflict.reason}\n\n"
    if conflict.evidence_path is not None and conflict.evidence is not None:
        text += f"**Evidence artifact:** `{conflict.evidence_path}`\n\n{_embedded(conflict.evidence)}"
    return text


def _embedded(evidence: Evidence) -> str:
    if evidence.text is None:
        return f"_(unreadable: {evidence.error})_\n\n"
    fence = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(evidence.text)), default=0))
    closed = evidence.text if evidence.text.endswith("\n") else evidence.text + "\n"
    return f"{fence}\n{closed}{fence}\n\n"
