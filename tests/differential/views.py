"""What omk shows of a state (`list`, `show`, `proof --json`) against what the product's list and check know of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.differential.recorder import error_text
from tests.golden.case import Case, Places
from tests.golden.deciders import Decider, Result, run_omk
from tests.golden.layout import lay_out
from tests.golden.observe import Observation

Document = dict[str, Any]

_GATES = "required verification gates are missing or failing"


def view_differences(case: Case, decided: Observation, base: Path, binary: Path, decider: Decider) -> list[str]:
    """Where the two views of one state differ. `decided`: the case as omk decided it, by the goal's id."""
    goal = case.goal.strip()
    with_database, without_database = lay_out(case, base / "with"), lay_out(without(case), base / "without")
    listed, checked = (
        read(decider(command, with_database)) for command in (("list", "--json"), ("check", goal, "--json"))
    )
    faults = _list_of_files(without_database, binary, decider)
    faults += _show(goal, listed, run_omk(binary, ("goal", "show", goal, "--json"), with_database))
    faults += _proof(checked, run_omk(binary, ("goal", "proof", goal, "--json"), with_database))
    if case.verb == "accept" and case.argv[-1].strip():
        exits = decider(("check", goal, "--json"), with_database).exit
        faults += _verdict(checked, exits, decided)
    return [f"view: {fault}" for fault in faults]


def without(case: Case) -> Case:
    """The case without any database."""
    files = {name: item for name, item in case.files.items() if not name.startswith("omk.db")}
    return replace(case, files=files, db_rows=None)


def read(result: Result) -> Document:
    document: Document = json.loads(result.stdout)
    return document


def _list_of_files(places: Places, binary: Path, decider: Decider) -> list[str]:
    """omk's list of the goal files is the product's, without the goals whose goal.json cannot be read."""
    ours = [row for row in read(decider(("list", "--json"), places))["goals"] if row["status"] is not None]
    for row in ours:
        inside = json.loads((places.root / "goals" / row["goal_id"] / "goal.json").read_bytes())
        if inside["goal_id"] != row["goal_id"]:
            # omk lists the id inside the file, the product the directory's name.
            return []
    text = "".join(f"  [{row['status']}] {row['goal_id']}  {row['goal']}\n" for row in ours)
    expected = f"Goals ({len(ours)}):\n{text}" if ours else "No goals found."
    said = run_omk(binary, ("goal", "list"), places).stdout.decode("utf-8", "replace")
    return [] if said.startswith(expected) else [f"omk lists {said!r}, the product {expected!r}"]


def _show(goal: str, listed: Document, shown: Result) -> list[str]:
    """Status, phase, text and times of one goal."""
    row = next((row for row in listed["goals"] if row["goal_id"] == goal), None)
    if shown.exit != 0:
        readable = row is not None and row["status"] is not None
        return [f"omk cannot show {goal}: {shown.stderr!r}; the product lists it"] if readable else []
    theirs = json.loads(shown.stdout)
    if row is None:
        return [f"omk shows {goal}; the product does not list it"]
    names = {
        "status": "status",
        "phase": "phase",
        "original_goal": "goal",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    return [
        f"{name}: omk shows {theirs[name]!r}, the product lists {row[ours]!r}"
        for name, ours in names.items()
        if theirs[name] != row[ours] and "[REDACTED]" not in theirs[name]
    ]


def _proof(checked: Document, shown: Result) -> list[str]:
    """The gates and changed files of the proof, as the review wall tells them."""
    wall = {entry["pass"]: entry for entry in checked.get("wall") or []}
    if shown.exit != 0 or not wall:
        return []
    proof = json.loads(shown.stdout)
    gates = [f"{gate['name']}={'passed' if gate['passed'] else 'failed'}" for gate in proof["gates"]]
    expected = {
        "test": "gate results: " + ", ".join(gates) if gates else "no gate evidence recorded",
        "code": "changed files: " + ", ".join(proof["changed_files"]) if proof["changed_files"]
        else "no changed-file evidence captured",
    }  # fmt: skip
    return [
        f"pass {name}: omk's proof gives {text!r}, the product says {wall[name]['evidence']!r}"
        for name, text in expected.items()
        if wall[name]["evidence"] != [text] and "[REDACTED]" not in text
    ]


def _verdict(checked: Document, exits: int, decided: Observation) -> list[str]:
    """The check foretells the acceptance: its exit code, the missing evidence, the oracle."""
    stdout = decided.result.stdout.decode("utf-8", "replace")
    if decided.result.exit != 0:
        # What stands in the way of writing is met after the evidence is judged; a check need not foresee it.
        judged = re.match(
            "Goal |(Failed to (read|parse)|Invalid) goal ", error_text(decided.result.stderr).removeprefix("Error: ")
        )
        return [] if exits in (1, 4) or not judged else [f"omk cannot accept, the check exits {exits}"]
    foretold = 0 if stdout.startswith("Acceptance: ready\n") else 3
    faults = [] if exits == foretold else [f"omk says {stdout!r}, the check exits {exits}"]
    proofs = [entry.content for name, entry in decided.changed_files().items() if name.endswith("/proof.json")]
    proof = json.loads(proofs[-1])
    unmet = {*checked["missing"], *checked["waived"]}  # omk knows no waivers
    missing = [one["text"] for one in checked["requirements"] if one["text"] in unmet]
    gates = next((one for one in checked["requirements"] if one["text"] == _GATES), None)
    if gates is not None and "; never ran: " in gates["facts"] and "; failed: " not in gates["facts"]:
        missing = [text for text in missing if text != gates["text"]]  # a rule of the product's own for opened goals
    if missing != proof["known_gaps"]:
        faults.append(f"omk misses {proof['known_gaps']}, the check {missing}")
    oracle = {key: checked["oracle"][key] for key in ("kind", "status", "checks")}
    if oracle != proof["oracle_evidence"] and "[REDACTED]" not in json.dumps(proof["oracle_evidence"]):
        faults.append(f"oracle: omk wrote {proof['oracle_evidence']}, the check says {oracle}")
    return faults
