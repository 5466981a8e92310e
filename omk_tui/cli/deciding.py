"""Recording a decision from the command line: what accept and reject have in common."""

from __future__ import annotations

import os
from collections.abc import Callable

from omk_tui.cli.command import Call, Request, WrongWords
from omk_tui.cli.command_table import SNAPSHOT
from omk_tui.cli.decision_document import settled_part
from omk_tui.cli.decision_text import decision_text, examine_text
from omk_tui.cli.document import Document, line
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.goal_argument import ENDING_TO_DECIDE, resolve
from omk_tui.cli.interrupts import held_back
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Outcome, Recorded
from omk_tui.core.decision.planner import Decision
from omk_tui.core.judgement.known_gaps import is_mere_note
from omk_tui.core.records.verb import Verb
from omk_tui.engine import Engine
from omk_tui.light.pattern import pattern

_DIGEST = pattern("[0-9a-fA-F]{64}")


def verb_of(request: Request) -> Verb:
    """The decision that a request is: accept and reject are called as what they do."""
    return "accept" if request.command == "accept" else "reject"


def examine_decision(request: Request) -> None:
    """Raise WrongWords when the request cannot be a decision."""
    examine_text(request, verb_of(request))
    snapshot = request.value(SNAPSHOT)
    if snapshot is not None and not _DIGEST.fullmatch(snapshot):
        raise WrongWords("--snapshot wants the 64 hexadecimal digits that `check` shows")


def decision_document(request: Request, goal_id: str, outcome: Outcome) -> Document:
    """What was recorded, or why nothing was."""
    return {"schema": f"omk-tui/{verb_of(request)}/1", **settled_part(goal_id, outcome)}


def decide(call: Call, *, record_not_ready: bool = False, despite_conflicts: bool = False) -> int:
    """Take the decision that the request asks for, and tell what became of it. Raises UsageError for its text."""
    verb = verb_of(call.request)
    text = decision_text(call, verb)
    goal_id = resolve(call, ENDING_TO_DECIDE)
    if not isinstance(goal_id, str):
        return stopped(call, goal_id)
    snapshot = call.request.value(SNAPSHOT)
    decision = Decision(
        verb,
        goal_id,
        text,
        snapshot.lower() if snapshot else None,
        record_not_ready=record_not_ready,
        despite_conflicts=despite_conflicts,
    )
    console = call.console
    with held_back(lambda: console.say("", "A decision is under way; what becomes of it is told. ctrl+c again: stop.")):
        return _record(call, decision)


def _record(call: Call, decision: Decision) -> int:
    goal_id, console, engine = decision.goal_id, call.console, call.engine
    answer = _answer(call, decision)
    try:
        with console.progress() as progress:
            outcome = engine.decide(decision, progress=progress)
    except KeyboardInterrupt:
        console.say(
            "", f"To see whether it was recorded, and to finish what was begun: {engine.call.desk('check', goal_id)}"
        )
        raise
    if not isinstance(outcome, Recorded):
        return stopped(call, outcome, goal_id)
    try:
        console.say(headline(outcome))
        console.exact(answer(outcome))
        console.say(*after(outcome, engine))
        console.ending()
    except KeyboardInterrupt:  # the decision is recorded, whether or not anybody reads about it
        pass
    except Exception as error:  # neither is it a failure that it could not be told
        console.say(f"Recorded: {goal_id}; what else there is to say could not be: {type(error).__name__}: {error}")
    return Exit.DONE


def _answer(call: Call, decision: Decision) -> Callable[[Recorded], str]:
    """What standard output will get of a recorded decision.

    Whatever that needs is loaded here, before anything is recorded: a library that is broken, or memory that is
    short, must not turn a recorded decision into a failure.
    """
    if not call.request.json:
        return lambda outcome: outcome.plan.text_output
    line(decision_document(call.request, decision.goal_id, Failed("not taken yet")))
    return lambda outcome: line(decision_document(call.request, outcome.plan.goal_id, outcome))


def headline(outcome: Recorded) -> str:
    """The decision before anything else, and what omk's file says beside it."""
    unfinished = "" if outcome.finished else ", but not finished yet"
    return f"{outcome.verdict.words.capitalize()}{unfinished}: {outcome.plan.goal_id}; {outcome.status_words}"


def after(outcome: Recorded, engine: Engine) -> list[str]:
    """What a person wants to know when a decision has been recorded."""
    plan = outcome.plan
    lines = [f"{len(plan.files)} files in {os.path.join(engine.root.goals_dir, plan.goal_id)}"]
    lines += [f"  {file.action:8}{file.path}" for file in plan.files]
    if plan.verb == "accept" and not is_mere_note(plan.dropped_gaps):
        lines += [f"dropped gap: {gap}" for gap in plan.dropped_gaps]
    lines += [f"note: {note}" for note in outcome.notes]
    if not outcome.finished:
        lines.append("note: it is recorded, but not every file is written yet; the next look at the goal finishes it")
    if outcome.replaces is not None:
        lines.append(f"It replaces: {outcome.replaces.sentence}")
    if outcome.then:
        return [*lines, f"Next: {outcome.then[0]}", f"  {outcome.then[-1]}"]
    return [*lines, f"Next: {engine.call.desk('check', plan.goal_id)}"]
