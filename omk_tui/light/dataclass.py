"""Dataclasses whose `__init__` is compiled when it is called often, and without `inspect`.

A command loads a hundred of them and makes values of a few. The standard library writes and compiles the methods of
each while its module is imported: all in all more than four times what Python itself takes to start. What is declared
here means what it means there: `dataclasses.fields`, `replace` and `asdict` take these classes, and type checkers see
the standard library's own functions. It does what this program uses: `frozen`, `slots`, `order`, `eq`, defaults,
default factories, `__post_init__`, and inheritance.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    import dataclasses
    from typing import Any, NoReturn

__all__ = ["dataclass", "declared_fields", "field", "replace", "values"]

_MISSING: Any = object()
_CALLS_BEFORE_COMPILING = 8
"""To compile an `__init__` takes as long as some ten calls of one that goes through the fields."""


class _Field:
    """What is declared of one attribute, by the names that `dataclasses.Field` has for it."""

    __slots__ = ("default", "default_factory", "name", "type")

    def __init__(self, default: Any, default_factory: Any) -> None:
        self.name = self.type = ""
        self.default, self.default_factory = default, default_factory

    @property
    def has_default(self) -> bool:
        """Whether `__init__` does without it."""
        return self.default is not _MISSING or self.default_factory is not _MISSING

    def default_value(self) -> Any:
        """What `__init__` takes where nothing is given; only for a field that has a default."""
        return self.default if self.default_factory is _MISSING else self.default_factory()


def _field(*, default: Any = _MISSING, default_factory: Any = _MISSING) -> Any:
    return _Field(default, default_factory)


def declared_fields(cls: Any) -> tuple[_Field, ...]:
    """The fields of a class that was made here, in the order of its `__init__`; of any other class none."""
    fields: tuple[_Field, ...] = getattr(cls, "_fields_", ())
    return fields


def _replace(value: Any, /, **changes: Any) -> Any:
    for name in type(value).__match_args__:
        if name not in changes:
            changes[name] = getattr(value, name)
    return type(value)(**changes)


def values(value: object) -> dict[str, Any]:
    """The values of a dataclass's fields by name, as they are."""
    return {each.name: getattr(value, each.name) for each in declared_fields(type(value))}


