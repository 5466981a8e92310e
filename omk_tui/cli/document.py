"""What every document of `--json` is: a typed dictionary that prints as one line of ASCII.

A document's keys are declared once, with their types, meanings and examples; `json_models` makes pydantic models of
them for docs/JSON.md and the tests. Printing needs none of that.
"""

from __future__ import annotations

from collections.abc import Mapping

from omk_tui.light.pattern import pattern

_LONE_SURROGATE = pattern("[\ud800-\udfff]")


class Key:
    """What a key means, with one example of its value; a key that holds parts needs none."""

    __slots__ = ("about", "example")

    def __init__(self, about: str, example: object = ...) -> None:
        self.about, self.example = about, example


Instant = str
"""An instant as omk writes it: UTC, up to nine digits of a second."""
Document = Mapping[str, object]
"""One whole answer: a typed dictionary whose first key is `schema`. No key is ever left out."""
SCHEMA = Key("Which document this is; a key that changes its meaning changes the version.")


def line(document: Document) -> str:
    """The document as one line of ASCII with its newline."""
    import json

    text = json.dumps(_valid_unicode(document), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("\x7f", "\\u007f") + "\n"


def _valid_unicode(value: object) -> object:
    """The value without the lone surrogates that stand for bytes of a file name which are no UTF-8."""
    if isinstance(value, str):
        return value if value.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {_valid_unicode(key): _valid_unicode(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_valid_unicode(member) for member in value]
    return value
