"""Runs one command against the engine and gives its exit code: data on standard output, narration on standard error."""

from __future__ import annotations

import os
from collections.abc import Callable

from omk_tui.cli.arguments import Request, TextError, UsageError, text_of
from omk_tui.cli.call import Desk, engine_for
from omk_tui.cli.check_page import check_page
from omk_tui.cli.console import Console
from omk_tui.cli.doctor_page import doctor_page
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.history_page import LIMITS_OF_PROOF, history_page, verification_page
from omk_tui.cli.interrupts import held_back
from omk_tui.cli.list_page import list_page, list_titles
from omk_tui.cli.manual import COMMANDS
from omk_tui.cli.plan_page import plan_page
from omk_tui.cli.stopping import stopped
from omk_tui.core.decision.outcome import Failed, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import Decision
from omk_tui.core.judgement.judge import decide_command
from omk_tui.core.judgement.verdict import UNREADABLE
from omk_tui.core.records.ledger_entries import History
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, RootError

ENDING_TO_LOOK, ENDING_TO_DECIDE = 4, 8
"""How many characters of an id's ending name a goal to look at, and one to decide."""


def run(request: Request, console: Console, desk: Desk) -> int:
    """Carry out what the command line asks for. Raises UsageError when a text from standard input is none."""
    if request.command == "demo":
        from omk_tui.cli.demo import demo

        return demo(request, console, desk, carry_out)
    try:
        engine = engine_for(request, console)
    except RootError as error:
        return stopped(request, console, Failed(str(error)))
    return carry_out(request, engine, console, desk)


def carry_out(request: Request, engine: Engine, console: Console, desk: Desk) -> int:
    """Run every command but `demo` on an engine."""
    match request.command:
        case "list":
            return _list(request, engine, console)
        case "check":
            return _check(request, engine, console)
        case "plan":
            return _plan(request, engine, console)
        case "accept" | "reject":
            return _decide(request, engine, console)
        case "history":
            return _history(request, engine, console)
        case "doctor":
            return _doctor(request, engine, console)
        case _:
            return _open(request, engine, console, desk)


def _open(request: Request, engine: Engine, console: Console, desk: Desk) -> int:
    """The desk itself, or without a terminal what it would show first."""
    if not console.is_terminal:
        shown = _list(request, engine, console) if request.goal is None else _check(request, engine, console)
        command = "list" if request.goal is None else "check GOAL"
        console.say(f"This is `omk-tui {command}`: the desk itself needs a terminal (see omk-tui --help).")
        return shown
    goal_id = None
    if request.goal is not None:
        resolved = _resolve(request, engine, console)
        if not isinstance(resolved, str):
            return stopped(request, console, resolved)
        goal_id = resolved
    return desk(engine, goal_id, engine.root.path)


def _list(request: Request, engine: Engine, console: Console) -> int:
    listing = engine.goals()
    if listing.problem:
        return stopped(request, console, Failed(listing.problem))
    goals = [goal for goal in listing.goals if not request.statuses or goal.status in request.statuses]
    if request.json:
        from omk_tui.cli.answers import list_answer

        console.exact(list_answer(goals, listing.notes, engine.root.path).line())
        return console.ending()
    if goals and not console.draws:
        console.say(list_titles(goals, engine.now()))
    console.show(list_page(goals, engine.now(), titled=console.draws))
    console.say(*(f"note: {note}" for note in listing.notes))
    if not listing.goals and engine.root.exists:
        console.say(
            f"No goals in {engine.root.goals_dir} ({engine.root.origin}).",
            "To look elsewhere: --state-root DIR or OMK_TUI_STATE_ROOT, the folder that holds goals/.",
        )
    elif listing.goals and not goals:
        console.say(f"No goal has the status {' or '.join(request.statuses)}; there are {len(listing.goals)} in all.")
    return console.ending()


def _check(request: Request, engine: Engine, console: Console) -> int:
    review = _review(request, engine, console)
    if not isinstance(review, Review):
        return stopped(request, console, review)
    if request.json:
        from omk_tui.cli.answers import check_answer

        console.exact(check_answer(review).line())
    else:
        console.show(check_page(review))
    return console.ending(check_exit(review))


