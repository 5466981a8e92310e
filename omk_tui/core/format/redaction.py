"""Secrets are taken out of what omk writes (STATE-FORMAT 9.1)."""

from __future__ import annotations

import unicodedata

from omk_tui.core.format.omk_json import Json
from omk_tui.core.text.words import WHITE_SPACE, ascii_lower
from omk_tui.light.pattern import pattern

REDACTED = "[REDACTED]"

_SECRET_KEYS = frozenset({"api_key", "apikey", "token", "password", "secret"})
_SECRET_ENDINGS = ("_token", "-token", "_secret", "-secret")

_SHORTEST_SECRET = 15

# Boundaries are judged on the text's shadow, in which each character outside ASCII stands for its class: Python's own
# idea of a word differs from omk's. The two letters that fold to ASCII ones are a class of their own, since a bearer
# token may hold them.
_WORD, _OTHER, _BLANK, _FOLDING = "\u0100", "\u0080", "\u00a0", "\u017f"
_WORDS = f"[A-Za-z0-9_{_WORD}{_FOLDING}]"
_BOUNDARY = f"(?:(?<!{_WORDS})(?={_WORDS})|(?<={_WORDS})(?!{_WORDS}))"


class _Secret:
    """What one kind of secret looks like.

    Each occurrence holds one of the `literals` and has the `shape`; both are looked for first, as the word boundaries
    around it cost more to test.
    """

    def __init__(self, shape: str, *literals: str, any_case: bool = False, bounded: bool = True) -> None:
        self._shape = pattern(shape)
        self._exact = pattern(f"{_BOUNDARY}{shape}{_BOUNDARY}") if bounded else self._shape
        self._literals = literals
        self._any_case = any_case

    def removed_from(self, text: str) -> str:
        """`text` with each such secret replaced."""
        if not self._may_occur(text):
            return text
        candidate = self._shape.search(text)
        if candidate is None:
            return text
        shadow = text if text.isascii() else text.translate(_SHADOW)
        scrubbed = []
        end = 0
        while candidate is not None:
            at = candidate.start()
            secret = self._exact.match(shadow, at)
            if secret is not None:
                scrubbed += [text[end:at], REDACTED]
                end = secret.end()
            candidate = self._shape.search(text, max(at + 1, end))
        return "".join([*scrubbed, text[end:]])

    def _may_occur(self, text: str) -> bool:
        searched = text.lower() if self._any_case else text
        return any(literal in searched for literal in self._literals)


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
    if len(text) < _SHORTEST_SECRET:
        return text
    for secret in _SECRETS:
        text = secret.removed_from(text)
    return text


class StreamRedaction:
    """Redacts a text that comes in pieces: what may be the beginning of a secret waits until it is known to be none."""

    def __init__(self) -> None:
        self._waiting = ""

    def take(self, piece: str) -> str:
        """What of the text so far is settled by another piece, redacted."""
        text = self._waiting + piece
        beginning = _BEGINNING.search(text, max(len(text) - _LONGEST_WAIT, 0))
        settled = beginning.start() if beginning else len(text)
        self._waiting = text[settled:]
        return redact_text(text[:settled])

    def end(self) -> str:
        """What was still waiting, redacted: no piece follows."""
        rest, self._waiting = self._waiting, ""
        return redact_text(rest)


def _is_secret_key(key: str) -> bool:
    lower = ascii_lower(key)
    return lower in _SECRET_KEYS or lower.endswith(_SECRET_ENDINGS) or "authorization" in lower


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


_SHADOW = _Shadow()
_SECRETS = (
    _Secret("gh[pousr]_[A-Za-z0-9]{20,}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _Secret("AKIA[0-9A-Z]{16}", "AKIA"),
    _Secret("xox[abprs]-[A-Za-z0-9-]{10,}", "xox"),
    _Secret("sk_(?:live|test)_[A-Za-z0-9]{16,}", "sk_live_", "sk_test_"),
    _Secret(
        f"[Bb][Ee][Aa][Rr][Ee][Rr][{WHITE_SPACE}]+[A-Za-z\u017f\u212a0-9._~+/=-]{{20,}}",
        "bearer",
        any_case=True,
    ),
    _Secret("-----BEGIN [A-Z ]*PRIVATE KEY-----", "-----BEGIN ", bounded=False),
)


def _begun(shape: str, *rest: str) -> str:
    """A pattern for every beginning of a secret that ends where the text ends; the parts follow one another."""
    return shape + (f"(?:{_begun(*rest)})?" if rest else "")


_LONGEST_WAIT = 64 << 10
"""Characters that are held back at most; no secret is as long."""
_BEARER = [f"[{letter}{letter.lower()}]" for letter in "BEARER"]
_BEGINNING = pattern(
    "(?:"
    + "|".join(
        (
            _begun("g", "h", "[pousr]", "_", "[A-Za-z0-9]+"),
            _begun("A", "K", "I", "A", "[0-9A-Z]+"),
            _begun("x", "o", "x", "[abprs]", "-", "[A-Za-z0-9-]+"),
            _begun("s", "k", "_", "[a-z]+", "_", "[A-Za-z0-9]+"),
            _begun(*_BEARER, f"[{WHITE_SPACE}]+", "[A-Za-z\u017f\u212a0-9._~+/=-]+"),
            _begun(*"-----BEGIN ", "[A-Z -]+"),  # the dashes behind one may begin the next
        )
    )
    + r")\Z"
)
