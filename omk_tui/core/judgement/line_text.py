"""A row of the goals list as JSON text, for programs of ours to hand to each other, and back."""

from __future__ import annotations

import json

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.verdict import Verdict


class BadLine(ValueError):
    """A text that is no row of the list."""


def encode_line(line: GoalLine) -> str:
    """The row as text; ASCII, whatever is in it."""
    verdict = line.verdict
    return json.dumps(
        (
            line.goal_id,
            line.status,
            line.phase,
            line.goal,
            line.created_at and (line.created_at.seconds, line.created_at.nanos),
            line.updated_at and (line.updated_at.seconds, line.updated_at.nanos),
            (verdict.word, verdict.missing_count, verdict.waived_count),
            line.warnings,
            line.problem,
            *(tally and (tally.good, tally.all) for tally in (line.gates, line.oracle, line.wall)),
            line.conflicts,
            line.why,
            line.next,
            line.head,
            line.source,
            line.branch,
            line.failing,
        ),
        separators=(",", ":"),
    )


def decode_line(text: str) -> GoalLine:
    """The row in a text that `encode_line` made. Raises BadLine for any other text that is not of that shape."""
    try:
        (
            goal_id, status, phase, goal, created_at, updated_at, verdict, warnings, problem, gates, oracle, wall,
            conflicts, why, next_step, head, source, branch, failing,
        ) = json.loads(text)  # fmt: skip
        return GoalLine(
            goal_id,
            status,
            phase,
            goal,
            created_at and Timestamp(*created_at),
            updated_at and Timestamp(*updated_at),
            Verdict(*verdict),
            warnings,
            problem,
            gates and Tally(*gates),
            oracle and Tally(*oracle),
            wall and Tally(*wall),
            conflicts,
            tuple(why),
            next_step,
            head,
            source,
            branch,
            tuple(failing),
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise BadLine(f"no row of the list: {error}") from None
