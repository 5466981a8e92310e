"""The project directory: the git evidence that a decision records (STATE-FORMAT 6.7)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass

from omk_tui.core.facts import HeadCheck
from omk_tui.core.proof import GitEvidence, Proof
from omk_tui.core.words import ascii_lower, lines, trim

_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "echo",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    "LC_ALL": "C",
    # Looking never writes: without this git renews its index, and holds its lock while somebody else may commit.
    "GIT_OPTIONAL_LOCKS": "0",
}
_TIME_LIMIT = 30.0
_RETRY_AFTER = (0.1, 0.2, 0.4)
_RETRY_WORDS = ("unable to access", "timeout", "early eof")
_HASH = re.compile("[0-9a-fA-F]{4,64}")


@dataclass(frozen=True, slots=True)
class Project:
    """What git says of the project directory now.

    `evidence` is all or nothing, as omk records it; `head` is also there when HEAD is detached. `known` are the
    commits, of those asked for, that the repository has.
    """

    path: str
    evidence: GitEvidence | None = None
    head: str | None = None
    known: frozenset[str] = frozenset()

    def check_head(self, proof: Proof | None) -> HeadCheck:
        """The commit that the proof's evidence was made on, beside HEAD."""
        evidence = evidence_commit(proof)
        if evidence is None:
            return HeadCheck("not checked", "HEAD not checked: the proof names no commit", project=self.head)
        if self.head is None:
            return HeadCheck(
                "not checked", f"HEAD not checked: {self.path} is no git repository with a commit", evidence
            )
        if self.head.startswith(evidence):
            return HeadCheck("same", f"HEAD is {evidence[:12]}, where the evidence was made", evidence, self.head)
        if evidence not in self.known:
            text = f"HEAD not checked: commit {evidence[:12]} of the evidence is not in the repository at {self.path}"
            return HeadCheck("not checked", text, evidence, self.head)
        text = f"HEAD moved: the evidence was made at {evidence[:12]}, the project is at {self.head[:12]}"
        return HeadCheck("moved", text, evidence, self.head)


def evidence_commit(proof: Proof | None) -> str | None:
    """The commit that the evidence was made on: the proof's first commit, else its git head."""
    if proof is None:
        return None
    commit = proof.commits[0] if proof.commits else proof.git.head if proof.git else None
    return commit or None


def read_project(path: str, commits: Iterable[str | None] = ()) -> Project:
    """What git says of the project at `path`, and which of `commits` it knows.

    Like omk, only `path` itself is looked at, never a parent; any failure of git means no evidence.
    """
    folder = os.path.realpath(path)
    if not os.path.exists(os.path.join(folder, ".git")) or shutil.which("git") is None:
        return Project(path)
    head = _git(folder, "rev-parse", "HEAD")
    head = trim(head) if head is not None else None
    return Project(path, _evidence(folder, head), head or None, _known(folder, commits) if head else frozenset())


def _evidence(folder: str, head: str | None) -> GitEvidence | None:
    branch = trim(_git(folder, "rev-parse", "--abbrev-ref", "HEAD") or "")
    if not head or branch in ("", "HEAD"):
        return None
    status = _git(folder, "status", "--porcelain")
    if status is None:
        return None
    return GitEvidence(branch, head, dirty=any(_is_change(line) for line in lines(status)))


def _is_change(line: str) -> bool:
    raw = line.encode("utf-8", "surrogateescape")
    return len(raw) >= 4 and raw[:2] != b"  "


def _known(folder: str, commits: Iterable[str | None]) -> frozenset[str]:
    asked = sorted({commit for commit in commits if commit and _HASH.fullmatch(commit)})
    if not asked:
        return frozenset()
    answer = _git(folder, "cat-file", "--batch-check", given="".join(f"{commit}^{{commit}}\n" for commit in asked))
    verdicts = lines(answer or "")
    return frozenset(commit for commit, verdict in zip(asked, verdicts, strict=False) if " commit " in verdict)


def _git(folder: str, *words: str, given: str = "") -> str | None:
    """The output of one git command, or None when it failed or took too long."""
    for pause in (*_RETRY_AFTER, None):
        try:
            done = subprocess.run(
                ["git", *words],
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT},
                input=given.encode(),
                capture_output=True,
                timeout=_TIME_LIMIT,
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "replace")
        complaint = ascii_lower(done.stderr.decode("utf-8", "replace"))
        if pause is None or not any(word in complaint for word in _RETRY_WORDS):
            return None
        time.sleep(pause)
    return None
