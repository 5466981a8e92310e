"""Pydantic models of the documents of `--json`, made from their declarations: for docs/JSON.md, schemas and tests."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from pydantic import BaseModel, ConfigDict, Field, create_model

from omk_tui.cli.document import Key

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


@cache
def model_of(declared: type) -> type[BaseModel]:
    """The strict model of a typed dictionary whose values are annotated with a Key; `schema` comes first."""
    hints = get_type_hints(declared, include_extras=True)
    names = sorted(hints, key=lambda name: name != "schema")
    fields: dict[str, Any] = {_attribute(name): _field(name, hints[name]) for name in names}
    model: type[BaseModel] = create_model(declared.__name__, __config__=_STRICT, __doc__=declared.__doc__, **fields)
    return model


def _attribute(name: str) -> str:
    """The name of the model's attribute: some keys are words of Python or of pydantic."""
    return f"{name}_" if name in ("schema", "pass") else name


def _field(name: str, annotation: Any) -> tuple[Any, Any]:
    kind, key = get_args(annotation)
    assert isinstance(key, Key)
    example = get_args(kind)[0] if name == "schema" else key.example
    examples = None if example is ... else [example]
    return _modelled(kind), Field(alias=name, description=key.about, examples=examples)


def _modelled(kind: Any) -> Any:
    """The type with a model in the place of each typed dictionary inside it."""
    if is_typeddict(kind):
        return model_of(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (None, Literal):
        return kind
    if origin is Annotated:
        return _modelled(inner[0])
    if origin is list:
        return list[_modelled(inner[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[inner[0], _modelled(inner[1])]  # type: ignore[misc,valid-type]
    if origin is tuple:
        return tuple[tuple(_modelled(each) for each in inner)]  # type: ignore[misc]
    modelled: Any = _modelled(inner[0])
    for each in inner[1:]:
        modelled = modelled | _modelled(each)
    return modelled
