"""What stands round the documents of a goal: logs, agent traffic, the database and the project."""

from __future__ import annotations

import base64
import json
import random
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from tests.differential.documents import BUDGET_TIMES, GUARDED, PHASES, STATUSES, chance
from tests.differential.evidence import File
from tests.differential.json_text import COMPACT, Raw, Record, spell
from tests.differential.values import text, whole_number, words
from tests.golden.case import Row
from tests.golden.schema import SCHEMA


def event_lines(rng: random.Random, goal_id: str) -> list[str]:
    """Lines of events.jsonl, malformed ones among them."""
    lines = []
    for _ in range(rng.randint(0, 4)):
        payload = Record([("proof_path", "x"), ("status", text(rng))])
        event = Record([("id", "2ce41ee7-b848-4642-a98d-6b683a32cb0c"), ("run_id", goal_id), ("ts",
                                                                                              "2026-11-22T20:19:17.391243739Z"),
                        ("schema_version", 1), ("kind", "proof_written"), ("actor", None), ("payload",
                                                                                            payload)])  # fmt: skip
        lines.append(rng.choice([spell(event, COMPACT), spell(event, COMPACT), "", "{broken", "[]", " \t"]))
    return lines


def log(rng: random.Random, lines: list[str], *, torn: bool) -> File | None:
    """A log file: absent, empty, whole, of another mode or not UTF-8; only a torn one lacks its last newline."""
    if torn:
        cut = rng.choice(['{"id":"torn', "x", '{"version":1}', "\r", " "])
        return {"mode": rng.choice(["0600", "0644"]), "text": "".join(line + "\n" for line in lines) + cut}
    kind = rng.random()
    if kind < 0.12:
        return None
    mode = rng.choice(["0600", "0644", "0644", "0666", "0400"])
    if kind < 0.17:
        return {"mode": mode, "base64": base64.b64encode(b'\xff{"x":1}\n').decode()}
    return {"mode": mode, "text": "".join(line + "\n" for line in lines)}


def checkpoint_lines(rng: random.Random, goal_id: str) -> list[str]:
    line = Record([("version", 1), ("goal_id", goal_id), ("label", "review_completed"), ("status", "not_ready"),
                   ("phase", "proof"),
                   ("recorded_at", "2026-11-22T20:19:17.391484647Z"), ("elapsed_since_created_secs", 4),
                   ("used_tokens", 0),
                   ("estimated_cost_usd", Raw("0.0"))])  # fmt: skip
    return [spell(line, COMPACT) for _ in range(rng.randint(0, 2))]


def wire_events(rng: random.Random, folder: str, files: dict[str, File]) -> None:
    """Agent traffic with token counts. At most two addends: with more, omk's own sum differs from run to run (8.1)."""
    for worker in range(rng.choice([0, 0, 1, 1, 2])):
        lines = []
        for message in ["a", "b"] if chance(rng, 0.6) else [None] * rng.randint(1, 6):
            for _ in range(rng.randint(1, 2) if message else 1):
                lines.append(_wire_line(rng, message))
        if chance(rng, 0.3):
            lines.insert(0, rng.choice(["", "{broken", "[1]", '{"params":null}', "\u2003", "nul\0l"]))
        name = rng.choice(["wire-events.jsonl"] * 5 + ["wire-events.json", "Wire-events.jsonl"])
        body = "\n".join(lines) + rng.choice(["\n", "", "\r\n"])
        where = f"{folder}/artifacts/agent-runs/goal-agent-execute/workers/goal-agent-worker-{worker}/{name}"
        files[where] = {"mode": "0644", "text": body}
        if chance(rng, 0.06):
            files[where] = {"mode": "0644", "base64": base64.b64encode(body.encode() + b"\xff\n").decode()}


def _wire_line(rng: random.Random, message: str | None) -> str:
    kind = rng.choice(["status_update", "status-update", "Status_Update", "StatusUpdate", "status_update", "token"])
    usage: object
    if chance(rng, 0.3):
        usage = rng.choice([0, 5, 1_000_000, 2**64 - 1, 2**64, -1, Raw("1.0"), "5", None, [5]])
    else:
        usage = Record()
        for key in ("input_other", "input_cache_read", "input_cache_creation", "output", "extra"):
            if chance(rng, 0.7):
                usage.set(key, rng.choice([0, 1, 333, 1234567, 2**63, 2**64 - 1, -1, Raw("2.5"), "7", None]))
    payload = Record([("token_usage", usage)])
    if message is not None:
        payload.set("message_id", message)
    elif chance(rng, 0.3):
        payload.set("message_id", rng.choice([5, None, ["a"]]))
    return spell(
        Record([("jsonrpc", "2.0"), ("method", "event"), ("params", Record([("type", kind), ("payload", payload)]))]),
        COMPACT,
    )


