"""Marks are kept privately in omk-tui's own folder, those of two desks side by side, and may be lost without harm."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from omk_tui.core.records.intake import Intake
from omk_tui.engine.files import app_state
from omk_tui.engine.reading.read_marks import marks_subject, synchronised_marks
from tests.engine.states import State

SUBJECT = ("branch", "/srv/project/.git", "refs/heads/agent/mul")
ONE, TWO, THREE = (letter * 32 for letter in "abc")
OLD, NEW = "0" * 64, "1" * 64


@pytest.fixture(autouse=True)
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    return tmp_path / "xdg/omk-tui/marks"


def intake(branch: str) -> Intake:
    return Intake(
        *("",) * 6,
        repository=SUBJECT[1],
        branch=branch,
        head="",
        base_ref="",
        base="",
        merge_base="",
        merge="clean",
        merge_tree="",
        merge_text="",
        text_from="",
    )


def test_marks_are_kept_for_their_subject_only_and_nobody_else_reads_them(top: Path) -> None:
    assert synchronised_marks(SUBJECT, {}) == {} and not top.exists(), "reading creates nothing"
    assert synchronised_marks(SUBJECT, {ONE: OLD, TWO: OLD}) == {ONE: OLD, TWO: OLD}
    assert synchronised_marks(SUBJECT, {ONE: None}) == {TWO: OLD}
    assert synchronised_marks(SUBJECT, {}) == {TWO: OLD}
    assert synchronised_marks((*SUBJECT[:2], "refs/heads/other"), {}) == {}
    (file,) = top.iterdir()
    assert (file.stat().st_mode & 0o777, top.stat().st_mode & 0o777) == (0o600, 0o700)


def test_marks_of_two_desks_stay_and_of_one_path_the_last_wins() -> None:
    synchronised_marks(SUBJECT, {ONE: OLD, TWO: OLD})
    assert synchronised_marks(SUBJECT, {TWO: NEW, THREE: OLD}) == {ONE: OLD, TWO: NEW, THREE: OLD}


def test_desks_that_write_at_the_same_time_lose_nothing() -> None:
    def desk(number: int) -> None:
        for file in range(10):
            synchronised_marks(SUBJECT, {f"{number:016x}{file:016x}": OLD})

    desks = [threading.Thread(target=desk, args=(number,)) for number in range(4)]
    for each in desks:
        each.start()
    for each in desks:
        each.join()
    assert len(synchronised_marks(SUBJECT, {})) == 40


def test_a_lock_that_is_never_given_back_is_not_waited_for_for_ever(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_state, "MARKS_PATIENCE", 0.0)
    synchronised_marks(SUBJECT, {ONE: OLD})
    folder = os.open(top, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="another program holds the lock"):
            synchronised_marks(SUBJECT, {TWO: OLD})
        assert synchronised_marks(SUBJECT, {}) == {ONE: OLD}, "reading needs no lock"
    finally:
        os.close(folder)


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff", b'{"marks":7}', b"[" * 5000, b'{"marks":["x"]}', b" " * (2 << 20)]
)
def test_damage_is_no_mark_and_is_written_over(top: Path, damage: bytes) -> None:
    synchronised_marks(SUBJECT, {ONE: OLD})
    (file,) = top.iterdir()
    file.write_bytes(damage)
    assert synchronised_marks(SUBJECT, {}) == {}
    assert synchronised_marks(SUBJECT, {TWO: OLD}) == {TWO: OLD}


def test_a_pipe_or_a_link_in_the_place_of_marks_is_not_read(top: Path, tmp_path: Path) -> None:
    synchronised_marks(SUBJECT, {ONE: OLD})
    (file,) = top.iterdir()
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert synchronised_marks(SUBJECT, {}) == {}
    file.unlink()
    os.mkfifo(file)
    assert synchronised_marks(SUBJECT, {}) == {}
    assert synchronised_marks(SUBJECT, {TWO: OLD}) == {TWO: OLD}
    assert elsewhere.stat().st_nlink == 1 and not file.is_symlink()


def test_of_many_subjects_the_oldest_are_forgotten(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_state, "MOST_MARKED", 2)
    for number in range(5):
        synchronised_marks(("goal", str(number)), {ONE: OLD})
        for file in top.iterdir():
            if file.stat().st_mtime_ns > 10**12:
                os.utime(file, ns=(number, number))
    assert [bool(synchronised_marks(("goal", str(number)), {})) for number in range(5)] == [False] * 3 + [True] * 2


def test_where_nothing_can_be_kept_that_is_raised_and_reading_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert synchronised_marks(SUBJECT, {}) == {}
    with pytest.raises(OSError):
        synchronised_marks(SUBJECT, {ONE: OLD})


def test_a_branch_keeps_its_marks_over_its_goals_and_any_other_goal_for_itself(state: State) -> None:
    folder = state.add()
    root = state.engine().root
    of_branch = marks_subject(root, folder.name, intake(SUBJECT[2]))
    assert of_branch == marks_subject(root, "goal-that-is-not-there", intake(SUBJECT[2]))
    assert of_branch != marks_subject(root, folder.name, intake("refs/heads/other"))
    assert synchronised_marks(marks_subject(root, folder.name, intake("\ud800\0")), {ONE: OLD}) == {ONE: OLD}
    own = tuple(os.path.realpath(folder).split("/")[1:])
    assert marks_subject(root, folder.name, intake("")) == own
    assert marks_subject(root, folder.name, None) == own
    with pytest.raises(OSError):
        marks_subject(root, "goal-that-is-not-there", None)
