"""The ledger: what a line holds, and what its chain of hashes shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from omk_tui.core.decision.ledger import Signature, with_ledger
from omk_tui.core.decision.plan import AppendLine, DecisionPlan
from omk_tui.core.records.facts import HeadCheck
from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.records.ledger_entries import History, LedgerEntry, read_ledger
from omk_tui.core.records.ledger_line import LEDGER_SCHEMA, line_hash, seal_holds, sealed
from omk_tui.core.review.goal_review import LedgerTail, Part, Review
from tests.core.documents import GOAL_ID, conflict_task, facts_of, graph_json, proof_json
from tests.core.reviews import VERBS, plan_of, review_of

SECRET = "ghp_" + "a" * 36
ME = Signature("me@here", "omk-tui 1.2", ("proof", "diff"))


def review(**more: Any) -> Review:
    head = HeadCheck("moved", "the project moved on", evidence="e" * 40, project="p" * 40)
    return replace(review_of(facts_of(head=head)), parts=(Part("goal.json", "1" * 64),), **more)


def step_of(plan: DecisionPlan) -> AppendLine:
    step = plan.steps[-1]
    assert isinstance(step, AppendLine)
    return step


def entry_of(seen: Review, text: str = "text", signature: Signature = ME) -> dict[str, Any]:
    members = json.loads(step_of(with_ledger(plan_of("accept", seen), seen, text, signature)).data)
    assert isinstance(members, dict)
    return members


def test_a_line_tells_who_decided_what_on_which_evidence() -> None:
    seen = review(ledger=LedgerTail(exists=True, previous="h" * 64))
    plan = plan_of("accept", seen)
    line = step_of(with_ledger(plan, seen, "text", ME)).data
    assert line == json.dumps(json.loads(line), separators=(",", ":")).encode() + b"\n"
    entry = json.loads(line)
    assert list(entry) == [
        "schema", "goal_id", "decided_at", "who", "tool", "verb", "status", "text", "snapshot", "snapshot_version",
        "head", "requirements", "warnings", "looked_at", "read", "written", "previous", "seal",
    ]  # fmt: skip
    seal = entry.pop("seal")
    assert seal == hashlib.sha256(json.dumps(entry, separators=(",", ":")).encode()).hexdigest()
    assert entry | {"requirements": [], "written": {}} == {
        "schema": "omk-tui/ledger/1",
        "goal_id": GOAL_ID,
        "decided_at": "2026-06-12T00:00:00.500Z",
        "who": "me@here",
        "tool": "omk-tui 1.2",
        "verb": "accept",
        "status": "ready",
        "text": "text",
        "snapshot": "s" * 64,
        "snapshot_version": 2,
        "head": "p" * 40,
        "requirements": [],
        "warnings": [{"code": "head_moved", "text": "the project moved on"}],
        "looked_at": ["proof", "diff"],
        "read": {"goal.json": "1" * 64},
        "written": {},
        "previous": "h" * 64,
    }
    assert entry["requirements"] == [{"text": one.text, "met": True} for one in seen.judgement.requirements]
    assert len(entry["requirements"]) == 9
    changes = {one.path: one for one in plan.files}
    assert entry["written"] == {path: one.sha256 for path, one in changes.items() if one.action != "mkdir"}
    assert "artifacts" in changes
    assert "artifacts" not in entry["written"]


@pytest.mark.parametrize("verb", VERBS)
def test_the_line_is_the_plans_last_step_and_changes_no_other(verb: str) -> None:
    seen = review()
    plan = plan_of("accept" if verb == "accept" else "reject", seen)
    signed = with_ledger(plan, seen, "text", ME)
    assert signed.steps[:-1] == plan.steps
    assert replace(signed, steps=plan.steps) == plan
    assert json.loads(step_of(signed).data)["verb"] == verb


@pytest.mark.parametrize("torn", [True, False])
@pytest.mark.parametrize("exists", [True, False])
def test_a_line_is_appended_privately_and_ends_a_torn_one(torn: bool, exists: bool) -> None:
    seen = review(ledger=LedgerTail(exists=exists, torn=torn))
    step = step_of(with_ledger(plan_of("accept", seen), seen, "text", ME))
    assert (step.path, step.exists, step.private) == (LEDGER_FILE, exists, True)
    assert step.data.startswith(b"\n{" if torn else b"{")
    assert step.data.count(b"\n") == 1 + torn


def test_text_and_warnings_are_scrubbed_of_secrets() -> None:
    facts = facts_of(
        proof=proof_json(human_decisions_required=[f"may I use {SECRET}?"]),
        graph=graph_json(tasks=[conflict_task(conflict_blocking_reason=f"both hold {SECRET}")]),
    )
    entry = entry_of(review_of(facts), f"leaks {SECRET}")
    assert SECRET not in json.dumps(entry)
    assert entry["text"] == "leaks [REDACTED]"
    assert [one["text"] for one in entry["warnings"]] == [
        "slice slice-a is in conflict: both hold [REDACTED]",
        "a human decision is still asked for: may I use [REDACTED]?",
    ]


def test_missing_evidence_is_told() -> None:
    entry = entry_of(review_of(facts_of(proof=proof_json(changed_files=[]))))
    assert (entry["status"], entry["head"], entry["previous"]) == ("not_ready", None, None)
    assert {"text": "changed-file evidence is missing", "met": False} in entry["requirements"]


def test_a_name_that_is_not_utf8_does_not_stop_it() -> None:
    assert entry_of(review(), signature=Signature("caf\udce9", "tool"))["who"] == "caf?"
    assert Signature("a", "b").looked_at == ()


def test_the_hash_of_a_line_leaves_out_its_newline() -> None:
    for line in (b"x", b"X", b"{}X"):
        assert line_hash(line + b"\n") == line_hash(line) == hashlib.sha256(line).hexdigest()
    assert line_hash(b"x \n") == hashlib.sha256(b"x ").hexdigest(), "a blank at the end belongs to the line"


def chain(count: int) -> list[bytes]:
    """The lines of decisions made one after the other, as they are read: without newlines."""
    lines: list[bytes] = []
    for number in range(count):
        previous = line_hash(lines[-1]) if lines else None
        seen = review(ledger=LedgerTail(exists=bool(lines), previous=previous))
        line = step_of(with_ledger(plan_of("accept", seen), seen, f"decision {number}", ME)).data
        lines.append(line.removesuffix(b"\n"))
    return lines


@pytest.mark.parametrize("line", [b'{"a":1}', '{"text":"dé"}'.encode()])
def test_a_seal_holds_for_its_line_alone(line: bytes) -> None:
    whole = sealed(line)
    assert seal_holds(whole) and json.loads(whole)["seal"] == hashlib.sha256(line).hexdigest()
    for changed in (line, whole[:-1], whole + b" ", whole[1:], b" " + whole, whole.replace(b"{", b"{ ", 1), b"", b"}"):
        assert not seal_holds(changed), changed
    assert not seal_holds(sealed(whole)[:-76] + b"}")


NAMES = (GOAL_ID,)
NO_RECORD = "the line is no ledger record: it was cut off or changed"
CHANGED = "the line was changed: its seal does not fit what it says"
BROKEN = "the line before it is not the one it was written after: a line was changed, dropped or added"


def faults(lines: list[bytes]) -> list[str]:
    return [entry.fault for entry in read_ledger(lines, NAMES)]


def test_a_whole_ledger_has_no_fault() -> None:
    entries = read_ledger(chain(4), NAMES)
    assert [(entry.number, entry.fault) for entry in entries] == [(number, "") for number in range(1, 5)]
    assert [entry.text("text") for entry in entries] == [f"decision {number}" for number in range(4)]
    assert entries[0].written == entries[0].members["written"] != {}
    assert read_ledger([], NAMES) == ()
    assert History(entries).interrupted == ""


def test_what_was_done_to_a_ledger_is_told_at_the_next_line() -> None:
    one, two, three, four = chain(4)
    assert faults([one, two.replace(b"decision 1", b"decision 9"), three, four]) == ["", CHANGED, BROKEN, ""]
    assert faults([one, two.replace(b"decision 1", b"decision 9")]) == ["", CHANGED], "the newest line too"
    forged = sealed(two.replace(b"decision 1", b"decision 9")[:-75] + b"}")
    assert faults([one, forged, three]) == ["", "", BROKEN], "sealed anew it fits, but not the line after it"
    assert faults([one, three, four]) == ["", BROKEN, ""]
    assert faults([two, three]) == [BROKEN, ""]
    assert faults([one, one, two]) == ["", BROKEN, ""]
    assert faults([one, three, two, four]) == ["", BROKEN, BROKEN, BROKEN]
    assert faults([one, two[:20], three]) == ["", NO_RECORD, BROKEN]
    assert [(entry.number, entry.text("text")) for entry in read_ledger([one, three], NAMES)][1] == (2, "decision 2")
    assert faults([one, two]) == ["", ""], "that the newest lines are gone, nothing shows"


def test_a_ledger_of_another_goal_is_told_line_by_line() -> None:
    other = [entry.fault for entry in read_ledger(chain(2), ("goal-other",))]
    assert other == ["the line is about another goal: it was copied here, or the directory had another name"] * 2
    assert [entry.fault for entry in read_ledger(chain(2), ("a-link", GOAL_ID))] == ["", ""]


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b"5", b"\xff", b"{}", b'{"schema": "omk-tui/ledger/2"}', b'{"schema": null}']
)
def test_a_line_that_is_no_record_has_no_members(line: bytes) -> None:
    assert read_ledger([line], NAMES) == (LedgerEntry(1, {}, NO_RECORD),)


def test_members_of_a_wrong_type_are_told_as_nothing() -> None:
    members = {"goal_id": GOAL_ID, "who": 5, "verb": "accept", "written": {"a": "1", "b": 2}}
    line = json.dumps({"schema": LEDGER_SCHEMA, **members}).encode()
    (entry,) = read_ledger([sealed(line)], NAMES)
    assert (entry.fault, entry.text("who"), entry.text("verb"), entry.text("tool")) == ("", "", "accept", "")
    assert entry.written == {"a": "1"}
    assert replace(entry, members={"written": ["a"]}).written == {}
    assert LedgerEntry(1, {}).fault == ""


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ({"verb": "accept", "status": "ready"}, "accepted"),
        ({"verb": "accept", "status": "not_ready", "requirements": [{"met": True}, {"met": False}]}, "accepted!"),
        ({"verb": "accept", "status": "not_ready", "requirements": [{"met": False, "waived": True}]}, "accepted"),
        ({"verb": "accept", "status": "not_ready", "requirements": ["what", {"met": False, "waived": 1}]}, "accepted!"),
        ({"verb": "accept", "status": "not_ready"}, "accepted!"),
        ({"verb": "reject", "status": "not_ready"}, "rejected"),
        ({"verb": ["reject"]}, ""),
    ],
)
def test_the_verdict_of_a_line_is_the_word_of_the_list(members: dict[str, Any], verdict: str) -> None:
    assert LedgerEntry(1, members).verdict == verdict
