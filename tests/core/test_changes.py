"""What changed between two readings, in sentences: nothing is passed over, nothing is told twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.gate_words import gate_result
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.conflict import Evidence
from omk_tui.core.records.goal import Failure
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import SKIPPED_COMMAND, GitEvidence
from omk_tui.core.review import changes as core
from omk_tui.core.review.goal_review import GateLog, Part, Review, part_of, snapshot_digest
from omk_tui.core.review.shown_points import decode_seen, encode_seen, seen_of
from tests.sections.samples import NAMES, Samples, lay_out, with_facts


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return lay_out(tmp_path_factory.mktemp("samples"))


def changes(before: Review, after: Review) -> tuple[str, ...]:
    """The sentences between two reviews, of which the first was kept and taken out again."""
    kept = decode_seen(encode_seen(seen_of(before)), before.snapshot)
    assert kept == seen_of(before)
    return core.changes(kept, seen_of(after))


def touched(review: Review, *names: str) -> Review:
    """The review with other bytes behind these parts."""
    kept = [part for part in review.parts if part.name not in names]
    parts = (*kept, *(part_of(name, b"other bytes") for name in names))
    return replace(review, parts=parts, snapshot=snapshot_digest(parts))


def with_proof(review: Review, **fields: object) -> Review:
    stored = review.facts.stored
    assert stored is not None
    changed = with_facts(review, stored=replace(stored, proof=replace(stored.proof, **fields)))  # type: ignore[arg-type]
    return touched(changed, "proof.json")


@pytest.mark.parametrize("name", NAMES)
def test_equal_readings_changed_nothing(samples: Samples, name: str) -> None:
    assert changes(samples.review(name), samples.review(name)) == ()


def test_a_requirement_that_is_not_met_any_more(samples: Samples) -> None:
    before = samples.review("ready")
    after = with_proof(before, post_mutation_gates_ran=False)
    assert changes(before, after) == (
        "verdict: acceptable -> missing 1",
        "7 post-mutation verification evidence: met -> missing: gates did not run after the agent's change",
    )
    assert changes(after, before)[1].startswith("7 post-mutation verification evidence: missing -> met: gates ran")


def test_facts_that_changed_under_a_met_requirement(samples: Samples) -> None:
    before = samples.review("ready")
    after = with_proof(before, changed_files=("new.py",))
    told = changes(before, after)
    assert "6 changed-file evidence: still met, now: 1 changed file: new.py" in told
    assert "new changed file: new.py" in told and any(line.startswith("changed file gone: ") for line in told)


def test_gates_are_told_by_name(samples: Samples) -> None:
    before = samples.review("ready")
    stored = before.facts.stored
    assert stored is not None
    first, second, *_ = stored.proof.gates
    bad = replace(first, passed=False, exit_code=1)
    told = changes(before, with_proof(before, gates=(bad, replace(second, name="other"))))
    assert "gate acceptance: pass -> FAIL exit 1" in told
    assert "new gate: other (pass)" in told and "gate gone: smoke (pass), demo (pass), performance (pass)" in told
    assert any(line.startswith("1 required verification gates: met -> missing:") for line in told)
    twins = changes(with_proof(before, gates=(first, first)), with_proof(before, gates=(first, bad)))
    assert "gate acceptance (2): pass -> FAIL exit 1" in twins
    results = (replace(bad, timed_out=True, exit_code=None), replace(bad, exit_code=None), replace(first, command_line=SKIPPED_COMMAND))  # fmt: skip # noqa: E501
    assert [gate_result(gate) for gate in results] == ["FAIL timeout", "FAIL not started", "SKIP"]


def test_warnings_come_and_go(samples: Samples) -> None:
    before = samples.review("ready")
    after = with_proof(before, human_decisions_required=("which [b]one[/b]?",))
    assert changes(before, after) == (
        "new warning human_decision: a human decision is still asked for: which [b]one[/b]?",
    )
    assert changes(after, before)[0].startswith("warning human_decision gone: a human")


def test_status_failure_and_unreadable_files(samples: Samples) -> None:
    before = samples.review("ready")
    goal = before.facts.goal
    assert goal is not None
    after = with_facts(before, goal=replace(goal, status="paused", failure=Failure("broke\nbadly", Timestamp(0, 0))))
    told = changes(before, touched(after, "goal.json"))
    assert "status: not_ready -> paused" in told and "recorded failure: none -> broke␊badly" in told
    assert not any("bytes differ" in line for line in told)
    broken = with_facts(before, stored=None, proof_problem=Problem("proof.json", "expected a value", found="}"))
    told = changes(before, touched(broken, "proof.json"))
    assert "proof.json: readable -> unreadable: proof.json: expected a value (found })" in told
    assert "the nine requirements: judged -> cannot be judged" in told
    assert "proof.json: unreadable -> readable" in changes(broken, before)


def test_a_decision_that_was_begun(samples: Samples) -> None:
    before = samples.review("ready")
    after = with_facts(before, interrupted="a reject was begun")
    assert changes(before, after) == (
        "verdict: acceptable -> interrupted",
        "new warning interrupted: a reject was begun",
    )


def test_conflicts_are_told_by_slice(samples: Samples) -> None:
    before = samples.review("conflicts")
    first, second = before.conflicts
    settled = replace(before, conflicts=(replace(first, open=False), second))
    assert any(line.startswith("conflict of slice search: open -> settled") for line in changes(before, settled))
    gone = replace(before, conflicts=(second,))
    assert "conflict of slice gone: search (open)" in changes(before, gone)
    assert "new conflict of slice: search (open)" in changes(gone, before)
    lost = replace(before, conflicts=(replace(first, evidence=Evidence(error="No such file"), merge=None), second))
    assert any(
        line.startswith("conflict evidence of slice search: can be embedded -> unreadable")
        for line in changes(before, lost)
    )
    other = replace(before, conflicts=(replace(first, evidence=Evidence(text="other"), merge=None), second))
    assert any(
        line.startswith("conflict evidence of slice search: still can be embedded, now: SHA-256 ")
        for line in changes(before, other)
    )
    reason = replace(before, conflicts=(replace(first, reason=None), second))
    assert any(
        line == "conflict of slice search: still open, now: blocking reason: none" for line in changes(before, reason)
    )


def test_logs_diffs_and_the_project(samples: Samples) -> None:
    before = samples.review("ready")
    log = before.gate_logs[0]
    assert log.path is not None
    grown = replace(before, gate_logs=(replace(log, size=log.size + 1000), *before.gate_logs[1:]))
    (told,) = changes(before, touched(grown, log.path))
    assert told.startswith(f"file {log.path}: {log.size:,} bytes -> {log.size + 1000:,} bytes: SHA-256 ")
    (told,) = changes(before, touched(before, log.path))
    assert told.startswith(f"file {log.path}: still {log.size:,} bytes, now: SHA-256 ")
    lost = replace(before, gate_logs=(GateLog(log.gate, log.path, 0, "No such file"), *before.gate_logs[1:]))
    (told,) = changes(before, lost)
    assert told.startswith(f"file {log.path}: {log.size:,} bytes -> No such file")
    (told,) = changes(before, replace(before, diffs=before.diffs[1:]))
    assert told.startswith(f"file gone: {before.diffs[0].path} (")
    here = replace(before, git=GitEvidence("main", "a" * 40, dirty=False))
    there = replace(before, git=GitEvidence("work", "b" * 40, dirty=True))
    assert changes(here, touched(there, "git")) == (
        "project branch: main -> work",
        f"project HEAD: {'a' * 40} -> {'b' * 40}",
        "project working tree: clean -> changed",
    )
    assert changes(before, here) == ("project: not readable as a git repository -> a git repository",)


def test_parts_without_a_visible_consequence_come_last(samples: Samples) -> None:
    before = samples.review("ready")
    assert changes(before, touched(before, "goal.json", "task-graph.json")) == (
        "goal.json: the bytes differ, nothing that is shown here does",
        "task-graph.json: the bytes differ, nothing that is shown here does",
    )


def test_many_that_come_at_once_take_one_line(samples: Samples) -> None:
    before = samples.review("ready")
    told = changes(before, with_proof(before, known_gaps=tuple(f"gap {number}" for number in range(400))))
    assert "new known gap: gap 0, gap 1, gap 2, gap 3, gap 4 and 395 more" in told
    five = changes(before, with_proof(before, known_gaps=tuple("abcde")))
    assert "new known gap: a, b, c, d, e" in five


def test_what_went_explains_its_part_and_facts_may_go(samples: Samples) -> None:
    before = samples.review("ready")
    lost = touched(replace(before, diffs=()), before.diffs[0].path)
    (told,) = changes(before, lost)
    assert told.startswith("file gone: ")
    seen = seen_of(before)
    silent = replace(seen, points=tuple(replace(point, detail="") for point in seen.points))
    assert "1 required verification gates: still met, now: nothing behind it" in core.changes(seen, silent)


def test_what_is_not_a_reading_of_that_snapshot_is_none(samples: Samples) -> None:
    seen = seen_of(samples.review("ready"))
    data = encode_seen(seen)
    assert decode_seen(data, "0" * 64) is None
    for broken in (b"", data[:-9], b"\xff", b"[]", b"{}", data.replace(b'"points"', b'"points2"')):
        assert decode_seen(broken, seen.snapshot) is None


@pytest.mark.parametrize("name", NAMES)
def test_another_snapshot_always_has_a_sentence(samples: Samples, name: str) -> None:
    before = samples.review(name)
    for part in (*before.parts, Part("something new", "0" * 64)):
        assert changes(before, touched(before, part.name)), part.name


def test_between_any_two_samples_the_sentences_are_clean_and_told_once(samples: Samples) -> None:
    reviews = [samples.review(name) for name in NAMES]
    for before in reviews:
        for after in reviews:
            told = changes(before, after)
            assert len(set(told)) == len(told)
            for line in told:
                assert line.isprintable() and len(line) < 2500


def test_the_names_of_requirements_are_omks_words(samples: Samples) -> None:
    judged = judge(samples.review("ready").facts)
    assert [one.name for one in judged.requirements] == [
        "required verification gates", "local verification task evidence", "agent execution task evidence",
        "review task evidence", "security review task evidence", "changed-file evidence",
        "post-mutation verification evidence", "required review wall evidence", "greenfield oracle evidence",
    ]  # fmt: skip
