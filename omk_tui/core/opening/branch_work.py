"""What was done on a branch: its commits, its diff, and where it conflicts with its base."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the branch: its hash, author, subject, and trailers such as ``Co-authored-by``."""

    id: str
    author: str
    subject: str
    trailers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """What the branch holds: its diff against the merge base in bytes, files, commits, and files in conflict.

    `notes` are known gaps that reading it brought up, such as a diff that was cut.
    """

    diff: bytes
    files: tuple[str, ...]
    commits: tuple[Commit, ...]
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
