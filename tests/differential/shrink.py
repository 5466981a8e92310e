"""Makes a differing case small: leaves out files, rows, members and text while it still differs in the same way."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

Differs = Callable[[dict[str, Any]], bool]
"""Whether a smaller case still shows the difference."""


def shrink(case: dict[str, Any], differs: Differs, tries: int = 400) -> dict[str, Any]:
    """The smallest case found with at most `tries` comparisons."""
    shrinking = True
    while shrinking:
        shrinking = False
        position = 0
        while (smaller := next(islice(_smaller(case), position, None), None)) is not None:
            if tries <= 0:
                return case
            tries -= 1
            if _holds(differs, smaller):
                # The next candidate now stands where this one stood.
                case, shrinking = smaller, True
            else:
                position += 1
    return case


def _holds(differs: Differs, case: dict[str, Any]) -> bool:
    try:
        return differs(case)
    except (ValueError, KeyError, OSError, AssertionError):
        # A case that can no longer be laid out or judged is no smaller form of the difference.
        return False


def _smaller(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Cases with one thing less, the biggest things first."""
    yield from _project(case)
    for name in sorted(case["files"], reverse=True):
        smaller = copy.deepcopy(case)
        del smaller["files"][name]
        yield smaller
    for index in range(len(case["db_rows"] or [])):
        smaller = copy.deepcopy(case)
        del smaller["db_rows"][index]
        yield smaller
    for name, file in case["files"].items():
        yield from _document(case, name, file)


def _project(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for project in ({}, {key: case["project"][key] for key in ("files", "git") if key in case["project"]}):
        if case["project"] != project:
            yield copy.deepcopy(case) | {"project": project}


def _document(case: dict[str, Any], name: str, file: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Smaller forms of one document: as JSON member by member, else as text line by line."""
    text = file.get("text")
    if not isinstance(text, str):
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict) and json.dumps(value, indent=2, ensure_ascii=False) != text:
        # Another spelling of the same values: plain if the spelling does not matter.
        yield _with_text(case, name, json.dumps(value, indent=2, ensure_ascii=False))
    if isinstance(value, dict):
        for less in _less(value):
            yield _with_text(case, name, json.dumps(less, indent=2, ensure_ascii=False))
    elif text.count("\n") > 1:
        lines = text.split("\n")
        for index in range(len(lines) - 1):
            yield _with_text(case, name, "\n".join(lines[:index] + lines[index + 1 :]))


def _less(value: Any) -> Iterator[Any]:
    """JSON values with one member, one item or one text less."""
    if isinstance(value, dict):
        for key in value:
            yield {name: item for name, item in value.items() if name != key}
        for key, item in value.items():
            for less in _less(item):
                yield value | {key: less}
    elif isinstance(value, list):
        if len(value) > 2:
            yield value[: len(value) // 2]
            yield value[len(value) // 2 :]
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, item in enumerate(value):
            for less in _less(item):
                yield [*value[:index], less, *value[index + 1 :]]
    elif isinstance(value, str) and len(value) > 8 and not value.startswith("20"):
        yield value[: len(value) // 2]
        yield value[len(value) // 2 :]


def _with_text(case: dict[str, Any], name: str, text: str) -> dict[str, Any]:
    smaller = copy.deepcopy(case)
    smaller["files"][name] = {**case["files"][name], "text": text}
    return smaller
