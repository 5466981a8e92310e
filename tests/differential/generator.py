"""Generated cases: a state root, a project and a command, in the format of the golden cases, without expectations.

Everything is drawn from the `random.Random` that is handed in. A seeded one makes the command line repeatable; that of
hypothesis (`strategies.randoms`) makes the same builders a strategy.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass, field
from typing import Any

from tests.differential import documents, evidence, surroundings, task_graphs
from tests.differential.documents import chance
from tests.differential.json_text import Record, any_style, spell
from tests.differential.opened import opened_files
from tests.differential.values import SECRETS, deep, raw_only_trouble, text
from tests.golden.case import Row

GOAL_ID = "goal-20261122-201913-828-f992f324"
OLDER_ID = "goal-20260102-030405-678-feedbeef"
ODD_IDS = ("g", "my goal", "нäme", "a.b", "goal-x\u200d", "..x", "-x"[1:], "UPPER", "goal\u2028x", "%2e%2e", "~")
NOT_IDS = (
    "../goals/" + GOAL_ID,
    "./" + GOAL_ID,
    GOAL_ID + "/",
    "{{ROOT}}/goals/" + GOAL_ID,
    ".",
    "..",
    GOAL_ID + "/../" + GOAL_ID,
)

OPENED = 0.3
"""The share of goals, among those without a twist, that the product opened from a branch."""
TWISTS = ("torn", "fence", "confined", "deep", "goal-id", "unwritable", "latest", "goal-json-gone", "link")
"""What a case can have once, at most: mostly what leads to a deliberate difference."""


@dataclass
class Draft:
    """A case while it is made."""

    rng: random.Random
    goal_id: str
    twist: str | None
    files: dict[str, Any] = field(default_factory=dict)
    outside: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return f"goals/{self.goal_id}"

    def put(self, name: str, record: Record) -> None:
        """Write a document of the goal, damaged as text in a few cases."""
        body = spell(record, any_style(self.rng))
        mode = self.rng.choice(["0600"] * 6 + ["0644", "0400"])
        self.files[f"{self.folder}/{name}"] = {"mode": mode} | damaged(self.rng, body)


def damaged(rng: random.Random, body: str) -> dict[str, Any]:
    """The content of a document: whole nearly always, else damaged in a way that only its text can be."""
    if not chance(rng, 0.025):
        return {"text": body}
    match rng.randint(0, 6):
        case 0:
            return {"text": body[: rng.randint(0, len(body))]}
        case 1:
            return {"text": body + rng.choice(["x", "\0", "{}", "\u00a0", ","])}
        case 2:
            return {"text": "\ufeff" + body}
        case 3:
            return {"base64": base64.b64encode(body.encode().replace(b"a", b"\xff", 1)).decode()}
        case 4:
            return {"text": body.replace('": "', '": "\u0001', 1)}
        case 5:
            return {"text": body.replace("true", rng.choice(["NaN", "tru", "-Infinity"]), 1)}
        case _:
            return {"text": ""}


def generate(rng: random.Random) -> dict[str, Any]:
    """One case, as the JSON of a golden case has it, without `expect`."""
    twist = rng.choice(TWISTS) if chance(rng, 0.3) else None
    goal_id = GOAL_ID if twist in ("goal-id", "latest") or chance(rng, 0.93) else rng.choice(ODD_IDS)
    draft = Draft(rng, goal_id, twist)
    verb = rng.choice(["accept", "reject"])
    if twist in ("fence", "confined"):
        verb = "reject"
    rows = _opened(draft) if twist is None and chance(rng, OPENED) else _goal(draft)
    case: dict[str, Any] = {"name": "generated", "about": "", "rules": [], "files": draft.files}
    if twist == "latest":
        rows += _older_goal(draft)
    case["project"] = surroundings.project(rng)
    surroundings.database(rng, case, rows)
    if draft.outside:
        case["outside"] = draft.outside
        case["must_not_contain"] = evidence.MARKER
    case["argv"] = [verb, _named(draft), *_said(rng, verb)]
    return case


def _opened(draft: Draft) -> list[Row]:
    """A goal that the product opened from a branch."""
    draft.files.update(opened_files(draft.rng, draft.goal_id))
    row = surroundings.row(draft.rng, draft.goal_id, surroundings.numbers_of_rows(draft.rng))
    return [row] if chance(draft.rng, 0.9) else []


def _goal(draft: Draft) -> list[Row]:
    rng = draft.rng
    complete = chance(rng, 0.6)
    goal = documents.goal(rng, draft.goal_id, decidable=chance(rng, 0.94))
    if draft.twist == "latest":
        # What the newest goal is called when file and folder disagree about its id is nobody's contract.
        goal.set("goal_id", draft.goal_id)
    proof = documents.proof(rng, draft.goal_id, complete=complete or chance(rng, 0.3))
    graph = task_graphs.graph(rng, draft.goal_id, complete=complete or chance(rng, 0.3))
    draft.files[draft.folder + "/"] = {"mode": rng.choice(["0700"] * 5 + ["0755"])}
    _conflicts(draft, graph)
    spoilt = rng.choice(["goal", "proof", "graph", "rules"]) if chance(rng, 0.12) else None
    if spoilt == "goal":
        documents.spoil(rng, goal, typed=True)
    elif spoilt == "proof":
        documents.spoil(rng, proof, typed=False)
    elif spoilt == "graph":
        documents.spoil(rng, graph, typed=True)
    elif spoilt == "rules":
        task_graphs.break_rules(rng, graph)
    if draft.twist == "deep":
        rng.choice([goal, goal, graph]).members.append(("deep", deep(rng)))
    for name, record in (("goal.json", goal), ("proof.json", proof), ("task-graph.json", graph)):
        if not (name == "goal.json" and draft.twist == "goal-json-gone") and not chance(rng, 0.01):
            draft.put(name, record)
    _logs(draft)
    _left_over(draft)
    row = surroundings.row(rng, draft.goal_id, surroundings.numbers_of_rows(rng))
    if chance(rng, 0.1):
        surroundings.spoil_row(rng, row)
    others = [surroundings.row(rng, "goal-other", 1)] if chance(rng, 0.15) and draft.twist != "latest" else []
    return ([row] if chance(rng, 0.9) else []) + others


def _conflicts(draft: Draft, graph: Record) -> None:
    rng = draft.rng
    paths: list[str] = []
    if draft.twist == "fence":
        paths = [evidence.fenced(rng, draft.folder, draft.files)]
    elif draft.twist == "confined":
        paths = [evidence.outside(rng, draft.folder, draft.files, draft.outside)]
    elif chance(rng, 0.5):
        paths = [evidence.inside(rng, draft.folder, draft.files) for _ in range(rng.randint(1, 3))]
    if paths or chance(rng, 0.4):
        task_graphs.deliver(rng, graph, paths)
    if draft.twist is None and chance(rng, 0.02):
        tasks = graph.get("tasks")
        if isinstance(tasks, list) and tasks and isinstance(tasks[0], Record):
            tasks[0].set("delivery", Record([("slice_id", "a"), ("x", raw_only_trouble(rng))]))


def _logs(draft: Draft) -> None:
    rng, folder = draft.rng, draft.folder
    torn = rng.choice([(True, True), (True, False), (False, True)]) if draft.twist == "torn" else (False, False)
    logs = {
        "events.jsonl": surroundings.log(rng, surroundings.event_lines(rng, draft.goal_id), torn=torn[0]),
        "budget-checkpoints.jsonl": surroundings.log(
            rng, surroundings.checkpoint_lines(rng, draft.goal_id), torn=torn[1]
        ),
    }
    for name, log in logs.items():
        if log is not None:
            draft.files[f"{folder}/{name}"] = log
    if chance(rng, 0.05):
        draft.files[f"{folder}/event-log.jsonl"] = {"mode": "0644", "text": "{}\n"}
    if draft.twist == "link":
        _link(draft)
    if draft.twist == "unwritable":
        # A directory where a file has to be written: no user, not even root, can write it.
        name = rng.choice(["events.jsonl", "budget-checkpoints.jsonl", "artifacts/integration", "artifacts",
                           "artifacts/integration/integrator-accept.json",
                           "artifacts/integration/integrator-reject.json",
                           "artifacts/integration/rollback-rejected-slice.md", "goal.json"])  # fmt: skip
        for other in [file for file in draft.files if file.startswith(f"{folder}/{name}")]:
            del draft.files[other]
        if name in ("artifacts", "artifacts/integration"):
            draft.files[f"{folder}/{name}"] = {"mode": "0600", "text": "in the way\n"}
        else:
            draft.files[f"{folder}/{name}/"] = {"mode": "0755"}
    if f"{folder}/artifacts" not in draft.files:
        surroundings.wire_events(rng, folder, draft.files)


def _link(draft: Draft) -> None:
    """One file of the goal lies elsewhere and is linked: inside the goal directory, or outside."""
    rng, folder = draft.rng, draft.folder
    name = rng.choice(["goal.json", "proof.json", "task-graph.json", "events.jsonl", "budget-checkpoints.jsonl"])
    if f"{folder}/{name}" not in draft.files:
        return
    moved = draft.files.pop(f"{folder}/{name}")
    if chance(rng, 0.5):
        draft.files[f"{folder}/kept/{name}"] = moved
        draft.files[f"{folder}/{name}"] = {"link": rng.choice([f"kept/{name}", f"{{{{ROOT}}}}/{folder}/kept/{name}"])}
    else:
        draft.outside[name] = moved
        draft.files[f"{folder}/{name}"] = {"link": f"../../../{name}"}


def _left_over(draft: Draft) -> None:
    """What earlier decisions and killed processes left in the folder of decisions."""
    rng, folder = draft.rng, f"{draft.folder}/artifacts/integration"
    if draft.twist == "unwritable":
        return
    if chance(rng, 0.15):
        draft.files[folder + "/"] = {"mode": rng.choice(["0700", "0755", "0777"])}
        for name in ("integrator-accept.json", "integrator-reject.json", "rollback-rejected-slice.md"):
            if chance(rng, 0.5):
                draft.files.setdefault(f"{folder}/{name}", {"mode": rng.choice(["0600", "0644"]), "text": "{}"})
        if chance(rng, 0.2):
            name = rng.choice(["integrator-accept.json", "integrator-reject.json", "rollback-rejected-slice.md"])
            draft.files[f"{folder}/{name}"] = {"link": rng.choice(["../../proof.json", "gone", name])}
    if chance(rng, 0.05):
        draft.files[f"{draft.folder}/.goal.json.tmp.0b0e1f6e-7d5c-4c39-9f0e-1f6e7d5c4c39"] = {
            "mode": "0600",
            "text": "{",
        }
    if chance(rng, 0.05):
        draft.files[f"{draft.folder}/failure.json"] = {"mode": "0600", "text": "{}"}


def _older_goal(draft: Draft) -> list[Row]:
    """A second goal, with a row, a directory or both, that may be the newer one for the one and not for the other."""
    rng = draft.rng
    older = Draft(rng, OLDER_ID, None)
    kind = rng.choice(["both", "both", "directory", "ghost"])
    row = surroundings.row(rng, OLDER_ID, rng.choice([1767323045, 1795378753, 1995378753]))
    if kind != "ghost":
        goal = documents.goal(rng, OLDER_ID, decidable=True)
        goal.set("goal_id", OLDER_ID)
        older.put("goal.json", goal)
        older.put("proof.json", documents.proof(rng, OLDER_ID, complete=True))
        older.put("task-graph.json", task_graphs.graph(rng, OLDER_ID, complete=True))
        draft.files.update(older.files)
    return [] if kind == "directory" else [row]


def _named(draft: Draft) -> str:
    rng = draft.rng
    if draft.twist == "latest":
        return "latest"
    if draft.twist == "goal-id":
        return rng.choice(NOT_IDS)
    if chance(rng, 0.02):
        return rng.choice(["goal-20200101-000000-000-00000000", "", " ", "Latest", "nul"])
    return rng.choice(["", " ", "\u2003"]) * chance(rng, 0.05) + draft.goal_id + "\n" * chance(rng, 0.02)


def _said(rng: random.Random, verb: str) -> list[str]:
    option = "--summary" if verb == "accept" else "--reason"
    said = rng.choice(["Looks right; tests cover it.", "The retry path drops the last record."])
    if chance(rng, 0.5):
        said = text(rng, nul=False)
    if chance(rng, 0.1):
        said = rng.choice(SECRETS) + " and " + rng.choice(SECRETS)
    if chance(rng, 0.1):
        said = (
            rng.choice([" ", "\u2003\n", "\t", "\u001c", "\u200b"]) + said + rng.choice([" ", "\n", "\u0085", "\u001f"])
        )
    if chance(rng, 0.015):
        said = rng.choice(["", " \n", "\u2003"])
    if said.startswith("-"):
        return [f"{option}={said}"]
    return [option, said]
