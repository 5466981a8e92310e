"""The snapshot digest: what it covers, what it does not, and that a stale one writes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.outcome import Recorded, Refused
from omk_tui.engine import reading
from omk_tui.engine.database import write_rows
from tests.core.documents import GOAL_ID, conflict_task, gate, graph_json, proof_json, row_json
from tests.engine.states import State, change

LOG = "artifacts/gates/gate-01-acceptance.log"
DIFF = "artifacts/agent-runs/goal-agent-execute/mutation.diff"
EVIDENCE = "artifacts/integration/merge-conflict-a.json"
WIRE = "artifacts/agent-runs/goal-agent-execute/workers/w/wire-events.jsonl"
HEART = "artifacts/agent-runs/goal-agent-execute/workers/w/heartbeat.json"


def write(folder: Path, path: str, data: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)


@pytest.fixture
def full(state: State) -> State:
    """A goal with everything that the digest covers, and everything that it does not."""
    state.commit()
    log = str(state.folder() / LOG)
    gates = [gate("acceptance", output_path=log), *proof_json()["gates"][1:]]
    folder = state.add(proof=proof_json(gates=gates), graph=graph_json(tasks=[conflict_task(EVIDENCE)]))
    for path, data in ((LOG, b"log"), (DIFF, b"diff"), (EVIDENCE, b"{}"), (WIRE, b"{}\n"), (HEART, b"{}"),
                       ("budget-checkpoints.jsonl", b"{}\n"), ("prd.md", b"text")):  # fmt: skip
        write(folder, path, data)
    return state


def edit(path: str) -> Callable[[State], object]:
    return lambda state: (state.folder() / path).write_bytes(b"something else")


def same_size(path: str) -> Callable[[State], object]:
    """Another content of the same length, with the old times."""

    def act(state: State) -> None:
        file = state.folder() / path
        found = file.stat()
        file.write_bytes(file.read_bytes()[::-1].replace(b"g", b"G").replace(b"f", b"F") or b"?")
        os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))

    return act


def remove(path: str) -> Callable[[State], object]:
    return lambda state: (state.folder() / path).unlink()


def blank(path: str) -> Callable[[State], object]:
    """A change of bytes that changes no value."""
    return lambda state: (state.folder() / path).write_bytes((state.folder() / path).read_bytes() + b"\n")


COVERED: dict[str, Callable[[State], object]] = {
    **{f"edit {path}": edit(path) for path in ("goal.json", "proof.json", "task-graph.json", LOG, DIFF, EVIDENCE)},
    **{f"blank in {path}": blank(path) for path in ("goal.json", "proof.json", "task-graph.json", EVIDENCE)},
    **{f"remove {path}": remove(path) for path in ("goal.json", "proof.json", "task-graph.json", LOG, DIFF, EVIDENCE)},
    **{f"same size {path}": same_size(path) for path in (LOG, DIFF)},
    "a second diff": lambda state: write(state.folder(), "artifacts/agent-runs/other/mutation.diff", b""),
    "commit": lambda state: state.commit("two"),
    "branch": lambda state: state.git("checkout", "--quiet", "-b", "other"),
    "dirty": lambda state: (state.project / "new").write_text(""),
    "no repository": lambda state: (state.project / ".git").rename(state.base / "git"),
}
NOT_COVERED: dict[str, Callable[[State], object]] = {
    **{f"edit {path}": edit(path) for path in ("events.jsonl", "budget-checkpoints.jsonl", WIRE, HEART, "prd.md")},
    "the row": lambda state: write_rows(state.root, [row_json(phase="planning", controller_pid=os.getpid())]),
    "no database": lambda state: (state.root / "omk.db").unlink(),
    "times": lambda state: os.utime(state.folder() / "goal.json", ns=(0, 0)),
    "modes": lambda state: (state.folder() / "proof.json").chmod(0o644),
    "an unnamed log": lambda state: write(state.folder(), "artifacts/gates/gate-09-other.log", b"x"),
}


@pytest.mark.parametrize("act", COVERED.values(), ids=COVERED)
def test_the_digest_changes_with_what_it_covers(full: State, act: Callable[[State], object]) -> None:
    before = full.review().snapshot
    act(full)
    assert full.review().snapshot != before


@pytest.mark.parametrize("act", NOT_COVERED.values(), ids=NOT_COVERED)
def test_the_digest_stays_with_what_it_does_not_cover(full: State, act: Callable[[State], object]) -> None:
    before = full.review().snapshot
    act(full)
    assert full.review().snapshot == before


def test_the_digest_is_64_lower_case_hex_and_the_same_at_any_time(full: State) -> None:
    digest = full.review().snapshot
    assert re.fullmatch("[0-9a-f]{64}", digest)
    later = full.engine(lambda: 2_000_000_000_000_000_000).review(GOAL_ID)
    assert getattr(later, "snapshot", "") == digest


def test_the_digest_does_not_depend_on_where_the_root_lies(full: State) -> None:
    before = full.review().snapshot
    full.root = full.root.rename(full.base / "moved")
    assert full.review().snapshot == before


def test_of_a_dirty_project_only_the_flag_counts(full: State) -> None:
    (full.project / "new").write_text("one")
    before = full.review().snapshot
    (full.project / "new").write_text("two")
    assert full.review().snapshot == before


def test_of_a_large_log_size_and_both_ends_are_covered(full: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WHOLE_LIMIT", 100)
    monkeypatch.setattr(reading, "END_SIZE", 10)
    log = full.folder() / LOG

    def digest_of(data: bytes) -> str:
        log.write_bytes(data)
        return full.review().snapshot

    base = digest_of(b"a" * 10 + b"m" * 100 + b"z" * 10)
    assert digest_of(b"a" * 10 + b"n" * 100 + b"z" * 10) == base
    assert digest_of(b"b" * 10 + b"m" * 100 + b"z" * 10) != base
    assert digest_of(b"a" * 10 + b"m" * 100 + b"y" * 10) != base
    assert digest_of(b"a" * 10 + b"m" * 101 + b"z" * 10) != base


def test_the_limit_of_a_whole_log_is_16_mib() -> None:
    assert (reading.WHOLE_LIMIT, reading.END_SIZE) == (16 << 20, 1 << 20)


@pytest.mark.parametrize("act", COVERED.values(), ids=COVERED)
def test_a_stale_snapshot_is_refused_and_nothing_is_written(full: State, act: Callable[[State], object]) -> None:
    seen = full.review()
    act(full)
    before = full.photo()
    for verb in ("accept", "reject"):
        outcome = full.decide(verb, "text", snapshot=seen.snapshot, record_not_ready=True)
        assert not isinstance(outcome, Recorded)
        if isinstance(outcome, Refused):
            assert outcome.kind == "stale"
    assert full.photo() == before


def test_a_stale_refusal_says_what_changed(full: State) -> None:
    from omk_tui.core.decision import Decision

    seen = full.review()
    change(full.folder() / "proof.json", changed_files=[])
    outcome = full.engine().decide(Decision("accept", GOAL_ID, "text", snapshot=seen.snapshot), seen)
    assert isinstance(outcome, Refused)
    assert any("changed-file evidence: met -> missing" in line for line in outcome.details)


def test_a_stale_refusal_says_what_changed_since_it_was_remembered(full: State) -> None:
    seen = full.review()
    unknown = full.decide("accept", "text", snapshot="0" * 64)
    full.engine().remember(seen)
    change(full.folder() / "proof.json", changed_files=[])
    outcome = full.decide("accept", "text", snapshot=seen.snapshot)
    assert isinstance(outcome, Refused) and isinstance(unknown, Refused)
    assert any("changed-file evidence: met -> missing" in line for line in outcome.details)
    assert "it is now: missing 2" in outcome.details
    assert "is not known" in unknown.details[0], "of what was never shown only today's state is known"
    assert unknown.details[1].startswith("it is now: ")


def test_the_snapshot_that_was_seen_is_accepted(full: State) -> None:
    digest = full.review().snapshot
    assert full.recorded("reject", "no", snapshot=digest).plan.snapshot == digest
    assert full.review().snapshot != digest, "the decision itself makes it stale"
    outcome = full.decide("reject", "again", snapshot=digest)
    assert isinstance(outcome, Refused)
