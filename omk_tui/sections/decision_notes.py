"""What the sections say about deciding: the commands, and the keys that open the dialogs. The same words everywhere."""

from __future__ import annotations

from textual.content import Content

from omk_tui.core.decision.objection import objection
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.judgement.judge import decide_command
from omk_tui.core.review.goal_review import Review
from omk_tui.sections.view import Fact, Item
from omk_tui.text import ours, outside

_KEY_AND_HANG = 5
"""Cells by which a command goes on further in where a key stands before it."""


def next_steps(text: str) -> list[Item]:
    """The lines of a next step: commands and stanzas as they are to be typed."""
    return [command_fact("NEXT" if number == 0 else "", line) for number, line in enumerate(text.split("\n"))]


def command_fact(label: str, command: str) -> Fact:
    """A command, as it is to be typed."""
    return Fact(label, outside(command), "command")


def ways_to_decide(review: Review) -> list[Item]:
    """How the goal can be decided with this program as it stands, or why it cannot."""
    refusals = [objection(review, verb) for verb in ("reject", "accept")]
    if refusals[0] is not None and refusals[0] == refusals[1]:
        return [Fact("DECIDE", ours(("refused: ", "$failed"), outside(refusals[0].why)))]
    decision = review.facts.decision
    label = "ANEW" if decision is not None and decision.verdict else "DECIDE"
    return [_reject(label, review, refusals[0]), _accept(review, refusals[1])]


def _reject(label: str, review: Review, refusal: Refused | Failed | None) -> Fact:
    command = decide_command(review.facts, review.judgement, "reject")
    return Fact(label, ours(("R  ", "bold $accent"), _refused(refusal) or outside(command)), "command", _KEY_AND_HANG)


def _accept(review: Review, refusal: Refused | Failed | None) -> Fact:
    command = decide_command(review.facts, review.judgement, "accept")
    note = "" if review.judgement.ready else "   (records not_ready)"
    words = ours(("A  ", "bold $accent"), _refused(refusal) or ours(outside(command), (note, "$missing")))
    return Fact("", words, "command", _KEY_AND_HANG)


def _refused(refusal: Refused | Failed | None) -> Content | None:
    return None if refusal is None else ours(("refused: ", "$failed"), outside(refusal.why))


def status_steps(review: Review) -> list[Item]:
    """The omk command that lifts what the status forbids, if there is one."""
    goal = review.facts.goal
    commands = {"paused": "resume", "blocked_on_human": "show"}
    verb = commands.get(goal.status) if goal else None
    return next_steps(review.facts.step(verb)) if verb else []
