"""Paths as git prints them: in quotes with escaped bytes when they hold anything unusual."""

from __future__ import annotations

from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = pattern(r"(?s)\\([0-7]{3}|.)")


def unquoted(text: str) -> str:
    """The path behind what git printed; bytes that are no UTF-8 become U+FFFD."""
    if len(text) < 2 or not (text.startswith('"') and text.endswith('"')):
        return text

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        # Octal escapes are bytes; latin-1 carries them until the whole name is decoded. Quotes stand for themselves.
        return chr(int(code, 8) & 0xFF) if len(code) == 3 else _ESCAPES.get(code, code)

    # With core.quotePath off, letters stand there as they are, beside escaped bytes.
    inner = text[1:-1].encode("utf-8", "replace").decode("latin-1")
    return _ESCAPE.sub(plain, inner).encode("latin-1").decode("utf-8", "replace")
