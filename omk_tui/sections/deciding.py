"""What the sections say about deciding: the commands, and the keys that open the dialogs. The same words everywhere."""

from __future__ import annotations

from omk_tui.core.checklist import desk_command, omk_command
from omk_tui.core.review import Review
from omk_tui.sections.view import Fact, Item, fact
from omk_tui.text import ours, outside


def next_steps(text: str) -> list[Item]:
    """The lines of a next step: commands and stanzas as they are to be typed."""
    return [fact("NEXT" if number == 0 else "", line) for number, line in enumerate(text.split("\n"))]


def ways_to_decide(review: Review) -> list[Item]:
    """How the goal can be decided with this program as it stands, or why it cannot."""
    if review.judgement.guard:
        return [Fact("DECIDE", ours("refused while the status forbids it: ", outside(review.judgement.guard)))]
    if review.facts.problems:
        return [Fact("DECIDE", ours("accept needs goal.json, proof.json and task-graph.json to be readable"))]
    goal_id = review.goal_id
    accept = desk_command("accept", goal_id, "--summary TEXT")
    if not review.judgement.ready:
        accept += " --record-not-ready"
    note = "" if review.judgement.ready else "   (records not_ready)"
    return [
        Fact("DECIDE", ours(("R  ", "bold $accent"), outside(desk_command("reject", goal_id, "--reason TEXT")))),
        Fact("", ours(("A  ", "bold $accent"), outside(accept), (note, "$missing"))),
    ]


def status_steps(review: Review) -> list[Item]:
    """The omk command that lifts what the status forbids, if there is one."""
    goal = review.facts.goal
    commands = {"paused": "resume", "blocked_on_human": "show"}
    verb = commands.get(goal.status) if goal else None
    return next_steps(omk_command(verb, review.goal_id)) if verb else []
