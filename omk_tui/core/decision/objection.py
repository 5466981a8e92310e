"""What stands against deciding a goal at all, before anything is planned."""

from __future__ import annotations

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.omk_json import has_lone_surrogate
from omk_tui.core.judgement.judge import later_work
from omk_tui.core.records.file_names import written_paths
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable


def objection(review: Review, verb: Verb) -> Refused | Failed | None:
    """Why the goal cannot be decided this way now, or None (STATE-FORMAT 6.1, 5.4, 5.5).

    Whatever omk would write by halves and then fail on is refused here, before anything is written.
    """
    facts = review.facts
    if facts.interrupted:
        return Refused("interrupted", facts.interrupted)
    if not is_unicode(facts.goal_dir):
        return Failed(f"{printable(facts.goal_dir)}: the path is not valid UTF-8, and goal.json could not hold it")
    if facts.goal is None:
        return Failed(facts.goal_problem.sentence if facts.goal_problem else "goal.json could not be read")
    if review.judgement.guard:
        return Refused("status", review.judgement.guard)
    if verb == "accept" and facts.graph is None and facts.graph_problem is not None:
        return Failed(facts.graph_problem.sentence)
    if facts.intake_problem is not None:
        return Failed(facts.intake_problem.sentence)
    if verb == "accept" and (refusal := _branch_objection(review)):
        return refusal
    if facts.stored is None:
        return Failed(facts.proof_problem.sentence if facts.proof_problem else "proof.json could not be read")
    if facts.deliveries is None:
        return Failed(facts.graph_problem.sentence if facts.graph_problem else "task-graph.json could not be read")
    written = written_paths(verb)
    hindered = [target for target in review.targets if target.obstacle and target.path in written]
    for target in hindered:
        if target.outside:
            return Refused("outside", f"{target.path}: {target.obstacle}")
    if hindered:
        return Failed(f"{hindered[0].path}: {hindered[0].obstacle}")
    return Failed(review.ledger.problem) if review.ledger.problem else None


def _branch_objection(review: Review) -> Refused | None:
    """Why an opened goal cannot be accepted: its commit is no longer what the branch is, or is in the base."""
    facts = review.facts
    if facts.intake is None:
        return None
    if facts.branch is not None and facts.branch.merged:
        return Refused("branch", "its commit is in the base already: there is nothing left to accept")
    later = later_work(facts)
    return None if later is None else Refused("branch", f"{later.reason}; {later.advice}")


def is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold the text; bytes that were not UTF-8 stand in it as lone surrogates."""
    return not has_lone_surrogate(text)
