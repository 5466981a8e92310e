"""Git is asked about projects that agents wrote: nothing of theirs runs, nothing is fetched, nothing waits."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.records.proof import GitEvidence
from omk_tui.engine.git import command
from omk_tui.engine.git.project import Project, read_project
from tests.core.documents import proof_json
from tests.engine.states import State
from tests.golden.tree import photograph

Plant = Callable[["Scene"], None]


class Scene:
    """A project with a commit, and a program of an agent's that leaves a mark when it runs."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.project = state.project
        self.commit = state.commit()
        self.mark = state.base / "it-ran"
        self.program = state.base / "agent-program"
        self.program.write_text(f"#!/bin/sh\necho ran >> '{self.mark}'\nexec cat </dev/null\n")
        self.program.chmod(0o755)

    def git(self, *words: str, folder: Path | None = None) -> None:
        who = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        subprocess.run(
            ["git", *words], cwd=folder or self.project, env={**os.environ, **who}, check=True, capture_output=True
        )

    def touch(self) -> None:
        """Give a file another time and the same content, so that git compares the content."""
        os.utime(self.project / "file.txt", (1, 1))

    def disarm(self) -> None:
        self.mark.unlink(missing_ok=True)

    def read(self) -> Project:
        return read_project(str(self.project), [self.commit])


@pytest.fixture
def scene(state: State) -> Scene:
    return Scene(state)


def fsmonitor(scene: Scene) -> None:
    scene.git("config", "core.fsmonitor", str(scene.program))


def fsmonitor_by_include(scene: Scene) -> None:
    settings = scene.state.base / "included"
    settings.write_text(f"[core]\n\tfsmonitor = {scene.program}\n")
    scene.git("config", "include.path", str(settings))


def clean_filter(scene: Scene) -> None:
    scene.git("config", "filter.evil.clean", str(scene.program))
    (scene.project / ".git/info/attributes").write_text("* filter=evil\n")
    scene.touch()


def process_filter(scene: Scene) -> None:
    scene.git("config", "filter.evil.process", str(scene.program))
    (scene.project / ".git/info/attributes").write_text("* filter=evil\n")
    scene.touch()


def fsmonitor_in_a_subrepository(scene: Scene) -> None:
    below = scene.project / "below"
    below.mkdir()
    scene.git("init", "--quiet", folder=below)
    (below / "x").write_text("x")
    scene.git("add", "--all", folder=below)
    scene.git("commit", "--quiet", "--message", "below", folder=below)
    scene.git("add", "below")
    scene.git("commit", "--quiet", "--message", "with a gitlink")
    scene.git("config", "core.fsmonitor", str(scene.program), folder=below)


def git_file_that_points_elsewhere(scene: Scene) -> None:
    elsewhere = scene.state.base / "elsewhere"
    shutil.move(scene.project / ".git", elsewhere)
    scene.git("--git-dir", str(elsewhere), "config", "core.fsmonitor", str(scene.program))
    (scene.project / ".git").write_text(f"gitdir: {elsewhere}\n")


def embedded_bare_repository(scene: Scene) -> None:
    git_dir = scene.project / ".git"
    for entry in list(git_dir.iterdir()):
        shutil.move(entry, scene.project / entry.name)
    scene.git("config", "--file", "config", "core.fsmonitor", str(scene.program))
    scene.git("config", "--file", "config", "core.worktree", str(scene.project))
    scene.git("config", "--file", "config", "core.bare", "false")


def hostile_parent(scene: Scene) -> None:
    scene.git("init", "--quiet", folder=scene.state.base)
    scene.git("config", "core.fsmonitor", str(scene.program), folder=scene.state.base)
    shutil.rmtree(scene.project / ".git")
    (scene.project / ".git").mkdir()


PLANTS: list[Plant] = [
    fsmonitor,
    fsmonitor_by_include,
    clean_filter,
    process_filter,
    fsmonitor_in_a_subrepository,
    git_file_that_points_elsewhere,
    embedded_bare_repository,
    hostile_parent,
]
WITHOUT_EVIDENCE = {git_file_that_points_elsewhere, embedded_bare_repository, hostile_parent}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_program_that_an_agent_planted_does_not_run_by_looking(scene: Scene, plant: Plant) -> None:
    scene.state.add(proof=proof_json(commits=[scene.commit]))
    plant(scene)
    scene.disarm()
    subprocess.run(["git", "status", "--porcelain"], cwd=scene.project, check=False, capture_output=True)
    assert scene.mark.exists(), "the trap is no trap: plain git does not run it"
    scene.disarm()
    if plant in (clean_filter, process_filter):
        scene.touch()
    review = scene.state.review()
    scene.state.engine().goals()
    assert not scene.mark.exists()
    assert (review.git is None) == (plant in WITHOUT_EVIDENCE)


