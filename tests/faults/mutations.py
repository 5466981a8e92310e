"""What an enemy or a failing disk makes of a document: of its bytes, and of the JSON in it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Mutate = Callable[[random.Random, bytes], bytes]

STRINGS = (
    "", " ", "x" * 300, "y" * 70_000, "\x00", "\x1b]52;c;eA==\x07", "\u202e\u200b", "\ufeff", "é" * 50, "\ud800",
    "../../../etc/passwd", "/etc/passwd", "artifacts/integration/integrator-reject.json", ".", "..", "a/" * 3000,
    "2026-02-30T00:00:00Z", "2016-12-31T23:59:60Z", "9999-12-31T23:59:59.999999999Z", "0000-01-01T00:00:00Z",
    "ready", "paused", "running", "cancelled", "blocked_on_human", "local", "auto-pr", "done", "```\n" * 40,
    "[/][@click=app.quit]x[/]", "goal.json", "--", "latest",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "-1", "1e999", "-1e999", "1E-999", "4294967295", "4294967296", "9223372036854775807",
    "18446744073709551616", "1" * 400, "-" + "9" * 5000, "0.1", "1e400", "01", "+1", "NaN", "Infinity", "-Infinity",
    "1.7976931348623157e308", "5e-324", "0." + "3" * 900,
)  # fmt: skip


class Number:
    """A number in a spelling of its own."""

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling


class Pairs(list[tuple[str, Any]]):
    """An object as its members in order, which may be repeated."""


def spell(value: Any) -> str:
    """JSON text; unlike the library's, it can repeat a member and spell a number in any way."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{json.dumps(key)}:{spell(one)}" for key, one in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spell, value)) + "]"
    return json.dumps(value)


# -- bytes -----------------------------------------------------------------------------------------------------------


def cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def empty(chance: random.Random, data: bytes) -> bytes:
    return b""


def flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data or b"x")
    for _ in range(chance.choice((1, 1, 1, 3, 30))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.randbytes(chance.choice((1, 4, 64, 4096))) + data[start + chance.randrange(9) :]


def zero(chance: random.Random, data: bytes) -> bytes:
    """What a lost write leaves: the length, but zeroes."""
    start = chance.randrange(len(data) + 1)
    return data[:start] + bytes(len(data) - start)


def double(chance: random.Random, data: bytes) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def not_utf8(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    bad = chance.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\x80" * 40))
    return data[:start] + bad + data[start:]


def framed(chance: random.Random, data: bytes) -> bytes:
    before, after = chance.choice(
        ((b"\xef\xbb\xbf", b""), (b"", b"\x00"), (b"", b"{}"), (b"[", b"]"), (b"\n" * 5000, b""), (b"//c\n", b""))
    )
    return before + data + after


def other_lines(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"", b"\n\n", b"\x00\n")))


