"""The GOAL of a command line: which goal it means, and what is shown of it."""

from __future__ import annotations

from omk_tui.cli.command import Call
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.review.goal_review import Review

ENDING_TO_LOOK, ENDING_TO_DECIDE = 4, 8
"""How many characters of an id's ending name a goal to look at, and one to decide."""


def resolve(call: Call, least_ending: int = ENDING_TO_LOOK) -> str | Refused | Failed:
    """The goal that the request names; where only the ending of its id was given, the full one is said."""
    named = call.request.goal
    assert named is not None
    goal_id = call.engine.resolve(named, least_ending)
    if isinstance(goal_id, str) and named not in (goal_id, "latest"):
        call.console.say(f"note: {named} is goal {goal_id}")
    return goal_id


def read_review(call: Call) -> Review | Refused | Failed:
    """What is shown of a goal, and remembered for a decision that is bound to it."""
    goal_id = resolve(call)
    if not isinstance(goal_id, str):
        return goal_id
    with call.console.progress() as progress:
        review = call.engine.review(goal_id, progress)
    if isinstance(review, Review):
        call.engine.remember(review)
    return review