def test_all_traps_at_once_run_nothing_in_any_look_or_decision(scene: Scene) -> None:
    scene.state.add(proof=proof_json(commits=[scene.commit]))
    fsmonitor_in_a_subrepository(scene)
    for plant in (fsmonitor, fsmonitor_by_include, clean_filter, process_filter):
        plant(scene)
    for name in ("post-index-change", "reference-transaction", "pre-auto-gc"):
        hook = scene.project / ".git/hooks" / name
        hook.write_bytes(scene.program.read_bytes())
        hook.chmod(0o755)
    for key in ("core.sshCommand", "core.pager", "core.editor", "diff.external", "core.gitProxy", "core.askPass"):
        scene.git("config", key, str(scene.program))
    scene.git("config", "alias.status", f"!{scene.program}")
    scene.disarm()
    engine = scene.state.engine()
    engine.goals()
    review = scene.state.review()
    scene.state.recorded("reject", "no")
    engine.doctor()
    assert not scene.mark.exists()
    assert review.git is not None


def test_a_promisor_remote_is_not_asked(scene: Scene) -> None:
    scene.git("config", "extensions.partialClone", "origin")
    scene.git("config", "core.repositoryFormatVersion", "1")
    scene.git("config", "remote.origin.url", f"ext::{scene.program}")
    scene.git("config", "remote.origin.promisor", "true")
    scene.git("config", "protocol.ext.allow", "always")
    scene.disarm()
    subprocess.run(["git", "cat-file", "-e", "1" * 40], cwd=scene.project, check=False, capture_output=True)
    assert scene.mark.exists(), "the trap is no trap"
    scene.disarm()
    scene.state.add(proof=proof_json(commits=["1" * 40]))
    assert scene.state.review().facts.head.state == "not checked"
    scene.state.engine().goals()
    assert not scene.mark.exists()


def test_an_honest_partial_clone_gives_its_evidence_without_a_fetch(scene: Scene) -> None:
    scene.git("config", "uploadpack.allowFilter", "true")
    scene.git("clone", "--quiet", "--filter=blob:none", f"file://{scene.project}", str(scene.state.base / "clone"))
    clone = scene.state.base / "clone"
    shutil.move(scene.project, scene.state.base / "gone")  # a fetch would fail now
    project = read_project(str(clone), [scene.commit, "2" * 40])
    assert project.evidence == GitEvidence("main", scene.commit, dirty=False)
    assert project.known == {scene.commit}


