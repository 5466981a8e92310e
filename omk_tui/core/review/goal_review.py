"""What was read of one goal at one moment, and the digest of the bytes behind it."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.judgement.judge import Judgement
from omk_tui.core.records.budget import Usage
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.proof import GitEvidence
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import hashlib


@dataclass(frozen=True, slots=True)
class Target:
    """What stands now where a decision would write.

    `path` is relative to the goal directory. `torn` is for logs: the last line has no newline. `obstacle` says why
    the write could not be done; `outside` is true when that is because the path resolves outside the goal directory.
    """

    path: str
    exists: bool
    torn: bool = False
    obstacle: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class GateLog:
    """The log file of one gate: its path below the goal directory, its size in bytes, or why it cannot be read."""

    gate: str
    path: str | None
    size: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DiffFile:
    """One mutation.diff: the run that made it, its path below the goal directory, its size in bytes, or the problem."""

    run: str
    path: str
    size: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the snapshot digest covers: its name, and the SHA-256 of it (or of why it is not there)."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LedgerTail:
    """The end of a ledger: whether it exists, whether its last line is torn, and the hash of its last line.

    `goal_id` is the name under which the goal's decisions are recorded: the real name of its directory. `problem` says
    why the ledger could not be read; then no line can be bound to it.
    """

    exists: bool = False
    torn: bool = False
    previous: str | None = None
    problem: str = ""
    goal_id: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything read of one goal at one moment.

    `conflicts` are in the order of the rollback plan, with each evidence as a reject would embed it. `git` is the
    project's git evidence as a decision would record it. `snapshot` is the digest of `parts`. `ledger` is the end
    of the ledger, to which a decision adds its line. `git_dir` is the
    git directory of the project, to be watched; empty where there is none. `by_identity` are the logs and diffs that
    the snapshot knows by size, times and inode, not by all of their content.
    """

    facts: Facts
    judgement: Judgement
    conflicts: tuple[Conflict, ...]
    gate_logs: tuple[GateLog, ...]
    diffs: tuple[DiffFile, ...]
    usage: Usage
    git: GitEvidence | None
    targets: tuple[Target, ...]
    parts: tuple[Part, ...]
    snapshot: str
    ledger: LedgerTail = LedgerTail()
    git_dir: str = ""
    by_identity: tuple[str, ...] = ()

    @property
    def goal_id(self) -> str:
        """The goal's id: its directory's name."""
        return self.facts.goal_id

    def target(self, path: str) -> Target:
        """What stands now at `path`, one of the paths that a decision writes."""
        return next((target for target in self.targets if target.path == path), Target(path, exists=False))


def document_hash(content: bytes) -> str:
    """SHA-256 of a file's content, as in a Part and in the ledger."""
    return hashlib.sha256(content).hexdigest()


def part_of(name: str, content: bytes) -> Part:
    """The part of the digest that stands for `content`."""
    return Part(name, document_hash(content))


SNAPSHOT_VERSION = 2
"""What the digest covers and how; the first version covered no review files, and of large logs no times."""


def snapshot_digest(parts: Sequence[Part]) -> str:
    """The snapshot digest: 64 lower-case hexadecimal characters over the names and digests of all parts, in order."""
    whole = hashlib.sha256(f"omk-tui-snapshot/{SNAPSHOT_VERSION}\n".encode())
    for part in parts:
        name = part.name.encode("utf-8", "surrogateescape")
        whole.update(f"{len(name)}:".encode() + name + part.sha256.encode())
    return whole.hexdigest()


def changed_parts(before: Sequence[Part], after: Sequence[Part]) -> tuple[str, ...]:
    """The names of the parts that differ between two readings, in the order of the later one."""
    old = {part.name: part.sha256 for part in before}
    new = {part.name: part.sha256 for part in after}
    changed = [name for name in new if old.get(name) != new[name]]
    return (*changed, *(name for name in old if name not in new))
