"""The field-table reader: one reader and writer for every record of omk (STATE-FORMAT 0.1 and 4).

A record is declared once, as a frozen dataclass and a table of its keys in write order::

    ARTIFACT = Table(Artifact, Field("kind", STRING), Field("path", STRING), Field("created_at", TIMESTAMP))

`ARTIFACT.read(value)` gives an `Artifact` or raises a `FieldError` that names the field and what was found;
`ARTIFACT.write(artifact)` gives the object to print. Values may come from `omk_json.parse` or, with its marks, from
`omk_json.parse_lenient`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from enum import Enum

from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import MOST_RECORDS, too_many
from omk_tui.core.format.omk_json import Json, JsonError, Members, OutOfRange, has_lone_surrogate
from omk_tui.core.format.timestamp import Timestamp, TimestampError
from omk_tui.core.text.printable import printable
from omk_tui.light.dataclass import dataclass, declared_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Generic, Protocol, TypeVar

    T = TypeVar("T")
    R = TypeVar("R")
else:

    class Generic:
        """What a class of a type of its own is made of, without the type."""

        __slots__ = ()

        def __class_getitem__(cls, _: object) -> type:
            return cls

    Protocol, T, R = Generic, None, None

_FOUND_LENGTH = 80


class FieldError(ValueError):
    """A record that omk could not read.

    `where` names the field (``tasks[3].status``; empty for the record itself), `problem` says what is wrong in one
    clause, `found` shows the offending value in at most about eighty printable characters (empty when absent).
    """

    def __init__(self, where: str, problem: str, found: str = "") -> None:
        super().__init__(where, problem, found)
        self.where = where
        self.problem = problem
        self.found = found

    def __str__(self) -> str:
        """The whole error in one sentence."""
        found = f" (found {self.found})" if self.found else ""
        return f"{self.where or 'the record'}: {self.problem}{found}"

    def below(self, where: str) -> FieldError:
        """The same error, seen from the record that holds the faulty one at `where`."""
        if not self.where or not where:
            return FieldError(where or self.where, self.problem, self.found)
        dot = "" if self.where.startswith("[") else "."
        return FieldError(f"{where}{dot}{self.where}", self.problem, self.found)


class Kind(Protocol[T]):
    """What a field may hold: how its value is read from JSON, and written back."""

    @property
    def take(self) -> Callable[[Json], T]:
        """As `read`, raising any ValueError: a FieldError names a place below the value, another is about the value."""

    def read(self, value: Json, where: str = "") -> T:
        """The value as the record holds it; raises FieldError, naming `where`."""

    def write(self, value: T) -> Json:
        """The JSON that omk writes for it."""


class Presence(Enum):
    """What the absence of a key means, when it is not a default value."""

    REQUIRED = "required"
    OPTIONAL = "optional"


REQUIRED = Presence.REQUIRED
OPTIONAL = Presence.OPTIONAL


@dataclass(frozen=True, slots=True)
class Scalar(Generic[T]):
    """A kind made of two functions. `take` raises ValueError with the problem when the value will not do."""

    take: Callable[[Json], T]
    give: Callable[[T], Json]

    def read(self, value: Json, where: str = "") -> T:
        """The value as the record holds it. Raises FieldError."""
        try:
            return self.take(value)
        except ValueError as error:
            raise _at(where, error, value) from None

    def write(self, value: T) -> Json:
        """The JSON that omk writes for `value`."""
        return self.give(value)


@dataclass(frozen=True, slots=True)
class Array(Generic[T]):
    """An array of at most so many members, which are all of one kind; held as a tuple."""

    member: Kind[T]
    most: int = MOST_RECORDS

    @property
    def take(self) -> Callable[[Json], tuple[T, ...]]:
        """As `read`, with places that begin at the array."""
        return self.read

    def read(self, value: Json, where: str = "") -> tuple[T, ...]:
        """The members in file order. Raises FieldError."""
        if not isinstance(value, list):
            raise FieldError(where, "must be an array", shown(value))
        if not value:
            return ()
        if excess := too_many(len(value), self.most):
            raise FieldError(where, excess)
        take = self.member.take
        members: list[T] = []
        try:
            for item in value:
                members.append(take(item))
        except ValueError as error:
            at = len(members)
            raise _at(f"{where}[{at}]", error, value[at]) from None
        return tuple(members)

    def write(self, value: tuple[T, ...]) -> Json:
        """The JSON array of `value`."""
        return [self.member.write(item) for item in value]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record.

    `default` is REQUIRED (the key must be there), OPTIONAL (null or absence read as None, and None is written as
    absence, or as null with `write_null`), or the value that absence stands for (null is then an error, and the
    value is always written). `attribute` is the dataclass's name for it where the key is not a Python name.
    """

    key: str
    kind: Kind[Any]
    default: object = REQUIRED
    write_null: bool = False
    attribute: str = ""

    @property
    def name(self) -> str:
        """The attribute of the dataclass that holds the value."""
        return self.attribute or self.key


