"""Taking a decision: what was previewed is written, once, under a lock, with clocks that go forward."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed, Recorded, Refused
from omk_tui.core.decision.plan import AppendLine, DecisionPlan, ReplaceFile, UpsertRow
from omk_tui.core.decision.planner import Decision
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from tests.core.documents import CREATED, GOAL_ID, conflict_task, graph_json, proof_json
from tests.engine.states import NOW, State, content
from tests.golden.tree import photograph, read_database

VERBS: tuple[Verb, ...] = ("accept", "reject")
SECOND = 10**9


def lines_of(state: State, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (state.folder() / name).read_text().splitlines()]


def without_ids(plan: DecisionPlan) -> list[object]:
    """The plan's steps with the random ids of its events cut out, and the hashes over them."""
    steps: list[object] = []
    for step in plan.steps:
        if isinstance(step, AppendLine):
            line = json.loads(step.data)
            line.pop("id", None)
            line.pop("written", None)
            line.pop("seal", None)
            steps.append((step.path, line))
        else:
            steps.append(step)
    return steps


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_planned_is_what_is_on_disk(state: State, verb: Verb) -> None:
    state.commit()
    state.add(graph=graph_json(tasks=[conflict_task("goal.json")]))
    before = {path: (state.folder() / path).read_bytes() for path in os.listdir(state.folder())}
    preview = state.plan(verb, "text\nwith lines")
    plan = state.recorded(verb, "text\nwith lines", despite_conflicts=True).plan
    assert without_ids(preview) == without_ids(plan)
    written = {step.path: step.data for step in plan.steps if isinstance(step, ReplaceFile)}
    for step in plan.steps:
        if isinstance(step, AppendLine):
            written[step.path] = written.get(step.path, before.get(step.path, b"")) + step.data
    assert {path: (state.folder() / path).read_bytes() for path in written} == written
    row = next(step.row for step in plan.steps if isinstance(step, UpsertRow))
    database = read_database(state.root / "omk.db")
    assert database is not None
    assert [dict(one) for one in database.rows] == [dict(row)]


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_files_of_the_plan_change_and_nothing_is_left_over(state: State, verb: Verb) -> None:
    state.commit()
    state.add()
    before = state.photo()
    plan = state.recorded(verb, "text").plan
    after = state.photo()
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    place = f"state/goals/{GOAL_ID}/"
    made = {place + one.path + ("/" if one.action == "mkdir" else "") for one in plan.files}
    assert changed == made | {"state/omk.db"}


SURROUNDINGS: dict[str, dict[str, str]] = {
    "hash seed": {"PYTHONHASHSEED": "1"},
    "another hash seed": {"PYTHONHASHSEED": "2"},
    "locale": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "C locale": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "umask": {"TEST_UMASK": "077"},
}


def test_a_plan_depends_on_nothing_but_review_text_moments_and_ids(state: State) -> None:
    state.commit()
    state.add(graph=graph_json(tasks=[conflict_task("proof.json", extra={"b": 1, "a": [2.5]})]))
    code = f"""
import os, sys, hashlib
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
os.umask(int(os.environ.get("TEST_UMASK", "022"), 8))
from omk_tui.core.decision.planner import EventIds, Moments, plan_accept, plan_reject
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.engine import Engine, StateRoot
now = Timestamp.from_unix_nanos({NOW})
review = Engine(StateRoot({str(state.root)!r}, "", True), {str(state.project)!r}, lambda: {NOW}).review({GOAL_ID!r})
for make in (plan_accept, plan_reject):
    plan = make(review, "Gr\\u00fc\\u00dfe \\U0001f600", Moments(now, now, now, now), EventIds("a", "b"))
    print(hashlib.sha256(repr(plan.steps).encode()).hexdigest(), plan.snapshot)
"""
    seen = set()
    for surroundings in SURROUNDINGS.values():
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **surroundings},
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_planning_twice_gives_the_same_but_for_ids(state: State) -> None:
    state.add()
    assert without_ids(state.plan("reject", "no")) == without_ids(state.plan("reject", "no"))


