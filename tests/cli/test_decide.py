"""`plan`, `accept` and `reject`: what they write, what they refuse, and what they say."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os

import pytest

from omk_tui.demo import goal_id
from tests.cli.commands import Desk

READY, CONFLICTS, MISSING, PAUSED = map(goal_id, ("ready", "conflicts", "missing-evidence", "paused"))
OTHER_DIGEST = "0" * 64


def test_accept_prints_what_omk_prints_and_writes_what_the_plan_said(desk: Desk) -> None:
    planned = desk.run("plan", READY, "accept", "--summary", "fine", "--json").document
    ended = desk.run("accept", READY, "--summary", "fine")
    assert ended.code == 0
    assert ended.out == "Acceptance: ready\nReadiness: ready: integration and oracle evidence passed\n"
    assert f"Accepted: {READY}" in ended.err
    assert json.loads((desk.goal(READY) / "goal.json").read_text())["status"] == "ready"
    for change in planned["files"]:
        assert (desk.goal(READY) / change["path"]).exists(), change
        assert change["path"] in ended.err


def test_a_plan_tells_of_the_decision_that_it_replaces(desk: Desk) -> None:
    assert "\nbefore" not in desk.run("plan", READY, "reject", "--reason", "no").out
    assert desk.run("accept", READY, "--summary", "fine \x1b[31mnow").code == 0
    out = desk.run("plan", READY, "reject", "--reason", "no").out
    [line] = [line for line in out.splitlines() if line.startswith("before")]
    assert line.startswith("before     accepted at 20") and "fine" in line and "\x1b" not in line


def test_reject_writes_exactly_the_rollback_plan_that_was_shown(desk: Desk) -> None:
    shown = desk.run("plan", CONFLICTS, "reject", "--reason", "two slices conflict", "--show", "rollback")
    ended = desk.run("reject", CONFLICTS, "--reason", "two slices conflict")
    plan = (desk.goal(CONFLICTS) / "artifacts/integration/rollback-rejected-slice.md").read_text()
    assert shown.code == ended.code == 0
    assert shown.out == plan
    assert ended.out == (
        "Acceptance: not_ready\n"
        "Readiness: not ready: integration rejected by local integrator\n"
        "Known gaps:\n"
        "  - two slices conflict\n"
    )
    assert "Rejected: " in ended.err


def test_the_documents_of_both_decisions(desk: Desk) -> None:
    planned = desk.run("plan", CONFLICTS, "reject", "--reason", "no", "--json").document
    rejected = desk.run("reject", CONFLICTS, "--reason", "no", "--json").document
    assert (planned["schema"], rejected["schema"]) == ("omk-tui/plan/1", "omk-tui/reject/1")
    assert planned["decision"] == "reject"
    assert rejected["outcome"] == "recorded"
    assert rejected["why"] is None
    assert rejected["status"] == planned["status"] == "not_ready"
    assert rejected["known_gaps"] == planned["known_gaps"] == ["no"]
    changes = {change["path"]: change["action"] for change in rejected["files"]}
    assert changes == {change["path"]: change["action"] for change in planned["files"]}
    plan = "artifacts/integration/rollback-rejected-slice.md"
    written = (desk.goal(CONFLICTS) / plan).read_bytes()
    [change] = [change for change in rejected["files"] if change["path"] == plan]
    assert change == {
        "path": plan,
        "action": "create",
        "size": len(written),
        "sha256": hashlib.sha256(written).hexdigest(),
    }
    accepted = desk.run("accept", READY, "--summary", "yes", "--json").document
    assert (accepted["schema"], accepted["status"], accepted["known_gaps"]) == ("omk-tui/accept/1", "ready", [])


def test_a_plan_writes_nothing(desk: Desk) -> None:
    before = desk.contents()
    for name in ("ready", "conflicts", "missing-evidence", "paused", "hostile"):
        for words in (
            ("accept", "--summary=x"),
            ("accept", "--summary=x", "--json"),
            ("reject", "--reason=x"),
            ("reject", "--reason=x", "--json"),
            ("reject", "--reason=x", "--show", "rollback"),
        ):
            assert desk.run("plan", goal_id(name), *words).code == (4 if name == "paused" else 0)
    assert desk.contents() == before


def test_a_plan_of_an_accept_that_would_not_be_ready_says_so(desk: Desk) -> None:
    ended = desk.run("plan", MISSING, "accept", "--summary=x")
    assert ended.code == 0
    assert "verdict    accepted, not ready\nstatus     goal.json says not_ready, as evidence is missing" in ended.out
    assert "Evidence is missing (2 of 9)" in ended.err
    assert "--record-not-ready" in ended.err
    document = desk.run("plan", MISSING, "accept", "--summary=x", "--json").document
    assert document["outcome"] == "planned"
    assert len(document["known_gaps"]) == 2


def test_accept_with_missing_evidence_writes_nothing(desk: Desk) -> None:
    before = desk.contents()
    ended = desk.run("accept", MISSING, "--summary", "please")
    refused = desk.run("accept", MISSING, "--summary", "please", "--json")
    assert (ended.code, ended.out) == (3, "")
    assert "  rewrite oracle evidence is incomplete or failing\n" in ended.err
    assert "--record-not-ready" in ended.err
    assert refused.code == 3
    assert (refused.document["outcome"], refused.document["refusal"]) == ("refused", "missing")
    assert refused.document["files"] == []
    assert len(refused.document["details"]) == 2
    assert desk.contents() == before


def test_record_not_ready_records_what_omk_would(desk: Desk) -> None:
    ended = desk.run("accept", MISSING, "--summary", "please", "--record-not-ready")
    assert ended.code == 0
    assert ended.out.startswith("Acceptance: not_ready\nReadiness: not ready: integration acceptance") or (
        ended.out.startswith("Acceptance: not_ready\nReadiness: not ready: integrator acceptance")
    )
    assert ended.out.endswith("  - rewrite oracle evidence is incomplete or failing\n")
    assert ended.err.startswith(f"Accepted, not ready: {MISSING}; goal.json says not_ready, as evidence is missing\n")
    assert desk.run("list").out.count("accepted!") == 1


@pytest.mark.parametrize("words", [("accept", "--summary=x"), ("reject", "--reason=x")])
def test_a_status_that_forbids_a_decision_refuses_it(desk: Desk, words: tuple[str, str]) -> None:
    before = desk.contents()
    ended = desk.run(words[0], PAUSED, words[1])
    assert (ended.code, ended.out) == (4, "")
    assert "is paused; run `omk goal resume" in ended.err
    document = desk.run(words[0], PAUSED, words[1], "--json").document
    assert (document["goal_id"], document["outcome"], document["refusal"]) == (PAUSED, "refused", "status")
    plan = desk.run("plan", PAUSED, *words, "--json")
    assert plan.code == 4
    assert (plan.document["outcome"], plan.document["refusal"]) == ("refused", "status")
    assert desk.contents() == before


def test_a_decision_is_bound_to_its_snapshot(desk: Desk) -> None:
    before = desk.contents()
    stale = desk.run("accept", READY, "--summary=x", "--snapshot", OTHER_DIGEST)
    assert (stale.code, stale.out) == (4, "")
    assert "To see it as it is now: omk-tui check" in stale.err
    document = desk.run("reject", READY, "--reason=x", "--snapshot", OTHER_DIGEST, "--json").document
    assert (document["outcome"], document["refusal"]) == ("refused", "stale")
    assert desk.contents() == before
    digest = desk.run("check", READY, "--json").document["snapshot"]
    assert desk.run("accept", READY, "--summary=x", "--snapshot", digest.upper()).code == 0


def test_a_goal_that_is_being_decided_is_locked(desk: Desk) -> None:
    folder = os.open(desk.goal(READY), os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        ended = desk.run("accept", READY, "--summary=x", "--json")
    finally:
        os.close(folder)
    assert ended.code == 4
    assert (ended.document["outcome"], ended.document["refusal"]) == ("refused", "locked")


@pytest.mark.parametrize(
    "words", [("accept", "--summary=x"), ("reject", "--reason=x"), ("plan", "reject", "--reason=x")]
)
def test_an_unknown_or_unreadable_goal_fails(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.run(words[0], "no-such-goal", *words[1:]).code == 1
    assert desk.run(words[0], "no-such-goal", *words[1:], "--json").document["outcome"] == "failed"
    (desk.goal(READY) / "proof.json").write_text("{")
    before = desk.contents()
    ended = desk.run(words[0], READY, *words[1:], "--json")
    assert ended.code == 1
    assert ended.document["outcome"] == "failed"
    assert "proof.json" in ended.document["why"]
    assert desk.contents() == before


@pytest.mark.parametrize(
    ("given", "code", "why"),
    [
        (b"  from a pipe\n\n", 0, ""),
        ("Gr\u00fc\u00dfe\u2003".encode(), 0, ""),
        (b"-x", 0, ""),
        (b"", 2, "is blank"),
        (b" \n\t\n", 2, "is blank"),
        (b"caf\xe9", 2, "is not valid UTF-8 (byte 4)"),
        (b"x" * ((1 << 20) + 1), 2, "is longer than 1,048,576 bytes"),
        (None, 2, "is closed"),
    ],
)
def test_a_text_from_standard_input(desk: Desk, given: bytes | None, code: int, why: str) -> None:
    before = desk.contents()
    ended = desk.run("reject", CONFLICTS, "--reason", "-", stdin=given)
    assert ended.code == code
    if code:
        assert f"the reason on standard input {why}" in ended.err
        assert "usage: omk-tui reject" in ended.err
        assert ended.out == ""
        assert desk.contents() == before
    else:
        assert given is not None
        record = json.loads((desk.goal(CONFLICTS) / "artifacts/integration/integrator-reject.json").read_text())
        assert record["summary"] == given.decode().strip()


def test_the_longest_text_is_taken(desk: Desk) -> None:
    assert desk.run("plan", READY, "reject", "--reason", "-", stdin=b"x" * (1 << 20)).code == 0


def test_latest_is_decided_by_its_id(desk: Desk) -> None:
    assert desk.run("reject", "latest", "--reason=x", "--json").document["goal_id"] == goal_id("running")


def test_a_goal_whose_id_begins_with_a_dash(desk: Desk) -> None:
    desk.goal(READY).rename(desk.root / "goals" / "-goal")
    page = desk.run("check", "--", "-goal").out
    command = next(line.strip() for line in page.splitlines() if line.strip().startswith("omk-tui reject"))
    assert command.endswith("-- -goal")
    assert desk.run("reject", "--reason=x", "--", "-goal").code == 0


def test_an_unwritable_folder_fails_without_a_traceback(desk: Desk) -> None:
    (desk.goal(READY) / "artifacts").rename(desk.goal(READY) / "elsewhere")
    (desk.goal(READY) / "artifacts").write_text("in the way")
    ended = desk.run("accept", READY, "--summary=x", "--json")
    assert ended.code == 1
    assert "artifacts" in ended.document["why"]
    assert "Traceback" not in ended.err


def test_accept_with_an_open_conflict_writes_nothing_unless_it_is_wanted(desk: Desk) -> None:
    before = desk.contents()
    ended = desk.run("accept", CONFLICTS, "--summary", "please")
    assert (ended.code, ended.out) == (4, "")
    assert "a conflict is open" in ended.err and "--despite-conflicts" in ended.err
    refused = desk.run("accept", CONFLICTS, "--summary", "please", "--json")
    assert (refused.code, refused.document["refusal"]) == (4, "conflict")
    assert len(refused.document["details"]) == 2 and "slice" in refused.document["details"][0]
    assert desk.contents() == before
    assert desk.run("check", CONFLICTS).code == 0
    assert desk.run("accept", CONFLICTS, "--summary", "please", "--despite-conflicts").code == 0


def test_missing_evidence_comes_before_a_conflict(desk: Desk) -> None:
    graph = json.loads((desk.goal(CONFLICTS) / "task-graph.json").read_text())
    (desk.goal(MISSING) / "task-graph.json").write_text(
        json.dumps(graph | {"goal_id": MISSING, "tasks": [{**one, "status": "pending"} for one in graph["tasks"]]})
    )
    assert desk.run("accept", MISSING, "--summary", "x").code == 3
    assert desk.run("accept", MISSING, "--summary", "x", "--record-not-ready").code == 4


def test_a_decision_that_replaces_another_says_which(desk: Desk) -> None:
    first = desk.run("reject", CONFLICTS, "--reason", "not yet", "--json")
    assert first.document["replaces"] is None
    ended = desk.run("accept", CONFLICTS, "--summary", "now", "--despite-conflicts", "--json")
    replaced = ended.document["replaces"]
    assert (replaced["what"], replaced["text"], "@" in replaced["who"]) == ("rejected", "not yet", True)
    assert "It replaces: rejected at " in ended.err and "not yet" in ended.err
    document = desk.run("check", CONFLICTS, "--json").document
    assert (document["decision"]["what"], document["decision"]["text"]) == ("accepted", "now")
    page = desk.run("check", CONFLICTS).out
    assert "DECIDED" in page and "DECIDE ANEW" in page and "@" in page
    (line,) = [one for one in desk.run("list", "--json").document["goals"] if one["goal_id"] == CONFLICTS]
    assert line["why"][0].startswith("accepted at ") and "by " in line["why"][0]
    assert line["next"] == f"omk goal proof {CONFLICTS}"


def test_a_rejected_goal_says_what_comes_after(desk: Desk) -> None:
    assert desk.run("reject", READY, "--reason", "no").code == 0
    (line,) = [one for one in desk.run("list", "--json").document["goals"] if one["goal_id"] == READY]
    assert line["verdict"] == "rejected"
    assert line["next"] == f"omk goal verify {READY}"


@pytest.mark.parametrize("text", ["why not\n\n  ", " \t why", "a\u3000"])
def test_blanks_round_a_text_are_cut_once_for_preview_and_record(desk: Desk, text: str) -> None:
    planned = desk.run("plan", CONFLICTS, "reject", "--reason", text, "--json").document
    recorded = desk.run("reject", CONFLICTS, "--reason", text, "--json").document
    rollback = "artifacts/integration/rollback-rejected-slice.md"  # the one file without a time in it
    hashes = [{one["path"]: one["sha256"] for one in told["files"]}[rollback] for told in (planned, recorded)]
    assert hashes[0] == hashes[1]
    folder = desk.goal(CONFLICTS) / "artifacts/integration"
    line = json.loads((folder / "integrator-decisions.jsonl").read_text())
    assert line["text"] == json.loads((folder / "integrator-reject.json").read_text())["summary"] == text.strip()


def test_the_ending_of_an_id_decides_and_the_full_id_is_said(desk: Desk) -> None:
    short = desk.run("reject", READY[-4:], "--reason", "no")
    assert short.code == 1 and "last 8 characters" in short.err
    assert f"{READY[-4:]} is goal {READY}" in desk.run("check", READY[-4:]).err
    ended = desk.run("reject", READY[-8:], "--reason", "no", "--json")
    assert (ended.code, ended.document["goal_id"]) == (0, READY)
    assert f"is goal {READY}" in ended.err


def test_what_tells_of_a_decision_is_tried_before_it_is_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("omk_tui.cli.deciding.settled_part", broken)
    before = desk.contents()
    assert desk.run("reject", READY, "--reason", "no", "--json").code == 1
    assert desk.contents() == before


def test_a_recorded_decision_that_cannot_be_told_is_no_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[str]:
        raise MemoryError

    monkeypatch.setattr("omk_tui.cli.deciding.after", broken)
    ended = desk.run("reject", READY, "--reason", "no")
    assert ended.code == 0
    assert "Recorded:" in ended.err
