"""What is made of an interrupted decision when something else has happened in between."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.decision.journal import decode
from omk_tui.core.decision.outcome import Recorded, Refused
from omk_tui.core.decision.plan import ReplaceFile
from omk_tui.core.records.file_names import JOURNAL_FILE
from omk_tui.core.records.ledger_entries import History
from omk_tui.engine.deciding import commit, transaction
from omk_tui.engine.files.app_state import write_note
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.goal_lock import goal_lock
from tests.core.documents import GOAL_ID
from tests.depth import DEEP
from tests.engine.states import State, as_ordinary_user, change, content, give_to_ordinary_user
from tests.faults.scenes import Scene, fresh_accept, journal_of, second_reject

STEPS: dict[Callable[[Path], Scene], int] = {fresh_accept: 10, second_reject: 11}
BEFORE_GOAL_JSON, AFTER_GOAL_JSON, AFTER_ALL = 4, 5, 10


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return fresh_accept(tmp_path / "scene")


def omk_writes(scene: Scene) -> bytes:
    """omk goes on with the goal: it saves goal.json."""
    path = scene.state.folder() / "goal.json"
    change(path, updated_at="2026-08-01T00:00:00Z", status="running")
    return path.read_bytes()


# -- somebody else was there in between


@pytest.mark.parametrize("after", range(BEFORE_GOAL_JSON + 1))
def test_what_omk_wrote_in_between_is_never_overwritten_and_both_versions_are_kept(scene: Scene, after: int) -> None:
    scene.cut_off(after)
    theirs = omk_writes(scene)
    half = scene.picture()
    for _ in range(2):
        told = scene.look().facts.interrupted
        assert "another program changed goal.json" in told
        assert str(journal_of(scene)) in told
        outcome = scene.state.decide("reject", "no")
        assert isinstance(outcome, Refused)
        assert outcome.kind == "interrupted"
        assert not half.difference(scene.picture())
    ours = decode(journal_of(scene).read_bytes()).entries
    (goal,) = (
        entry.step.data for entry in ours if isinstance(entry.step, ReplaceFile) and entry.step.path == "goal.json"
    )
    assert json.loads(goal)["status"] == "ready"
    assert (scene.state.folder() / "goal.json").read_bytes() == theirs
    # The person gives the interrupted decision up, as the sentence says.
    journal_of(scene).unlink()
    assert not scene.look().facts.interrupted
    assert content(scene.state.folder() / "goal.json")["status"] == "running"


def test_what_omk_wrote_after_our_goal_json_stays_and_the_rest_is_told(scene: Scene) -> None:
    """proof.json is still as before: the decision can go on behind what omk wrote only if nobody touched that."""
    scene.cut_off(AFTER_GOAL_JSON)
    theirs = omk_writes(scene)
    assert "another program changed goal.json" in scene.look().facts.interrupted
    assert (scene.state.folder() / "goal.json").read_bytes() == theirs


@pytest.mark.parametrize("make", STEPS)
def test_when_omk_ran_on_after_the_last_step_only_the_journal_goes(
    make: Callable[[Path], Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make(tmp_path / "scene")
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(transaction, "_make_durable", _interrupt)
        scene.state.decide(scene.verb, "yes", record_not_ready=True)
    folder = scene.state.folder()
    omk_writes(scene)
    change(folder / "proof.json", summary="by omk")
    with (folder / "events.jsonl").open("ab") as log:
        log.write(b'{"by": "omk"}\n')
    scene.state.add_row({**_row(scene), "status": "running", "controller_pid": 7})
    before = scene.picture()
    assert journal_of(scene).exists()
    assert not scene.look().facts.interrupted
    assert before.difference(scene.picture()) == f"goals/{GOAL_ID}/{JOURNAL_FILE}"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _row(scene: Scene) -> dict[str, object]:
    return dict(scene.picture().rows[0])


def test_a_change_right_after_the_journal_withdraws_the_decision(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scene.picture()
    write_journal = transaction.write_journal

    def write_and_be_overtaken(*words: object) -> None:
        write_journal(*words)  # type: ignore[arg-type]
        omk_writes(scene)

    monkeypatch.setattr(transaction, "write_journal", write_and_be_overtaken)
    outcome = scene.state.decide("reject", "no")
    assert isinstance(outcome, Refused)
    assert (outcome.kind, "goal.json" in outcome.why) == ("stale", True)
    assert before.difference(scene.picture()) == f"goals/{GOAL_ID}/goal.json"


def test_a_decision_that_omk_overwrites_at_once_says_so(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    make_durable = transaction._make_durable

    def be_overwritten(*words: object) -> None:
        make_durable(*words)  # type: ignore[arg-type]
        omk_writes(scene)

    monkeypatch.setattr(transaction, "_make_durable", be_overwritten)
    outcome = scene.state.decide("reject", "no")
    assert isinstance(outcome, Recorded)
    assert [note for note in outcome.notes if "goal.json was overwritten by another program" in note]


# -- appends


@pytest.mark.parametrize("make", STEPS)
def test_no_line_is_appended_twice_wherever_it_was_cut_off(make: Callable[[Path], Scene], tmp_path: Path) -> None:
    scene = make(tmp_path / "scene")
    for after in range(STEPS[make] + 1):
        scene.restore()
        logs = {path: len(lines) for path, lines in _lines(scene).items()}
        if after < STEPS[make]:
            scene.cut_off(after)
        else:
            scene.state.recorded(scene.verb, "not cut off", record_not_ready=True)
        for _ in range(2):
            assert not scene.look().facts.interrupted
        grown = {path: len(lines) - logs.get(path, 0) for path, lines in _lines(scene).items()}
        assert grown == {
            "events.jsonl": 2,
            "budget-checkpoints.jsonl": 1,
            "artifacts/integration/integrator-decisions.jsonl": 1,
        }, after
        history = scene.engine().history(GOAL_ID)
        assert isinstance(history, History)
        assert not any(entry.fault for entry in history.entries)


@pytest.mark.parametrize("make", STEPS)
def test_a_line_cut_off_at_any_byte_is_completed(make: Callable[[Path], Scene], tmp_path: Path) -> None:
    scene = make(tmp_path / "scene")
    folder = scene.state.folder()
    scene.cut_off(STEPS[make] - 4)
    raw, log = scene.raw(), folder / "events.jsonl"
    before = log.read_bytes()
    assert not scene.look().facts.interrupted
    recovered, line = scene.picture(), log.read_bytes()[len(before) :]
    for length in range(0, len(line) // 2, 1 if DEEP else 17):
        scene.lay(raw)
        log.write_bytes(before + line[:length])
        assert not scene.look().facts.interrupted
        assert not recovered.difference(scene.picture()), length


def test_a_line_behind_what_omk_appended_or_tore_is_a_line_of_its_own(scene: Scene) -> None:
    log = scene.state.folder() / "events.jsonl"
    for between in (b'{"by": "omk"}\n', b'{"by": "omk"', b'{"version', b"{", b"\n", b"\n\n"):
        scene.restore()
        scene.cut_off(6)
        with log.open("ab") as file:
            file.write(between)
        assert not scene.look().facts.interrupted
        kinds = [_kind(line) for line in log.read_bytes().splitlines()]
        assert kinds.count("proof_written") == kinds.count("budget_checkpoint") == 1, between
        assert not scene.look().facts.torn_logs


def _kind(line: bytes) -> str:
    try:
        return str(json.loads(line).get("kind"))
    except ValueError:
        return ""


def _lines(scene: Scene) -> dict[str, list[bytes]]:
    """The whole lines of each log; a torn one that was there before has been ended, and counts as it did."""
    folder = scene.state.folder()
    return {str(path.relative_to(folder)): path.read_bytes().splitlines() for path in sorted(folder.rglob("*.jsonl"))}


# -- a living decider


def test_a_reader_waits_a_second_for_a_living_decider_and_then_says_so(scene: Scene) -> None:
    scene.cut_off(AFTER_GOAL_JSON)
    half = scene.picture()
    fd = os.open(scene.state.folder(), os.O_RDONLY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    begun = time.monotonic()
    told = scene.look().facts.interrupted
    took = time.monotonic() - begun
    assert "being decided right now" in told
    assert 0.9 < took < 10
    begun = time.monotonic()
    outcome = scene.state.decide("reject", "no")
    assert isinstance(outcome, Refused)
    assert outcome.kind == "locked"
    assert time.monotonic() - begun < took, "a second decider is refused sooner"
    assert commit.DECIDER_PATIENCE <= 0.2
    assert not half.difference(scene.picture())
    os.close(fd)
    assert not scene.look().facts.interrupted


@pytest.mark.parametrize("alive", [True, False])
def test_who_decides_is_named_while_that_process_lives(scene: Scene, alive: bool) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    note = json.dumps({"who": "kim@desk", "pid": sleeper.pid, "since": "2026-08-01 10:00:00 UTC"})
    write_note(GoalFolder(str(scene.state.folder())).real, note.encode(), os.environ)
    if not alive:
        sleeper.kill()
        sleeper.wait()
    with GoalFolder(str(scene.state.folder())) as folder, goal_lock(folder):
        outcome = scene.state.decide("reject", "no")
    sleeper.kill()
    sleeper.wait()
    assert isinstance(outcome, Refused)
    told = f"kim@desk (process {sleeper.pid}) since 2026-08-01 10:00:00 UTC"
    assert (told in outcome.why) == alive
    assert ("another program" in outcome.why) != alive


def test_the_list_marks_an_interrupted_goal_and_writes_nothing(scene: Scene) -> None:
    scene.cut_off(AFTER_GOAL_JSON)
    half = scene.raw()
    (line,) = scene.engine().goals().goals
    assert "interrupted" in str(line.verdict) + " ".join(line.why)
    assert scene.raw() == half


# -- what may not be read


def test_what_stood_there_may_be_unreadable(tmp_path: Path) -> None:
    """An atomic replacement needs no permission on the file itself."""
    state = State(tmp_path)
    folder = state.add()
    (folder / "artifacts/integration").mkdir(parents=True)
    old = folder / "artifacts/integration/integrator-reject.json"
    old.write_text("old")
    old.chmod(0o000)
    (tmp_path / "xdg").mkdir()
    give_to_ordinary_user(tmp_path)
    code = f"""
