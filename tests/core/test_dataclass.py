"""Our dataclasses are what the standard library's are, but for when their methods are made."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

import omk_tui.light.dataclass as ours


class Point:
    """A body that both libraries decorate."""

    x: int
    y: int = 2
    names: list[str] = dataclasses.field(default_factory=list)

    @property
    def sum(self) -> int:
        return self.x + self.y


def decorated(library: Any, **options: bool) -> Any:
    """The body above, made a dataclass by that library."""
    body = {
        "__annotations__": {"x": "int", "y": "int", "names": "list[str]"},
        "__qualname__": "Point",
        "__module__": __name__,
        "__doc__": "A point.",
        "y": 2,
        "names": library.field(default_factory=list),
        "sum": Point.sum,
    }
    return library.dataclass(**options)(type("Point", (), body))


OPTIONS = [
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "order": True},
    {"frozen": True, "slots": True, "eq": False},
]


def behaviour(made: Any) -> dict[str, object]:
    """What one can see of a class and its values."""
    value, same, other = made(1), made(x=1, y=2), made(0, 9, ["a"])
    seen: dict[str, object] = {
        "repr": repr(other),
        "equal": (value == same, value == other, value == (1, 2, [])),
        "own list": value.names is not same.names,
        "match": made.__match_args__,
        "slots": made.__dict__.get("__slots__"),
        "names": (made.__name__, made.__qualname__, made.__module__, made.__doc__),
        "property": other.sum,
        "fields": [(each.name, each.type, each.default, each.default_factory) for each in dataclasses.fields(made)],
        "values": dataclasses.asdict(other),
        "replaced": (repr(ours.replace(other, y=3)), repr(dataclasses.replace(other, y=3))),
        "is one": dataclasses.is_dataclass(made),
        "copied": repr(copy.deepcopy(other)),
    }
    for name, act in {
        "set": lambda: setattr(value, "x", 5),
        "set another": lambda: setattr(value, "z", 5),
        "delete": lambda: delattr(value, "y"),
        "hash": lambda: hash(made(1, 2, ())) == hash(made(1, 2, ())),
        "order": lambda: (other < value, other <= value, other > value, other >= value),
        "order of others": lambda: other < 1,
        "none given": made,
        "too many": lambda: made(1, 2, [], 4),
        "unknown": lambda: made(1, z=3),
    }.items():
        try:
            seen[name] = act()
        except (AttributeError, TypeError) as error:
            seen[name] = (type(error), str(error))
    return seen


@pytest.mark.parametrize("calls", [0, 3, 1000])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_they_behave_as_the_standard_librarys(
    options: dict[str, bool], calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "_CALLS_BEFORE_COMPILING", calls)
    theirs, own = behaviour(decorated(dataclasses, **options)), behaviour(decorated(ours, **options))
    theirs.pop("set another"), own.pop("set another")  # the standard library of 3.11 trips over its own slots here
    assert own == theirs


@ours.dataclass(frozen=True, slots=True)
class Base:
    a: int
    b: int = 2

    def __hash__(self) -> int:
        return 7


@ours.dataclass(frozen=True, slots=True)
class Derived(Base):
    b: int = 3
    c: str = "c"

    def __post_init__(self) -> None:
        object.__setattr__(self, "c", self.c.upper())


def test_a_derived_one_has_the_fields_of_its_base_first_and_its_own_defaults() -> None:
    assert repr(Derived(1)) == "Derived(a=1, b=3, c='C')"
    assert vars(Derived)["__slots__"] == ("c",)
    assert Derived(1) != Base(1, 3)


def test_methods_of_the_body_stay() -> None:
    assert hash(Base(1)) == 7


def test_frozen_values_go_through_pickle() -> None:
    assert pickle.loads(pickle.dumps(Derived(1, 2, "x"))) == Derived(1, 2, "X")


def test_values_are_given_as_they_are() -> None:
    value = [1]
    assert ours.values(decorated(ours)(1, 2, value))["names"] is value


def test_the_first_values_may_be_made_in_several_threads_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    made = decorated(ours, frozen=True, slots=True)
    with ThreadPoolExecutor(8) as pool:
        assert len({repr(value) for value in pool.map(lambda _: made(1), range(64))}) == 1
