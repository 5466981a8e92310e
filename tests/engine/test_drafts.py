"""Texts of decisions that were begun: kept privately, whole or not at all, and never in the way of anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.draft import LARGEST_DRAFT, Draft
from omk_tui.engine.deciding.drafts import read_drafts, write_draft
from omk_tui.engine.files import app_state
from omk_tui.engine.files.state_root import StateRoot
from tests.cli.processes import REPOSITORY
from tests.engine.states import State

AT = Timestamp.from_unix_nanos(1_795_386_000_123_456_789)


class DraftFolder:
    """A goal, and the folder in which its drafts are drafts."""

    def __init__(self, state: State, xdg: Path) -> None:
        self.goal = state.add()
        self.root: StateRoot = state.engine().root
        self.folder = xdg / "omk-tui/drafts"

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def read(self) -> dict[Verb, Draft]:
        return read_drafts(self.root, self.goal.name)


@pytest.fixture
def drafts(state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DraftFolder:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    return DraftFolder(state, tmp_path / "xdg")


def test_a_draft_is_kept_for_its_goal_and_verb_privately_and_not_beside_the_goal(drafts: DraftFolder) -> None:
    before = {path: path.stat().st_mtime_ns for path in drafts.goal.rglob("*")}
    assert drafts.read() == {}
    assert write_draft(drafts.root, drafts.goal.name, "accept", Draft(AT, "so be it")) == ""
    assert write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "not yet\nwhy: ü")) == ""
    assert write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "never")) == ""
    assert drafts.read() == {"accept": Draft(AT, "so be it"), "reject": Draft(AT, "never")}
    assert len(drafts.files) == 2
    assert {file.stat().st_mode & 0o777 for file in drafts.files} == {0o600}
    assert drafts.folder.stat().st_mode & 0o777 == 0o700
    assert {path: path.stat().st_mtime_ns for path in drafts.goal.rglob("*")} == before
    assert write_draft(drafts.root, drafts.goal.name, "accept", None) == ""
    assert write_draft(drafts.root, drafts.goal.name, "accept", None) == "", "what is gone is gone"
    assert drafts.read() == {"reject": Draft(AT, "never")}


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[" * 5000, b'{"at":1,"text":""}', b"x" * (LARGEST_DRAFT + 9)])
def test_damage_is_no_draft(drafts: DraftFolder, damage: bytes) -> None:
    write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "no"))
    drafts.files[0].write_bytes(damage)
    assert drafts.read() == {}


def test_what_is_no_file_of_ours_is_neither_followed_nor_waited_for(drafts: DraftFolder, tmp_path: Path) -> None:
    write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "no"))
    (file,) = drafts.files
    precious = tmp_path / "precious"
    precious.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(precious)
    assert drafts.read() == {}
    file.unlink()
    os.mkfifo(file)
    assert drafts.read() == {}
    assert write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "yes")) == ""
    assert drafts.read() == {"reject": Draft(AT, "yes")}
    file.unlink()
    drafts.folder.rmdir()
    drafts.folder.symlink_to(tmp_path)
    assert drafts.read() == {}
    assert "drafts" in write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "no"))
    assert "reject" not in "".join(os.listdir(tmp_path))


def test_they_are_bounded_in_size_and_number(drafts: DraftFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "x" * LARGEST_DRAFT))
        == "it is longer than 256 KiB"
    )
    assert write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "x" * (LARGEST_DRAFT - 100))) == ""
    assert len(drafts.read()["reject"].text) == LARGEST_DRAFT - 100
    monkeypatch.setattr(app_state, "MOST_DRAFTS", 3)
    stranger = drafts.folder / "notes.txt"
    stranger.write_text("a person's own")
    for number in range(6):
        app_state.write_draft(("goal", str(number)), "accept", b"{}", os.environ)
        os.utime(
            max(drafts.folder.glob("*-accept.json"), key=lambda each: each.stat().st_mtime_ns), ns=(number, number)
        )
    assert len(drafts.files) == 4 and stranger.exists()


def test_where_nothing_can_be_written_it_says_why(
    drafts: DraftFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    why = write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "no"))
    assert why == f"{tmp_path}/no folder/omk-tui/drafts: Not a directory"
    assert drafts.read() == {}
    assert "No such file" in write_draft(drafts.root, "goal-that-is-not-there", "reject", Draft(AT, "no"))


_WRITER = """
import sys
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.draft import Draft
from omk_tui.engine.deciding.drafts import write_draft
from omk_tui.engine.files.state_root import StateRoot
root, at = StateRoot(sys.argv[1], "", True), Timestamp(1_795_386_000, 0)
for number in range(1_000_000):
    assert not write_draft(root, sys.argv[2], "reject", Draft(at, f"{number} " * 20_000))
    print(number, flush=True)
"""


def test_whoever_is_killed_while_writing_leaves_a_whole_draft(drafts: DraftFolder) -> None:
    words = [sys.executable, "-c", _WRITER, drafts.root.path, drafts.goal.name]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    for lines in (1, 2, 3, 5, 8):
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=environ) as writer:
            assert writer.stdout is not None
            for _ in range(lines):
                writer.stdout.readline()
            writer.kill()
        numbers = drafts.read()["reject"].text.split()
        assert len(numbers) == 20_000 and len(set(numbers)) == 1
    assert write_draft(drafts.root, drafts.goal.name, "reject", Draft(AT, "after all")) == ""
    assert drafts.read() == {"reject": Draft(AT, "after all")}
