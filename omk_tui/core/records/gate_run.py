"""The record of the gates that ran here: on which tree, how isolated, and what each of them did besides passing."""

from __future__ import annotations

from typing import Any, get_type_hints

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json, JsonError
from omk_tui.core.records.intake import INTAKE_FOLDER
from omk_tui.dataclass import dataclass, values
from omk_tui.pattern import pattern

GATE_RUN_FILE = f"{INTAKE_FOLDER}/gates.json"
SCHEMA = "omk-tui/gates/1"
LARGEST_GATE_RUN = 4 << 20
TEMPORARY_NAME = "omk-tui-gates-"
"""How the name of the temporary folder begins that holds the checkout of a run."""
CHECKOUT_NAME = "checkout"
"""The checkout's name in it."""
_BELOW_CHECKOUT = pattern(
    rf"(?:/[^\s/:'\"()]{{1,100}}){{0,8}}/{TEMPORARY_NAME}[A-Za-z0-9_]{{1,40}}/{CHECKOUT_NAME}(/(?=[\w.])|)"
)


@dataclass(frozen=True, slots=True)
class GateNote:
    """What is to be known of one gate besides omk's record of it.

    `source` is `base` or `added`, `tree` the tree that it ran on, `merged` whether that is the tree of the merge.
    `isolation` is `bwrap` or `none`. `tests` and `skipped` are counts of its report, -1 where it has none; `no_tests`
    says that it ran no test at all. `changed` are tracked files that it changed. `lfs_pointers` and `submodules` count
    what of the tree was not there: files of git-lfs, and folders of other repositories.
    """

    name: str
    source: str
    tree: str
    merged: bool
    isolation: str
    duration_ms: int
    tests: int = -1
    skipped: int = -1
    no_tests: bool = False
    changed: tuple[str, ...] = ()
    log: str = ""
    lfs_pointers: int = 0
    submodules: int = 0


def paths_in_repository(log: str) -> str:
    """The log of a gate with paths of the checkout, which is gone, as paths of the repository."""
    return _BELOW_CHECKOUT.sub(lambda match: "" if match[1] else ".", log)


def what_lacks(lfs_pointers: int, submodules: int) -> str:
    """What of a tree was not there for its gates, in a sentence; empty where all of it was."""
    lacks = [f"files of git-lfs that were only pointers: {lfs_pointers}"] if lfs_pointers else []
    if submodules:
        lacks.append(f"submodules that were empty folders: {submodules}")
    return f"the gates ran without all of the tree, as nothing is fetched; {', '.join(lacks)}" if lacks else ""


class BadGateRun(ValueError):
    """Why a text is no record of gates, in a clause."""


def write_gate_run(notes: tuple[GateNote, ...]) -> bytes:
    """The record as it stands in GATE_RUN_FILE."""
    gates: list[Json] = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in values(note).items()}
        for note in notes
    ]
    return (omk_json.pretty({"schema": SCHEMA, "gates": gates}) + "\n").encode("utf-8")


def read_gate_run(text: str) -> tuple[GateNote, ...]:
    """The notes in a text. Raises BadGateRun."""
    try:
        document = omk_json.parse(text)
    except JsonError as error:
        raise BadGateRun(f"it is not valid JSON: {error}") from None
    gates = document.get("gates") if isinstance(document, dict) and document.get("schema") == SCHEMA else None
    if not isinstance(gates, list):
        raise BadGateRun(f"it is no {SCHEMA}")
    return tuple(_note(gate) for gate in gates)


def _note(gate: Json) -> GateNote:
    if not isinstance(gate, dict):
        raise BadGateRun("a gate is no object")
    values: dict[str, Any] = {}
    for name, kind in get_type_hints(GateNote).items():
        value = gate.get(name, 0 if name in ("lfs_pointers", "submodules") else None)
        if kind == tuple[str, ...]:
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                raise BadGateRun(f"{name} is no list of strings")
            values[name] = tuple(value)
        elif type(value) is not kind:
            raise BadGateRun(f"{name} is missing or of the wrong type")
        else:
            values[name] = value
    return GateNote(**values)
