"""Goals that the product opened from a branch, with gates and reviews recorded on some: omk has to go on with them."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from typing import Any

from omk_tui.core.decision.plan import AppendLine, MakeFolder, ReplaceFile
from omk_tui.core.format import omk_json
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.judge import judge
from omk_tui.core.opening.branch_work import Commit, Work
from omk_tui.core.opening.documents import goal_files
from omk_tui.core.opening.recording import RecordPlan, gate_record, review_record
from omk_tui.core.records.budget import Usage
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.goal import read_goal
from omk_tui.core.records.intake import Intake
from omk_tui.core.records.proof import Gate, read_proof
from omk_tui.core.records.task_graph import read_task_graph
from omk_tui.core.review.goal_review import Review
from tests.differential.documents import chance
from tests.differential.values import text

_STATE_DIR = "{{{{ROOT}}}}/goals/{}"
_FOLDERS = ("artifacts/agent-runs/goal-agent-execute/", "artifacts/integration/", "artifacts/intake/")


def opened_files(rng: random.Random, goal_id: str) -> dict[str, Any]:
    """The files of one opened goal as a golden case has them, by path below the state root."""
    state_dir = _STATE_DIR.format(goal_id)
    intake, work, words = _intake(rng, goal_id), _work(rng), text(rng, nul=False) or "work"
    now = Timestamp.from_unix_nanos(rng.randrange(10**17, 2 * 10**18))
    _, files = goal_files(intake, words, work, state_dir, now, lambda: _uuid(rng))
    contents = {path: data.decode("utf-8", "replace") for path, data in files.items()}
    for _ in range(rng.randrange(3)):
        now = replace(now, seconds=now.seconds + rng.randrange(1, 5000))
        _apply(contents, _recorded(rng, goal_id, state_dir, contents, now))
    items: dict[str, Any] = {f"goals/{goal_id}/": {"mode": "0700"}}
    items |= {
        f"goals/{goal_id}/{folder}": {"mode": "0700"}
        for folder in _FOLDERS
        if any(p.startswith(folder) for p in contents)
    }
    for path, content in contents.items():
        mode = "0644" if path in ("events.jsonl", "decisions.jsonl") else "0600"
        items[f"goals/{goal_id}/{path}"] = {"mode": mode, "text": content}
    return items


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _hash(rng: random.Random) -> str:
    return f"{rng.getrandbits(160):040x}"


def _intake(rng: random.Random, goal_id: str) -> Intake:
    merge = rng.choice(["clean", "conflict", "not_checked"])
    return Intake(
        goal_id=goal_id,
        opened_at="2026-11-22T20:55:57Z",
        opened_by=text(rng, nul=False),
        tool="omk-tui",
        git="git version 2.43.0",
        project_dir="/nowhere/project",
        repository="/nowhere/project/.git",
        branch=rng.choice(["refs/heads/agent/x", "refs/remotes/origin/y", ""]),
        head=_hash(rng),
        base_ref="refs/heads/main",
        base=_hash(rng),
        merge_base=_hash(rng),
        merge=merge,  # type: ignore[arg-type]
        merge_tree=_hash(rng),
        merge_text=f"x into main: {merge}",
        text_from=rng.choice(["--goal", "first commit"]),
        uncommitted=rng.randrange(3),
        commits=rng.randrange(1, 9),
        waivers={"oracle": "none yet"} if chance(rng, 0.3) else {},
    )


def _work(rng: random.Random) -> Work:
    files = tuple(text(rng, nul=False) or "a" for _ in range(rng.randrange(4)))
    commits = tuple(Commit(_hash(rng), text(rng, nul=False), text(rng, nul=False)) for _ in range(rng.randrange(3)))
    return Work(b"diff --git a/a b/a\n", files, commits, files[:2], (text(rng, nul=False),))


def _review_of(goal_id: str, state_dir: str, contents: dict[str, str]) -> Review:
    facts = Facts(
        goal_id=goal_id,
        goal_dir=state_dir,
        goal=read_goal(contents["goal.json"], state_dir),
        stored=read_proof(contents["proof.json"]),
        graph=read_task_graph(contents["task-graph.json"]),
        deliveries=read_deliveries(contents["task-graph.json"]),
    )
    return Review(facts, judge(facts), (), (), (), Usage(), None, (), (), "")


def _recorded(rng: random.Random, goal_id: str, state_dir: str, contents: dict[str, str], now: Timestamp) -> RecordPlan:
    review = _review_of(goal_id, state_dir, contents)
    graph = omk_json.parse(contents["task-graph.json"])
    assert isinstance(graph, dict)
    if chance(rng, 0.6):
        names = rng.sample(["unit", "acceptance", "smoke", "demo", "bench", "regression"], rng.randrange(1, 6))
        gates = [_gate(rng, name) for name in names]
        notes = [GateNote(name, "base", _hash(rng), False, "none", 5) for name in names]
        required = tuple(rng.sample(["unit", "smoke", "never"], rng.randrange(4)))
        return gate_record(review, graph, gates, notes, now, lambda: _uuid(rng), required)
    verb = rng.choice(["review", "security_review"])
    said = text(rng, nul=False)
    return review_record(
        verb,  # type: ignore[arg-type]
        review,
        graph,
        b"# Review\n",
        said,
        chance(rng, 0.8),
        now,
        lambda: _uuid(rng),
    )


def _gate(rng: random.Random, name: str) -> Gate:
    passed = chance(rng, 0.8)
    return Gate(
        name=name,
        passed=passed,
        stdout=text(rng, nul=False),
        stderr=text(rng, nul=False),
        duration_ms=rng.randrange(9999),
        required=chance(rng, 0.8),
        command_line="sh -c true",
        exit_code=0 if passed else 1,
        timed_out=False,
        stdout_summary=None,
        stderr_summary=None,
        output_path=None,
        timeout_secs=0,
    )


def _apply(contents: dict[str, str], plan: RecordPlan) -> None:
    for step in plan.steps:
        match step:
            case ReplaceFile(path, data):
                contents[path] = data.decode()
            case AppendLine(path, data):
                contents[path] = contents.get(path, "") + data.decode()
            case MakeFolder() | _:
                pass
