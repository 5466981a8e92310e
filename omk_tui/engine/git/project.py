"""The project directory: the git evidence that a decision records (STATE-FORMAT 6.7)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from omk_tui.core.records.facts import HeadCheck
from omk_tui.core.records.proof import GitEvidence, Proof
from omk_tui.core.text.words import lines
from omk_tui.engine.git.command import Git, GitAnswer, find_git
from omk_tui.engine.git.repository import NoRepository, Repository
from omk_tui.engine.git.settings import NoSettings, Settings, readable_repository
from omk_tui.engine.git.work_tree import is_dirty
from omk_tui.light.dataclass import dataclass
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from omk_tui.core.records.facts import HeadState

    class _Ask(Protocol):
        def __call__(self, *words: str, stdin: bytes = b"") -> GitAnswer: ...


_HASH = pattern("[0-9a-fA-F]{4,64}")
_MOST_COMMITS = 4096
"""How many commits a repository is asked about at once."""


@dataclass(frozen=True, slots=True)
class Project:
    """What git says of the project directory now.

    `evidence` is all or nothing, as omk records it; `head` is also there when HEAD is detached. `known` are the
    commits, of those asked for, that the repository has. `problem` says in a clause why there is no `head`, or no
    `evidence` beside it; `origin` says why it is this directory. `git_dir` is the repository's own, to be watched;
    `out_of_time` says that git did not answer in the seconds of one look.
    """

    path: str
    evidence: GitEvidence | None = None
    head: str | None = None
    known: frozenset[str] = frozenset()
    problem: str = ""
    origin: str = ""
    git_dir: str = ""
    out_of_time: bool = False

    def check_head(self, evidence: str | None) -> HeadCheck:
        """The commit that a goal's evidence was made on (None: its proof names none), beside HEAD."""
        if evidence is None:
            return self._check("not checked", "HEAD not checked: the proof names no commit", None)
        if self.head is None:
            why = f"{self.path} is no git repository with a commit" + (f": {self.problem}" if self.problem else "")
            return self._check("not checked", f"HEAD not checked: {why}", evidence)
        if self.head.startswith(evidence):
            return self._check("same", f"HEAD is {evidence[:12]}, where the evidence was made", evidence)
        if evidence not in self.known:
            text = f"HEAD not checked: commit {evidence[:12]} of the evidence is not in the repository at {self.path}"
            return self._check("not checked", text, evidence)
        text = f"HEAD moved: the evidence was made at {evidence[:12]}, the project is at {self.head[:12]}"
        return self._check("moved", text, evidence)

    def _check(self, state: HeadState, text: str, evidence: str | None) -> HeadCheck:
        return HeadCheck(state, text, evidence, self.head, self.path, self.origin)


def evidence_commit(proof: Proof | None) -> str | None:
    """The commit that the evidence was made on: the proof's first commit, else its git head."""
    if proof is None:
        return None
    commit = proof.commits[0] if proof.commits else proof.git.head if proof.git else None
    return commit or None


def read_project(path: str, commits: Iterable[str | None] = (), *, origin: str = "", work_tree: bool = True) -> Project:
    """What git says of the project at `path`, and which of `commits` it knows; within the seconds of one look.

    Like omk, only `path` itself is looked at, never a parent; any failure of git means no evidence. Without
    `work_tree` the evidence is left out, and files need not be compared.
    """
    git = find_git(os.environ)
    if git is None:
        return Project(path, problem="there is no git on PATH", origin=origin)
    try:
        with readable_repository(git, path) as (repository, settings, variables):
            return _read(git, repository, settings, variables, Project(path, origin=origin), commits, work_tree)
    except (NoRepository, NoSettings) as error:
        return Project(path, problem=str(error), origin=origin, out_of_time=git.out_of_time)
    except OSError as error:
        return Project(path, problem=f"it cannot be looked at: {error.strerror or error}", origin=origin)


def _read(
    git: Git,
    repository: Repository,
    settings: Settings,
    variables: Mapping[str, str],
    nothing: Project,
    commits: Iterable[str | None],
    work_tree: bool,
) -> Project:
    def ask(*words: str, stdin: bytes = b"") -> GitAnswer:
        return git.start(words, folder=repository.work_tree, variables=variables, stdin=stdin).answer()

    answer = ask("rev-parse", "HEAD", "--abbrev-ref", "HEAD")
    answer_lines = lines(answer.text)
    if answer.code != 0 or len(answer_lines) != 2 or not answer_lines[0]:
        why = "git took too long" if git.out_of_time else "it has no commit yet"
        return Project(nothing.path, problem=why, origin=nothing.origin, out_of_time=git.out_of_time)
    head, branch = answer_lines
    known = _known(ask, commits)
    evidence, problem = None, ""
    if branch in ("", "HEAD"):
        problem = "HEAD is detached"
    elif settings.get("core.bare") == "true":
        problem = "its configuration says that it has no work tree"
    elif work_tree:
        dirty = is_dirty(git, repository, settings, variables)
        if dirty is None:
            problem = "git could not compare its files" + (" in time" if git.out_of_time else "")
        else:
            evidence = GitEvidence(branch, head, dirty)
    return Project(nothing.path, evidence, head, known, problem, nothing.origin, repository.git_dir, git.out_of_time)


def _known(ask: _Ask, commits: Iterable[str | None]) -> frozenset[str]:
    hashes = sorted({commit for commit in commits if commit and _HASH.fullmatch(commit)})[:_MOST_COMMITS]
    if not hashes:
        return frozenset()
    answer = ask("cat-file", "--batch-check", stdin="".join(f"{commit}^{{commit}}\n" for commit in hashes).encode())
    verdicts = lines(answer.text) if answer.code == 0 else []
    return frozenset(commit for commit, verdict in zip(hashes, verdicts, strict=False) if " commit " in verdict)
