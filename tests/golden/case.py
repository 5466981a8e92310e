"""A golden case: one recorded decision, read from its JSON file, with the placeholders still in it.

The format is that of cases/README.md. Reading is strict: a key or a content form that is not in the README is an error,
so that a misspelt expectation cannot pass by being ignored.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"

DELIBERATE = frozenset(
    {"graph-refused", "half-written", "fence", "confined", "goal-id", "torn", "deep", "large", "latest"}
)
"""The deliberate differences between the product and omk, as cases/README.md names them."""

Row = dict[str, Any]
"""One row of table `goals`: column -> value as SQLite gives it."""


class MalformedCase(ValueError):
    """A case file does not have the form of cases/README.md."""


@dataclass(frozen=True)
class Places:
    """Where a case was laid out: what `{{ROOT}}` and `{{PROJECT}}` stand for."""

    root: Path
    project: Path

    def fill(self, text: str) -> str:
        return text.replace("{{ROOT}}", str(self.root)).replace("{{PROJECT}}", str(self.project))

    def fill_row(self, row: Row) -> Row:
        return {column: self.fill(value) if isinstance(value, str) else value for column, value in row.items()}


@dataclass(frozen=True)
class Item:
    """A file, link or directory of a case.

    `content` is one of the README's forms (`text`, `base64`, `pieces`, `append`, `link`), or None for a directory or
    for a file of which only the mode is stated. `mode` is None where the case does not state it.
    """

    form: str | None
    content: Any
    mode: int | None

    def data(self, places: Places) -> bytes:
        """The bytes of the file (of the appended part, for `append`), placeholders filled."""
        if self.form == "base64":
            return base64.b64decode(self.content, validate=True)
        if self.form == "pieces":
            parts = [piece if isinstance(piece, str) else piece[0] * piece[1] for piece in self.content]
            return places.fill("".join(parts)).encode("utf-8")
        if self.form in ("text", "append"):
            text = self.content if isinstance(self.content, str) else "\n".join(self.content)
            return places.fill(text).encode("utf-8")
        raise MalformedCase(f"no content of form {self.form!r}")


def read_item(name: str, raw: Any) -> Item:
    """Read one file entry; a plain string is the text of a file whose mode is not stated."""
    if isinstance(raw, str):
        return Item("text", raw, None)
    if not isinstance(raw, dict):
        raise MalformedCase(f"{name}: {raw!r} is not a file")
    forms = [key for key in raw if key != "mode"]
    if len(forms) > 1 or not set(forms) <= {"text", "base64", "pieces", "append", "link"}:
        raise MalformedCase(f"{name}: unknown content form {forms}")
    mode = int(raw["mode"], 8) if "mode" in raw else None
    if name.endswith("/") and forms:
        raise MalformedCase(f"{name}: a directory has no content")
    form = forms[0] if forms else None
    return Item(form, raw[form] if form else None, mode)


@dataclass(frozen=True)
class Project:
    """The project: `files`, then the commit, then `after` (None deletes), then `staged`; decided from `directory`."""

    files: Mapping[str, Item]
    git: Mapping[str, Any] | None
    after: Mapping[str, Item | None]
    staged: tuple[str, ...]
    directory: str


@dataclass(frozen=True)
class Expectation:
    """What omk left: only what changed, except the rows, which are all of them (None: no readable database)."""

    exit: int
    stdout: str
    error: str
    files: Mapping[str, Item | None]
    db_rows: list[Row] | None


@dataclass(frozen=True)
class Case:
    """One recorded decision."""

    name: str
    about: str
    rules: tuple[str, ...]
    argv: tuple[str, ...]
    project: Project
    files: Mapping[str, Item]
    db_rows: list[Row] | None
    db_user_version: int
    outside: Mapping[str, Item]
    deliberate: str | None
    must_not_contain: str | None
    expect: Expectation
    source: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def verb(self) -> str:
        return self.argv[0]

    @property
    def goal(self) -> str:
        """The goal id (or `latest`) as it was given."""
        return self.argv[1]


def read_case(raw: Mapping[str, Any]) -> Case:
    """Turn the JSON of a case into a Case; MalformedCase where it is not of the README's form."""
    known = {
        "name", "about", "rules", "argv", "project", "files", "db_rows", "db_user_version", "outside", "deliberate",
        "must_not_contain", "expect",
    }  # fmt: skip
    if not set(raw) <= known:
        raise MalformedCase(f"unknown keys: {sorted(set(raw) - known)}")
    if raw.get("deliberate") is not None and raw["deliberate"] not in DELIBERATE:
        raise MalformedCase(f"unknown deliberate difference {raw['deliberate']!r}")
    expect = raw["expect"]
    return Case(
        name=raw["name"],
        about=raw["about"],
        rules=tuple(raw["rules"]),
        argv=tuple(raw["argv"]),
        project=_read_project(raw["project"]),
        files=_read_items(raw["files"]),
        db_rows=raw["db_rows"],
        db_user_version=raw.get("db_user_version", 2),
        outside=_read_items(raw.get("outside") or {}),
        deliberate=raw.get("deliberate"),
        must_not_contain=raw.get("must_not_contain"),
        expect=Expectation(
            exit=expect["exit"],
            stdout=expect["stdout"],
            error=expect["error"],
            files=_read_changes(expect["files"]),
            db_rows=expect["db_rows"],
        ),
        source=raw,
    )


def _read_items(raw: Mapping[str, Any]) -> dict[str, Item]:
    return {name: read_item(name, item) for name, item in raw.items()}


def _read_changes(raw: Mapping[str, Any]) -> dict[str, Item | None]:
    return {name: None if item is None else read_item(name, item) for name, item in raw.items()}


def _read_project(raw: Mapping[str, Any]) -> Project:
    if not set(raw) <= {"files", "git", "after", "staged", "dir"}:
        raise MalformedCase(f"project: unknown keys {sorted(raw)}")
    git = raw.get("git")
    if git is not None and not set(git) <= {"branch", "commit", "detached"}:
        raise MalformedCase(f"project: unknown git keys {sorted(git)}")
    return Project(
        files=_read_items(raw.get("files") or {}),
        git=git,
        after=_read_changes(raw.get("after") or {}),
        staged=tuple(raw.get("staged") or ()),
        directory=raw.get("dir") or "",
    )


def load_case(path: Path) -> Case:
    """Read a case file."""
    return read_case(json.loads(path.read_text(encoding="utf-8")))


def case_paths(folder: Path = CASES) -> list[Path]:
    """The case files of a folder, by name."""
    return sorted(folder.glob("*.json"))
