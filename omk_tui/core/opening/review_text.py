"""A review as it is kept: with who gave it, when, and the commit it speaks of."""

from __future__ import annotations

import re

from omk_tui.core.format.timestamp import Timestamp

LEAST_PREFIX = 7
"""Characters of a commit's id that name it at least."""
_HASH = re.compile(rf"\b[0-9a-fA-F]{{{LEAST_PREFIX},64}}\b")


def names_commit(words: str, commit: str) -> bool:
    """Whether words are the hash of a commit, or a beginning of it that is long enough."""
    return len(words) >= LEAST_PREFIX and commit.startswith(words.lower())


def speaks_of(text: str, commit: str) -> bool:
    """Whether the id of a commit stands somewhere in a text."""
    return any(names_commit(word, commit) for word in _HASH.findall(text))


def review_file(text: str, *, security: bool, who: str, commit: str, now: Timestamp) -> bytes:
    """The review's file; `commit` is the one it speaks of, empty where it names none."""
    title = "Goal Security Review" if security else "Goal Review"
    of = commit or "none that it names"
    content = f"# {title}\n\nBy: {who}\nAt: {now.human()}\nCommit: {of}\n\n---\n\n{text.rstrip()}\n"
    return content.encode("utf-8", "replace")
