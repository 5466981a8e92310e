"""JSON as text under full control: repeated keys, any key order, numbers as they are spelt, odd blanks and escapes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass

Value = "None | bool | int | float | str | list[Value] | Raw | Record"


@dataclass(frozen=True)
class Raw:
    """A literal that is printed as it stands, such as a number of 400 digits or `NaN`."""

    literal: str


class Record:
    """An object as a list of members: keys may be repeated, and their order is kept."""

    def __init__(self, members: Iterable[tuple[str, object]] = ()) -> None:
        self.members: list[tuple[str, object]] = list(members)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.members)

    def get(self, key: str) -> object:
        """The first value of `key`, None where it is absent."""
        return next((value for name, value in self.members if name == key), None)

    def set(self, key: str, value: object) -> None:
        """Replace the first member of that name, or add one at the end."""
        for index, (name, _) in enumerate(self.members):
            if name == key:
                self.members[index] = (key, value)
                return
        self.members.append((key, value))

    def drop(self, key: str) -> None:
        self.members = [(name, value) for name, value in self.members if name != key]

    def insert(self, index: int, key: str, value: object) -> None:
        self.members.insert(index, (key, value))


@dataclass(frozen=True)
class Style:
    """How a document is spelt. omk's own spelling is the default."""

    indent: str | None = "  "
    colon: str = ": "
    newline: str = "\n"
    escape: str = "none"
    end: str = ""


OMK = Style()
COMPACT = Style(indent=None, colon=":")


def any_style(rng: random.Random) -> Style:
    """omk's own spelling mostly, else one that other tools would write."""
    if rng.random() < 0.7:
        return OMK
    return Style(
        indent=rng.choice([None, "", "\t", "    "]),
        colon=rng.choice([":", " : ", ":\n", ":\t"]),
        newline=rng.choice(["\n", "\r\n", " \n", "\n\n"]),
        escape=rng.choice(["none", "all", "some"]),
        end=rng.choice(["", "\n", "\r\n \t", "  "]),
    )


def spell(value: object, style: Style = OMK) -> str:
    """The text of a document."""
    return _spell(value, style, 0) + style.end


def _spell(value: object, style: Style, depth: int) -> str:
    if isinstance(value, Raw):
        return value.literal
    if isinstance(value, str):
        return _spell_text(value, style.escape)
    if isinstance(value, Record):
        members = [
            _spell_text(key, style.escape) + style.colon + _spell(item, style, depth + 1) for key, item in value.members
        ]
        return _enclose("{", members, "}", style, depth)
    if isinstance(value, list):
        return _enclose("[", [_spell(item, style, depth + 1) for item in value], "]", style, depth)
    return json.dumps(value)


def _enclose(opening: str, parts: list[str], closing: str, style: Style, depth: int) -> str:
    if not parts:
        return opening + closing
    if style.indent is None:
        return opening + ",".join(parts) + closing
    inner, outer = (style.newline + style.indent * level for level in (depth + 1, depth))
    return opening + inner + ("," + inner).join(parts) + outer + closing


def _spell_text(text: str, escape: str) -> str:
    if escape == "none":
        return json.dumps(text, ensure_ascii=False)
    # The placeholder of the state root is for the reader of a case, not for JSON: it is never escaped.
    return '"' + "{{ROOT}}".join(_escape(part, escape) for part in text.split("{{ROOT}}")) + '"'


def _escape(text: str, escape: str) -> str:
    if escape == "all":
        return "".join(map(_escaped, text))
    # Every third character escaped, and the solidus as some tools do.
    spelt = [
        _escaped(character) if index % 3 == 0 or character < " " or character in '"\\' else character
        for index, character in enumerate(text)
    ]
    return "".join("\\/" if part == "/" else part for part in spelt)


def _escaped(character: str) -> str:
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04X}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def nested(levels: int) -> Raw:
    """Lists inside lists."""
    return Raw("[" * levels + "]" * levels)
