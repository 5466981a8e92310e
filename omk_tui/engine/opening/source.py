"""The repository that goals are opened from: refs, commits and files, read without obeying its configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.text.printable import printable
from omk_tui.dataclass import dataclass
from omk_tui.engine.git.command import Git, GitAnswer, find_git
from omk_tui.engine.git.commit_name import commit_of, is_branch_name
from omk_tui.engine.git.merge_tree import MergeTree, merge_tree
from omk_tui.engine.git.repository import NoRepository, Repository, find_repository
from omk_tui.engine.git.scratch import scratch_repository, scratch_variables
from omk_tui.engine.git.settings import NoSettings, Settings, readable_repository

SECONDS = 120.0
"""Seconds that all of git's work for one opening may take."""
_LARGEST_POINTER = 4096
_GLOB = re.compile(r"[*?\[]")


class NoSource(Exception):
    """Why nothing can be opened from there, in a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be opened: a full ref name (empty for a commit alone), its commit, and where it is checked out.

    `note` says why a branch is opened as a commit alone.
    """

    branch: str
    head: str
    worktree: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One repository being read. `scratch` is our own repository, which borrows its objects."""

    git: Git
    repository: Repository
    settings: Settings
    variables: Mapping[str, str]
    scratch: str

    def ask(self, *words: str) -> GitAnswer:
        """A command in the repository itself, for its refs and its work tree."""
        return self.git.run(words, folder=self.repository.work_tree, variables=self.variables)

    def read(self, *words: str, largest: int = 64 << 20) -> GitAnswer:
        """A command in the scratch repository, for commits, trees and merges."""
        return self.git.run(words, folder=self.scratch, variables=scratch_variables(self.scratch), largest=largest)

    def commit(self, name: str) -> str:
        """The commit that a ref or hash names; empty where it names none."""
        if not is_branch_name(name.rstrip("^~0123456789") or name):
            return ""
        return commit_of(self.git, self.repository, self.variables, name)

    def blob(self, commit: str, path: str) -> tuple[str, str]:
        """The blob of a file in a commit, and its text; both are empty where it is none."""
        answer = self.read("rev-parse", "--verify", "--quiet", f"{commit}:{path}")
        blob = answer.text.strip()
        if answer.code != 0 or not is_git_hash(blob):
            return "", ""
        content = self.read("cat-file", "blob", blob, largest=1 << 20)
        return (blob, content.text) if content.code == 0 else ("", "")

    def merge(self, target: str, source: str) -> MergeTree:
        """What merging the commit `source` into the commit `target` comes to."""
        return merge_tree(self.git, self.scratch, target, source)

    def worktrees(self) -> dict[str, str]:
        """Which branch is checked out where: full ref name and folder of the main work tree and the linked ones."""
        found: dict[str, str] = {}
        common = self.repository.common_dir
        main = os.path.dirname(common) if os.path.basename(common) == ".git" else ""
        heads = [(main, os.path.join(common, "HEAD"))] if main else []
        folder = os.path.join(common, "worktrees")
        names = sorted(os.listdir(folder))[:1000] if os.path.isdir(folder) else []
        for name in names:
            gitdir = _line(os.path.join(folder, name, "gitdir"))
            if gitdir:
                heads.append((os.path.dirname(gitdir), os.path.join(folder, name, "HEAD")))
        for place, head in heads:
            line = _line(head)
            if line.startswith("ref: ") and os.path.isdir(place):
                found.setdefault(line.removeprefix("ref: ").strip(), place)
        return found

    def default_base(self) -> str:
        """The remote's default branch, else main or master: the full ref name. Raises NoSource."""
        head = self.ask("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
        candidates = [head.text.strip()] if head.code == 0 else []
        candidates += [f"refs/heads/{name}" for name in ("main", "master")]
        candidates += [f"refs/remotes/origin/{name}" for name in ("main", "master")]
        for name in candidates:
            if name.startswith("refs/") and self.commit(name):
                return name
        raise NoSource("there is no origin/HEAD, main or master to compare with; name the base with --base REF")

    def full_name(self, name: str) -> str:
        """The full name of a branch, or the name as it was given where it is none."""
        for prefix in ("refs/heads/", "refs/remotes/", "refs/tags/"):
            if self.commit(prefix + name):
                return prefix + name
        return name

    def targets(self, words: tuple[str, ...]) -> list[Target]:
        """What the words name: branches, commits, work trees, globs; none: the current branch. Raises NoSource."""
        places = self.worktrees()
        targets: list[Target] = []
        for word in words or ("",):
            targets += self._target(word, places)
        return list(dict.fromkeys(targets))

    def _target(self, word: str, places: Mapping[str, str]) -> list[Target]:
        if not word:
            return [self._checked_out(self.repository, places)]
        if _GLOB.search(word):
            return self._glob(word, places)
        for prefix in ("refs/heads/", "refs/remotes/"):
            name = word if word.startswith(prefix) else prefix + word
            if head := self.commit(name):
                return [_target(name, head, places)]
        if os.path.isdir(word):
            try:
                other = find_repository(word)
            except NoRepository as error:
                raise NoSource(f"{word} is no work tree: {error}") from None
            if other.common_dir != self.repository.common_dir:
                raise NoSource(f"{word} is a work tree of another repository")
            return [self._checked_out(other, places)]
        if head := self.commit(word):
            return [Target("", head)]
        raise NoSource(f"{printable(word, 200)} is no branch, commit or work tree of {self.repository.work_tree}")

    def _checked_out(self, repository: Repository, places: Mapping[str, str]) -> Target:
        line = _line(os.path.join(repository.git_dir, "HEAD"))
        name = line.removeprefix("ref: ").strip()
        head = self.commit(name)
        if not head:
            raise NoSource(f"{repository.work_tree} has no commit yet")
        here = {name: places.get(name, repository.work_tree)}
        return _target(name, head, here) if line.startswith("ref: ") else Target("", head, here[name])

    def _glob(self, word: str, places: Mapping[str, str]) -> list[Target]:
        answer = self.ask(
            "for-each-ref",
            "--format=%(refname) %(objectname)",
            "--count=1000",
            f"refs/heads/{word}",
            f"refs/remotes/{word}",
        )
        lines = [
            line.rpartition(" ") for line in answer.names.split("\n") if not line.startswith("refs/remotes/origin/HEAD")
        ]
        targets = [_target(name, head, places) for name, _, head in lines if name and self.commit(name) == head]
        if not targets:
            raise NoSource(f"no branch matches {printable(word, 200)}")
        return targets

    def uncommitted(self, folder: str) -> int:
        """How many files of a work tree differ from its commit; 0 where that cannot be told."""
        try:
            repository = find_repository(folder)
        except NoRepository:
            return 0
        variables = {**self.variables, "GIT_DIR": repository.git_dir, "GIT_WORK_TREE": repository.work_tree}
        answer = self.git.run(
            ["status", "--porcelain", "-z", "--ignore-submodules=all", "--no-renames"],
            folder=repository.work_tree,
            variables=variables,
        )
        return answer.output.count(b"\0") if answer.code == 0 else 0


@contextmanager
def source_at(folder: str) -> Iterator[Source]:
    """The repository that a folder is inside of. Raises NoSource."""
    git = find_git(os.environ, SECONDS)
    if git is None:
        raise NoSource("there is no git on PATH")
    top = work_tree_of(folder)
    if not is_text(top):
        raise NoSource(f"the path of {printable(top)} is not UTF-8, so that no record can name it")
    try:
        with (
            readable_repository(git, top) as (repository, settings, variables),
            scratch_repository(repository, settings) as scratch,
        ):
            yield Source(git, repository, settings, variables, scratch)
    except (NoRepository, NoSettings) as error:
        raise NoSource(f"{top}: {error}") from None


def work_tree_of(folder: str) -> str:
    """The work tree that a folder is inside of: the nearest parent with a ``.git``. Raises NoSource."""
    here = os.path.realpath(folder)
    while True:
        if os.path.lexists(os.path.join(here, ".git")):
            return here
        above = os.path.dirname(here)
        if above == here:
            raise NoSource(f"{folder} is in no git repository")
        here = above


def _target(name: str, head: str, places: Mapping[str, str]) -> Target:
    """A branch as a target; one whose name no record can hold stands for its commit alone."""
    place = places.get(name, "")
    if is_text(name):
        return Target(name, head, place if is_text(place) else "")
    note = f"the name of the branch {printable(name, 200)} is not UTF-8: what becomes of the branch is not looked at"
    return Target("", head, "", note)


def is_text(name: str) -> bool:
    """Whether a name of git's or of the file system's can stand in a record, which is UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(_LARGEST_POINTER).rstrip("\n")
    except OSError:
        return ""