def check_exit(review: Review) -> Exit:
    """How `check` ends for what was read."""
    judgement = review.judgement
    if judgement.verdict == UNREADABLE:
        return Exit.FAILED
    if judgement.guard or review.facts.interrupted:
        return Exit.REFUSED
    return Exit.DONE if judgement.ready else Exit.MISSING


def _plan(request: Request, engine: Engine, console: Console) -> int:
    text = _text(request, console)
    assert request.verb
    review = _review(request, engine, console)
    if not isinstance(review, Review):
        return stopped(request, console, review)
    planned = engine.plan(review, request.verb, text)
    if not isinstance(planned, DecisionPlan):
        return stopped(request, console, planned, review.goal_id)
    if request.json:
        from omk_tui.cli.answers import plan_answer

        console.exact(plan_answer(request.verb, review.goal_id, planned).line())
    elif request.show_rollback:
        console.exact(planned.rollback or "")
    else:
        before = review.facts.decision
        console.show(plan_page(planned, before.sentence if before else ""))
        console.say("", *_before(request.verb, review))
    return console.ending()


def _before(verb: Verb, review: Review) -> list[str]:
    """How to carry out what was planned."""
    command, judgement = decide_command(review.facts, review.judgement, verb, review.snapshot), review.judgement
    lines = []
    if verb == "accept" and judgement.missing:
        gaps = f"{len(judgement.missing)} of {len(judgement.requirements)}"
        lines.append(f"Evidence is missing ({gaps}): --record-not-ready records it as not ready, as omk does.")
    if verb == "accept" and judgement.conflict_open:
        lines.append("A conflict is open: --despite-conflicts accepts all the same, as omk does.")
    return [*lines, f"To decide: {command}"]


def _decide(request: Request, engine: Engine, console: Console) -> int:
    text = _text(request, console)
    assert request.verb
    goal_id = _resolve(request, engine, console, ENDING_TO_DECIDE)
    if not isinstance(goal_id, str):
        return stopped(request, console, goal_id)
    decision = Decision(
        request.verb,
        goal_id,
        text,
        request.snapshot,
        record_not_ready=request.record_not_ready,
        despite_conflicts=request.despite_conflicts,
    )
    with held_back(lambda: console.say("", "A decision is under way; what becomes of it is told. ctrl+c again: stop.")):
        return _decided(request, engine, console, decision)


def _decided(request: Request, engine: Engine, console: Console, decision: Decision) -> int:
    """Decide, and tell what became of it."""
    goal_id = decision.goal_id
    answer = _answer(request, decision)
    try:
        with console.progress() as progress:
            outcome = engine.decide(decision, progress=progress)
    except KeyboardInterrupt:
        console.say(
            "", f"To see whether it was recorded, and to finish what was begun: {engine.call.desk('check', goal_id)}"
        )
        raise
    if not isinstance(outcome, Recorded):
        return stopped(request, console, outcome, goal_id)
    try:
        console.exact(answer(outcome))
        console.say(*_after(outcome, engine))
        console.ending()
    except KeyboardInterrupt:  # the decision is recorded, whether or not anybody reads about it
        pass
    except Exception as error:  # neither is it a failure that it could not be told
        console.say(f"Recorded: {goal_id}; what else there is to say could not be: {type(error).__name__}: {error}")
    return Exit.DONE


def _answer(request: Request, decision: Decision) -> Callable[[Recorded], str]:
    """What standard output will get of a recorded decision.

    Whatever that needs is loaded here, before anything is recorded: a library that is broken, or memory that is
    short, must not turn a recorded decision into a failure.
    """
    if not request.json:
        return lambda outcome: outcome.plan.text_output
    from omk_tui.cli.answers import decision_answer

    decision_answer(decision.verb, decision.goal_id, Failed("not taken yet")).line()
    return lambda outcome: decision_answer(outcome.plan.verb, outcome.plan.goal_id, outcome).line()