def lines_shuffled(chance: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def bare(chance: random.Random, data: bytes) -> bytes:
    """A document that is something else altogether."""
    literals = [json.dumps(text).encode() for text in STRINGS] + [number.encode() for number in NUMBERS]
    return chance.choice((b"null", b"true", b"[]", b"{}", b"[{}]", b"[" * 50, b"{" * 9, *literals))


def deep(chance: random.Random, data: bytes) -> bytes:
    depth = chance.choice((50, 120, 127, 128, 129, 900, 1000, 1100, 20_000, 100_000))
    opened, closed = chance.choice((("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")))
    nest = opened * depth + chance.choice(("1", "null", "")) + closed * chance.choice((depth, 0))
    if chance.random() < 0.5:
        return nest.encode()
    return _with_member(chance, data, Number(nest))


# -- JSON ------------------------------------------------------------------------------------------------------------


def wrong_value(chance: random.Random, data: bytes) -> bytes:
    """One value somewhere becomes another."""
    return _edited(chance, data, lambda holder, key: holder.__setitem__(key, _put(holder, key, _value(chance))))


def no_value(chance: random.Random, data: bytes) -> bytes:
    return _edited(chance, data, lambda holder, key: holder.pop(key))


def twice(chance: random.Random, data: bytes) -> bytes:
    """A member is there twice, with the same or another value."""

    def edit(holder: Any, key: int) -> None:
        again = holder[key]
        if isinstance(holder, Pairs) and chance.random() < 0.6:
            again = (again[0], _value(chance))
        holder.insert(chance.randrange(len(holder) + 1), again)

    return _edited(chance, data, edit)


def other_key(chance: random.Random, data: bytes) -> bytes:
    def edit(holder: Any, key: int) -> None:
        if isinstance(holder, Pairs):
            name = holder[key][0]
            holder[key] = (
                chance.choice((name.upper(), name + " ", name[1:], "\x00", chance.choice(STRINGS))),
                holder[key][1],
            )

    return _edited(chance, data, edit)


def swapped_values(chance: random.Random, data: bytes) -> bytes:
    """Two members of one object hold each other's value."""

    def edit(holder: Any, key: int) -> None:
        other = chance.randrange(len(holder))
        if isinstance(holder, Pairs):
            one, two = holder[key], holder[other]
            holder[key], holder[other] = (one[0], two[1]), (two[0], one[1])
        else:
            holder[key], holder[other] = holder[other], holder[key]

    return _edited(chance, data, edit)


def many(chance: random.Random, data: bytes) -> bytes:
    """Something small is there a great many times."""
    number = chance.choice((300, 3000))
    crowd = [chance.choice((Number("1"), "x", Pairs(), None)) for _ in range(number)]
    return _with_member(
        chance, data, crowd if chance.random() < 0.5 else Pairs((str(i), one) for i, one in enumerate(crowd))
    )


def _with_member(chance: random.Random, data: bytes, value: Any) -> bytes:
    return _edited(chance, data, lambda holder, key: holder.__setitem__(key, _put(holder, key, value)))


def _put(holder: Any, key: int, value: Any) -> Any:
    return (holder[key][0], value) if isinstance(holder, Pairs) else value


def _value(chance: random.Random) -> Any:
    return chance.choice(
        (
            lambda: chance.choice(STRINGS),
            lambda: Number(chance.choice(NUMBERS)),
            lambda: chance.choice((None, True, False)),
            lambda: chance.choice(([], Pairs(), [[]], [None], ["x"], Pairs([("a", None)]), [Pairs()])),
        )
    )()


def _edited(chance: random.Random, data: bytes, edit: Callable[[Any, int], object]) -> bytes:
    """The document, or one line of a log, with an edit at a place chosen by chance."""
    lines = data.split(b"\n") if data.count(b"\n") and data.lstrip()[:1] == b"{" and _is_log(data) else [data]
    at = chance.randrange(len(lines))
    try:
        document = json.loads(lines[at], object_pairs_hook=Pairs)
    except (ValueError, RecursionError):
        return flip(chance, data)
    holders = [holder for holder in _holders(document) if holder]
    if not holders:
        return flip(chance, data)
    holder = chance.choice(holders)
    edit(holder, chance.randrange(len(holder)))
    lines[at] = spell(document).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _is_log(data: bytes) -> bool:
    return data.partition(b"\n")[0].rstrip().endswith(b"}")


def _holders(value: Any) -> list[Any]:
    """Every array and object in a document."""
    found: list[Any] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Pairs):
            found.append(one)
            waiting.extend(inner for _, inner in one)
        elif isinstance(one, list):
            found.append(one)
            waiting.extend(one)
    return found


MUTATIONS: tuple[Mutate, ...] = (
    cut, empty, flip, flip, overwrite, zero, double, not_utf8, framed, other_lines, lines_shuffled, bare, deep,
    wrong_value, wrong_value, wrong_value, wrong_value, no_value, no_value, twice, twice, other_key, swapped_values,
    many,
)  # fmt: skip
