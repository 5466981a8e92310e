"""Writes down what omk did: a generated case with `expect`, in the format of the golden cases."""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.golden.case import Places, Row
from tests.golden.mask import Span, created_at_of, mask_row, mask_text, span_of_run
from tests.golden.observe import Observation
from tests.golden.tree import Entry

_LONG = 4096


def record(case: dict[str, Any], seen: Observation, deliberate: str | None) -> dict[str, Any]:
    """The case with what omk left of it."""
    rows = list(seen.before.database.rows) if seen.before.database else []
    span = span_of_run(seen.before.state, rows, seen.result.started, seen.result.ended)
    after = seen.after.database
    expect = {
        "exit": seen.result.exit,
        "stdout": named(seen.result.stdout.decode(), seen.places),
        "error": named(error_text(seen.result.stderr), seen.places),
        "files": changes(seen, span),
        "db_rows": None if after is None else [_row(mask_row(row, span), seen.places) for row in after.rows],
    }
    recorded = {key: value for key, value in case.items() if key != "expect"}
    if deliberate is not None:
        recorded["deliberate"] = deliberate
    return recorded | {"expect": expect}


def changes(seen: Observation, span: Span) -> dict[str, Any]:
    """What is different below the state root, in the README's forms."""
    found: dict[str, Any] = dict.fromkeys(name for name in seen.before.state if name not in seen.after.state)
    for name, entry in seen.after.state.items():
        old = seen.before.state.get(name)
        if old == entry:
            continue
        mode = {"mode": f"{entry.mode:04o}"}
        if entry.kind == "directory":
            found[name] = mode
        elif entry.kind == "link":
            found[name] = {"link": named(entry.content.decode(), seen.places)}
        else:
            found[name] = mode | _content(name, old, entry, seen, span)
    return dict(sorted(found.items()))


def _content(name: str, old: Entry | None, entry: Entry, seen: Observation, span: Span) -> dict[str, Any]:
    created_at = created_at_of(seen.after.state, name)
    if old is not None and old.kind == "file" and name.endswith(".jsonl") and entry.content.startswith(old.content):
        form, content = "append", entry.content[len(old.content) :]
    else:
        form, content = "text", entry.content
    content = mask_text(content, span, created_at)
    try:
        text = named(content.decode("utf-8"), seen.places)
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}
    return {form: text.split("\n") if "\n" in text else text} if form == "append" else shown(text)


def shown(text: str) -> dict[str, Any]:
    """Text in the shortest of the README's forms: long runs of one unit as pieces."""
    pieces: list[Any] = []
    done = 0
    for match in re.finditer(r"(.{1,24}?)\1{170,}", text, re.S):
        if match.end() - match.start() >= _LONG:
            pieces += [text[done : match.start()], [match[1], len(match[0]) // len(match[1])]]
            done = match.end()
    if pieces:
        return {"pieces": [piece for piece in [*pieces, text[done:]] if piece]}
    return {"text": text.split("\n") if "\n" in text else text}


def named(text: str, places: Places) -> str:
    """Text with the placeholders for this run's directories."""
    return text.replace(str(places.root), "{{ROOT}}").replace(str(places.project), "{{PROJECT}}")


def error_text(stderr: bytes) -> str:
    """omk's message, without the log lines before it."""
    text = stderr.decode("utf-8", "replace")
    at = 0 if text.startswith(("Error: ", "error: ")) else max(text.find("\nError: "), text.find("\nerror: ")) + 1
    return text[at:].rstrip("\n") if at or text.startswith(("Error: ", "error: ")) else ""


def _row(row: Row, places: Places) -> Row:
    return {column: named(value, places) if isinstance(value, str) else value for column, value in row.items()}