@pytest.mark.parametrize("entry", [".", ""])
def test_a_git_in_the_folder_one_stands_in_is_not_run(
    scene: Scene, entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(scene.program, scene.project / "git")
    monkeypatch.chdir(scene.project)
    monkeypatch.setenv("PATH", os.pathsep.join((entry, os.environ["PATH"])))
    assert scene.read().head == scene.commit
    assert not scene.mark.exists()


def test_git_variables_of_the_environment_do_not_count(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    other = scene.state.base / "other"
    other.mkdir()
    scene.git("init", "--quiet", folder=other)
    for name, value in {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(scene.program),
        "GIT_EXTERNAL_DIFF": str(scene.program),
    }.items():
        monkeypatch.setenv(name, value)
    assert scene.read().evidence == GitEvidence("main", scene.commit, dirty=False)
    assert not scene.mark.exists()


@pytest.mark.parametrize("name", ["HEAD", "config", "index", "packed-refs", "info/exclude"])
def test_a_fifo_in_the_place_of_a_file_of_git_is_told_at_once(scene: Scene, name: str) -> None:
    path = scene.project / ".git" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    begun = time.monotonic()
    project = scene.read()
    assert time.monotonic() - begun < 1.0
    assert project.head is None
    assert "no regular file" in project.problem


def test_a_git_that_does_not_answer_is_killed_with_its_children(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "slow"
    folder.mkdir()
    child = folder / "child"
    (folder / "git").write_text(f"#!/bin/sh\nsh -c 'echo $$ > {child}; exec sleep 60' &\nsleep 60\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join((str(folder), os.environ["PATH"])))
    monkeypatch.setattr(command.find_git, "__defaults__", (0.3,))
    begun = time.monotonic()
    project = scene.read()
    assert time.monotonic() - begun < 2.0
    assert project.out_of_time
    pid = int(child.read_text())
    while True:  # the kernel may need a moment to bury it
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            break
        if state == "Z":
            break
        assert time.monotonic() - begun < 5.0


def test_more_output_than_is_taken_ends_the_command(scene: Scene) -> None:
    git = command.find_git(os.environ)
    assert git is not None
    words = ["cat-file", "--batch-check"]
    stdin = b"HEAD\n" * 100_000
    answer = git.start(words, folder=str(scene.project), variables={}, stdin=stdin, largest=1000).answer()
    assert answer.code is None
    assert len(answer.output) == 1000


# -- what honest projects give


def test_a_linked_worktree_and_a_submodule_give_their_own_evidence(scene: Scene) -> None:
    beside = scene.state.base / "beside"
    scene.git("worktree", "add", "--quiet", "-b", "other", str(beside))
    assert read_project(str(beside)).evidence == GitEvidence("other", scene.commit, dirty=False)
    outer = scene.state.base / "outer"
    outer.mkdir()
    scene.git("init", "--quiet", "--initial-branch=main", folder=outer)
    source = str(scene.project)
    scene.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "inner", folder=outer)
    scene.git("commit", "--quiet", "--message", "outer", folder=outer)
    assert read_project(str(outer / "inner")).evidence == GitEvidence("main", scene.commit, dirty=False)
    evidence = read_project(str(outer)).evidence
    assert evidence is not None
    assert not evidence.dirty


@pytest.mark.parametrize(
    ("ignore", "name", "dirty"),
    [
        (None, "file.txt", True),
        (None, "new", True),
        ("untracked", "new", False),
        ("untracked", "file.txt", True),
        ("dirty", "file.txt", False),
        ("all", "file.txt", False),
        ("none", "new", True),
    ],
)
def test_a_changed_submodule_makes_the_project_dirty_as_git_has_it(
    scene: Scene, ignore: str | None, name: str, dirty: bool
) -> None:
    outer = scene.state.base / "outer"
    outer.mkdir()
    scene.git("init", "--quiet", "--initial-branch=main", folder=outer)
    source = str(scene.project)
    scene.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "inner", folder=outer)
    if ignore:
        scene.git("config", "--file", ".gitmodules", "submodule.inner.ignore", ignore, folder=outer)
    scene.git("add", "--all", folder=outer)
    scene.git("commit", "--quiet", "--message", "outer", folder=outer)
    (outer / "inner" / name).write_text("changed by hand")
    plain = subprocess.run(["git", "status", "--porcelain"], cwd=outer, check=True, capture_output=True).stdout
    evidence = read_project(str(outer)).evidence
    assert evidence is not None
    assert evidence.dirty == dirty == bool(plain)


@pytest.mark.parametrize("kind", ["clean", "changed", "untracked", "staged", "ignored", "mode", "conflict"])
def test_dirty_is_what_git_status_says(scene: Scene, kind: str) -> None:
    file = scene.project / "file.txt"
    match kind:
        case "changed":
            file.write_text("other")
        case "untracked":
            (scene.project / "new").write_text("")
        case "staged":
            scene.git("rm", "--quiet", "--cached", "file.txt")
        case "ignored":
            (scene.project / ".git/info/exclude").write_text("new\n")
            (scene.project / "new").write_text("")
        case "mode":
            file.chmod(0o755)
    plain = subprocess.run(["git", "status", "--porcelain"], cwd=scene.project, check=True, capture_output=True).stdout
    assert scene.read().evidence == GitEvidence("main", scene.commit, dirty=bool(plain))


def test_of_a_file_behind_a_filter_only_an_unchanged_time_says_that_it_is_unchanged(scene: Scene) -> None:
    scene.git("config", "filter.upper.clean", "tr A-Z a-z")
    scene.git("config", "filter.upper.smudge", "tr a-z A-Z")
    (scene.project / ".gitattributes").write_text("*.big filter=upper\n")
    (scene.project / "a.big").write_text("POINTER")
    os.utime(scene.project / "a.big", (1000, 1000))  # long before the index: git believes times of its own second not
    scene.git("add", "--all")
    scene.git("commit", "--quiet", "--message", "filtered")
    assert scene.read().evidence == GitEvidence("main", scene.read().head or "", dirty=False)
    os.utime(scene.project / "a.big", (1, 1))
    evidence = scene.read().evidence
    assert evidence is not None
    assert evidence.dirty


def test_a_setting_of_the_person_counts_when_it_is_harmless(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ignored").write_text("*.swp\n")
    (tmp_path / "person").write_text(f"[core]\n\texcludesFile = {tmp_path}/ignored\n\tfsmonitor = {scene.program}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "person"))
    (scene.project / "x.swp").write_text("")
    assert scene.read().evidence == GitEvidence("main", scene.commit, dirty=False)
    assert not scene.mark.exists()


def test_looking_changes_no_file_of_the_project(scene: Scene) -> None:
    scene.touch()
    before = photograph(scene.project)
    scene.read()
    assert photograph(scene.project) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_a_repository_of_another_user_is_none_unless_this_user_says_so(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(scene.project / ".git", 65534, 65534)
    assert "another user" in scene.read().problem
    (tmp_path / "person").write_text(f"[safe]\n\tdirectory = {scene.project}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "person"))
    assert scene.read().head == scene.commit
