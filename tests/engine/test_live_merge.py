"""Merges are tried without touching the project: no ref, object, index, file or setting changes, and nothing runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from omk_tui.core.review.live_merge import LiveMerge
from omk_tui.engine.git import live_merge
from omk_tui.engine.git.live_merge import try_merges
from tests.golden.tree import photograph

WHO = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **WHO}, check=True, capture_output=True, text=True
    )
    return ended.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose branch `ours` conflicts with `theirs`, and not with `apart`."""
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "notes.txt").write_text("one\ntwo\nthree\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "base")
    for branch, name, text in (
        ("ours", "notes.txt", "one\nTWO\nthree\n"),
        ("theirs", "notes.txt", "one\n2\nthree\n"),
        ("apart", "other.txt", "apart\n"),
    ):
        git(folder, "checkout", "-q", "-b", branch, "main")
        (folder / name).write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-qm", branch)
    git(folder, "checkout", "-q", "ours")
    return folder


def one(project: Path, source: str, target: str = "ours") -> LiveMerge:
    (merge,) = try_merges(str(project), [(source, target)])
    return merge


def test_what_conflicts_now_what_is_clean_now_and_what_is_gone(project: Path) -> None:
    assert one(project, "theirs") == LiveMerge("conflict", "theirs into ours conflicts now in 1 file", ("notes.txt",))
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


@pytest.mark.parametrize("trap", ["driver", "textconv", "hook", "alternates", "replace"])
def test_nothing_of_the_project_is_changed_or_obeyed(project: Path, tmp_path: Path, trap: str) -> None:
    mark = tmp_path / "it-ran"
    program = tmp_path / "agent-program"
    program.write_text(f"#!/bin/sh\necho ran >> '{mark}'\nexit 0\n")
    program.chmod(0o755)
    if trap in ("driver", "textconv"):
        (project / ".git/info").mkdir(exist_ok=True)
        (project / ".git/info/attributes").write_text("*.txt merge=agent diff=agent filter=agent\n")
        git(project, "config", "merge.agent.driver", f"{program} %A")
        git(project, "config", "merge.default", "agent")
        git(project, "config", "diff.agent.textconv", str(program))
        git(project, "config", "filter.agent.clean", str(program))
    if trap == "hook":
        for name in ("post-index-change", "reference-transaction", "pre-merge-commit"):
            (project / ".git/hooks" / name).write_bytes(program.read_bytes())
            (project / ".git/hooks" / name).chmod(0o755)
        git(project, "config", "core.fsmonitor", str(program))
    if trap == "alternates":
        git(project, "config", "core.alternateRefsCommand", str(program))
    if trap == "replace":
        git(project, "replace", git(project, "rev-parse", "theirs"), git(project, "rev-parse", "apart"))
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
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
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
