"""`omk-tui check`, as text and as JSON: the same facts, and the exit code that goes with them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.cli.check_document import CheckDocument, check_document
from omk_tui.cli.check_page import check_page
from omk_tui.cli.commands.check import check_exit
from omk_tui.cli.document import line
from omk_tui.cli.json_models import model_of
from omk_tui.core.judgement.judge import judge
from omk_tui.core.review.goal_review import Review
from omk_tui.demo import goal_id
from omk_tui.engine import Engine, StateRoot
from tests.cli.commands import Desk

READY = goal_id("ready")

NINE = (
    "required verification gates are missing or failing",
    "local verification task evidence is missing",
    "agent execution task evidence is missing",
    "review task evidence is missing",
    "security review task evidence is missing",
    "changed-file evidence is missing",
    "post-mutation verification evidence is missing",
    "required review wall evidence is incomplete or blocked",
)
CODES = {
    "ready": 0,
    "conflicts": 0,
    "hostile": 0,
    "missing-evidence": 3,
    "failing-gate": 3,
    "rejected-before": 3,
    "running": 3,
    "paused": 4,
}


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_the_exit_code_says_how_it_stands(samples: Desk, name: str, code: int) -> None:
    assert samples.run("check", goal_id(name)).code == code
    assert samples.run("check", goal_id(name), "--json").code == code


@pytest.mark.parametrize("name", CODES)
def test_the_document_says_the_same_as_the_engine(samples: Desk, name: str) -> None:
    document = samples.run("check", goal_id(name), "--json", "--project-dir", str(samples.project)).document
    engine = Engine(StateRoot(str(samples.root), "test", exists=True), str(samples.project))
    review = engine.review(goal_id(name))
    assert next(iter(document)) == "schema"
    assert document["schema"] == "omk-tui/check/2"
    assert document["goal_id"] == review.goal_id  # type: ignore[union-attr]
    assert document["snapshot"] == review.snapshot  # type: ignore[union-attr]
    requirements = document["requirements"]
    assert [one["text"] for one in requirements[:8]] == list(NINE)
    assert requirements[8]["text"] == f"{document['oracle']['kind']} oracle evidence is incomplete or failing"
    assert document["missing"] == [one["text"] for one in requirements if not one["met"]]
    assert all(bool(one["next"]) is not one["met"] for one in requirements)
    assert document["ready"] is (not document["missing"] and document["guard"] is None)
    assert document["why"] is None


def test_oracle_and_wall_keep_omks_names(samples: Desk) -> None:
    document = samples.run("check", goal_id("missing-evidence"), "--json").document
    assert document["oracle"] == {
        "kind": "rewrite",
        "matched": [["rewrite", "port"]],
        "status": "blocked",
        "checks": [
            {"name": "compatibility", "status": "blocked", "gate": None},
            {"name": "golden", "status": "blocked", "gate": None},
        ],
    }
    assert [one["pass"] for one in document["wall"]] == [
        "architect", "code", "test", "security", "performance", "anti-slop",
    ]  # fmt: skip
    assert [one["status"] for one in document["wall"]].count("blocked") == 1
    assert set(document["wall"][0]) == {
        "pass", "status", "path", "summary", "evidence", "risks", "known_gaps", "recommended_next_step",
    }  # fmt: skip


def test_conflicts_are_told_slice_by_slice(samples: Desk) -> None:
    document = samples.run("check", goal_id("conflicts"), "--json").document
    search, store = document["conflicts"]
    assert (search["slice_id"], search["task_id"], search["status"]) == ("search", "goal-agent-implement-2", "blocked")
    assert search["readable"] is True
    assert search["clean_merge"] is False
    assert search["files"] == ["notes/cli.py", "notes/store.py"]
    assert search["classification"] == "Unsafe"
    assert store["evidence_path"] == "artifacts/integration/merge-conflict-goal-agent-implement-1.json"
    assert [one["code"] for one in document["warnings"]] == ["open_conflict", "open_conflict", "dropped_gap"]


def test_the_text_names_what_is_missing_why_and_what_to_do(samples: Desk) -> None:
    text = samples.run("check", goal_id("missing-evidence")).out
    assert "verdict   missing 2" in text
    assert "CHECKLIST  7 of 9 met, 2 missing\n" in text
    assert " 1 [x] met      required verification gates\n       3 of 3 required gates passed\n" in text
    assert " 8 [!] failed   required review wall evidence is incomplete or blocked\n" in text
    assert "NEXT # .omk/gates.toml: a passed gate must have perf or bench in its name\n            [[gates]]\n" in text
    assert f"            omk goal verify {goal_id('missing-evidence')}\n" in text
    assert "ORACLE  rewrite, blocked" in text
    assert 'chosen by the goal\'s words "port" (rewrite)' in text
    assert "WALL  5 of 6 passed" in text
    assert "CONFLICTS  none recorded" in text
    assert "project   HEAD not checked: " in text


_SIGNS = {"met": "[x]", "missing": "[ ]", "failed": "[!]", "waived": "[w]"}


def test_every_requirement_of_the_text_is_one_of_the_document(samples: Desk) -> None:
    for name in CODES:
        text = samples.run("check", goal_id(name)).out
        document = samples.run("check", goal_id(name), "--json").document
        signs = [line[3:6] for line in text.splitlines() if line[:2].strip().isdigit() and line[3:6] in _SIGNS.values()]
        assert signs == [_SIGNS[one["state"]] for one in document["requirements"]]
        for sentence in document["missing"]:
            assert sentence in text


def test_it_ends_with_how_to_decide(samples: Desk) -> None:
    text = samples.run("check", goal_id("ready")).out
    digest = samples.run("check", goal_id("ready"), "--json").document["snapshot"]
    decide = text.partition("\nDECIDE\n")[2]
    assert f"omk-tui accept {goal_id('ready')} --snapshot {digest} --summary TEXT\n" in decide
    assert f"omk-tui reject {goal_id('ready')} --snapshot {digest} --reason TEXT\n" in decide
    paused = samples.run("check", goal_id("paused")).out.partition("\nDECIDE\n")[2]
    assert "is paused; run `omk goal resume" in paused
    assert "omk-tui accept" not in paused


def test_an_empty_wall_is_said_with_the_next_step(samples: Desk) -> None:
    text = samples.run("check", goal_id("running")).out
    assert "WALL  []\n       no review has run yet, so omk's wall is empty\n" in text
    assert f"       NEXT omk goal review {goal_id('running')}\n" in text
    assert samples.run("check", goal_id("running"), "--json").document["wall"] == []


@pytest.mark.parametrize("file", ["goal.json", "proof.json", "task-graph.json"])
def test_an_unreadable_file_is_named_with_field_and_remedy(desk: Desk, file: str) -> None:
    path = desk.goal(goal_id("ready")) / file
    record = json.loads(path.read_text())
    record["version"] = "one\x1b]52;c;eA==\x07"
    path.write_text(json.dumps(record))
    ended = desk.run("check", goal_id("ready"))
    assert ended.code == 1
    assert f"UNREADABLE\n [!] {file}\n           field     version\n" in ended.out
    assert f"NEXT      repair {file}" in ended.out
    assert "snapshot  " in ended.out
    assert "\x1b" not in ended.out
    document = desk.run("check", goal_id("ready"), "--json").document
    assert document["verdict"] == "unreadable"
    assert document["ready"] is False
    assert [(one["file"], one["field"]) for one in document["problems"]] == [(file, "version")]
    assert len(document["snapshot"]) == 64


@pytest.mark.parametrize("goal", ["no-such-goal", "..", "a/b", "\x1b]52;c;eA==\x07"])
def test_an_unknown_goal_fails_and_says_so_in_json_too(samples: Desk, goal: str) -> None:
    ended = samples.run("check", goal)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("omk-tui: ")
    assert "\x1b" not in ended.err
    assert set(ended.err) & set("\x07\x1b") == set()
    failed = samples.run("check", goal, "--json")
    assert failed.code == 1
    assert failed.document["goal_id"] == goal
    assert failed.document["why"]
    assert failed.document["requirements"] == []


def test_a_misspelt_command_is_pointed_out(samples: Desk) -> None:
    ended = samples.run("lsit")
    assert ended.code == 1
    assert "If the command was meant: omk-tui list" in ended.err


def test_latest_becomes_its_full_id(samples: Desk) -> None:
    assert samples.run("check", "latest", "--json").document["goal_id"] == goal_id("running")


def test_latest_is_refused_where_database_and_files_disagree(desk: Desk) -> None:
    goal = desk.goal(goal_id("ready")) / "goal.json"
    record: dict[str, Any] = json.loads(goal.read_text())
    record["created_at"] = "2027-01-01T00:00:00Z"
    goal.write_text(json.dumps(record))
    ended = desk.run("check", "latest", "--json")
    assert ended.code == 4
    assert goal_id("ready") in ended.document["why"]
    assert goal_id("running") in ended.document["why"]


def test_without_a_terminal_a_goal_is_checked_and_the_desk_listed(samples: Desk) -> None:
    for words, like in (((), ("list",)), ((goal_id("conflicts"),), ("check", goal_id("conflicts")))):
        ended, wanted = samples.run(*words), samples.run(*like)
        assert (ended.code, ended.out) == (wanted.code, wanted.out)
        assert ended.err.replace(wanted.err, "").count("\n") == 1
        assert "the desk itself needs a terminal" in ended.err


def test_an_interrupted_decision_comes_before_everything(samples: Desk) -> None:
    review = Engine(StateRoot(str(samples.root), "test", exists=True)).review(goal_id("ready"))
    assert isinstance(review, Review)
    facts = replace(review.facts, interrupted="a decision was begun, and a file is in its way")
    stopped = replace(review, facts=facts, judgement=judge(facts))
    text = check_page(stopped).text()
    assert "verdict   interrupted  a decision was begun and is not finished\n" in text
    assert "decision  a decision was begun, and a file is in its way\n" in text
    assert "omk-tui accept" not in text
    assert check_exit(stopped) == 4
    model_of(CheckDocument).model_validate_json(line(check_document(stopped, ())))


def test_what_would_hinder_a_decision_is_said_instead_of_a_command(desk: Desk) -> None:
    events = desk.goal(goal_id("ready")) / "events.jsonl"
    events.unlink()
    os.mkfifo(events)
    ended = desk.run("check", goal_id("ready"))
    assert "a decision would fail now: events.jsonl" in ended.out
    assert "--summary TEXT" not in ended.out and "--reason TEXT" not in ended.out


def test_evidence_that_cannot_be_read_is_told(desk: Desk) -> None:
    whole = desk.run("check", READY, "--json").document["evidence"]
    assert whole and not any(one["problem"] for one in whole)
    assert "EVIDENCE" not in desk.run("check", READY).out
    lost = next(one for one in whole if one["path"].endswith(".log"))
    (desk.goal(READY) / lost["path"]).unlink()
    now = desk.run("check", READY, "--json").document["evidence"]
    assert [one["path"] for one in now if one["problem"]] == [lost["path"]]
    text = desk.run("check", READY).out
    assert (
        f"1 of {len(whole)} gate logs and diffs cannot be read" in text and f"gate {lost['of']}  {lost['path']}" in text
    )


def test_the_merges_of_the_slices_are_tried_and_told(desk: Desk) -> None:
    before = desk.run("check", goal_id("conflicts"), "--json").document["conflicts"]
    assert {one["live"] for one in before} == {"not_checked"}
    assert all("it has no .git" in one["live_text"] for one in before)
    who = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=desk.project, env={**os.environ, **who}, check=True, capture_output=True)

    def commit(text: str) -> None:
        (desk.project / "notes.txt").write_text(text)
        git("add", "notes.txt")
        git("commit", "-qm", text)

    first = before[0]
    git("init", "-q", "-b", "base")
    commit("one")
    git("checkout", "-q", "-b", first["target_ref"])
    commit("two")
    git("checkout", "-q", "-b", first["source_ref"], "base")
    commit("three")
    now = desk.run("check", goal_id("conflicts"), "--json").document["conflicts"]
    assert (now[0]["live"], now[1]["live"]) == ("conflict", "gone")
    page = desk.run("check", goal_id("conflicts")).out
    assert f"{first['source_ref']} into {first['target_ref']} conflicts now in 1 file" in page
