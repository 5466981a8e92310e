"""The goals list: every directory under `goals/` and every ghost row of omk.db."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Tally
from omk_tui.core.judgement.judge import Judgement, after_decision, decide_command, judge
from omk_tui.core.judgement.requirements import COUNTED
from omk_tui.core.judgement.verdict import UNREADABLE
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.proof import Proof
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.engine.database.goals_table import Rows
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.goal_lock import is_locked
from omk_tui.engine.files.journal_mark import has_journal
from omk_tui.engine.git.choice import GoalProjects, recorded_project_dir
from omk_tui.engine.reading.consistent import read_steadily
from omk_tui.engine.reading.goal_ids import id_objection
from omk_tui.engine.reading.records import ghost_facts, read_records
from omk_tui.engine.reading.review import with_branch

LONGEST_BATCH = 1.0
"""Seconds after which a batch that is not full is given out all the same."""

_INTERRUPTED = "a decision was interrupted; opening the goal finishes it"
_STATUS_NEXT = {
    "blocked_on_human": "show",
    "blocked_on_external": "show",
    "needs_more_budget": "budget",
    "failed_infra": "show",
    "paused": "resume",
    "running": "status",
    "cancelled": "show",
}


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of one goal: its facts, and the project folder that its own record names."""

    facts: Facts
    project_dir: str | None

    @property
    def proof(self) -> Proof | None:
        return self.facts.stored.proof if self.facts.stored else None


def read_lines(
    goals_dir: str,
    names: Iterable[str],
    rows: Rows,
    projects: GoalProjects,
    call: CommandLine,
    now: Timestamp,
    batch: int,
) -> Iterator[tuple[GoalLine, ...]]:
    """The lines of the named directories, in batches as they are read; on a slow mount the batches are smaller."""
    waiting: list[_Read | GoalLine] = []
    batch_start = time.monotonic()
    for name in names:
        waiting.append(_read_goal(goals_dir, name, rows, now))
        if len(waiting) >= batch or time.monotonic() - batch_start > LONGEST_BATCH:
            yield _lines(waiting, projects, call)
            waiting, batch_start = [], time.monotonic()
    if waiting:
        yield _lines(waiting, projects, call)


def ghost_lines(goals_dir: str, names: frozenset[str], rows: Rows, now: Timestamp) -> tuple[GoalLine, ...]:
    """The lines of rows whose goal directory is gone."""
    ghosts = []
    for row in rows.rows:
        goal_id = row.get("goal_id")
        if isinstance(goal_id, str) and goal_id not in names:
            path = os.path.join(goals_dir, goal_id)
            line = line_of(ghost_facts(goal_id, path, row, now))
            gone = f"the goal directory {path} is gone; only its row in omk.db is left"
            why = (gone, "put the directory back to decide the goal; the row alone does no harm")
            ghosts.append(replace(line, source="row", verdict=UNREADABLE, problem=gone, why=why, next=""))
    return tuple(ghosts)


def line_of(facts: Facts) -> GoalLine:
    """The list's line for what was read of one goal."""
    judgement = judge(facts)
    goal, proof = facts.goal, facts.stored.proof if facts.stored else None
    problem = "; ".join(one.sentence for one in facts.problems) or None
    oracle, wall = judgement.oracle, judgement.wall
    return GoalLine(
        goal_id=facts.goal_id,
        status=goal.status if goal else None,
        phase=goal.phase if goal else None,
        goal=goal.original_goal if goal else None,
        created_at=goal.created_at if goal else None,
        updated_at=goal.updated_at if goal else None,
        verdict=judgement.verdict,
        warnings=judgement.news,
        problem=problem,
        gates=Tally(sum(gate.passed for gate in proof.gates), len(proof.gates)) if proof else None,
        oracle=Tally(sum(check.passed for check in oracle.checks), len(oracle.checks)) if oracle else None,
        wall=Tally(sum(one.passed for one in wall), len(wall)) if proof and facts.graph else None,
        conflicts=sum(one.code == "open_conflict" for one in judgement.warnings)
        if facts.deliveries is not None
        else None,
        why=_why(facts, judgement),
        next=_next(facts, judgement),
        head=facts.head.text,
    )


def _why(facts: Facts, judgement: Judgement) -> tuple[str, ...]:
    if facts.interrupted:
        return (facts.interrupted,)
    if facts.problems:
        return tuple(one.sentence for one in facts.problems)
    if judgement.guard:
        return (judgement.guard,)
    if facts.decision is not None and facts.decision.verdict:
        return (facts.decision.sentence, *_missing(judgement))
    if judgement.unwaived:
        return _missing(judgement)
    conflicts = tuple(one.text for one in judgement.warnings if one.code == "open_conflict")
    waived = f", {judgement.waived} of them waived" if judgement.waived else ""
    return (*conflicts, f"nothing is missing: all {COUNTED} of omk are met{waived}")


def _missing(judgement: Judgement) -> tuple[str, ...]:
    return tuple(f"{one.text}: {one.facts}" for one in judgement.requirements if not (one.met or one.waived))


def _next(facts: Facts, judgement: Judgement) -> str:
    goal_id, goal = facts.goal_id, facts.goal
    if facts.problems or facts.interrupted or goal is None:
        return facts.call.desk("check", goal_id)
    if facts.decision is not None and facts.decision.verdict and not judgement.guard:
        return after_decision(facts)[-1]
    if goal.status in _STATUS_NEXT:
        return facts.step(_STATUS_NEXT[goal.status])
    if judgement.conflict_open:
        return decide_command(facts, judgement, "reject")
    if judgement.ready:
        return decide_command(facts, judgement, "accept")
    return next(
        (one.next.splitlines()[-1] for one in judgement.requirements if one.next), facts.call.desk("check", goal_id)
    )


def _read_goal(goals_dir: str, name: str, rows: Rows, now: Timestamp) -> _Read | GoalLine:
    objection = id_objection(name)
    if objection:
        return _unreadable(name, objection)
    try:
        with GoalFolder(os.path.join(goals_dir, name)) as folder:
            facts = read_steadily(
                folder,
                lambda interrupted: read_records(folder, name, rows.of(name), now, interrupted).facts,
                free=lambda: _interrupted(folder),
                held=lambda: _INTERRUPTED if has_journal(folder) else "",
                given_up=lambda _: "",
            )
            return _Read(facts, recorded_project_dir(folder))
    except OSError as error:
        return _unreadable(name, f"the goal directory cannot be opened: {Unreadable.of(error).reason}")


def _interrupted(folder: GoalFolder) -> str:
    """A sentence when a decision was begun and nobody is at work on it; the list itself finishes nothing."""
    return _INTERRUPTED if has_journal(folder) and not is_locked(folder) else ""


def _unreadable(name: str, problem: str) -> GoalLine:
    return GoalLine(name, None, None, None, None, None, UNREADABLE, 0, problem, why=(problem,))


def _lines(waiting: list[_Read | GoalLine], projects: GoalProjects, call: CommandLine) -> tuple[GoalLine, ...]:
    """The lines of one batch; each project's git is asked once for all its commits."""
    goals = [one for one in waiting if isinstance(one, _Read)]
    projects_of_goals = iter(projects.of_goals([(one.project_dir, one.proof) for one in goals]))
    return tuple(
        one
        if isinstance(one, GoalLine)
        else line_of(
            with_branch(replace(one.facts, call=call, head=next(projects_of_goals).check_head(one.proof)), projects)
        )
        for one in waiting
    )
