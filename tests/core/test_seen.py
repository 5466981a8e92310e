"""What a person was shown, as points: everything that the sections tell is among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.conflict import Evidence
from omk_tui.core.records.goal import Failure
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import GitEvidence
from omk_tui.core.review.goal_review import GateLog, Part, Review, document_hash
from omk_tui.core.review.shown_points import Point, decode_seen, encode_seen, seen_of
from tests.sections.samples import Samples, lay_out, with_facts

GATE_LOG = "artifacts/gates/post-mutation/gate-02-golden.log"
EVIDENCE = "artifacts/integration/merge-conflict-goal-agent-implement-2.json"
BRIEFLY = [
    ("verdict", "", "conflict"), ("deciding", "", "allowed"), ("recorded decision", "", "none"),
    ("the nine requirements", "", "judged"), ("1 required verification gates", "", "met"),
    ("2 local verification task evidence", "", "met"), ("3 agent execution task evidence", "", "met"),
    ("4 review task evidence", "", "met"), ("5 security review task evidence", "", "met"),
    ("6 changed-file evidence", "", "met"), ("7 post-mutation verification evidence", "", "met"),
    ("8 required review wall evidence", "", "met"), ("9 refactor oracle evidence", "", "met"),
    ("gate", "compatibility", "pass"), ("gate", "golden", "pass"), ("gate", "bench", "pass"),
    ("goal.json", "", "readable"), ("proof.json", "", "readable"), ("task-graph.json", "", "readable"),
    ("status", "", "not_ready"), ("phase", "", "proof"),
    ("goal text", "", "Refactor the note store into small load, save and search parts"),
    ("recorded failure", "", "none"), ("status in the proof", "", "not_ready"),
    ("changed file", "notes/cli.py", ""), ("changed file", "notes/store.py", ""),
    ("conflict of slice", "search", "open"), ("conflict evidence of slice", "search", "can be embedded"),
    ("conflict of slice", "store-io", "open"), ("conflict evidence of slice", "store-io", "can be embedded"),
    ("project", "", "not readable as a git repository"), ("evidence and HEAD", "", "not checked"),
]  # fmt: skip


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    samples: Samples = lay_out(tmp_path_factory.mktemp("samples"))
    return samples.review("conflicts")


def points(review: Review) -> dict[tuple[str, str], Point]:
    return {(point.kind, point.item): point for point in seen_of(review).points}


def state(review: Review, kind: str, item: str = "") -> str:
    return points(review)[kind, item].state


def test_every_section_is_among_the_points(review: Review) -> None:
    long = {"warning open_conflict", "warning dropped_gap", "known gap"}
    seen = seen_of(review).points
    assert [(one.kind, one.item, one.state) for one in seen if one.kind not in {*long, "file"}] == BRIEFLY
    files = [(log.path, f"{log.size:,} bytes") for log in review.gate_logs]
    files += [(diff.path, f"{diff.size:,} bytes") for diff in review.diffs]
    assert [(one.item, one.state) for one in seen if one.kind == "file"] == files and "," in str(files[-1][1])
    assert [one.item[:30] for one in seen if one.kind in long] == [
        "slice search is in conflict: a", "slice store-io is in conflict:", "accept would drop a known gap:",
        "integration loop has not commi",
    ]  # fmt: skip


def test_a_point_tells_the_facts_behind_its_state(review: Review) -> None:
    seen = points(review)
    assert seen["1 required verification gates", ""].detail == "3 of 3 required gates passed"
    assert seen["conflict of slice", "search"].detail.startswith("blocking reason: auto-rebase could not")
    assert seen["evidence and HEAD", ""].detail == review.facts.head.text
    part = next(part for part in review.parts if part.name == GATE_LOG)
    assert seen["file", GATE_LOG].detail == f"SHA-256 {part.sha256[:12]}"
    first = review.conflicts[0]
    assert first.evidence is not None
    told = document_hash(repr((first.evidence.text, None)).encode())[:12]
    assert seen["conflict evidence of slice", "search"].detail == f"SHA-256 {told}"
    assert seen["file", GATE_LOG].part == GATE_LOG
    assert seen["conflict evidence of slice", "search"].part == f"evidence 0 {EVIDENCE}"
    assert {one.part for one in seen.values() if one.kind not in ("file", "conflict evidence of slice")} == {""}


def test_what_forbids_or_has_been_decided(review: Review) -> None:
    goal, stored = review.facts.goal, review.facts.stored
    assert goal is not None and stored is not None
    paused = with_facts(review, goal=replace(goal, status="paused", failure=Failure("broke", Timestamp(0, 0))))
    point = points(paused)["deciding", ""]
    assert point.state == "forbidden" and point.detail == paused.judgement.guard != ""
    assert state(paused, "recorded failure") == "broke"
    assert state(with_facts(review, stored=None), "recorded decision") == "none"
    at = stored.proof.generated_at.text()
    for word, status, told in (
        ("accepted", "ready", "accepted"),
        ("accepted", "not_ready", "accepted, but not ready"),
        ("rejected", "not_ready", "rejected"),
    ):
        sidecars = replace(stored.sidecars, integration_evidence=({"status": word, "decided_at": at},))
        decided = replace(stored, sidecars=sidecars, proof=replace(stored.proof, status=status))
        assert state(with_facts(review, stored=decided), "recorded decision") == told


def test_what_cannot_be_read(review: Review) -> None:
    problem = Problem("task-graph.json", "is gone")
    point = points(with_facts(review, graph=None, graph_problem=problem))["task-graph.json", ""]
    assert (point.state, point.detail) == ("unreadable", "task-graph.json: is gone")
    first = replace(review.conflicts[0], evidence=Evidence(error="No such file"), merge=None)
    lost = replace(review, conflicts=(first,), gate_logs=(GateLog("x", "x.log", 0, "gone"), GateLog("y", None)))
    point = points(lost)["conflict evidence of slice", "search"]
    assert (point.state, point.detail) == (
        "unreadable",
        f"SHA-256 {document_hash(repr((None, 'No such file')).encode())[:12]}",
    )
    assert points(lost)["file", "x.log"].state == "gone"
    assert points(lost)["file", "x.log"].detail == "SHA-256 unknown"
    assert not any(one.item == "None" for one in seen_of(lost).points)


def test_the_states_of_conflicts_gates_and_the_project(review: Review) -> None:
    first, stored = review.conflicts[0], review.facts.stored
    assert first.merge is not None and stored is not None
    clean = replace(review, conflicts=(replace(first, merge=replace(first.merge, clean_merge=True)),))
    assert state(clean, "conflict of slice", "search") == "clean now"
    settled = replace(review, conflicts=(replace(first, open=False, reason=None),))
    assert points(settled)["conflict of slice", "search"] == Point(
        "conflict of slice", "search", "settled", "blocking reason: none"
    )
    gates = (replace(stored.proof.gates[0], required=False),)
    optional = with_facts(review, stored=replace(stored, proof=replace(stored.proof, gates=gates)))
    assert state(optional, "gate", "compatibility") == "pass (optional)"
    here = replace(review, git=GitEvidence("work", "b" * 40, dirty=True))
    told = [state(here, kind) for kind in ("project", "project branch", "project HEAD", "project working tree")]
    assert told == ["a git repository", "work", "b" * 40, "changed"]
    there = replace(review, git=GitEvidence("main", "a" * 40, dirty=False))
    assert [state(there, f"project {kind}") for kind in ("branch", "HEAD", "working tree")] == [
        "main",
        "a" * 40,
        "clean",
    ]


def test_texts_are_cleaned_and_cut_and_equal_names_numbered(review: Review) -> None:
    goal = review.facts.goal
    assert goal is not None
    long = with_facts(review, goal=replace(goal, original_goal="\x1b[2J" + "x" * 1000))
    text = state(long, "goal text")
    assert text.isprintable() and text.startswith("␛[2Jx") and 290 <= len(text) <= 300
    twice = replace(review, conflicts=review.conflicts + review.conflicts)
    assert ("conflict of slice", "search (2)") in points(twice)
    assert judge(review.facts) == review.judgement


def test_a_name_of_odd_bytes_is_kept_as_far_as_it_can_be(review: Review) -> None:
    odd = replace(review, parts=(Part("caf\udce9", "0" * 64),))
    kept = decode_seen(encode_seen(seen_of(odd)), odd.snapshot)
    assert kept is not None and kept.parts == (Part("caf?", "0" * 64),)
