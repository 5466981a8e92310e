"""The fixed lines of a review: its title, and the line about a dialog that waits. Pure: values in, contents out."""

from __future__ import annotations

from textual.content import Content

from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.review.goal_review import Review
from omk_tui.screens.goal_rows import named, verdict_words
from omk_tui.screens.state import Live, Waiting
from omk_tui.text import NOTHING, ours
from omk_tui.widgets.panes import Heading


def review_heading(goal_id: str, review: Review | None, line: GoalLine | None, live: Live) -> Heading:
    """The goal, its verdict and its snapshot, as far as they are known; `line` is the goal's row in the list."""
    goal = review.facts.goal if review is not None else None
    text = goal.original_goal if goal is not None else (line.goal if line is not None and line.goal else "")
    intake = review.facts.intake if review is not None else None
    branch = intake.branch_name if intake is not None else line.branch if line is not None else ""
    title = named(goal_id, branch, text, "bold $accent")
    verdict = snapshot = NOTHING
    if review is not None:
        verdict = verdict_words(review.judgement.verdict, review.judgement.news, spelled=True)
        snapshot = ours(("snap ", "$label"), review.snapshot[:6])
    return Heading(title, verdict, snapshot, live.mark)


def waiting_words(waiting: Waiting, review: Review | None) -> Content:
    """Which dialog waits, and whether it is still about what is on screen."""
    moved = review is None or review.snapshot != waiting.snapshot
    news = ours("; ", ("the facts have moved since", "$stale")) if moved else NOTHING
    name = (f"{waiting.verb.upper()} waits", "bold $accent")
    return ours(" ", name, ": Esc or ctrl+o goes back", news, f"; your text and snap {waiting.snapshot[:6]} stay")
