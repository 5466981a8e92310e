"""The names that git gives its objects."""

from __future__ import annotations

from omk_tui.light.pattern import pattern

_DIGITS = pattern("[0-9a-fA-F]+")
_HASH = pattern("[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_hexadecimal(text: str) -> bool:
    """Whether a text may be the beginning of a hash, in letters of either case."""
    return bool(_DIGITS.fullmatch(text))


def is_git_hash(text: str) -> bool:
    """Whether a text is the whole hash of a git object: SHA-1 or SHA-256, in small letters."""
    return bool(_HASH.fullmatch(text))
