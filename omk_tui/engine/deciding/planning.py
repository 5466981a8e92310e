"""Planning with a clock, fresh ids and a signature: the one way to a plan, for preview and commit."""

from __future__ import annotations

from collections.abc import Callable

import omk_tui
from omk_tui.core.decision.ledger import Signature, with_ledger
from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import EventIds, Moments, plan_accept, plan_reject
from omk_tui.core.format.limits import LARGEST_DOCUMENT
from omk_tui.core.format.omk_json import TooLong
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.file_names import PROOF_FILE
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import trim
from omk_tui.engine.files.user import user_at_host
from omk_tui.light.fresh_id import fresh_id


def plan_decision(
    review: Review, verb: Verb, text: str, clock: Callable[[], int], looked_at: tuple[str, ...] = ()
) -> DecisionPlan | Refused | Failed:
    """What a decision would write at this moment, its ledger line included; nothing is written.

    `clock` gives Unix nanoseconds; `looked_at` are the sections that the person had open. A clock before 1970 fails:
    no record is dated by it.
    """
    text = trim(text)  # once, here, for preview and commit alike: goal files and ledger get the same words
    make = plan_accept if verb == "accept" else plan_reject
    when = moments(clock)
    if when.decided.seconds < 0:
        return Failed(f"this machine's clock reads {when.decided.text()}, which is before 1970: set it, then decide")
    try:
        plan = make(review, text, when, EventIds(fresh_id(), fresh_id()))
    except TooLong:
        most = f"{LARGEST_DOCUMENT >> 20} MiB as omk writes it, the most that is read of it"
        return Failed(
            f"{PROOF_FILE} would take more than {most}: it holds too much besides the proof, or nests too deeply"
        )
    if not isinstance(plan, DecisionPlan):
        return plan
    return with_ledger(plan, review, text, Signature(user_at_host(), f"omk-tui {omk_tui.__version__}", looked_at))


def moments(clock: Callable[[], int]) -> Moments:
    """Four readings of the clock, never decreasing even if it is set back between them."""
    readings = [clock() for _ in range(4)]
    return Moments(*(Timestamp.from_unix_nanos(max(readings[: i + 1])) for i in range(4)))
