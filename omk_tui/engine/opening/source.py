"""The repository that goals are opened from: refs, commits and files, read without obeying its configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.text.printable import printable
from omk_tui.engine.git.checked_out import checked_out, first_line
from omk_tui.engine.git.command import Git, GitAnswer, RunningGit, find_git
from omk_tui.engine.git.commit_name import commit_of, is_branch_name
from omk_tui.engine.git.merge_tree import MergeTree, merge_tree
from omk_tui.engine.git.repository import NoRepository, Repository, find_repository
from omk_tui.engine.git.scratch import scratch_repository, scratch_variables
from omk_tui.engine.git.settings import NoSettings, Settings, readable_repository
from omk_tui.light.dataclass import dataclass, field, replace
from omk_tui.light.pattern import pattern

SECONDS = 120.0
"""Seconds that all of git's work for one opening may take."""
LARGEST_BLOB = 1 << 20
"""Bytes of a file of the base that are read."""
_BRANCHES = ("refs/heads/", "refs/remotes/")
_BASES = (*_BRANCHES, "refs/tags/")
_DEFAULT_BASES = tuple(
    f"{prefix}{name}" for prefix in ("refs/heads/", "refs/remotes/origin/") for name in ("main", "master")
)
_REMOTE_HEAD = "refs/remotes/origin/HEAD"
_REF_FORMAT = "%(refname) %(objectname) %(objecttype) %(*objectname) %(*objecttype) %(symref)"
_GLOB = pattern(r"[*?\[]")


