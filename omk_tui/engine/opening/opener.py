"""Opening: each branch that was named becomes a goal, or is said to be one already."""

from __future__ import annotations

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.text.words import first_few
from omk_tui.engine.opening.opened_goal import OpenedGoal, Opening, OpenRequest, SkippedBranch
from omk_tui.engine.opening.source import SECONDS, NoSource, Target, source_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from omk_tui.core.format.timestamp import Timestamp
    from omk_tui.engine.files.state_root import StateRoot

_MOST_REASONS = 3


def open_goals(root: StateRoot, request: OpenRequest, now: Callable[[], Timestamp]) -> Opening | Refused | Failed:
    """Open what was asked for: one branch, or as many of several as can be opened.

    Nothing is written of a branch that is refused. Refused and Failed mean that no branch was opened, or that git took
    too long; what was opened before that stays.
    """
    opened: list[OpenedGoal] = []
    skipped: list[SkippedBranch] = []
    try:
        with source_at(request.folder, meanwhile=_load) as source, source.start("version") as version:
            from omk_tui.core.opening.opening_moment import opening_moment
            from omk_tui.engine.opening.goal_of_branch import open_branch
            from omk_tui.engine.opening.opened_goals import opened_goals

            source.look_up(request.words, request.base)
            base_ref = source.full_name(request.base) if request.base else source.default_base()
            targets = source.targets(request.words)
            several = len(targets) > 1
            others = list(opened_goals(root)) if not request.dry_run else []
            moment = opening_moment(now(), [other.opened_at for other in others])
            for target in targets:
                try:
                    goal = open_branch(root, source, version, target, base_ref, request, moment, others)
                except NoSource as error:
                    if source.git.out_of_time:
                        done = f"{len(opened)} of {len(targets)} are opened; the same command goes on with the others"
                        raise NoSource(f"git took longer than {SECONDS:.0f} s for all of it: {done}") from None
                    if not several:
                        raise
                    skipped.append(_skipped(target, str(error)))
                    continue
                if not isinstance(goal, Refused):
                    opened.append(goal)
                elif several:
                    skipped.append(_skipped(target, "; ".join((goal.why, *goal.details))))
                else:
                    return goal
    except NoSource as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"{error.filename or root.path}: {error.strerror or error}")
    if not opened:
        reasons = first_few([each.why for each in skipped], _MOST_REASONS, "; ")
        return Failed(f"none of these branches can be opened: {reasons}")
    return Opening(tuple(opened), tuple(skipped))


def _skipped(target: Target, why: str) -> SkippedBranch:
    return SkippedBranch(target.branch or target.head, why, named=not target.globbed)


def _load() -> None:
    """What opening takes is loaded while git is at work, not before."""
    from omk_tui.engine.opening import goal_of_branch  # noqa: F401