def _dataclass(
    cls: Any = None, /, *, frozen: bool = False, slots: bool = False, order: bool = False, eq: bool = True
) -> Any:
    def decorate(cls: Any) -> Any:
        return _made(cls, frozen, slots, order, eq)

    return decorate if cls is None else decorate(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _field, _replace


def _made(cls: Any, frozen: bool, slots: bool, order: bool, eq: bool) -> Any:
    """The class with its methods; with `slots` it is another one, as slots cannot be added."""
    own = _declared(cls)
    inherited = {each.name: each for base in reversed(cls.__mro__[1:]) for each in base.__dict__.get("_fields_", ())}
    fields = tuple((inherited | own).values())
    if slots:
        cls = _with_slots(cls, own)
    else:
        for name, each in own.items():
            if each.default is not _MISSING:
                setattr(cls, name, each.default)
            elif name in cls.__dict__:
                delattr(cls, name)
    names = tuple(each.name for each in fields)
    cls._fields_ = fields
    cls.__dataclass_fields__ = _StandardFields()
    _add_missing(cls, {"__match_args__": names, **_methods(cls, fields, frozen, order, eq)})
    cls.__init__ = _init_when_called(cls, fields, frozen)
    if frozen and slots:
        cls.__getstate__, cls.__setstate__ = _state_methods(names)
    return cls


def _declared(cls: Any) -> dict[str, _Field]:
    """What the body of the class declares."""
    fields = {}
    for name, annotation in cls.__annotations__.items():
        default = cls.__dict__.get(name, _MISSING)
        each = default if isinstance(default, _Field) else _Field(default, _MISSING)
        each.name, each.type = name, annotation
        if isinstance(each.default, list | dict | set):
            raise TypeError(f"{cls.__name__}.{name}: all values would share this default; give a default_factory")
        fields[name] = each
    return fields


def _with_slots(cls: Any, own: dict[str, _Field]) -> Any:
    """The same class with a slot for each of its own fields."""
    namespace = dict(cls.__dict__)
    for name in (*own, "__dict__", "__weakref__"):
        namespace.pop(name, None)
    inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    namespace["__slots__"] = tuple(name for name in own if name not in inherited)
    with_slots = type(cls)(cls.__name__, cls.__bases__, namespace)
    with_slots.__qualname__ = cls.__qualname__
    return with_slots


def _add_missing(cls: Any, methods: dict[str, Any]) -> None:
    """Add the attributes that the body of the class does not define itself."""
    own = cls.__dict__
    for name, method in methods.items():
        # A class that defines __eq__ gets `__hash__ = None` from Python.
        if name not in own or (name == "__hash__" and own[name] is None):
            setattr(cls, name, method)


def _methods(cls: Any, fields: tuple[_Field, ...], frozen: bool, order: bool, eq: bool) -> dict[str, Any]:
    """All methods but `__init__`."""
    names = tuple(each.name for each in fields)
    values = _values_of(names)
    methods: dict[str, Any] = {"__repr__": _representation(names)}
    if eq:
        methods["__eq__"] = _comparison(lambda left, right: values(left) == values(right))
        methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
    if order:
        methods["__lt__"] = _comparison(lambda left, right: values(left) < values(right))
        methods["__le__"] = _comparison(lambda left, right: values(left) <= values(right))
        methods["__gt__"] = _comparison(lambda left, right: values(left) > values(right))
        methods["__ge__"] = _comparison(lambda left, right: values(left) >= values(right))
    if frozen:
        methods["__setattr__"], methods["__delattr__"] = _refusals(cls, frozenset(names))
    return methods


def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Takes a value apart, in the order of the fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _representation(names: tuple[str, ...]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _comparison(holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    """A comparison with values of exactly the same class."""

    def compare(self: Any, other: Any) -> Any:
        return holds(self, other) if type(other) is type(self) else NotImplemented

    return compare


def _refusals(cls: Any, names: frozenset[str]) -> tuple[Callable[..., None], Callable[..., None]]:
    """What a frozen value answers when somebody would change it."""

    def refuse(name: str, done: str) -> NoReturn:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot {done} field {name!r}")

    def __setattr__(self: Any, name: str, value: Any) -> None:
        if type(self) is cls or name in names:
            refuse(name, "assign to")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            refuse(name, "delete")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def _state_methods(names: tuple[str, ...]) -> tuple[Callable[[Any], Any], Callable[[Any, Any], None]]:
    """How a frozen value with slots is pickled and copied."""

    def __getstate__(self: Any) -> Any:
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: Any) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return __getstate__, __setstate__


def _init_when_called(cls: Any, fields: tuple[_Field, ...], frozen: bool) -> Callable[..., None]:
    """An `__init__` that goes through the fields, and that puts a compiled one in its place when it is called often."""
    remaining = _CALLS_BEFORE_COMPILING
    names = cls.__match_args__
    put = object.__setattr__ if frozen else setattr

    def __init__(self: Any, *args: Any, **named: Any) -> None:
        nonlocal remaining
        arguments = {**dict(zip(names, args, strict=False)), **named}
        remaining -= 1
        # A call that does not fit is left to the compiled one, which says why.
        if remaining < 0 or len(arguments) < len(args) + len(named) or not _fits(arguments, fields):
            cls.__init__ = made = _compiled_init(cls, fields, frozen)
            made(self, *args, **named)
            return
        for each in fields:
            put(self, each.name, arguments[each.name] if each.name in arguments else each.default_value())
        if hasattr(cls, "__post_init__"):
            self.__post_init__()

    return __init__


def _fits(arguments: dict[str, Any], fields: tuple[_Field, ...]) -> bool:
    """Whether the values are those of fields, and no field without a default is left out."""
    missing = [each for each in fields if each.name not in arguments]
    return len(arguments) + len(missing) == len(fields) and all(each.has_default for each in missing)


def _compiled_init(cls: Any, fields: tuple[_Field, ...], frozen: bool) -> Callable[..., None]:
    """The `__init__` of the fields. A slot is set by its descriptor, which is the quickest way there is."""
    namespace: dict[str, Any] = {"_missing": _MISSING, "_set": object.__setattr__, "__name__": cls.__module__}
    parameters, body = ["self"], []
    for each in fields:
        name, value = each.name, each.name
        if each.default is not _MISSING:
            namespace[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        elif each.default_factory is not _MISSING:
            namespace[f"_make_{name}"] = each.default_factory
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            parameters.append(name)
        setter = getattr(getattr(cls, name, None), "__set__", None)
        if frozen and setter is not None:
            namespace[f"_set_{name}"] = setter
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"]), namespace)
    init: Callable[..., None] = namespace["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


class _StandardFields:
    """The fields as `dataclasses` has them, made when somebody asks for them."""

    def __get__(self, value: object, cls: Any) -> dict[str, dataclasses.Field[Any]]:
        import dataclasses

        declared = [(each.name, each.type, _standard_field(each)) for each in cls._fields_]
        standard: Any = dataclasses.make_dataclass(cls.__name__, declared)
        fields: dict[str, dataclasses.Field[Any]] = standard.__dataclass_fields__
        cls.__dataclass_fields__ = fields
        return fields


def _standard_field(each: _Field) -> Any:
    import dataclasses

    if each.default_factory is not _MISSING:
        return dataclasses.field(default_factory=each.default_factory)
    return dataclasses.field() if each.default is _MISSING else dataclasses.field(default=each.default)
