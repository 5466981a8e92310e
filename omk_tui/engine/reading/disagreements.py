"""Where the goal directories and omk.db disagree, in sentences (STATE-FORMAT 5.3, H2, H4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.records.goal import Goal
from omk_tui.core.records.goal_row import RowError, goal_of
from omk_tui.engine.database.goals_table import Row, Rows


def disagreements(
    rows: Rows, names: Iterable[str], linked: Iterable[str], lines: Iterable[GoalLine], now: Timestamp
) -> tuple[str, ...]:
    """Ghost rows, goals that omk's own list hides, stale rows, and a database that cannot be read.

    `names` are the goal directories, `linked` the symlinks to directories, `lines` what was read of them.
    """
    return tuple(_sentences(rows, frozenset(names), tuple(linked), {line.goal_id: line for line in lines}, now))


def _sentences(
    rows: Rows, names: frozenset[str], linked: tuple[str, ...], lines: dict[str, GoalLine], now: Timestamp
) -> Iterator[str]:
    if rows.problem:
        yield rows.problem
    here = names.union(linked)
    listed: list[Goal] = []
    for row in rows.rows:
        try:
            listed.append(goal_of(row, "", now).goal)
        except RowError as error:
            yield f"omk's own list hides {_name(row)}: its row cannot be read back ({error})"
    for goal in listed:
        if goal.goal_id not in here:
            yield f"{goal.goal_id} is a ghost: a row in omk.db without a directory"
        elif (line := lines.get(goal.goal_id)) and line.status and _is_stale(goal, line):
            difference = f"omk.db says {goal.status}, {goal.phase}; goal.json says {line.status}, {line.phase}"
            yield f"the row of {goal.goal_id} is stale: {difference}"
    if rows.left_out:
        yield f"omk.db has {rows.left_out:,} more rows without a directory; only the newest are looked at"
    if rows.listable and listed:
        with_row = {row.get("goal_id") for row in rows.rows}
        for name in sorted(here):
            if name not in with_row:
                yield f"omk's own list hides {name}: it has no row in omk.db"
    for name in linked:
        yield f"goals/{name} is a symlink: omk's own scan does not follow it"


def _is_stale(goal: Goal, line: GoalLine) -> bool:
    return (goal.status, goal.phase) != (line.status, line.phase)


def _name(row: Row) -> str:
    goal_id = row.get("goal_id")
    return goal_id if isinstance(goal_id, str) else repr(goal_id)
