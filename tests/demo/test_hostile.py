"""The hostile goal: valid state by omk's rules, complete evidence, and every attack in it."""

import json
from pathlib import Path

import pytest

from omk_tui.core.judgement.oracle import consult
from omk_tui.core.judgement.requirements import Evidence, build_requirements, missing
from omk_tui.core.judgement.review_wall import build_wall
from omk_tui.core.records.conflict import conflicting
from omk_tui.core.records.delivery import read_deliveries
from omk_tui.core.records.goal import read_goal, write_goal
from omk_tui.core.records.proof import read_proof, write_proof
from omk_tui.core.records.task_graph import findings, read_task_graph
from omk_tui.demo import attacks, hostile
from omk_tui.demo.relocate import Places

STATE_DIR = f"/srv/desk/goals/{hostile.GOAL_ID}"
TEXTS = ("goal.json", "proof.json", "task-graph.json", "events.jsonl", "budget-checkpoints.jsonl", "prd.md")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile.files(Places(Path("/srv/desk"), Path("/project")))


def test_every_file_has_its_mode(files: dict[str, bytes]) -> None:
    assert set(files) == {path for path in hostile.MODES if not path.endswith("/")}


def test_goal_and_proof_are_spelt_as_omk_spells_them(files: dict[str, bytes]) -> None:
    goal, proof = files["goal.json"].decode(), files["proof.json"].decode()
    assert write_goal(read_goal(goal, STATE_DIR)) == goal
    assert write_proof(read_proof(proof), ()) == proof


def test_the_task_graph_is_valid(files: dict[str, bytes]) -> None:
    assert findings(read_task_graph(files["task-graph.json"].decode())) == ()


def test_the_row_agrees_with_the_goal(files: dict[str, bytes]) -> None:
    goal = json.loads(files["goal.json"])
    row = Places(Path("/srv/desk"), Path("/project")).in_row(hostile.ROW)
    shared = ("goal_id", "status", "phase", "original_goal", "normalized_goal", "budget_time", "state_dir")
    assert {name: row[name] for name in shared} == {name: goal[name] for name in shared}
    assert json.loads(str(row["failure"])) == goal["failure"]


def test_its_evidence_is_complete(files: dict[str, bytes]) -> None:
    proof = read_proof(files["proof.json"].decode()).proof
    graph = read_task_graph(files["task-graph.json"].decode())
    oracle = consult(read_goal(files["goal.json"].decode(), STATE_DIR).normalized_goal, proof.gates)
    wall = build_wall(reviewed=True, security_reviewed=True, gates=proof.gates, changed_files=proof.changed_files)
    assert oracle.kind == "greenfield"
    assert missing(build_requirements(Evidence(hostile.GOAL_ID, proof, graph, oracle, wall))) == ()


def test_its_slices_are_in_conflict(files: dict[str, bytes]) -> None:
    assert len(conflicting(read_deliveries(files["task-graph.json"].decode()))) == 4


@pytest.mark.parametrize("path", TEXTS)
@pytest.mark.parametrize("attack", [*attacks.MARKUP, *attacks.SEQUENCES], ids=repr)
def test_every_attack_is_in_every_record(files: dict[str, bytes], path: str, attack: str) -> None:
    escaped = json.dumps(attack, ensure_ascii=False)[1:-1] if ".json" in path else attack
    assert escaped in files[path].decode()


def test_gate_logs_hold_bytes_that_are_no_text(files: dict[str, bytes]) -> None:
    logs = [data for path, data in files.items() if path.endswith(".log")]
    assert len(logs) == 5
    for data in logs:
        assert attacks.NOT_UTF8 in data
        assert max(map(len, data.split(b"\n"))) >= 20_000
        with pytest.raises(UnicodeDecodeError):
            data.decode()


def test_the_long_line_has_20000_characters() -> None:
    assert len(attacks.LONG_LINE) == 20_000
