"""Where faults happen: a process that forks a child for each act, so that only the act's own system calls count.

Runs as a program of its own (``python -I -S -B stage.py CHECKOUT``). It reads a round of acts as a line of JSON, forks
a company that waits for SIGUSR1 (so that strace can attach to it), and says the company's process id, then ``done``.
The company forks one child after the other, and does nothing else that strace could disturb. A child writes its report
only after its act has ended; a child that is killed leaves none.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

END = "/the-act-has-ended"
"""A path that is looked for when an act has ended: it marks the place in a trace."""
NOW = 1_790_000_000_000_000_000
"""The usual reading of the clock: Unix nanoseconds."""


def perform(act: dict[str, Any]) -> object:
    """One act: ``decide`` gives its Outcome, ``recover`` what a fresh look says of an interrupted decision."""
    from omk_tui.core.decision.planner import Decision
    from omk_tui.core.review.goal_review import Review
    from omk_tui.engine import Engine, StateRoot

    engine = Engine(StateRoot(act["root"], "--state-root", exists=True), act["project"], lambda: act["now"])
    if act["act"] == "decide":
        bound_to = act["snapshot"] or None
        decision = Decision(
            act["verb"], act["goal_id"], act["text"], bound_to, record_not_ready=True, despite_conflicts=True
        )
        return engine.decide(decision)
    review = engine.review(act["goal_id"])
    return review.facts.interrupted if isinstance(review, Review) else f"failed: {review.why}"


def play(act: dict[str, Any]) -> None:
    """Perform an act in this process, and write its report: the result, or the traceback of what it raised."""
    numbers = iter(range(1, 1_000_000))
    os.urandom = lambda size: next(numbers).to_bytes(size, "big")
    fault, counts = act["fault"], {}
    if fault is not None:
        from tests.faults import in_process

        if fault["what"] == "count":
            counts = in_process.count()
        else:
            in_process.install(fault["call"], fault["what"], fault["when"])
    try:
        result, raised = perform(act), ""
    except BaseException:
        result, raised = None, traceback.format_exc()
    counts = dict(counts)
    with suppress(OSError):
        os.stat(END)
    with open(act["report"], "wb") as file:
        pickle.dump((result, raised, counts), file)


def company(acts: list[dict[str, Any]]) -> None:
    """One child for each act, one after the other, when the signal comes."""
    signal.sigwait({signal.SIGUSR1})
    for act in acts:
        child = os.fork()
        if child == 0:
            try:
                play(act)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
    os._exit(0)


def let_others_trace() -> None:
    """Where Yama allows tracing of descendants only, let any process of this user trace this one."""
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(0x59616D61, ctypes.c_ulong(2**64 - 1), 0, 0, 0)


def main() -> None:
    sys.path[:0] = [sys.argv[1]]
    # Everything that a decision would import late is here before it.
    import encodings.idna  # noqa: F401

    from omk_tui.engine import Engine

    Engine.load_code()
    let_others_trace()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        round_ = os.fork()
        if round_ == 0:
            company(json.loads(line))
        print(round_, flush=True)
        status = os.waitpid(round_, 0)[1]
        print("done" if status == 0 else f"status {status}, {errno.errorcode.get(status, '')}", flush=True)


if __name__ == "__main__":
    main()
