"""Section 4: the first failing gate is lit by itself, its log begins at the end; without a log the proof speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omk_tui.core.judgement.oracle import gates_named
from omk_tui.core.opening.gate_progress import GateProgress, GatesProgress
from omk_tui.core.records.proof import SKIPPED_COMMAND, Gate
from omk_tui.core.review.goal_review import GateLog, Review
from omk_tui.sections.gate_words import duration
from omk_tui.sections.view import MOST_LINES, Detail, FileDetail, TextDetail
from tests.sections.samples import Samples, build, header, rows, told, with_facts


def with_gates(review: Review, *gates: Gate, logs: tuple[GateLog, ...] | None = None) -> Review:
    """The review with these gates, and logs that are not there."""
    stored = review.facts.stored
    assert stored is not None
    changed = with_facts(review, stored=replace(stored, proof=replace(stored.proof, gates=gates)))
    return replace(changed, gate_logs=logs or tuple(GateLog(gate.name, None, problem="no log") for gate in gates))


@pytest.fixture
def gate(samples: Samples) -> Gate:
    stored = samples.review("ready").facts.stored
    assert stored is not None
    return stored.proof.gates[0]


def detail_of(samples: Samples, review: Review, number: int = 0) -> Detail:
    view = build("4", review, samples.data(review))
    return view.details[view.rows[number].key]


def test_the_traceback_is_one_key_away(samples: Samples) -> None:
    view = samples.section("failing-gate", "4")
    assert header(view).split() == ["GATE", "RESULT", "REQ", "TIME", "EXIT", "LOG"]
    assert rows(view)[0].split() == ["unit", "[!]", "FAIL", "yes", "0.3s", "1", "gate-01-unit.log"]
    assert view.start == "gate unit" and view.blockers == ("gate unit",)
    detail = view.details[view.start]
    assert isinstance(detail, FileDetail) and detail.at_failure
    assert detail.path == "artifacts/gates/post-mutation/gate-01-unit.log"
    assert detail.title.plain == "gate unit: FAIL  gate-01-unit.log  1.2 KiB"
    assert len(detail.facts) == 2, "the log needs the room"
    log = samples.engine.open_file(samples.review("failing-gate").goal_id, detail.path)
    assert not isinstance(log, str)
    with log:
        assert ">       assert sum(limiter.allow()" in "\n".join(log.read().decode().split("\n")[-13:])


def test_a_passing_gate_is_read_from_the_top(samples: Samples) -> None:
    view = samples.section("ready", "4")
    detail = view.details["gate smoke"]
    assert isinstance(detail, FileDetail) and not detail.at_failure
    assert view.start == "" and view.blockers == ()
    assert view.summary.plain == "[x] 4 of 4 required gates passed"


def test_the_optional_gate_that_failed_is_lit_but_blocks_nothing(samples: Samples) -> None:
    view = samples.section("hostile", "4")
    assert view.blockers == () and view.start.startswith("gate owned")
    assert "[!] 1 optional gate failed" in view.summary.plain


def test_without_a_log_the_output_in_the_proof_is_shown(samples: Samples, gate: Gate) -> None:
    review = samples.review("ready")
    bad = replace(gate, passed=False, exit_code=None, timed_out=True, stdout="half\n[b]way[/b]\n", stderr="Timed out")
    text = told(detail_of(samples, with_gates(review, bad)))
    assert "[!] timeout" in text and "[b]way[/b]" in text and "Timed out" in text
    assert "NEXT   omk goal verify" in text
    mute = replace(gate, stdout="", stderr="", stdout_summary=None, stderr_summary=None)
    assert "the proof holds no output" in told(detail_of(samples, with_gates(review, mute)))
    summed = replace(mute, stderr_summary="a\nb")
    assert "STDERR a\n       b" in told(detail_of(samples, with_gates(review, summed)))


def test_a_log_that_cannot_be_read_says_why(samples: Samples, gate: Gate) -> None:
    review = with_gates(samples.review("ready"), gate, logs=(GateLog("x", "artifacts/x.log", 0, "No such file"),))
    assert "x.log  unreadable" in rows(build("4", review, samples.data(review)), 138)[0]
    assert "artifacts/x.log  No such file" in told(detail_of(samples, review))


def test_only_the_end_of_a_huge_output_is_kept(samples: Samples, gate: Gate) -> None:
    long = "".join(f"line {number}\n" for number in range(MOST_LINES * 3))
    detail = detail_of(samples, with_gates(samples.review("ready"), replace(gate, passed=False, stdout=long)))
    assert isinstance(detail, TextDetail)
    text = told(detail)
    assert f"line {MOST_LINES * 3 - 1}" in text and "line 17\n" not in text and "before these" in text


def test_required_gates_that_never_ran_have_rows(samples: Samples, gate: Gate) -> None:
    review = with_facts(with_gates(samples.review("ready"), gate), required_gates=(gate.name, "smoke"))
    view = build("4", review, samples.data(review))
    assert view.summary.plain == "[ ] 1 of 2 required gates passed, 1 never ran"
    assert rows(view)[1].split()[:5] == ["smoke", "[", "]", "not", "run"] and view.blockers == ("gate smoke",)
    assert "there is no record of it" in told(view.details["gate smoke"])
    running = GatesProgress(review.goal_id, (GateProgress("smoke", "make smoke", 60, "ended"),))
    view = build("4", review, replace(samples.data(review), running=running))
    words = told(view.details["gate smoke"])
    assert "it has ended" in words and "no record of it" not in words, "it ended a moment ago, and is not read yet"


def test_skipped_gates_and_merged_ones_carry_a_risk(samples: Samples, gate: Gate) -> None:
    review = samples.review("ready")
    skip = replace(gate, command_line=SKIPPED_COMMAND, required=False, exit_code=None)
    view = build("4", with_gates(review, skip), samples.data(review))
    assert rows(view)[0].split()[:3] == ["acceptance", "[-]", "SKIP"]
    assert "skipped by configuration" in told(view.details["gate acceptance"])
    merged = replace(gate, passed=False, exit_code=0)
    assert "failed with exit 0" in told(detail_of(samples, with_gates(review, merged)))


def test_equal_names_are_kept_apart_and_no_gate_says_so(samples: Samples, gate: Gate) -> None:
    review = samples.review("ready")
    view = build("4", with_gates(review, gate, gate), samples.data(review))
    assert list(view.details) == ["gate acceptance", "gate acceptance (2)"]
    many = build("4", with_gates(review, *[gate] * 10_000), samples.data(review))
    assert many.rows[-1].key == "gate acceptance (10000)"
    view = build("4", with_gates(review), samples.data(review))
    assert rows(view) == ["[ ] the proof has no gate result"] and view.blockers == ("no gates",)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "0.0s"), (412, "0.4s"), (99_949, "99.9s"), (100_000, "1m40s"), (3_599_999, "59m59s"), (3_600_000, "1h00m"),
     (360_000_000, "4d"), (2**64, "99999d+")],
)  # fmt: skip
def test_durations(milliseconds: int, text: str) -> None:
    assert duration(milliseconds) == text and len(text) <= 7


def test_gates_by_a_part_of_their_name(gate: Gate) -> None:
    names = ("golden", "my_Golden.tests", "goldens", "x-golden")
    gates = tuple(replace(gate, name=name) for name in names)
    assert [one.name for one in gates_named("golden", gates)] == ["golden", "my_Golden.tests", "x-golden"]


def test_gates_that_run_have_rows_and_a_log_of_their_own_and_change_no_verdict(samples: Samples) -> None:
    review, gates = samples.review("ready"), samples.review("ready").facts.stored
    assert gates is not None
    names = [gate.name for gate in gates.proof.gates]
    progress = GatesProgress(
        review.goal_id,
        (
            GateProgress(names[1], "make smoke", 60, "running", 12, 2048, "live log 1.1"),
            GateProgress("over", "make over", 60, "ended"),
            GateProgress("new\x1b[2J", "make new", 60),
        ),
    )
    view = build("4", review, replace(samples.data(review), running=progress))
    told_rows = rows(view)
    assert len(told_rows) == len(names) + 2
    assert told_rows[-2].split() == ["over", "ended"], (
        "a row that went away until the record is read would take the cursor"
    )
    assert told_rows[1].split() == [names[1], "[i]", "running", "12s", "2.0", "KiB", "so", "far"]
    assert told_rows[-1].split() == ["new␛[2J", "waiting"] and view.start == f"gate {names[1]}"
    assert view.summary.plain == f"[i] gate 1 of 3 is running: {names[1]}   [x] 4 of 4 required gates passed"
    assert view.blockers == ()
    detail = view.details[view.start]
    assert isinstance(detail, FileDetail) and detail.live and detail.path == "live log 1.1"
    assert names[1] not in view.logs and "this is no record" in told(detail)
