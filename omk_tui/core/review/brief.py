"""What an agent has to know to do better: the reason, what it can still do, failing gates and conflicts, as Markdown.

What people have to do (reviews, omk's own tasks) is not told: an agent can do nothing about it. Of an accepted goal
there is nothing to change, and that is what the brief says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omk_tui.core.judgement.judge import after_decision
from omk_tui.core.records.gate_run import paths_in_repository
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.live_merge import LiveMerge
from omk_tui.core.text.printable import printable, printable_lines

LONGEST = 60_000
"""Characters of a brief: what can be pasted into an agent."""
_TAIL_LINES = 60
_MOST_HUNKS = 12
_MOST_FILES = 100
_FOR_AGENTS = frozenset(
    ("base_moved", "branch_moved", "uncommitted", "self_graded", "no_tests", "skipped_tests", "gate_changed_files")
)
"""The codes of warnings that an agent can do something about."""


def brief(review: Review, logs: Mapping[str, str], merges: Sequence[LiveMerge]) -> str:
    """The brief of a goal; `logs` are the ends of failing gates' logs by name, `merges` the conflicts now."""
    facts, judgement = review.facts, review.judgement
    goal = facts.goal
    name = _line(goal.original_goal if goal else review.goal_id, 200)
    decision = facts.decision
    if decision is not None and decision.verdict.startswith("accepted"):
        return _accepted(name, review)
    parts = [f"# What to change: {name}", *_commits(review)]
    if goal and goal.failure:
        parts.append(f"## It was rejected\n\n{_text(goal.failure.reason, 4_000)}")
    missing = _missing(review)
    if missing:
        parts.append("## What is missing\n\n" + "\n".join(f"- {_line(sentence, 500)}" for sentence in missing))
    warnings = [warning for warning in judgement.warnings if warning.code in _FOR_AGENTS]
    if warnings:
        parts.append(
            "## What counts against it\n\n" + "\n".join(f"- {_line(warning.text, 500)}" for warning in warnings[:30])
        )
    for gate, log in list(logs.items())[:10]:
        tail = "\n".join(printable_lines(paths_in_repository(log))[-_TAIL_LINES:])
        parts.append(f"## Gate `{_line(gate)}` failed\n\n{_fenced(tail[-8_000:])}")
    if len(parts) == 1 + len(_commits(review)) and not any(merge.state == "conflict" for merge in merges):
        parts.append("Nothing is known that an agent should change.")
    for merge in merges:
        if merge.state == "conflict":
            parts.append(_conflict(merge))
    text = "\n\n".join(parts) + "\n"
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n\n... cut: the rest is too long\n"


def _commits(review: Review) -> list[str]:
    intake = review.facts.intake
    if intake is None:
        return []
    return [f"Branch `{_line(intake.branch_name)}` at `{intake.head[:12]}`, base `{_line(intake.base_ref)}`."]


def _accepted(name: str, review: Review) -> str:
    """The brief of a goal that is accepted: what comes next is a person's."""
    steps = after_decision(review.facts)
    parts = [f"# Nothing to change: {name}", *_commits(review)]
    text = review.facts.decision.text if review.facts.decision else ""
    parts.append(f"It is {review.judgement.verdict.words}; an agent has nothing to do for it. {_line(text)}")
    if steps:
        lines = "\n".join(f"    {_line(step, 500)}" for step in steps)
        parts.append(f"What comes next is the integrator's:\n\n{lines}")
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _missing(review: Review) -> list[str]:
    """What is missing and an agent can bring."""
    judgement = review.judgement
    by_key = {
        requirement.key: requirement
        for requirement in judgement.requirements
        if not (requirement.met or requirement.waived)
    }
    stored = review.facts.stored
    lines = []
    if "gates" in by_key and stored is not None and stored.proof.gates:
        lines.append(by_key["gates"].facts)
    if "changed_files" in by_key:
        lines.append("no file is changed yet")
    if "oracle" in by_key and judgement.oracle is not None:
        names = [check.name for check in judgement.oracle.checks if not check.passed]
        lines.append(f"no passed gate proves yet, for a goal of the kind {judgement.oracle.kind}: {', '.join(names)}")
    return lines


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
