"""The GOAL of a command line: which goal it means, and what is shown of it."""

from __future__ import annotations

from omk_tui.cli.command import Call
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import joined_lines, trim
from omk_tui.engine.git.choice import current_directory

ENDING_TO_LOOK, ENDING_TO_DECIDE = 4, 8
"""How many characters of an id's ending name a goal to look at, and one to decide."""
_LONGEST_TITLE = 80


def resolve(call: Call, least_ending: int = ENDING_TO_LOOK) -> str | Refused | Failed:
    """The goal that the request names; where that is not its full id, the full one is said.

    To decide (`least_ending` is ENDING_TO_DECIDE), `latest` is refused where it is a goal of another repository than
    the one that the command is given in.
    """
    named = call.request.goal
    assert named is not None
    goal_id = call.engine.resolve(named, least_ending)
    if not isinstance(goal_id, str) or named == goal_id:
        return goal_id
    if trim(named) != "latest":
        call.console.say(f"note: {named} is goal {goal_id}")
        return goal_id
    from omk_tui.engine.opening.goal_origin import origin_of, repository_around

    origin = origin_of(call.engine.root, goal_id)
    title = (
        f"{printable(joined_lines(origin.text), _LONGEST_TITLE) or 'no title'}, {origin.project_dir or 'no project'}"
    )
    call.console.say(f"note: latest is {goal_id} ({title})")
    if least_ending == ENDING_TO_DECIDE and origin.repository:
        here = repository_around(call.engine.project_dir or current_directory() or "")
        if here and here != origin.repository:
            why = f"latest is a goal of another repository, {origin.project_dir}: give its id, {goal_id}"
            return Refused("ambiguous", why)
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
