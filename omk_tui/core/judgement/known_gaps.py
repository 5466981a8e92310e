"""Known gaps of a proof: which only repeat what the requirements say, and which are news (STATE-FORMAT 5.5)."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.judgement.review_wall import build_wall
from omk_tui.core.text.words import first_few, joined_lines

_BY_OMK = {
    "agent execution has not run for this goal yet",
    "proof cannot claim readiness until agent-owned execution evidence exists",
    "review evidence has not run for this goal yet",
    "security review evidence has not run for this goal yet",
    "verification gates have not run for this goal",
    "verification gates have not rerun after agent execution changes",
    "project mutation and integration loop has not produced changed-file evidence yet",
    "integration loop has not committed, opened a PR, or accepted the agent changes yet",
    "no verification gates were detected or configured",
    "required verification gates failed",
}
_BY_WALL = {
    review_pass.gap for review_pass in build_wall(reviewed=True, security_reviewed=True, gates=(), changed_files=())
}
REPEATED = frozenset(_BY_OMK | _BY_WALL)
"""What omk itself writes into every proof of that state; the requirements judge the same from today's evidence."""
GATES_NEVER_RAN = "required gates did not run: "
"""How the gap begins that names required gates of which there is no record; requirement 1 says the same."""
NO_PROMPT = "no prompt found: the goal's text is the first commit's own message"
"""Stands in the proof of every goal that was opened without a text of its own, and is no reason to hesitate."""
_SHOWN = 3


def news_among(gaps: Sequence[str]) -> tuple[str, ...]:
    """The gaps that somebody wrote down and no requirement speaks of, in order."""
    mere = (*REPEATED, NO_PROMPT)
    return tuple(gap for gap in gaps if gap not in mere and not gap.startswith(GATES_NEVER_RAN))


def is_mere_note(gaps: Sequence[str]) -> bool:
    """Whether the only gap is that there was no prompt: it is told in one quiet line, and is no warning."""
    return tuple(gaps) == (NO_PROMPT,)


def dropped_sentence(gaps: Sequence[str]) -> str:
    """What an accept would do to these gaps, of which there is at least one, in one sentence."""
    if len(gaps) == 1:
        return f"accept would drop a known gap: {joined_lines(gaps[0])}"
    return f"accept would drop {len(gaps):,} known gaps: {first_few(gaps, _SHOWN, '; ', joined_lines)}"
