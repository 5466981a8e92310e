"""The snapshot digest: what it covers, what it does not, and that a stale one writes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.decision.outcome import Recorded, Refused
from omk_tui.core.decision.planner import Decision
from omk_tui.engine.database.row_writer import write_rows
from omk_tui.engine.files.file_memory import FileMemory
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.goal_lock import is_locked
from omk_tui.engine.files.progress import Cancelled, unwatched
from omk_tui.engine.reading import evidence_digest
from omk_tui.engine.reading import review as reading
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


def test_a_large_log_is_known_by_its_ends_and_by_what_cannot_be_set_back(
    full: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_digest, "WHOLE_LIMIT", 100)
    monkeypatch.setattr(evidence_digest, "END_SIZE", 10)
    log = full.folder() / LOG
    log.write_bytes(b"a" * 10 + b"m" * 100 + b"z" * 10)
    os.utime(log, ns=(10**18, 10**18))
    before = full.review()
    assert before.by_identity == (LOG,)
    with log.open("r+b") as file:  # the middle is changed, size and modification time are put back
        file.seek(50)
        file.write(b"X")
    os.utime(log, ns=(10**18, 10**18))
    assert full.review().snapshot != before.snapshot


def test_more_than_is_read_in_one_look_is_known_by_identity(full: State) -> None:
    reader = evidence_digest.EvidenceDigests(FileMemory(), unwatched, _left=10)
    (full.folder() / "one").write_bytes(b"1" * 6)
    (full.folder() / "two").write_bytes(b"2" * 6)
    os.link(full.folder() / "one", full.folder() / "again")
    with GoalFolder(str(full.folder())) as folder:
        digests = [reader.of(folder, name) for name in ("one", "two", "again")]
    assert digests[0] == digests[2] == hashlib.sha256(b"1" * 6).hexdigest()
    assert reader.by_identity == ["two"]


def test_a_file_of_many_names_is_read_once_in_a_look(full: State) -> None:
    sizes: list[int] = []
    reader = evidence_digest.EvidenceDigests(FileMemory(), sizes.append)
    (full.folder() / "log").write_bytes(b"x" * 1000)
    with GoalFolder(str(full.folder())) as folder:
        for _ in range(50):
            reader.of(folder, "log")
    assert sum(sizes) == 1000


def test_what_did_not_change_is_not_read_again(full: State, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = FileMemory()
    log = full.folder() / "log"
    log.write_bytes(b"x" * 1000)
    sizes: list[int] = []
    with GoalFolder(str(full.folder())) as folder:
        evidence_digest.EvidenceDigests(memory, sizes.append).of(folder, "log")
        later = time.time_ns() + 10**10
        monkeypatch.setattr("omk_tui.engine.files.file_memory.time.time_ns", lambda: later)
        for _ in range(3):
            evidence_digest.EvidenceDigests(memory, sizes.append).of(folder, "log")
    assert sizes.count(1000) == 2, "once while it had just been written, and once since"


def test_a_reading_can_be_ended(full: State) -> None:
    def end(size: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        full.engine().review(GOAL_ID, end)


def test_the_limits_of_what_is_read() -> None:
    assert (evidence_digest.WHOLE_LIMIT, evidence_digest.END_SIZE) == (16 << 20, 1 << 20)
    assert evidence_digest.LOOK_LIMIT == 256 << 20


def test_the_slow_reading_is_done_before_the_lock_is_taken(full: State, monkeypatch: pytest.MonkeyPatch) -> None:
    log = full.folder() / LOG
    os.utime(log, ns=(10**18, 10**18))
    later = time.time_ns() + 10**10
    monkeypatch.setattr("omk_tui.engine.files.file_memory.time.time_ns", lambda: later)
    engine = full.engine()
    locked: list[bool] = []
    hashed = evidence_digest.EvidenceDigests._hash

    def observed(self: evidence_digest.EvidenceDigests, *words: Any) -> str:
        with GoalFolder(str(full.folder())) as folder:
            locked.append(is_locked(folder))
        return hashed(self, *words)

    monkeypatch.setattr(evidence_digest.EvidenceDigests, "_hash", observed)
    asked = len(locked)
    assert isinstance(engine.decide(Decision("reject", GOAL_ID, "no")), Recorded)
    assert locked[asked:] and not any(locked)


def test_review_files_belong_to_the_snapshot(full: State) -> None:
    folder = full.folder() / "artifacts/reviews"
    folder.mkdir(parents=True)
    snapshots = [full.review().snapshot]
    (folder / "goal-review.md").write_text("fine")
    snapshots.append(full.review().snapshot)
    (folder / "goal-review.md").write_text("evil")
    snapshots.append(full.review().snapshot)
    (folder / "second.md").write_text("")
    snapshots.append(full.review().snapshot)
    assert len(set(snapshots)) == 4


def test_of_very_many_review_files_the_names_count(full: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_REVIEW_FILES", 1)
    folder = full.folder() / "artifacts/reviews"
    folder.mkdir(parents=True)
    for name in ("a.md", "b.md"):
        (folder / name).write_text("x")
    before = full.review().snapshot
    (folder / "c.md").write_text("x")
    assert full.review().snapshot != before


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
    from omk_tui.core.decision.planner import Decision

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