class Table(Generic[R]):
    """The keys of one record, in write order; a kind itself, so that records hold records."""

    def __init__(self, record: Callable[..., R], *fields: Field) -> None:
        """A table for the dataclass `record`; raises TypeError when its attributes and `fields` do not match."""
        self.fields = fields
        self._record = record
        self._keys = frozenset(field.key for field in fields)
        _check_match(record, fields)
        self._plan = tuple((field.key, field.kind.take, field.default) for field in fields)

    @property
    def take(self) -> Callable[[Json], R]:
        """As `read`, with places that begin at the record."""
        return self.read

    def read(self, value: Json, where: str = "") -> R:
        """The record in `value`; unknown keys are ignored, whatever they hold. Raises FieldError."""
        if not isinstance(value, dict):
            raise FieldError(where, "must be an object", shown(value))
        self._check_keys(value, where)
        # A list of thousands of goals spends its time here: no call, and no `try` of its own, for each field.
        attributes: list[object] = []
        key, member = "", None
        try:
            for key, take, default in self._plan:
                if key not in value:
                    if default is REQUIRED:
                        raise FieldError("", "the key is missing")
                    attributes.append(None if default is OPTIONAL else default)
                    continue
                member = value[key]
                attributes.append(None if member is None and default is OPTIONAL else take(member))
        except ValueError as error:
            raise _at(key, error, member).below(where) from None
        return self._record(*attributes)

    def write(self, value: R) -> dict[str, Json]:
        """The object that omk writes for `value`, keys in table order."""
        members: dict[str, Json] = {}
        for field in self.fields:
            attribute = getattr(value, field.name)
            if attribute is not None or field.default is not OPTIONAL:
                members[field.key] = field.kind.write(attribute)
            elif field.write_null:
                members[field.key] = None
        return members

    def encode(self, value: R) -> bytes:
        """`value` as bytes to keep: one line of JSON. What is no text becomes a question mark."""
        return omk_json.compact(self.write(value)).encode("utf-8", "replace")

    def decode(self, data: bytes) -> R | None:
        """What `encode` gave; None when the bytes are anything else."""
        try:
            return self.read(omk_json.parse(data.decode("utf-8")))
        except (UnicodeDecodeError, JsonError, FieldError):
            return None

    def _check_keys(self, members: dict[str, Json], where: str) -> None:
        for key in members.keys() - self._keys:
            if has_lone_surrogate(key):
                raise FieldError(where, "a key with a lone surrogate in its name", shown(key))
        if isinstance(members, Members) and members.repeated:
            for field in self.fields:
                if field.key in members.repeated:
                    raise FieldError(field.key, "the key stands there more than once").below(where)


def array(member: Kind[T], most: int = MOST_RECORDS) -> Array[T]:
    """The kind of an array whose members are all `member`, at most so many; held as a tuple."""
    return Array(member, most)


def enum(name: str, words: Iterable[str]) -> Scalar[str]:
    """The kind of a string that is one of `words`; `name` says in errors what it is."""
    known = tuple(words)

    def take(value: Json) -> str:
        word = _lone_key(value) if isinstance(value, dict) else value
        if isinstance(word, str) and word in known:
            return word
        raise ValueError(f"must be a {name}, one of {', '.join(known)}")

    return Scalar(take, _same)


def _lone_key(value: dict[str, Json]) -> str | None:
    """The word of an enum spelt ``{"word": null}``, which omk takes as well."""
    once = not isinstance(value, Members) or not value.repeated
    return next(iter(value)) if once and list(value.values()) == [None] else None


def _at(where: str, error: ValueError, value: Json) -> FieldError:
    """What a kind's `take` raised for the value at `where`, as the error of that place."""
    if isinstance(error, FieldError):
        return error.below(where)
    return FieldError(where, str(error), shown(value))


def shown(value: Json) -> str:
    """What was found, for people: bounded, on one line, safe to print."""
    if isinstance(value, str):
        return f'"{printable(value, _FOUND_LENGTH)}"'
    if isinstance(value, dict):
        return f"an object of {len(value)} keys"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, OutOfRange):
        return printable(value.literal, _FOUND_LENGTH)
    return omk_json.compact(value)


def _check_match(record: Callable[..., object], fields: tuple[Field, ...]) -> None:
    """Raises TypeError unless `fields` are the dataclass's attributes in its order; defaults at the end may be left."""
    names = [field.name for field in fields]
    attributes = declared_fields(record)
    if not isinstance(record, type) or not attributes or len(set(names)) != len(names):
        raise TypeError("a table needs a dataclass, and each of its attributes once")
    known = [each.name for each in attributes]
    mandatory = {each.name for each in attributes if not each.has_default}
    if names != known[: len(names)] or not mandatory <= set(names):
        odd = sorted((mandatory - set(names)) | (set(names) - set(known)))
        raise TypeError(f"the table does not match {record.__name__}: {', '.join(odd) or 'another order'}")


def _same(value: Any) -> Any:
    return value


def _take_string(value: Json) -> str:
    if isinstance(value, str) and value.isascii():
        return value
    if not isinstance(value, str):
        raise ValueError("must be a string")
    if has_lone_surrogate(value):
        raise ValueError("must not hold a lone surrogate")
    return value


def _take_bool(value: Json) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _integer(low: int, high: int) -> Scalar[int]:
    def take(value: Json) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return Scalar(take, _same)


def _take_float(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("must be a number that a double can hold")
    return float(value)


def _take_timestamp(value: Json) -> Timestamp:
    if not isinstance(value, str):
        raise ValueError("must be a string with a date and time")
    try:
        return Timestamp.parse(value)
    except TimestampError as error:
        raise ValueError(f"must be a date and time: {error}") from None


def _take_raw(value: Json) -> Json:
    try:
        return omk_json.strict(value)
    except JsonError as error:
        raise ValueError(f"holds what omk cannot read: {error.message}") from None


STRING: Scalar[str] = Scalar(_take_string, _same)
BOOL: Scalar[bool] = Scalar(_take_bool, _same)
U32 = _integer(0, 2**32 - 1)
U64 = _integer(0, 2**64 - 1)
I32 = _integer(-(2**31), 2**31 - 1)
FLOAT: Scalar[float] = Scalar(_take_float, float)
TIMESTAMP: Scalar[Timestamp] = Scalar(_take_timestamp, Timestamp.text)
RAW: Scalar[Json] = Scalar(_take_raw, _same)
