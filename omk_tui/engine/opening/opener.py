"""Opening: each branch that was named becomes a goal, or is said to be one already."""

from __future__ import annotations

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.engine.opening.opened_goal import OpenedGoal, OpenRequest
from omk_tui.engine.opening.source import SECONDS, NoSource, source_at

TYPE_CHECKING = False  # as in typing, which takes longer to import than this module
if TYPE_CHECKING:
    from collections.abc import Callable

    from omk_tui.core.format.timestamp import Timestamp
    from omk_tui.engine.files.state_root import StateRoot


def open_goals(
    root: StateRoot, request: OpenRequest, now: Callable[[], Timestamp]
) -> list[OpenedGoal] | Refused | Failed:
    """Open what was asked for. Nothing is written of a branch that is refused; those before it stay."""
    opened: list[OpenedGoal] = []
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
                except NoSource:
                    if source.git.out_of_time:
                        done = f"{len(opened)} of {len(targets)} are opened; the same command goes on with the others"
                        raise NoSource(f"git took longer than {SECONDS:.0f} s for all of it: {done}") from None
                    if not several:  # of many branches those with nothing to decide are passed over
                        raise
                    continue
                if isinstance(goal, Refused):
                    return goal
                opened.append(goal)
    except NoSource as error:
        return Failed(str(error))
    except OSError as error:
        return Failed(f"{error.filename or root.path}: {error.strerror or error}")
    return opened or Failed("none of these branches has a commit that the base lacks")


def _load() -> None:
    """What opening takes is loaded while git is at work, not before."""
    from omk_tui.engine.opening import goal_of_branch  # noqa: F401