def test_files_get_omks_modes_whatever_the_umask_is(state: State) -> None:
    folder = state.add()
    before = os.umask(0o077)
    try:
        state.recorded("reject", "no")
    finally:
        os.umask(before)
    modes = {path: (folder / path).stat().st_mode & 0o777 for path in (
        "goal.json", "proof.json", "budget-checkpoints.jsonl", "artifacts/integration/integrator-reject.json",
        "artifacts/integration/rollback-rejected-slice.md", "artifacts/integration", "artifacts",
    )}  # fmt: skip
    assert list(modes.values()) == [0o600] * 5 + [0o700, 0o700]


# -- clocks


@pytest.mark.parametrize("jumps", [(0, 1, 2, 3), (0, -5, -9, 3), (0, 7, -7, 0), (0, -1, -2, -3)])
def test_moments_never_go_back_even_when_the_clock_does(state: State, jumps: tuple[int, ...]) -> None:
    state.add()
    readings: Iterator[int] = iter([NOW + jump * SECOND for jump in (0, 0, *jumps)])
    outcome = state.engine(lambda: next(readings)).decide(Decision("reject", GOAL_ID, "no"))
    assert isinstance(outcome, Recorded)
    first, second = lines_of(state, "events.jsonl")
    checkpoint = lines_of(state, "budget-checkpoints.jsonl")[0]
    told = (content(state.folder() / "goal.json")["updated_at"], first["ts"], checkpoint["recorded_at"], second["ts"])
    moments = [Timestamp.parse(str(moment)) for moment in told]
    assert moments == sorted(moments)
    assert moments[0] == Timestamp.from_unix_nanos(NOW)


def test_one_moment_is_the_same_everywhere_to_the_nanosecond(state: State) -> None:
    folder = state.add()
    state.engine(lambda: NOW + 123_456_789).decide(Decision("reject", GOAL_ID, "no"))
    moment = Timestamp.from_unix_nanos(NOW + 123_456_789).text()
    goal, proof = content(folder / "goal.json"), content(folder / "proof.json")
    evidence = content(folder / "artifacts/integration/integrator-reject.json")
    assert moment.endswith(".123456789Z")
    assert {
        goal["updated_at"], goal["completed_at"], goal["failure"]["recorded_at"], goal["artifacts"][0]["created_at"],
        proof["generated_at"], proof["integration_evidence"]["decided_at"], evidence["decided_at"],
    } == {moment}  # fmt: skip
    assert goal["created_at"] == CREATED, "nanoseconds survive the round trip"


@pytest.mark.parametrize("verb", VERBS)
def test_a_clock_before_1970_dates_no_decision(state: State, verb: Verb) -> None:
    """Its goals can still be looked at."""
    folder = state.add()
    before = photograph(folder)
    engine = state.engine(lambda: -1)
    review = engine.review(GOAL_ID)
    assert isinstance(review, Review) and str(engine.goals().goals[0].verdict)
    why = "this machine's clock reads 1969-12-31T23:59:59.999999999Z, which is before 1970: set it, then decide"
    assert engine.plan(review, verb, "why") == Failed(why)
    assert engine.decide(Decision(verb, GOAL_ID, "why")) == Failed(why)
    assert photograph(folder) == before


# -- refusals


def test_missing_evidence_refuses_an_accept_unless_it_is_wanted(state: State) -> None:
    """omk records it, exits 0, and says `not_ready`."""
    state.add(proof=proof_json(changed_files=[]))
    before = state.photo()
    outcome = state.decide("accept", "good")
    assert isinstance(outcome, Refused)
    assert outcome.kind == "missing"
    assert outcome.details[0] == "changed-file evidence is missing"
    assert state.photo() == before
    plan = state.recorded("accept", "good", record_not_ready=True).plan
    assert plan.status == "not_ready"
    assert plan.known_gaps == outcome.details


