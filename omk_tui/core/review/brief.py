"""What an agent has to know to do better: the reason, what is missing, failing gates and conflicts, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.live_merge import LiveMerge
from omk_tui.core.text.printable import printable, printable_lines

LONGEST = 60_000
"""Characters of a brief: what can be pasted into an agent."""
_TAIL_LINES = 60
_MOST_HUNKS = 12
_MOST_FILES = 100


def brief(review: Review, logs: Mapping[str, str], merges: Sequence[LiveMerge]) -> str:
    """The brief of a goal; `logs` are the ends of failing gates' logs by name, `merges` the conflicts now."""
    facts, judgement = review.facts, review.judgement
    goal = facts.goal
    parts = [f"# What to change: {_line(goal.original_goal if goal else review.goal_id, 200)}"]
    if facts.intake is not None:
        intake = facts.intake
        parts.append(f"Branch `{_line(intake.branch_name)}` at `{intake.head[:12]}`, base `{_line(intake.base_ref)}`.")
    if goal and goal.failure:
        parts.append(f"## It was rejected\n\n{_text(goal.failure.reason, 4_000)}")
    missing = [one for one in judgement.requirements if not (one.met or one.waived)]
    if missing:
        parts.append("## What is missing\n\n" + "\n".join(f"- {one.text}: {_line(one.facts, 500)}" for one in missing))
    warnings = [one for one in judgement.warnings if one.severity in ("failed", "stale")]
    if warnings:
        parts.append("## What counts against it\n\n" + "\n".join(f"- {_line(one.text, 500)}" for one in warnings[:30]))
    for name, log in list(logs.items())[:10]:
        tail = "\n".join(printable_lines(log)[-_TAIL_LINES:])
        parts.append(f"## Gate `{_line(name)}` failed\n\n{_fenced(tail[-8_000:])}")
    for merge in merges:
        if merge.state == "conflict":
            parts.append(_conflict(merge))
    text = "\n\n".join(parts) + "\n"
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n\n... cut: the rest is too long\n"


def _conflict(merge: LiveMerge) -> str:
    files = "\n".join(f"- `{_line(name)}`" for name in merge.files[:_MOST_FILES])
    hunks = []
    for hunk in merge.hunks[:_MOST_HUNKS]:
        both = "\n".join(["<<<<<<< the base has", *hunk.ours, "=======", *hunk.theirs, ">>>>>>> the branch has"])
        hunks.append(f"`{_line(hunk.path)}`:\n\n{_fenced(_text(both, 4_000))}")
    return "\n\n".join([f"## It does not merge\n\n{_line(merge.text, 400)}\n\n{files}", *hunks])


def _line(text: str, limit: int = 300) -> str:
    """One clean line that cannot end a code span."""
    return printable(text.partition("\n")[0], limit).replace("`", "'")


def _text(text: str, limit: int) -> str:
    return "\n".join(printable_lines(text[:limit]))


def _fenced(text: str) -> str:
    """A code block that nothing inside can close."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