def _after(outcome: Recorded, engine: Engine) -> list[str]:
    """What a person wants to know when a decision has been recorded."""
    plan = outcome.plan
    done = "Rejected" if plan.verb == "reject" else "Accepted" if plan.status == "ready" else "Recorded, but not ready"
    if not outcome.finished:
        done = f"{done}, but not finished yet"
    lines = [f"{done}: {plan.goal_id}; {len(plan.files)} files in {os.path.join(engine.root.goals_dir, plan.goal_id)}"]
    lines += [f"  {one.action:8}{one.path}" for one in plan.files]
    lines += [f"dropped gap: {gap}" for gap in plan.dropped_gaps if plan.verb == "accept"]
    lines += [f"note: {note}" for note in outcome.notes]
    if not outcome.finished:
        lines.append("note: it is recorded, but not every file is written yet; the next look at the goal finishes it")
    if outcome.replaces is not None:
        lines.append(f"It replaces: {outcome.replaces.sentence}")
    return [*lines, f"Next: {engine.call.desk('check', plan.goal_id)}"]


def _history(request: Request, engine: Engine, console: Console) -> int:
    goal_id = _resolve(request, engine, console)
    history = engine.history(goal_id) if isinstance(goal_id, str) else goal_id
    if not isinstance(goal_id, str) or not isinstance(history, History):
        assert not isinstance(history, History)
        return stopped(request, console, history)
    entries = history.entries
    written = engine.written_now(goal_id, entries[-1]) if entries and request.verify else ()
    if request.json:
        from omk_tui.cli.answers import history_answer

        console.exact(history_answer(goal_id, history, written, verified=request.verify).line())
    else:
        console.show(history_page(entries, history.unlisted))
        if request.verify and entries:
            console.show(verification_page(entries, written))
        if not entries and not history.interrupted:
            console.say(
                f"The record of decisions on {goal_id} is empty; what stands above is in omk's own files."
                if history.unlisted
                else f"No decision has been taken on {goal_id} with omk-tui; omk itself keeps no such record."
            )
            if request.verify:
                console.say(*LIMITS_OF_PROOF)
    if history.interrupted:
        console.say(f"note: {history.interrupted}")
    broken = request.verify and (history.interrupted or any(entry.fault for entry in entries))
    return console.ending(Exit.FAILED if broken else Exit.DONE)


def _doctor(request: Request, engine: Engine, console: Console) -> int:
    unreadable = engine.unreadable_root()
    if unreadable:
        return stopped(request, console, Failed(unreadable))
    findings = engine.doctor(_approval(request, console) if request.repair else None)
    if request.json:
        from omk_tui.cli.answers import doctor_answer

        console.exact(doctor_answer(findings, repaired=request.repair).line())
    else:
        console.show(doctor_page(findings))
    return console.ending()


def _approval(request: Request, console: Console) -> Callable[[str], bool]:
    """Asks whether a decision is to be finished that a look does not finish; without anybody to ask it is not."""

    def approve(what: str) -> bool:
        if request.yes:
            return True
        console.say("", f"Not sealed with your key: {what}.")
        return console.confirm("Finish this decision?")

    return approve


def _resolve(
    request: Request, engine: Engine, console: Console, least_ending: int = ENDING_TO_LOOK
) -> str | Refused | Failed:
    """The goal that the request names; where only the ending of its id was given, the full one is said."""
    assert request.goal is not None
    goal_id = engine.resolve(request.goal, least_ending)
    if isinstance(goal_id, str) and request.goal not in (goal_id, "latest"):
        console.say(f"note: {request.goal} is goal {goal_id}")
    return goal_id


def _review(request: Request, engine: Engine, console: Console) -> Review | Refused | Failed:
    """What is shown of a goal, and remembered for a decision that is bound to it."""
    goal_id = _resolve(request, engine, console)
    if not isinstance(goal_id, str):
        return goal_id
    with console.progress() as progress:
        review = engine.review(goal_id, progress)
    if isinstance(review, Review):
        engine.remember(review)
    return review


def _text(request: Request, console: Console) -> str:
    """The summary or reason, from standard input if that was asked for."""
    if request.text is not None:
        return request.text
    try:
        return text_of(console.read_text())
    except TextError as error:
        usage = COMMANDS[request.command].usage
        raise UsageError(f"the {request.text_option[2:]} on standard input is {error}", usage) from None
