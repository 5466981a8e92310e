"""omk-tui's own state folder: what was shown is kept there for a while, privately, and may be lost without harm."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.review.last_look import Look
from omk_tui.core.review.shown_points import seen_of
from omk_tui.engine.files import app_state
from omk_tui.engine.reading.last_look import keep_look, last_look
from tests.engine.states import State

GOAL = ("a", "goal")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "xdg")}


def kept(environ: dict[str, str]) -> list[Path]:
    return sorted(Path(app_state.app_state_folder(environ), "seen").iterdir())


def test_what_was_shown_comes_back_for_its_goal_and_snapshot_only(state: State, environ: dict[str, str]) -> None:
    state.add()
    seen = seen_of(state.review())
    app_state.remember(GOAL, seen, environ)
    app_state.remember(GOAL, seen, environ)
    assert app_state.recall(GOAL, seen.snapshot, environ) == seen
    assert app_state.recall(("another", "goal"), seen.snapshot, environ) is None
    assert app_state.recall(GOAL, "0" * 64, environ) is None
    (file,) = kept(environ)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_oldest_are_forgotten(state: State, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_state, "MOST_SEEN", 3)
    state.add()
    seen = seen_of(state.review())
    digests = [f"{number:064x}" for number in range(6)]
    for number, digest in enumerate(digests):
        app_state.remember(GOAL, replace(seen, snapshot=digest), environ)
        for file in kept(environ):
            if digest in file.name:
                os.utime(file, ns=(number, number))
    # Each new file is the newest until its time is set: the last three stay.
    assert [app_state.recall(GOAL, digest, environ) is not None for digest in digests] == [False] * 3 + [True] * 3


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b'{"snapshot":1}'])
def test_a_damaged_memory_is_none(state: State, environ: dict[str, str], damage: bytes) -> None:
    state.add()
    seen = seen_of(state.review())
    app_state.remember(GOAL, seen, environ)
    kept(environ)[0].write_bytes(damage)
    assert app_state.recall(GOAL, seen.snapshot, environ) is None


def test_a_pipe_or_a_link_in_its_place_is_not_read(state: State, environ: dict[str, str]) -> None:
    state.add()
    seen = seen_of(state.review())
    app_state.remember(GOAL, seen, environ)
    (file,) = kept(environ)
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")
    assert app_state.recall(GOAL, seen.snapshot, environ) is None
    file.unlink()
    os.mkfifo(file)
    assert app_state.recall(GOAL, seen.snapshot, environ) is None


def test_where_nothing_can_be_kept_nothing_is_said(state: State, tmp_path: Path) -> None:
    state.add()
    (tmp_path / "file").write_text("")
    app_state.remember(GOAL, seen_of(state.review()), {"XDG_STATE_HOME": str(tmp_path / "file")})
    assert (tmp_path / "file").read_text() == ""


def test_more_than_is_kept_of_one_goal_is_not_kept(
    state: State, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_state, "LARGEST_SEEN", 100)
    state.add()
    app_state.remember(GOAL, seen_of(state.review()), environ)
    assert not Path(app_state.app_state_folder(environ)).exists()


@pytest.mark.parametrize("at_top", [True, False])
def test_nothing_is_removed_through_a_link(
    state: State, environ: dict[str, str], tmp_path: Path, at_top: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_state, "MOST_SEEN", 3)
    state.add()
    elsewhere = tmp_path / "elsewhere"
    papers = elsewhere / "seen" if at_top else elsewhere
    papers.mkdir(parents=True)
    for number in range(10):
        (papers / f"paper-{number}").write_text("mine")
    top = Path(app_state.app_state_folder(environ))
    if at_top:
        top.parent.mkdir(parents=True, exist_ok=True)
        top.symlink_to(elsewhere)
    else:
        top.mkdir(parents=True)
        (top / "seen").symlink_to(elsewhere)
    app_state.remember(GOAL, seen_of(state.review()), environ)
    assert len(list(papers.glob("paper-*"))) == 10


def test_a_note_is_written_over_a_pipe_and_a_pipe_is_not_waited_for(environ: dict[str, str]) -> None:
    app_state.write_note(GOAL, b"1", environ)
    (note,) = (Path(app_state.app_state_folder(environ)) / "deciding").iterdir()
    note.unlink()
    os.mkfifo(note)
    with pytest.raises(OSError, match="no regular file"):
        app_state.read_note(GOAL, environ)
    app_state.write_note(GOAL, b"2", environ)
    assert app_state.read_note(GOAL, environ) == b"2"


def test_the_last_look_is_kept_and_harmless_when_missing_or_damaged(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(app_state, "MOST_LOOKS", 2)
    folder = state.add()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    root, look = state.engine().root, Look(Timestamp.from_unix_nanos(1_795_386_000_123_456_789), "ab" * 32)
    assert last_look(root, folder.name) is None
    keep_look(root, folder.name, look)
    assert last_look(root, folder.name) == look
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before, "nothing is written beside omk's"
    (file,) = (tmp_path / "xdg/omk-tui/looks").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    for damage in (b"", b"{", b"\xff", b'{"at":1,"snapshot":""}', b"[" * 5000):
        file.write_bytes(damage)
        assert last_look(root, folder.name) is None
    for number in range(5):
        app_state.write_look(("goal", str(number)), look, os.environ)
    assert len(list(file.parent.iterdir())) == 2
    keep_look(root, "goal-that-is-not-there", look)
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    keep_look(root, folder.name, look)
    assert last_look(root, folder.name) is None
