"""Recording evidence on an opened goal: under its lock, journalled, as one transaction."""

from __future__ import annotations

from collections.abc import Callable

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import LARGEST_DOCUMENT
from omk_tui.core.format.omk_json import Json, JsonError, TooLong
from omk_tui.core.opening.recording import RecordPlan
from omk_tui.core.records.file_names import GRAPH_FILE, PROOF_FILE
from omk_tui.core.review.goal_review import Review
from omk_tui.engine.deciding.carry_out import Written, carry_out
from omk_tui.engine.deciding.recovery import Recovery, recover_locked
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import Locked, goal_lock

_PATIENCE = 5.0
MakePlan = Callable[[Review, dict[str, Json], GoalFolder], RecordPlan | Refused]


def evidence_objection(review: Review) -> Refused | Failed | None:
    """Why nothing can be recorded on a goal now, or None."""
    facts = review.facts
    if facts.problems:
        return Failed(facts.problems[0].sentence)
    if facts.intake is None:
        steps = f"{facts.step('verify')} and {facts.step('review')}"
        return Refused("status", f"omk made this goal; its evidence is omk's to bring: {steps}")
    if facts.interrupted:
        return Refused("interrupted", facts.interrupted)
    if facts.decision is not None and facts.decision.verdict.startswith("accepted"):
        return Refused("status", "the goal is accepted: nothing is recorded on it any more")
    if facts.branch is not None and facts.branch.merged:
        return Refused("branch", "its commit is in the base already: there is nothing left to judge")
    return None


def record(
    folder: GoalFolder, read: Callable[[], Review], make: MakePlan, recovery: Recovery
) -> Written | Refused | Failed:
    """Record evidence on an open goal directory. `read` reads it anew under the lock, `make` plans from that."""
    try:
        with goal_lock(folder, recovery.who, patience=_PATIENCE):
            obstacle = recover_locked(folder, recovery)
            if obstacle:
                return Refused("interrupted", obstacle)
            review = read()
            objection = evidence_objection(review)
            if objection is not None:
                return objection
            graph = omk_json.parse(folder.read(GRAPH_FILE, LARGEST_DOCUMENT).decode("utf-8"))
            if not isinstance(graph, dict):
                return Failed(f"{GRAPH_FILE} is no object")
            plan = make(review, graph, folder)
            return plan if isinstance(plan, Refused) else carry_out(folder, review, plan, recovery)
    except TooLong:
        return Failed(f"nothing was recorded: {PROOF_FILE} would take more than {LARGEST_DOCUMENT >> 20} MiB")
    except Locked as error:
        return Refused("locked", f"the goal is being written right now by {error}; try again when that is done")
    except (Unreadable, UnicodeDecodeError, JsonError) as error:
        return Failed(f"nothing was recorded: {folder.path}: {error}")
    except OSError as error:
        return Failed(f"nothing was recorded: {error.filename or folder.path}: {Unreadable.of(error).reason}")
