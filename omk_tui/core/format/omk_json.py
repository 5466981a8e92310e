"""JSON text as omk reads and prints it (STATE-FORMAT 0.1).

Two readings. `parse` is the raw read: everything in the text must be valid. `parse_lenient` is for records that omk
types straight from the text: there, what an unknown key holds is only checked for syntax, so faults that are not of
syntax are kept and marked, and whoever uses the value decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate
from json.encoder import encode_basestring

from omk_tui.core.format.floats import float_text, read_float
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    Json = object

MAX_DEPTH = 127
_U64_MAX = 2**64 - 1
_I64_MIN = -(2**63)

_STRING_OR_WORD = pattern(r'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^"\s,:\[\]{}]++')
# Everything up to the first lone surrogate escape.
_PAIRED = pattern(r"(?s)(?:[^\\]++|\\(?:[^u]|u(?![dD][89a-fA-F])|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F]))*+")
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class JsonError(ValueError):
    """A text that is not the JSON omk would read. `line` and `column` count from 1; 0 when the place is not known."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"{message} at line {line} column {column}" if line else message)
        self.message = message
        self.line = line
        self.column = column


class Members(dict[str, Json]):
    """An object of a lenient document. `repeated` names the keys that its text holds more than once.

    `hidden_fault` tells a fault inside a value that a repeated key has overwritten, or is empty.
    """

    __slots__ = ("hidden_fault", "repeated")

    def __init__(self, pairs: list[tuple[str, Json]]) -> None:
        super().__init__(pairs)
        self.repeated: frozenset[str] = frozenset()
        self.hidden_fault = ""
        if len(self) != len(pairs):
            self._note_repeated(pairs)

    def _note_repeated(self, pairs: list[tuple[str, Json]]) -> None:
        members: dict[str, Json] = {}
        repeated = set()
        for key, value in pairs:
            if key in members:
                repeated.add(key)
                self.hidden_fault = self.hidden_fault or _fault(members[key])
            members[key] = value
        self.repeated = frozenset(repeated)


class OutOfRange(float):
    """A number of a lenient document that no double can hold; as a float it is infinite. `literal` is its text."""

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> OutOfRange:
        """The mark for the number written as `literal`."""
        number = super().__new__(cls, "-inf" if literal.startswith("-") else "inf")
        number.literal = literal
        return number


class _NumberOutOfRange(Exception):
    """Raised with the number's text inside the scanner, which alone does not know where it is."""


class _UnknownWord(Exception):
    """Raised with the word inside the scanner for NaN and the infinities, which only Python takes for JSON."""


def parse(text: str) -> Json:
    """The value of `text` by omk's raw read; of a repeated key the last value counts, at the first one's position.

    Raises JsonError.
    """
    _check_surrogate_escapes(text)
    return _decode(text, _STRICT)


def parse_lenient(text: str) -> Json:
    """The value of `text` for a record typed straight from it.

    Objects come as `Members`, numbers too large for a double as `OutOfRange`, strings may hold lone surrogates.
    Nesting beyond 127 levels is refused even inside unknown keys, where omk would let it pass. Raises JsonError.
    """
    return _decode(text, _LENIENT)