@pytest.mark.parametrize("text", ["", "  ", "\n\u3000\t"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_blank_text_is_no_decision(state: State, verb: Verb, text: str) -> None:
    state.add()
    before = state.photo()
    assert isinstance(state.decide(verb, text), Failed)
    assert state.photo() == before


def test_a_text_that_is_not_utf8_is_refused_before_anything_is_written(state: State) -> None:
    state.add()
    before = state.photo()
    for verb in VERBS:
        outcome = state.decide(verb, "caf\udce9")
        assert isinstance(outcome, Failed)
        assert "UTF-8" in outcome.why
    assert state.photo() == before


def test_a_goal_that_somebody_else_decides_now_is_locked(state: State) -> None:
    """omk has no lock at all (H7)."""
    state.add()
    code = f"import fcntl, os; fcntl.flock(os.open({str(state.folder())!r}, 0), 2); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        before = state.photo()
        outcome = state.decide("reject", "no")
        assert isinstance(outcome, Refused)
        assert outcome.kind == "locked"
        assert state.photo() == before
        assert str(state.review().judgement.verdict) == "acceptable", "looking needs no lock"
        holder.communicate(b"\n")
    assert isinstance(state.decide("reject", "no"), Recorded)


def test_the_lock_is_given_back_whatever_happens(state: State) -> None:
    state.add(proof=proof_json(gates=[]))
    for text in ("", "good"):
        state.decide("accept", text)
    fd = os.open(state.folder(), os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(fd)


@pytest.mark.parametrize("place", ["", "relative"])
def test_the_note_on_who_decides_is_never_left_in_the_project(
    state: State, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state.add()
    monkeypatch.chdir(state.project)
    monkeypatch.setenv("XDG_STATE_HOME", place)
    monkeypatch.setenv("HOME", str(state.base / "home"))
    state.recorded("reject", "no")
    assert os.listdir(state.project) == []
    assert os.listdir(state.base / "home/.local/state/omk-tui/deciding") == []


# -- a decision after a decision


def test_accept_after_reject_keeps_the_old_failure_and_both_files(state: State) -> None:
    folder = state.add()
    state.recorded("reject", "too slow")
    assert str(state.review().judgement.verdict) == "rejected"
    state.recorded("accept", "now it is fast")
    review = state.review()
    assert str(review.judgement.verdict) == "accepted"
    assert "old_failure" in {one.code for one in review.judgement.warnings}
    assert content(folder / "goal.json")["failure"]["reason"] == "too slow"
    assert sorted(os.listdir(folder / "artifacts/integration")) == [
        "integrator-accept.json",
        "integrator-decisions.jsonl",
        "integrator-reject.json",
        "rollback-rejected-slice.md",
    ]


def test_a_verdict_lasts_until_omk_writes_a_newer_proof(state: State) -> None:
    folder = state.add()
    state.recorded("reject", "no")
    proof = content(folder / "proof.json")
    (folder / "proof.json").write_text(json.dumps(proof | {"generated_at": "2026-12-01T00:00:00Z"}))
    assert str(state.review().judgement.verdict) == "acceptable"


def test_a_signature_changes_with_the_files_of_a_goal(state: State) -> None:
    state.commit()
    folder = state.add()
    engine = state.engine()
    before = engine.signature(GOAL_ID)
    assert engine.signature(GOAL_ID) == before
    time.sleep(0.02)
    (folder / "proof.json").write_text("{}")
    after = engine.signature(GOAL_ID)
    assert after != before
    state.commit("two")
    assert engine.signature(GOAL_ID) != after


def test_the_engine_reads_files_of_the_goal_only(state: State) -> None:
    folder = state.add()
    outside = state.base / "outside"
    outside.write_text("secret")
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "fifo")
    engine = state.engine()
    for path in ("link", "fifo", str(outside), "../../../outside", "artifacts", "nowhere", "", "nul\0"):
        assert isinstance(engine.open_file(GOAL_ID, path), str), path
    with engine.open_file(GOAL_ID, "goal.json") as file:  # type: ignore[union-attr]
        assert file.read(4) == b"{\n  "


def test_a_plan_is_bound_to_the_review_it_was_made_from(state: State) -> None:
    state.add()
    review = state.review()
    planned = state.engine().plan(replace(review, snapshot="0" * 64), "reject", "no")
    assert isinstance(planned, DecisionPlan)
    assert planned.snapshot == "0" * 64


@pytest.mark.parametrize("verb", VERBS)
def test_a_text_is_trimmed_once_for_the_preview_and_every_file(state: State, verb: Verb) -> None:
    state.add()
    text = "\u3000 why not\n\n  "
    preview = state.plan(verb, text)
    plan = state.recorded(verb, text).plan
    assert [(one.path, one.size) for one in preview.files] == [(one.path, one.size) for one in plan.files]
    assert lines_of(state, LEDGER_FILE)[-1]["text"] == "why not"
