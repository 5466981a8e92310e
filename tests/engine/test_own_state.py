"""omk-tui's own state folder: what was shown is kept there for a while, privately, and may be lost without harm."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from omk_tui.core.seen import seen_of
from omk_tui.engine import own_state
from tests.engine.states import State

GOAL = ("a", "goal")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "xdg")}


def kept(environ: dict[str, str]) -> list[Path]:
    return sorted(Path(own_state.own_state_folder(environ), "seen").iterdir())


def test_what_was_shown_comes_back_for_its_goal_and_snapshot_only(state: State, environ: dict[str, str]) -> None:
    state.add()
    seen = seen_of(state.review())
    own_state.remember(GOAL, seen, environ)
    own_state.remember(GOAL, seen, environ)
    assert own_state.recall(GOAL, seen.snapshot, environ) == seen
    assert own_state.recall(("another", "goal"), seen.snapshot, environ) is None
    assert own_state.recall(GOAL, "0" * 64, environ) is None
    (file,) = kept(environ)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_oldest_are_forgotten(state: State, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_state, "_KEPT", 3)
    state.add()
    seen = seen_of(state.review())
    digests = [f"{number:064x}" for number in range(6)]
    for number, digest in enumerate(digests):
        own_state.remember(GOAL, replace(seen, snapshot=digest), environ)
        for file in kept(environ):
            if digest in file.name:
                os.utime(file, ns=(number, number))
    # Each new file is the newest until its time is set: the last three stay.
    assert [own_state.recall(GOAL, digest, environ) is not None for digest in digests] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b'{"snapshot":1}'])
def test_a_damaged_memory_is_none(state: State, environ: dict[str, str], damage: bytes) -> None:
    state.add()
    seen = seen_of(state.review())
    own_state.remember(GOAL, seen, environ)
    kept(environ)[0].write_bytes(damage)
    assert own_state.recall(GOAL, seen.snapshot, environ) is None


def test_a_pipe_or_a_link_in_its_place_is_not_read(state: State, environ: dict[str, str]) -> None:
    state.add()
    seen = seen_of(state.review())
    own_state.remember(GOAL, seen, environ)
    (file,) = kept(environ)
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")
    assert own_state.recall(GOAL, seen.snapshot, environ) is None
    file.unlink()
    os.mkfifo(file)
    assert own_state.recall(GOAL, seen.snapshot, environ) is None


def test_where_nothing_can_be_kept_nothing_is_said(state: State, tmp_path: Path) -> None:
    state.add()
    (tmp_path / "file").write_text("")
    own_state.remember(GOAL, seen_of(state.review()), {"XDG_STATE_HOME": str(tmp_path / "file")})
    assert (tmp_path / "file").read_text() == ""


def test_more_than_is_kept_of_one_goal_is_not_kept(
    state: State, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_state, "_MAX_SEEN", 100)
    state.add()
    own_state.remember(GOAL, seen_of(state.review()), environ)
    assert not Path(own_state.own_state_folder(environ)).exists()
