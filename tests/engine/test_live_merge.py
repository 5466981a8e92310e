"""Merges are tried without touching the project: no ref, object, index, file or setting changes, and nothing runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from omk_tui.core.review.live_merge import MARKER_SIZE, ConflictHunk, LiveMerge, conflict_hunks
from omk_tui.engine.git import live_merge
from omk_tui.engine.git.live_merge import try_merges
from tests.engine.projects import TRAPS, plant
from tests.golden.tree import photograph


def one(project: Path, source: str, target: str = "ours") -> LiveMerge:
    (merge,) = try_merges(str(project), [(source, target)])
    return merge


def test_what_conflicts_now_what_is_clean_now_and_what_is_gone(project: Path) -> None:
    hunk = ConflictHunk("notes.txt", 2, ("two",), ("TWO",), ("2",))
    words = "theirs into ours conflicts now in 1 file"
    assert one(project, "theirs") == LiveMerge("conflict", words, ("notes.txt",), (hunk,))
    assert one(project, "apart") == LiveMerge("clean", "apart into ours merges cleanly now")
    assert one(project, "lost") == LiveMerge("gone", "lost names no commit any more")
    assert one(project, "lost", "") == LiveMerge("gone", "lost and an empty ref name no commit any more")


@pytest.mark.parametrize(
    "ref", ["--output=made", "-x", ":/base", "ours@{1}", "ours..theirs", "ours\nlost", "o urs", "\x1b[2J"]
)
def test_a_ref_is_a_name_or_a_hash_and_nothing_else(project: Path, ref: str) -> None:
    before = photograph(project)
    merge = one(project, ref)
    assert merge.state == "gone"
    assert merge.text.isprintable()
    assert photograph(project) == before


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_of_the_project_is_changed_or_obeyed(project: Path, tmp_path: Path, trap: str) -> None:
    mark = plant(project, tmp_path, trap)
    mark.unlink(missing_ok=True)
    before = photograph(project)
    assert one(project, "theirs").state in ("conflict", "clean")
    assert photograph(project) == before
    assert not mark.exists()


def test_nothing_is_left_in_the_temporary_folder(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    assert one(project, "theirs").state == "conflict"
    assert list(scratch.iterdir()) == []


def test_why_nothing_was_tried_is_said(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    assert one(plain, "theirs").text == f"not checked now: {plain}: it has no .git"
    with monkeypatch.context() as context:
        context.setenv("PATH", str(plain))
        assert one(project, "theirs").text == "not checked now: there is no git on PATH"
    monkeypatch.setattr(live_merge, "_MOST_MERGES", 1)
    first, second = try_merges(str(project), [("theirs", "ours"), ("apart", "ours")])
    assert (first.state, second.state) == ("conflict", "not_checked")


def test_a_git_without_the_command_is_named(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.run(["which", "git"], check=True, capture_output=True, text=True).stdout.strip()
    old = tmp_path / "old"
    old.mkdir()
    (old / "git").write_text(f'#!/bin/sh\ncase "$*" in *merge-tree*) exit 129;; esac\nexec {real} "$@"\n')
    (old / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{old}:{os.environ['PATH']}")
    assert "no merge-tree --write-tree" in one(project, "theirs").text


def test_conflicts_are_taken_apart_by_marks_that_no_file_has_by_chance() -> None:
    begin, middle, split, end = (sign * MARKER_SIZE for sign in "<|=>")
    text = f"one\n<<<<<<< not ours\n{begin} ours\nA\n{middle} base\n{split}\nB\n=======\n{end} theirs\nlast\n"
    assert conflict_hunks("f", text) == (ConflictHunk("f", 3, (), ("A",), ("B", "=======")),)
    assert conflict_hunks("f", f"{begin} ours\nnever ends\n") == ()
