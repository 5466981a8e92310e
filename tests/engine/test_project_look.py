"""The project beside a goal's evidence: files before and after a change, with nothing of the project run or touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.review.diff import DiffText, read_diff
from omk_tui.core.review.diff_stream import stream_lines, unfolded
from omk_tui.engine.git.project_look import ProjectLook
from tests.engine.projects import TRAPS, git, plant
from tests.golden.tree import photograph


def diff_of(project: Path) -> DiffText:
    return DiffText((read_diff("run", "mutation.diff", git(project, "diff") + "\n"),))


@pytest.fixture
def changed(project: Path) -> tuple[Path, DiffText]:
    """A project whose notes were changed, and the diff of that."""
    (project / "notes.txt").write_text("one\n" + "same\n" * 30 + "three\n")
    git(project, "commit", "-qam", "long")
    (project / "notes.txt").write_text("one\n" + "same\n" * 30 + "3\n")
    return project, diff_of(project)


def test_a_file_is_unfolded_from_the_objects_of_the_project(changed: tuple[Path, DiffText]) -> None:
    project, diff = changed
    patch = diff.runs[0].files[0]
    text = ProjectLook(str(project)).file_before(patch)
    assert text == "one\n" + "same\n" * 30 + "three\n"
    lines = unfolded(stream_lines(patch), 0, text)
    assert not isinstance(lines, str) and lines[0].text == " one"


def test_why_a_file_cannot_be_unfolded_is_said(changed: tuple[Path, DiffText], tmp_path: Path) -> None:
    project, diff = changed
    patch = diff.runs[0].files[0]
    elsewhere = ProjectLook(str(tmp_path)).file_before(patch)
    assert isinstance(elsewhere, Failed) and "it has no .git" in elsewhere.why
    assert ProjectLook("").file_before(patch) == Failed("no project is known for this goal")
    other = read_diff("r", "p", "diff --git a/x b/x\nindex 1234567..89abcde 1\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")
    unknown = ProjectLook(str(project)).file_before(other.files[0])
    assert isinstance(unknown, Failed) and "does not have 1234567" in unknown.why


def test_which_files_are_no_longer_as_the_diff_left_them(changed: tuple[Path, DiffText]) -> None:
    project, diff = changed
    look = ProjectLook(str(project))
    assert {path: now.state for path, now in look.files(diff, ()).items()} == {"notes.txt": "same"}
    (project / "notes.txt").write_bytes((project / "notes.txt").read_bytes().replace(b"\n", b"\r\n"))
    assert look.files(diff, ())["notes.txt"].state == "same", "only the ends of lines are others"
    (project / "notes.txt").write_text("edited\n")
    assert look.files(diff, ())["notes.txt"].state == "differs"
    (project / "notes.txt").unlink()
    assert look.files(diff, ())["notes.txt"].state == "gone"


def test_files_that_no_diff_shows_are_read_and_nothing_outside(changed: tuple[Path, DiffText], tmp_path: Path) -> None:
    project, diff = changed
    (tmp_path / "secret").write_text("secret")
    (project / "new.py").write_text("one\ntwo\n")
    (project / "binary").write_bytes(b"\0")
    (project / "link").symlink_to(tmp_path / "secret")
    (project / "folder-link").symlink_to(tmp_path)
    outside = ("link", "folder-link/secret", "../secret", "/etc/passwd", ".git/config", "a\0b", "")
    names = ("new.py", "binary", "lost", *outside)
    files = ProjectLook(str(project)).files(diff, names)
    patch = files["new.py"].patch
    assert patch is not None and [line.text for line in patch.lines] == ["+one", "+two"]
    assert not any(now.patch for path, now in files.items() if path != "new.py")
    assert files["lost"].state == "gone" and "binary" not in files


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_of_the_project_is_changed_or_obeyed(changed: tuple[Path, DiffText], tmp_path: Path, trap: str) -> None:
    project, diff = changed
    mark = plant(project, tmp_path, trap)
    mark.unlink(missing_ok=True)
    before = photograph(project)
    look = ProjectLook(str(project))
    assert look.files(diff, ("other",))["notes.txt"].state == "same"
    assert isinstance(look.file_before(diff.runs[0].files[0]), str)
    assert photograph(project) == before and not mark.exists()
