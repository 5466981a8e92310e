"""Reading forty files over an hour: `v` marks what is read, and what changes meanwhile has to be read again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from omk_tui.app import OmkApp
from omk_tui.core.review.read_marks import decode_marks
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.reading.read_marks import synchronised_marks
from omk_tui.screens.copy_menu import CopyMenu
from omk_tui.screens.decision import DecisionDialog
from tests.engine.projects import git
from tests.journeys.story import Clock, Desk, desk
from tests.opening.conftest import Branches

NAMES = [f"src/file_{number}.py" for number in range(4)]


@pytest.fixture
def branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branches:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    made = Branches(tmp_path)
    for name in NAMES:
        made.write(name, f"name = {name!r}\n")
    made.commit("More files")
    git(made.project, "checkout", "-q", "-b", "agent/work")
    for name in NAMES:
        made.write(name, f"name = {name!r}\nvalue = 1\n")
    made.commit("Give them values")
    git(made.project, "checkout", "-q", "main")
    return made


@asynccontextmanager
async def desk_on(branches: Branches, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    clock = Clock()
    engine = Engine(StateRoot(str(branches.root), "the test's own", exists=True), str(branches.project))
    app = OmkApp(engine, monotonic=clock, watch=False)
    async with app.run_test(size=size) as pilot:
        story = Desk(app, pilot, branches.root, clock)
        await story.settle()
        yield story


def rows(story: Desk) -> list[str]:
    """The rows of the section as they are on screen, without what stands between path and mark."""
    marks = {"[x] read": "read", "[~] changed": "changed"}
    left = [line.partition("▏")[0] for line in story.text.splitlines()]
    lines = [line for line in left if any(name in line for name in NAMES) and "──" not in line]
    return [next((word for mark, word in marks.items() if mark in line), "") for line in lines[: len(NAMES)]]


async def test_files_are_marked_one_after_the_other_and_a_mark_is_taken_back(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        assert "4 files" in story.text and "MARK" not in story.text and "4 files read" not in story.text
        assert story.review.pane.lit == f"file {NAMES[0]}"
        await story.press("v")
        assert story.said == f"read: {NAMES[0]}; 1 of 4 files read"
        assert rows(story) == ["read", "", "", ""] and story.review.pane.lit == f"file {NAMES[1]}"
        assert "1 of 4 files read" in story.text.splitlines()[2] and "[5 Diff 1/4]" in story.text.splitlines()[1]
        await story.press("j", "v")
        assert rows(story) == ["read", "", "read", ""]
        await story.press("v")
        assert story.review.pane.lit == f"file {NAMES[1]}", "from the end on to the first that is not read"
        await story.press("k", "v")
        assert story.said == f"not read: {NAMES[0]}; 2 of 4 files read"
        assert rows(story) == ["", "", "read", "read"] and story.review.pane.lit == f"file {NAMES[0]}"
        await story.press("v", "v")
        assert story.said == f"read: {NAMES[1]}; all 4 files read"
        assert "all 4 files read" in story.text.splitlines()[2]
        await story.press("4", "v")
        assert story.said == "files are marked as read in 5 Diff"
        await story.press("q", "v")
        assert "v works in an opened goal" in story.said


async def test_keys_in_one_burst_mark_as_keys_one_by_one_do(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        for _ in range(3):
            story.app.post_message(events.Key("v", "v"))
        await story.settle()
        assert rows(story) == ["read", "read", "read", ""] and story.review.pane.lit == f"file {NAMES[3]}"
        await story.press("k")
        for _ in range(4):
            story.app.post_message(events.Key("v", "v"))  # back, again and on, the last one, and its mark back
        await story.settle()
        assert rows(story) == ["read", "read", "read", ""]
        assert story.said == f"not read: {NAMES[3]}; 3 of 4 files read"
        await story.press("g", "j", "enter", "v")
        for _ in range(2):
            story.app.post_message(events.Key("v", "v"))
        await story.settle()
        assert story.said == f"read: {NAMES[3]}; all 4 files read", "in the diff alone too"


async def test_in_the_diff_itself_the_file_under_the_cursor_is_marked(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5", "enter", "right_curly_bracket", "right_square_bracket")
        await story.press("v")
        assert story.said == f"read: {NAMES[1]}; 1 of 4 files read"
        assert story.review.pane.zoomed and story.review.pane.stream.part_key == f"file {NAMES[2]}"
        await story.press("left_curly_bracket")
        assert "[x] read ─ 1 of 4 files read" in story.text
        await story.press("v")
        assert "[x]" not in story.text and story.review.pane.stream.part_key == f"file {NAMES[1]}"
        await story.press("escape", "g", "v")
        assert "there is no diff of a file here" in story.said


async def test_on_a_small_screen_the_sentence_keeps_how_much_is_read(branches: Branches) -> None:
    branches.on("agent/work", f"a/{'long/' * 20}name.py", "x\n")
    branches.open("agent/work")
    async with desk_on(branches, (40, 10)) as story:
        await story.press("enter", "5", "v")
        assert story.said == "read: …ong/name.py; 1 of 5 files read"
        assert "1 of 5 files read" in story.text.splitlines()[2] and "[x] read" in story.text


async def test_marks_are_there_after_leaving_and_after_a_restart_and_nothing_else_is_written(
    branches: Branches,
) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        before = story.files()
        await story.press("enter", "5", "v", "v", "q")
        await story.press("enter", "5")
        assert rows(story) == ["read", "read", "", ""] and story.review.pane.lit == f"file {NAMES[0]}"
        assert story.files() == before
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        assert rows(story) == ["read", "read", "", ""] and "2 of 4 files read" in story.text


async def test_when_the_agent_goes_on_only_what_changed_has_to_be_read_again(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5", "v", "v", "v", "v")
        assert "all 4 files read" in story.text
    branches.on("agent/work", NAMES[1], f"name = {NAMES[1]!r}\nvalue = 2\n")
    branches.on("agent/work", "src/more.py", "value = 3\n")
    newer = branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        assert story.review.goal_id == newer
        assert rows(story) == ["read", "changed", "read", "read"] and "3 of 5 files read" in story.text
        await story.press("j")
        assert "[~] changed since you read it ─ 3 of 5 files read" in story.text
        await story.press("v")
        assert rows(story)[1] == "read" and story.review.pane.lit == "file src/more.py"


async def test_the_dialog_says_how_much_is_read_to_those_who_mark(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches, (80, 60)) as story:
        await story.press("enter", "5", "A")
        assert story.dialog.verb == "accept" and "marked as read" not in story.text
        await story.press("escape", "v", "A")
        assert "READ   1 of 4 changed files are marked as read" in story.text
        await story.press("v")
        assert story.words == "v", "in a dialog it is a letter"
        await story.press("escape", "R")
        assert isinstance(story.app.screen, DecisionDialog) and "marked as read" not in story.text


async def test_two_desks_have_the_marks_of_both(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story, desk_on(branches) as other:
        await story.press("enter", "5", "v")
        await other.press("enter", "5")
        await story.press("v")
        await other.press("G", "v")
        assert rows(other) == ["read", "read", "", "read"]
        await story.press("ctrl+r")
        assert rows(story) == ["read", "read", "", "read"]


async def test_where_nothing_can_be_kept_that_is_said_once_and_marks_last_for_this_run(
    branches: Branches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.open("agent/work")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    async with desk_on(branches, (160, 24)) as story:
        await story.press("enter", "5", "v")
        await story.until(lambda: "marks are lost when the desk is closed" in story.said)
        assert f"{tmp_path / 'file'}/omk-tui/marks cannot be written (Not a directory)" in story.said
        await story.press("v")
        assert story.said == f"read: {NAMES[1]}; 2 of 4 files read"
        await story.press("ctrl+r")
        assert rows(story) == ["read", "read", "", ""]
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
        await story.press("v")
        assert rows(story) == ["read", "read", "read", ""]
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        assert rows(story) == ["read", "read", "read", ""], "what could not be kept before is kept with the next mark"


async def test_a_damaged_memory_is_no_mark(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5", "v")
    (file,) = Path(os.environ["XDG_STATE_HOME"], "omk-tui/marks").iterdir()
    file.write_bytes(b"\xff" * 1000)
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        assert rows(story) == ["", "", "", ""]
        await story.press("v")
        assert rows(story) == ["read", "", "", ""]


async def test_what_is_set_as_the_desk_ends_is_kept(branches: Branches, monkeypatch: pytest.MonkeyPatch) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5")
        monkeypatch.setattr(story.app, "in_thread", lambda *_: None)  # a thread that does not get its turn any more
        await story.press("v", "v")
        folder = Path(os.environ["XDG_STATE_HOME"], "omk-tui/marks")
        assert not folder.exists()
        story.app.marking.finish()
        (file,) = folder.iterdir()
        assert len(decode_marks(file.read_bytes())) == 2
        story.app.marking.forget()
        await story.press("v")
        assert "it is not known yet what is marked here" in story.said


async def test_a_goal_of_omk_has_marks_of_its_own(tmp_path: Path) -> None:
    async with desk(tmp_path) as story:
        review = await story.open("failing-gate")
        await story.press("5", "v", "G", "v")
        assert "there is no diff of a file here" in story.said, "the last row is a file without a diff"
        assert "1 of 2 files read" in story.text
        real = tuple(os.path.realpath(story.folder("failing-gate")).split("/")[1:])
        assert len(synchronised_marks(real, {})) == 1
        await story.press("k", "r", "v")
        assert "all 2 files read" in story.said, "raw too"
        await story.press("q")
        review = await story.open("ready")
        assert review.progress is not None and not review.progress.is_used


async def test_a_diff_that_changes_under_the_desk_has_no_marks_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as story:
        await story.open("failing-gate")
        await story.press("5", "v")
        (diff,) = story.folder("failing-gate").glob("artifacts/agent-runs/*/mutation.diff")
        text = diff.read_text()
        diff.write_text(text.replace("\n+    ", "\n+\t   ", 1))
        assert diff.read_text() != text
        with monkeypatch.context() as slow:
            slow.setattr(story.app.marking, "look", lambda _: None)
            await story.press("ctrl+r")
            assert "MARK" not in story.text
            await story.press("v")
            assert "it is not known yet" in story.said
        await story.press("ctrl+r")
        assert "[~] changed" in story.text and "0 of 2 files read" in story.text


async def test_a_diff_of_the_same_size_is_compared_with_the_project_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as story:
        await story.open("failing-gate")
        looks: list[str] = []
        monkeypatch.setattr(story.app.reviewing, "look_at_project", lambda: looks.append("look"))
        await story.press("ctrl+r")
        assert looks == [], "nothing has changed"
        (diff,) = story.folder("failing-gate").glob("artifacts/agent-runs/*/mutation.diff")
        before = diff.read_text()
        diff.write_text(before.replace("\n+    ", "\n+\t   ", 1))
        assert len(diff.read_text()) == len(before)
        await story.press("ctrl+r")
        assert looks == ["look"]


async def test_the_hunk_under_the_cursor_is_copied(branches: Branches) -> None:
    branches.open("agent/work")
    async with desk_on(branches) as story:
        await story.press("enter", "5", "y")
        assert isinstance(story.app.screen, CopyMenu) and "the hunk" not in story.text
        await story.press("escape", "enter", "right_square_bracket", "j", "y")
        assert "h  the hunk" in story.text and "@@ -1 +1,2 @@" in story.text
        await story.press("h")
        assert story.said.startswith("the hunk: ")
