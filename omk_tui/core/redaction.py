"""Secrets are taken out of what omk writes (STATE-FORMAT 9.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from omk_tui.core.omk_json import Json
from omk_tui.core.words import WHITE_SPACE, ascii_lower

REDACTED = "[REDACTED]"

_SECRET_KEYS = frozenset({"api_key", "apikey", "token", "authorization", "password", "secret"})
_SECRET_ENDINGS = ("_token", "-token", "_secret", "-secret")

# The patterns run on the text's shadow, in which each character outside ASCII stands for its class. The two letters
# that fold to ASCII ones keep their own class, since a bearer token may hold them.
_WORD, _OTHER, _BLANK, _FOLDING = "\u0100", "\u0080", "\u00a0", "\u017f"
_WORDS = f"[A-Za-z0-9_{_WORD}{_FOLDING}]"
_BOUNDARY = f"(?:(?<!{_WORDS})(?={_WORDS})|(?<={_WORDS})(?!{_WORDS}))"
_SPACE = rf"[\t\n\x0b\x0c\r {_BLANK}]"


@dataclass(frozen=True, slots=True)
class _Secret:
    """One pattern, and a cheap test that is true of every text in which it can match."""

    pattern: re.Pattern[str]
    may_occur: Callable[[str], bool]


def redact(value: Json) -> Json:
    """`value` without secrets: those told by their key and those told by their look. Nothing given is changed."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, dict):
        return {key: REDACTED if _is_secret_key(key) else redact(member) for key, member in value.items()}
    if isinstance(value, list):
        return [redact(item) for item in value]
    return value


def redact_text(text: str) -> str:
    """`text` with everything that looks like a secret replaced, pattern after pattern.

    Of a private key only the header line goes, as in omk.
    """
    for secret in _SECRETS:
        if secret.may_occur(text):
            text = _replaced(secret.pattern, text)
    return text


def _is_secret_key(key: str) -> bool:
    lower = ascii_lower(key)
    return lower in _SECRET_KEYS or lower.endswith(_SECRET_ENDINGS) or "authorization" in lower


def _replaced(pattern: re.Pattern[str], text: str) -> str:
    if text.isascii():
        return pattern.sub(REDACTED, text)
    kept = []
    end = 0
    for match in pattern.finditer(text.translate(_SHADOW)):
        kept += [text[end : match.start()], REDACTED]
        end = match.end()
    return "".join([*kept, text[end:]])


class _Shadow(dict[int, str]):
    """The class of each code point, found when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < 0x80:
            shadow = character
        elif character in "\u017f\u212a":
            shadow = _FOLDING
        elif character in WHITE_SPACE:
            shadow = _BLANK
        else:
            shadow = _WORD if _is_word(character) else _OTHER
        self[code] = shadow
        return shadow


def _is_word(character: str) -> bool:
    """Whether the character counts as part of a word in omk's patterns: letters, marks, digits, connectors, joiners."""
    category = unicodedata.category(character)
    if category[0] in "LM" or category in ("Nd", "Nl", "Pc"):
        return True
    return (
        character in "\u200c\u200d"
        or "\u24b6" <= character <= "\u24e9"
        or "\U0001f130" <= character <= "\U0001f149"
        or "\U0001f150" <= character <= "\U0001f169"
        or "\U0001f170" <= character <= "\U0001f189"
    )


def _holds(*literals: str) -> Callable[[str], bool]:
    return lambda text: any(literal in text for literal in literals)


_SHADOW = _Shadow()
_SECRETS = (
    _Secret(
        re.compile(f"{_BOUNDARY}gh[pousr]_[A-Za-z0-9]{{20,}}{_BOUNDARY}"),
        _holds("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    ),
    _Secret(re.compile(f"{_BOUNDARY}AKIA[0-9A-Z]{{16}}{_BOUNDARY}"), _holds("AKIA")),
    _Secret(re.compile(f"{_BOUNDARY}xox[abprs]-[A-Za-z0-9-]{{10,}}{_BOUNDARY}"), _holds("xox")),
    _Secret(
        re.compile(f"{_BOUNDARY}sk_(?:live|test)_[A-Za-z0-9]{{16,}}{_BOUNDARY}"),
        _holds("sk_live_", "sk_test_"),
    ),
    _Secret(
        re.compile(f"{_BOUNDARY}[Bb][Ee][Aa][Rr][Ee][Rr]{_SPACE}+[A-Za-z{_FOLDING}0-9._~+/=-]{{20,}}{_BOUNDARY}"),
        lambda text: "bearer" in text.lower(),
    ),
    _Secret(re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"), _holds("-----BEGIN ")),
)