def row(rng: random.Random, goal_id: str, created_at: int) -> Row:
    """A row of table goals, stale in any way, that omk can turn into a state."""
    folder = "{{ROOT}}/goals/" + goal_id
    goal_text = words(rng)
    failure = json.dumps({"reason": text(rng, nul=False), "recorded_at": "2026-06-11T10:15:20Z"}, ensure_ascii=False)
    return {
        "goal_id": goal_id,
        "status": rng.choice(STATUSES) if chance(rng, 0.9) else rng.choice(GUARDED),
        "phase": rng.choice(PHASES),
        "kind": rng.choice([None, None, "docs"]),
        "original_goal": goal_text,
        "normalized_goal": goal_text,
        "goal_text": goal_text,
        "project_dir": folder,
        "state_dir": folder,
        "policy": rng.choice(["local", "x"]),
        "delivery_policy": rng.choice(["local"] * 8 + ["draft_pr", "auto_pr", "draft-pr"]),
        "merge_policy": rng.choice(["disabled", "disabled", "manual", "gated"]),
        "until_ready": rng.choice([0, 1]),
        "slice_execution": rng.choice([0, 0, 1]),
        "max_agents": rng.choice([None, None, 3, -1, 2**31 - 1, -(2**31)]),
        "budget_time": rng.choice([None, None, *BUDGET_TIMES]),
        "budget_tokens": rng.choice([None, 5, -1, 2**63 - 1]),
        "budget_usd": rng.choice([None, 509, -1, 2**53 + 1, 10**18]),
        "cost_tracker_path": rng.choice([None, folder + "/cost.jsonl"]),
        "terminal_criteria": rng.choice(
            [None, '{"proof_required":false,"gates_required":true,"human_blockers_stop":true}', "{}", "x"]
        ),
        "failure": failure if chance(rng, 0.2) else None,
        "created_at": created_at,
        "updated_at": rng.choice([created_at, created_at + 100, -1]),
        "completed_at": rng.choice([None, created_at + 100]),
        "controller_pid": rng.choice([None, None, 1, 4242]),
        "version": rng.choice([1, 1, 1, 2, -1]),
    }


def spoil_row(rng: random.Random, spoilt: Row) -> None:
    """Make a row one that omk cannot turn into a state (7.4)."""
    column, value = rng.choice([("status", "finished"), ("phase", ""), ("delivery_policy", "draft-pr"),
                                ("merge_policy", "Manual"),
                                ("failure", "{}"), ("failure", "x"), ("max_agents", 2**31), ("version", 2**31),
                                ("created_at", "soon"),
                                ("budget_usd", "much"), ("kind", 5), ("controller_pid", "x"), ("completed_at",
                                                                                               1.5)])  # fmt: skip
    # Column kind has text affinity: a number given to it is stored as text, which is fine for omk.
    spoilt[column] = value


def database(rng: random.Random, case: dict[str, Any], rows: list[Row]) -> None:
    """Give a case its database: these rows mostly; else none, no rows, another version, or a file that is none."""
    kind = rng.random()
    case["db_rows"] = rows
    if kind < 0.08:
        case["db_rows"] = None
    elif kind < 0.13:
        case["db_rows"] = []
    elif kind < 0.2:
        case["db_user_version"] = rng.choice([0, 1, 3, 7, -1, 2**31 - 1])
    elif kind < 0.3:
        case["db_rows"] = None
        case["files"].update(_no_database(rng))


def _no_database(rng: random.Random) -> dict[str, File]:
    kind = rng.randint(0, 4)
    if kind == 0:
        return {"omk.db": {"mode": "0644", "text": rng.choice(["not a database\n", "SQLite format 3"])}}
    if kind == 1:
        return {"omk.db": {"mode": "0644", "text": ""}}
    if kind == 2:
        return {"omk.db/": {"mode": "0755"}}
    return {"omk.db": {"mode": "0644", "base64": base64.b64encode(_foreign(rng)).decode()}}


def _foreign(rng: random.Random) -> bytes:
    """A database that omk did not make: the goals table alone, one of other columns, or one with a stricter rule."""
    goals = SCHEMA[: SCHEMA.index("CREATE TABLE tasks")]
    script = rng.choice(
        [
            goals,
            goals.replace("version INTEGER", "extra TEXT, version INTEGER"),
            goals.replace("version INTEGER", "extra TEXT NOT NULL, version INTEGER"),
            "CREATE TABLE goals (goal_id TEXT PRIMARY KEY, status TEXT);",
            "CREATE TABLE things (x);",
            goals + "CREATE TABLE tasks (x);",
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "foreign.db"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {rng.choice([0, 2, 2, 5])}")
        connection.close()
        return path.read_bytes()


def project(rng: random.Random) -> dict[str, Any]:
    """A project on a branch, detached, unborn, clean, dirty in each way, or without a repository."""
    made: dict[str, Any] = {"files": {"a.txt": "one\n", "b.txt": "two\n"}}
    kind = rng.random()
    if kind < 0.12:
        return rng.choice([{}, made, {"files": {"a.txt": "x", ".git": "gitdir: nowhere\n"}}])
    git: dict[str, Any] = {"branch": rng.choice(["main", "feature/näme-1", "v1.0-x", "a-b_c", "HEAD-1"])}
    made["git"] = git
    if kind < 0.18:
        git["commit"] = False
    elif kind < 0.24:
        git["detached"] = True
    after: dict[str, Any] = {}
    if chance(rng, 0.6):
        after.update(
            rng.choice(
                [{"a.txt": "three\n"}, {"a.txt": None}, {"new file": "x"}, {"a": "x", "ä\n.txt": "y"}, {"q\tz": ""}]
            )
        )
    made["after"] = after
    if chance(rng, 0.2):
        staged = [name for name, content in after.items() if content is not None]
        made["staged"] = staged
    if chance(rng, 0.06):
        made["dir"] = "sub"
    return made


def numbers_of_rows(rng: random.Random) -> int:
    """A creation time of a row: Unix seconds, also before 1970."""
    return rng.choice([1795378753, 1795378753, 1780000000, -1, 0, whole_number(rng, 31)])
