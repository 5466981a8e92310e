"""The record of the gates that ran here: on which tree, how isolated, and what each of them did besides passing."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json, JsonError
from omk_tui.core.records.intake import INTAKE_FOLDER
from omk_tui.core.records.proof import Gate
from omk_tui.light.dataclass import dataclass, values
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    says that it ran no test at all. `log` is the path of the log that omk's record must not name: that of a gate whose
    time was up; empty for any other. `changed` are tracked files that it changed. `lfs_pointers` and `submodules` count
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


@dataclass(frozen=True, slots=True)
class GateRun:
    """What is known of a goal's gates besides omk's records of them.

    `required` names the gates that the latest run had to have passed in the end, those included that it left to
    others: every required gate that the base defines and does not skip, and those that were added by hand.
    """

    notes: tuple[GateNote, ...] = ()
    required: tuple[str, ...] = ()


def never_ran(required: Sequence[str], gates: Sequence[Gate]) -> tuple[str, ...]:
    """The required gates of which there is no record, in order."""
    recorded = {gate.name for gate in gates}
    return tuple(name for name in required if name not in recorded)


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


def write_gate_run(run: GateRun) -> bytes:
    """The record as it stands in GATE_RUN_FILE."""
    gates: list[Json] = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in values(note).items()}
        for note in run.notes
    ]
    return (omk_json.pretty({"schema": SCHEMA, "gates": gates, "required": list(run.required)}) + "\n").encode("utf-8")


def read_gate_run(text: str) -> GateRun:
    """The record in a text; an older one names no required gates. Raises BadGateRun."""
    try:
        document = omk_json.parse(text)
    except JsonError as error:
        raise BadGateRun(f"it is not valid JSON: {error}") from None
    gates = document.get("gates") if isinstance(document, dict) and document.get("schema") == SCHEMA else None
    if not isinstance(gates, list):
        raise BadGateRun(f"it is no {SCHEMA}")
    required = document.get("required", []) if isinstance(document, dict) else []
    if not isinstance(required, list):
        raise BadGateRun("required is no list")
    names = tuple(name for name in required if isinstance(name, str))
    if len(names) < len(required):
        raise BadGateRun("required is no list of strings")
    return GateRun(tuple(_note(gate) for gate in gates), names)


def _note(gate: Json) -> GateNote:
    if not isinstance(gate, dict):
        raise BadGateRun("a gate is no object")
    from typing import get_type_hints

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