from omk_tui.engine.deciding import commit
from omk_tui.engine.deciding import transaction
def stop(*_): raise KeyboardInterrupt
carry_out, transaction._carry_out = transaction._carry_out, stop
try:
    engine.decide(Decision("reject", {GOAL_ID!r}, "cut off"))
except KeyboardInterrupt:
    print("cut off")
transaction._carry_out = carry_out
print(repr(engine.review({GOAL_ID!r}).facts.interrupted))
"""
    done = as_ordinary_user(code, state, {"XDG_STATE_HOME": str(tmp_path / "xdg")})
    assert done.stdout == "cut off\n''\n", done.stderr
    assert content(old)["summary"] == "cut off"


# -- leftovers


def test_a_temporary_file_of_a_cut_off_write_is_removed_by_the_next_look(scene: Scene) -> None:
    before = scene.picture()
    folder = scene.state.folder()
    ours = folder / ".goal.json.omk-tui.123e4567-e89b-42d3-a456-426614174000"
    theirs = folder / ".goal.json.tmp.123e4567-e89b-42d3-a456-426614174000"
    ours.write_bytes(b"half")
    theirs.write_bytes(b"half")
    scene.look()
    assert before.difference(scene.picture()) == f"goals/{GOAL_ID}/{theirs.name}"


# -- an integration folder that is a link


def test_an_integration_folder_that_links_inside_the_goal_is_recovered_too(tmp_path: Path) -> None:
    scene = fresh_accept(tmp_path / "scene")
    folder = scene.state.folder()
    (folder / "artifacts/elsewhere").mkdir(parents=True)
    (folder / "artifacts/integration").symlink_to("elsewhere")
    scene.freeze()
    for after in range(10):
        scene.restore()
        scene.cut_off(after)
        assert not scene.look().facts.interrupted
        names = sorted(os.listdir(folder / "artifacts/elsewhere"))
        assert names == ["integrator-accept.json", "integrator-decisions.jsonl"], after
        assert (folder / "artifacts/integration").is_symlink()
        assert (folder / "artifacts/elsewhere").stat().st_mode & 0o777 == 0o700
