"""docs/JSON.md, made from the declarations of the documents."""

from __future__ import annotations

import json
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from omk_tui.cli.command_table import TABLE
from omk_tui.cli.commands import action
from omk_tui.cli.json_models import model_of

_HEAD = """\
# The documents of `--json`

Made from what each command in `omk_tui/cli/commands` declares: `python -m omk_tui.cli.json_manual` prints this file.

Every command that takes `--json` prints exactly one document: one line of ASCII and one newline on standard output,
also when it was refused or failed (the exit code says which; usage errors print no document). No key is ever left
out: what could not be read is `null` or empty. `why` says why a command could not do what was asked; it is `null`
where it did, and where the document itself tells what is wrong (problems, faults, an interruption). Bytes of file
names that are not valid UTF-8 appear as U+FFFD. Instants are spelled as omk spells them:
`2026-11-22T20:55:57.473118002Z`, up to nine digits of a second, UTC.
"""


def documents() -> list[type[BaseModel]]:
    """The model of every document, in the order of the commands."""
    return [model_of(document) for name in TABLE for document in action(name).documents()]


def manual() -> str:
    """The whole of docs/JSON.md; ends with a newline."""
    parts = [_HEAD]
    inside: list[type[BaseModel]] = []
    for document in documents():
        name = _example(document.model_fields["schema_"])
        parts.append(f"## `{name}`\n\n{_about(document)}\n\n{_table(document)}\n\nAn example:\n\n{_sample(document)}\n")
        inside.extend(part for part in _inside(document) if part not in inside)
    parts.append("## Parts\n\nWhat the documents are made of.\n")
    parts.extend(f"### {part.__name__}\n\n{_about(part)}\n\n{_table(part)}\n" for part in inside)
    return "\n".join(parts)


def example(model: type[BaseModel]) -> dict[str, Any]:
    """A whole example of a document or part, from the examples of its fields."""
    return {field.alias or name: _example(field) for name, field in model.model_fields.items()}


def _about(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip()


def _table(model: type[BaseModel]) -> str:
    rows = ["| Key | Type | Meaning | Example |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        shown = "see there" if _part_of(field.annotation) else f"`{_cell(json.dumps(_example(field)))}`"
        cells = (f"`{field.alias or name}`", _cell(_type(field.annotation)), _cell(field.description or ""), shown)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sample(model: type[BaseModel]) -> str:
    return f"```json\n{json.dumps(example(model), indent=2)}\n```"


def _example(field: FieldInfo) -> Any:
    if field.examples:
        return field.examples[0]
    part = _part_of(field.annotation)
    assert part is not None, "a field without an example of its own holds a part"
    return [example(part)] if get_origin(field.annotation) is list else example(part)


def _inside(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The parts that a document is made of, each before its own parts."""
    inner_parts: list[type[BaseModel]] = []
    for field in model.model_fields.values():
        part = _part_of(field.annotation)
        if part is not None:
            inner_parts.extend([part, *_inside(part)])
    return inner_parts


def _part_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((part for part in map(_part_of, get_args(annotation)) if part is not None), None)


def _type(annotation: Any) -> str:
    """The type in JSON's words."""
    part = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    if part is not None:
        return f"[{part.__name__}](#{part.__name__.lower()})"
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(inner[0])
    if origin is list:
        return f"list of {_type(inner[0])}"
    if origin is dict:
        return f"object of {_type(inner[1])}"
    if origin is tuple:
        return f"pair of {_type(inner[0])}"
    if origin is Literal:
        return " or ".join(f'`"{word}"`' for word in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(annotation) for annotation in inner)
    return {str: "string", int: "integer", bool: "boolean", types.NoneType: "null"}[annotation]


if __name__ == "__main__":
    print(manual(), end="")