class NoSource(Exception):
    """Why nothing can be opened from there, in a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be opened: a full ref name (empty for a commit alone), its commit, and where it is checked out.

    `note` says why a branch is opened as a commit alone. `globbed`: it was not named by itself, a pattern fits it.
    """

    branch: str
    head: str
    worktree: str = ""
    note: str = ""
    globbed: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One repository being read. `scratch` is our own repository, which borrows its objects.

    `_known` holds what full names of refs stood for when they were asked about together: a commit, or nothing.
    """

    git: Git
    repository: Repository
    settings: Settings
    variables: Mapping[str, str]
    scratch: str
    _known: dict[str, str] = field(default_factory=dict)
    _default: list[str] = field(default_factory=list)

    def ask(self, *words: str) -> GitAnswer:
        """A command in the repository itself, for its refs and its work tree."""
        return self.git.start(words, folder=self.repository.work_tree, variables=self.variables).answer()

    def read(self, *words: str, largest: int = 64 << 20) -> GitAnswer:
        """A command in the scratch repository, for commits, trees and merges."""
        return self.start(*words, largest=largest).answer()

    def start(self, *words: str, largest: int = 64 << 20, stdin: bytes = b"") -> RunningGit:
        """As `read`, without waiting for its answer."""
        variables = scratch_variables(self.scratch)
        return self.git.start(words, folder=self.scratch, variables=variables, largest=largest, stdin=stdin)

    @property
    def is_shallow(self) -> bool:
        """Whether the repository's history is cut."""
        return os.path.isfile(os.path.join(self.repository.common_dir, "shallow"))

    def look_up(self, words: tuple[str, ...], base: str | None) -> None:
        """Ask at once what the refs stand for that these words and this base (None: the default one) may name."""
        names = {*_DEFAULT_BASES, _REMOTE_HEAD} if base is None else _full_names(base, _BASES)
        for word in words:
            names |= _full_names(word, _BRANCHES)
        if not words:
            names.add(first_line(os.path.join(self.repository.git_dir, "HEAD")).removeprefix("ref: ").strip())
        refs = sorted(name for name in names if name.startswith("refs/") and is_branch_name(name))
        answer = self.ask("for-each-ref", f"--format={_REF_FORMAT}", *refs)
        if answer.code != 0:  # a broken ref, say: each is asked about by itself
            return
        commits = dict.fromkeys(refs, "")
        for line in answer.names.split("\n"):
            name, commit, kind, tagged, tagged_kind, symbolic = (*line.split(" "), "", "", "", "", "")[:6]
            commits[name] = commit if kind == "commit" else tagged if tagged_kind == "commit" else ""
            if name == _REMOTE_HEAD and symbolic.startswith("refs/"):
                commits[symbolic] = commits[name]
                self._default.append(symbolic)
        self._known.update(commits)

    def commit(self, name: str) -> str:
        """The commit that a ref or hash names; empty where it names none."""
        if name in self._known:
            return self._known[name]
        if not is_branch_name(name.rstrip("^~0123456789") or name):
            return ""
        return commit_of(self.git, self.repository, self.variables, name)

    def blob(self, commit: str, path: str) -> tuple[str, str]:
        """The blob of a file in a commit, and its text; both are empty where it is none."""
        answer = self.read("rev-parse", "--verify", "--quiet", f"{commit}:{path}")
        blob = answer.text.strip()
        if answer.code != 0 or not is_git_hash(blob):
            return "", ""
        content = self.read("cat-file", "blob", blob, largest=LARGEST_BLOB)
        return (blob, content.text) if content.code == 0 else ("", "")

    def merge(self, target: str, source: str) -> MergeTree:
        """What merging the commit `source` into the commit `target` comes to."""
        return merge_tree(self.git, self.scratch, target, source)

    def worktrees(self) -> dict[str, str]:
        """Which branch is checked out where: full ref name and folder of the main work tree and the linked ones."""
        return checked_out(self.repository.common_dir)

    def default_base(self) -> str:
        """The remote's default branch, else main or master: the full ref name. Raises NoSource."""
        if _REMOTE_HEAD not in self._known:
            head = self.ask("symbolic-ref", "--quiet", _REMOTE_HEAD)
            self._default.extend([head.text.strip()] if head.code == 0 else [])
        for name in (*self._default, *_DEFAULT_BASES):
            if name.startswith("refs/") and self.commit(name):
                return name
        raise NoSource("there is no origin/HEAD, main or master to compare with; name the base with --base REF")

    def full_name(self, name: str) -> str:
        """The full name of a branch, or the name as it was given where it is none."""
        for prefix in _BASES:
            if self.commit(prefix + name):
                return prefix + name
        return name

    def targets(self, words: tuple[str, ...]) -> list[Target]:
        """What the words name: branches, commits, work trees, globs; none: the current branch. Raises NoSource."""
        places = self.worktrees()
        targets: dict[tuple[str, str], Target] = {}
        for word in words or ("",):
            for target in self._target(word, places):
                earlier = targets.get((target.branch, target.head))
                if earlier is None or (earlier.globbed and not target.globbed):
                    targets[target.branch, target.head] = target
        return list(targets.values())

    def _target(self, word: str, places: Mapping[str, str]) -> list[Target]:
        if not word:
            return [self._checked_out(self.repository, places)]
        if _GLOB.search(word):
            return self._glob(word, places)
        for prefix in _BRANCHES:
            name = word if word.startswith(prefix) else prefix + word
            if head := self.commit(name):
                return [_target(name, head, places)]
        if os.path.isdir(word):
            try:
                work_tree = find_repository(word)
            except NoRepository as error:
                raise NoSource(f"{word} is no work tree: {error}") from None
            if work_tree.common_dir != self.repository.common_dir:
                raise NoSource(f"{word} is a work tree of another repository")
            return [self._checked_out(work_tree, places)]
        if head := self.commit(word):
            return [Target("", head)]
        raise NoSource(f"{printable(word, 200)} is no branch, commit or work tree of {self.repository.work_tree}")

    def _checked_out(self, repository: Repository, places: Mapping[str, str]) -> Target:
        line = first_line(os.path.join(repository.git_dir, "HEAD"))
        name = line.removeprefix("ref: ").strip()
        head = self.commit(name)
        if not head:
            raise NoSource(f"{repository.work_tree} has no commit yet")
        checked_out = {name: places.get(name, repository.work_tree)}
        return _target(name, head, checked_out) if line.startswith("ref: ") else Target("", head, checked_out[name])

    def _glob(self, word: str, places: Mapping[str, str]) -> list[Target]:
        answer = self.ask(
            "for-each-ref",
            "--format=%(refname) %(objecttype) %(objectname)",
            "--count=1000",
            f"refs/heads/{word}",
            f"refs/remotes/{word}",
        )
        lines = [line.split(" ") for line in answer.names.split("\n") if not line.startswith(_REMOTE_HEAD)]
        targets = [_target(line[0], line[2], places) for line in lines if len(line) == 3 and line[1] == "commit"]
        if not targets:
            raise NoSource(f"no branch matches {printable(word, 200)}")
        return [replace(target, globbed=True) for target in targets]

    def start_status(self, folder: str) -> RunningGit:
        """Ask which files of a work tree differ from its commit, one a NUL; without an answer where it is none."""
        try:
            repository = find_repository(folder)
        except NoRepository:
            return RunningGit()
        variables = {**self.variables, "GIT_DIR": repository.git_dir, "GIT_WORK_TREE": repository.work_tree}
        return self.git.start(
            ["status", "--porcelain", "-z", "--ignore-submodules=all", "--no-renames"],
            folder=repository.work_tree,
            variables=variables,
        )


@contextmanager
def source_at(folder: str, meanwhile: Callable[[], object] | None = None) -> Iterator[Source]:
    """The repository that a folder is inside of; `meanwhile` is done while git is at work. Raises NoSource."""
    git = find_git(os.environ, SECONDS)
    if git is None:
        raise NoSource("there is no git on PATH")
    top = work_tree_of(folder)
    if not is_text(top):
        raise NoSource(f"the path of {printable(top)} is not UTF-8, so that no record can name it")
    try:
        with (
            readable_repository(git, top, meanwhile) as (repository, settings, variables),
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


def _full_names(word: str, prefixes: tuple[str, ...]) -> set[str]:
    """The full names of refs that a word may stand for."""
    return {word} if word.startswith("refs/") else {prefix + word for prefix in prefixes}


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