def strict(value: Json) -> Json:
    """`value` itself when the raw read would have taken it; else (marks of a lenient document) raises JsonError."""
    fault = _fault(value)
    if fault:
        raise JsonError(fault)
    return value


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` holds half of a surrogate pair, which UTF-8 cannot spell."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class TooLong(ValueError):
    """A text would have more characters than it may."""


def pretty(value: Json, most: int | None = None) -> str:
    """`value` as omk writes whole files: two spaces a level, no final newline.

    Raises TooLong as soon as that would have more than `most` characters: deep nesting makes few values a long text.
    """
    parts: list[str] = []
    _print(value, parts.append if most is None else _bounded(parts, most), "\n", ": ", "  ")
    return "".join(parts)


def _bounded(parts: list[str], most: int) -> Callable[[str], None]:
    room = most

    def put(part: str) -> None:
        nonlocal room
        room -= len(part)
        if room < 0:
            raise TooLong
        parts.append(part)

    return put


def compact(value: Json) -> str:
    """`value` as omk writes log lines: no blanks, no newline."""
    parts: list[str] = []
    _print(value, parts.append, "", ":", "")
    return "".join(parts)


def _decode(text: str, decoder: json.JSONDecoder) -> Json:
    if has_lone_surrogate(text):
        raise JsonError("the text is not valid Unicode")
    _check_depth(text)
    try:
        value: Json = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.lineno, error.colno) from None
    except _NumberOutOfRange as error:
        raise JsonError("number out of range", *_place_of(text, str(error))) from None
    except _UnknownWord as error:
        raise JsonError(f"{error} is not JSON", *_place_of(text, str(error))) from None
    except RecursionError:
        raise JsonError(f"nested deeper than {MAX_DEPTH} levels") from None
    return value


def _check_depth(text: str) -> None:
    """Refuses nesting that omk refuses; of a text that is no JSON it may say nothing.

    Escaped quotes go first, so that each remaining quote begins or ends a string and the brackets outside count.
    """
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    outside_strings = "".join(text.split('"')[::2])
    steps = outside_strings.encode().translate(_STEPS, _NOT_BRACKETS)
    if max(accumulate(memoryview(steps).cast("b")), default=0) > MAX_DEPTH:
        raise JsonError(f"nested deeper than {MAX_DEPTH} levels")


def _check_surrogate_escapes(text: str) -> None:
    if "\\u" not in text or ("\\ud" not in text and "\\uD" not in text):
        return
    match = _PAIRED.match(text)
    end = match.end() if match else 0
    if end < len(text):
        raise JsonError("lone surrogate in a string", *_line_and_column(text, end))


def _place_of(text: str, literal: str) -> tuple[int, int]:
    for match in _STRING_OR_WORD.finditer(text):
        if match[0] == literal:
            return _line_and_column(text, match.start())
    return 0, 0


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _fault(value: Json) -> str:
    """What the raw read would have refused in `value`, or nothing."""
    if isinstance(value, str):
        return "lone surrogate in a string" if has_lone_surrogate(value) else ""
    if isinstance(value, OutOfRange):
        return "number out of range"
    if isinstance(value, list):
        return next(filter(None, map(_fault, value)), "")
    if isinstance(value, dict):
        if isinstance(value, Members) and value.hidden_fault:
            return value.hidden_fault
        return next(filter(None, map(_fault, value)), "") or next(filter(None, map(_fault, value.values())), "")
    return ""


def _integer_or_float(literal: str) -> int | float:
    if len(literal) < 19:
        return int(literal) if literal != "-0" else -0.0
    if len(literal) <= 20:
        number = int(literal)
        if _I64_MIN <= number <= _U64_MAX:
            return number
    return _float(literal)


def _float(literal: str) -> float:
    number = read_float(literal)
    if number is None:
        raise _NumberOutOfRange(literal)
    return number


def _marked_integer(literal: str) -> int | float:
    try:
        return _integer_or_float(literal)
    except _NumberOutOfRange:
        return OutOfRange(literal)


def _marked_float(literal: str) -> float:
    number = read_float(literal)
    return OutOfRange(literal) if number is None else number


def _refuse_word(word: str) -> Any:
    raise _UnknownWord(word)


_STRICT = json.JSONDecoder(parse_int=_integer_or_float, parse_float=_float, parse_constant=_refuse_word)
_LENIENT = json.JSONDecoder(
    parse_int=_marked_integer, parse_float=_marked_float, parse_constant=_refuse_word, object_pairs_hook=Members
)


def _print(value: Json, put: Callable[[str], None], newline: str, colon: str, step: str) -> None:
    if isinstance(value, str):
        put(encode_basestring(value))
    elif value is None:
        put("null")
    elif value is True:
        put("true")
    elif value is False:
        put("false")
    elif isinstance(value, int):
        put(int.__repr__(value))
    elif isinstance(value, float):
        put(float_text(value))
    elif not value:
        put("{}" if isinstance(value, dict) else "[]")
    elif isinstance(value, dict):
        inner = newline + step
        opening = "{" + inner
        for key, member in value.items():
            put(opening)
            put(encode_basestring(key))
            put(colon)
            _print(member, put, inner, colon, step)
            opening = "," + inner
        put(newline + "}")
    else:
        inner = newline + step
        opening = "[" + inner
        for item in value:
            put(opening)
            _print(item, put, inner, colon, step)
            opening = "," + inner
        put(newline + "]")
