"""The names that git gives its objects."""

from __future__ import annotations

from omk_tui.pattern import pattern

_HASH = pattern("[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_git_hash(text: str) -> bool:
    """Whether a text is the whole hash of a git object: SHA-1 or SHA-256, in small letters."""
    return bool(_HASH.fullmatch(text))
