"""Places that not even their owner may write, or that are not only the goal's: found before anything is written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Refused
from omk_tui.core.records.file_names import (
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    PROOF_FILE,
    REJECT_FILE,
)
from omk_tui.core.records.ledger_entries import History
from omk_tui.engine.deciding import transaction
from tests.core.documents import GOAL_ID
from tests.engine.states import State, as_ordinary_user, give_to_ordinary_user
from tests.engine.test_obstacles import clear, hindered


@pytest.mark.parametrize("path", [EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE])
def test_a_log_with_another_name_is_not_appended_to(state: State, path: str) -> None:
    folder = state.add()
    outside = state.base / "outside"
    outside.write_text("theirs\n")
    outside.chmod(0o644)
    os.link(outside, clear(folder / path))
    refusal = hindered(state)
    assert isinstance(refusal, Refused) and refusal.kind == "outside"
    assert path in refusal.why and "hard link" in refusal.why
    assert outside.read_text() == "theirs\n"
    assert outside.stat().st_mode & 0o777 == 0o644


def test_a_file_that_is_replaced_may_have_another_name(state: State) -> None:
    folder = state.add()
    os.link(folder / GOAL_FILE, state.base / "outside")
    before = (state.base / "outside").read_bytes()
    state.recorded()
    assert (state.base / "outside").read_bytes() == before


def fixed(path: Path, flag: str) -> bool:
    """Set a flag of chattr, if this machine lets a test do so."""
    return subprocess.run(["chattr", flag, str(path)], check=False, capture_output=True).returncode == 0


IMMUTABLE = [("+i", path) for path in ("", GOAL_FILE, PROOF_FILE, EVENTS_FILE, INTEGRATION_FOLDER, REJECT_FILE)]
APPEND_ONLY = [("+a", path) for path in ("", GOAL_FILE, PROOF_FILE, CHECKPOINTS_FILE, INTEGRATION_FOLDER)]


@pytest.mark.parametrize(("flag", "path"), [*IMMUTABLE, *APPEND_ONLY])
def test_what_not_even_its_owner_may_change_is_named_before_anything_is_written(
    state: State, flag: str, path: str
) -> None:
    folder = state.add()
    state.recorded("reject", "an earlier one")
    if not fixed(folder / path, flag):
        pytest.skip("chattr cannot be used here: needs root and a file system with such flags")
    try:
        outcome = hindered(state)
    finally:
        fixed(folder / path, flag.replace("+", "-"))
    assert "chattr" in outcome.why
    assert (path or "the goal directory") in outcome.why
    state.recorded()


def test_an_event_log_that_may_only_grow_is_no_hindrance(state: State) -> None:
    folder = state.add()
    if not fixed(folder / EVENTS_FILE, "+a"):
        pytest.skip("chattr cannot be used here: needs root and a file system with such flags")
    try:
        state.recorded()
    finally:
        fixed(folder / EVENTS_FILE, "-a")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_in_a_sticky_folder_is_named_before_anything_is_written(state: State) -> None:
    folder = state.add()
    give_to_ordinary_user(state.base)
    os.chown(folder, 0, 0)
    folder.chmod(0o1777)
    os.chown(folder / PROOF_FILE, 0, 0)
    (folder / PROOF_FILE).chmod(0o644)
    before = state.photo()
    done = as_ordinary_user(f'print(engine.decide(Decision("reject", {GOAL_ID!r}, "no")).why)', state)
    assert "proof.json" in done.stdout and "sticky" in done.stdout, done.stderr
    assert state.photo() == before


def test_a_goal_behind_a_link_has_one_name_for_locks_journals_and_the_ledger(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = state.base / "elsewhere" / "real-name"
    real.parent.mkdir()
    state.add().rename(real)
    state.folder().symlink_to(real)
    (state.root / "goals" / "another-name").symlink_to(real)
    state.recorded("reject", "first")

    def stop(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_carry_out", stop)
        with pytest.raises(KeyboardInterrupt):
            state.decide("reject", "cut off")
    assert not state.review("another-name").facts.interrupted
    history = state.engine().history("another-name")
    assert isinstance(history, History)
    assert [entry.text("text") for entry in history.entries] == ["first", "cut off"]
    assert {entry.text("goal_id") for entry in history.entries} == {"real-name"}
    assert not any(entry.fault for entry in history.entries)
