"""goal.json, proof.json and their parts as omk writes them, with every optional field in every state (STATE-FORMAT 4).

Each builder gives a valid document. `spoil` makes one invalid in one way.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.differential.json_text import Raw, Record
from tests.differential.values import (
    BAD_INSTANTS,
    GOAL_TEXTS,
    any_json,
    bad_number,
    deep,
    file_name,
    float_literal,
    instant,
    raw_only_trouble,
    text,
    whole_number,
    words,
)

STATUSES = ("running", "ready", "not_ready", "blocked_on_external", "needs_more_budget", "failed_infra")
GUARDED = ("blocked_on_human", "paused", "cancelled")
PHASES = ("intake", "planning", "decomposition", "execution", "verification_design", "proof")
DELIVERY_POLICIES = ("local", "draft-pr", "auto-pr")
MERGE_POLICIES = ("disabled", "manual", "gated")
BUDGET_TIMES = ("2h", "90", "45m", " 3 D ", "+5s", "1S", "0", "", "h", "1w", "1.5h", "-1h", "２h", "1 \u2003h",
                "+ 1h", "++1h",
                "99999999999999999999d", "18446744073709551615", "18446744073709551615s", "5124095576030431h",
                "1e3s")  # fmt: skip


def chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def optional(rng: random.Random, record: Record, key: str, share: float, value: Callable[[], object]) -> None:
    """Set an optional member in a share of the cases; else leave it out or, now and then, give null."""
    if chance(rng, share):
        record.set(key, value())
    elif chance(rng, 0.15):
        record.set(key, None)


def defaulted(rng: random.Random, record: Record, key: str, value: object) -> None:
    """Set a member that has a default, which a small share of documents relies on."""
    if not chance(rng, 0.08):
        record.set(key, value)


def artifact(rng: random.Random, kind: str | None = None, path: str | None = None) -> Record:
    kinds = ("prd", "proof", "review", "agent_run", "decisions", text(rng))
    return Record(
        [
            ("kind", kind if kind is not None else rng.choice(kinds)),
            ("path", path if path is not None else rng.choice(["proof.json", "prd.md", "/abs/file", text(rng)])),
            ("created_at", instant(rng)),
        ]
    )


def artifacts(rng: random.Random) -> list[object]:
    """Artifact entries; now and then those that a decision adds are there already, in any spelling of the path."""
    entries: list[object] = [artifact(rng) for _ in range(rng.choice([0, 1, 1, 2, 5]))]
    folder = "artifacts/integration/"
    for kind, name in (
        ("integration_acceptance", "integrator-accept.json"),
        ("integration_rejection", "integrator-reject.json"),
        ("integration_rollback_plan", "rollback-rejected-slice.md"),
    ):
        if chance(rng, 0.12):
            spelt = rng.choice([folder + name, folder + name, "artifacts//integration///" + name,
                                folder + "./" + name,
                                folder + name + "/", "./" + folder + name, "artifacts/../" + folder + name,
                                "/" + folder + name, folder + name + "/."])  # fmt: skip
            entries.append(artifact(rng, kind if chance(rng, 0.9) else "prd", spelt))
    return entries


def goal(rng: random.Random, goal_id: str, *, decidable: bool) -> Record:
    """goal.json of a goal in directory `goal_id`."""
    record = Record()
    defaulted(rng, record, "version", 1 if chance(rng, 0.85) else whole_number(rng, 32))
    record.set(
        "goal_id", goal_id if chance(rng, 0.95) else rng.choice(["goal-20260101-000000-000-0badcafe", text(rng)])
    )
    original = rng.choice(GOAL_TEXTS) if chance(rng, 0.7) else text(rng)
    record.set("original_goal", original)
    record.set(
        "normalized_goal", " ".join(original.split()) if chance(rng, 0.8) else rng.choice([text(rng), words(rng)])
    )
    record.set("status", rng.choice(STATUSES) if decidable else rng.choice(GUARDED))
    defaulted(rng, record, "phase", rng.choice(PHASES))
    record.set("created_at", instant(rng))
    record.set("updated_at", instant(rng))
    optional(rng, record, "completed_at", 0.4, lambda: instant(rng))
    defaulted(rng, record, "until_ready", chance(rng, 0.3))
    optional(rng, record, "budget_time", 0.3, lambda: rng.choice(BUDGET_TIMES))
    optional(rng, record, "budget_tokens", 0.3, lambda: whole_number(rng, 64))
    optional(rng, record, "budget_usd", 0.3, lambda: Raw(float_literal(rng)))
    optional(rng, record, "max_agents", 0.3, lambda: whole_number(rng, 64))
    optional(rng, record, "cost_tracker_path", 0.7, lambda: rng.choice(["{{ROOT}}/goals/x/cost.jsonl", text(rng)]))
    defaulted(rng, record, "terminal_criteria", terminal_criteria(rng))
    defaulted(rng, record, "delivery_policy", rng.choice(DELIVERY_POLICIES) if chance(rng, 0.3) else "local")
    defaulted(rng, record, "merge_policy", rng.choice(MERGE_POLICIES) if chance(rng, 0.3) else "disabled")
    defaulted(rng, record, "slice_execution", chance(rng, 0.2))
    defaulted(rng, record, "artifacts", artifacts(rng))
    optional(rng, record, "failure", 0.2, lambda: Record([("reason", text(rng)), ("recorded_at", instant(rng))]))
    defaulted(rng, record, "state_dir", rng.choice(["{{ROOT}}/goals/" + goal_id, "", "/elsewhere", text(rng)]))
    return vary(rng, record, typed=True, trouble=0.3)


def terminal_criteria(rng: random.Random) -> Record:
    keys = ("proof_required", "gates_required", "human_blockers_stop")
    return vary(rng, Record((key, not chance(rng, 0.2)) for key in keys), typed=True)


def vary(rng: random.Random, record: Record, *, typed: bool, trouble: float = 0.01) -> Record:
    """Another order of keys, unknown keys and, in a raw read, repeated ones: all that does not matter to omk.

    `trouble`: how many of the unknown values pass a typed read only.
    """
    if chance(rng, 0.1):
        rng.shuffle(record.members)
    if chance(rng, 0.12):
        for _ in range(rng.randint(1, 3)):
            name = rng.choice(["x", "Status", "goal_id ", "delivery", "", text(rng)])
            if name not in record:
                value = raw_only_trouble(rng) if typed and chance(rng, trouble) else any_json(rng, 2)
                record.insert(rng.randint(0, len(record.members)), name, value)
                if chance(rng, 0.2):
                    record.insert(rng.randint(0, len(record.members)), name, any_json(rng, 1))
    if not typed and chance(rng, 0.06) and record.members:
        key, value = rng.choice(record.members)
        # The first value is lost, the first place is kept.
        record.insert(0, key, rng.choice([None, any_json(rng, 1), value]))
    return record


GATE_NAMES = ("acceptance", "Acceptance_v2", "smoke", "demo", "demo2", "compatibility", "golden", "goldenfile",
              "audit", "auditor",
              "regression", "performance", "perf-test", "workbench", "docs:links", "imperfect-docs", "tests",
              "lint", "")  # fmt: skip

EVERY_GATE = ("acceptance", "smoke", "demo", "compatibility", "golden", "audit", "regression", "performance", "docs")


def gate(rng: random.Random, name: str, *, passed: bool, required: bool) -> Record:
    """A gate result with any of its optional members."""
    record = Record([("name", name), ("passed", passed), ("stdout", output(rng)), ("stderr", output(rng)),
                     ("duration_ms", whole_number(rng, 64) if chance(rng, 0.1) else 3), ("required",
                                                                                         required)])  # fmt: skip
    defaulted(rng, record, "command_line", rng.choice(["make " + name, "<skipped by config>", text(rng)]))
    optional(rng, record, "exit_code", 0.8, lambda: rng.choice([0, 0, 1, -1, 127, -(2**31), 2**31 - 1]))
    defaulted(rng, record, "timed_out", chance(rng, 0.1))
    optional(rng, record, "stdout_summary", 0.5, lambda: text(rng))
    optional(rng, record, "stderr_summary", 0.3, lambda: text(rng))
    optional(rng, record, "output_path", 0.4, lambda: "{{ROOT}}/goals/x/artifacts/gates/gate-01-x.log")
    defaulted(rng, record, "timeout_secs", whole_number(rng, 64) if chance(rng, 0.1) else 0)
    return vary(rng, record, typed=False)


def output(rng: random.Random) -> str:
    if chance(rng, 0.02):
        return (text(rng) + "\n") * rng.randint(500, 5000)
    return text(rng) if chance(rng, 0.4) else "ok\n"


def gates(rng: random.Random, *, complete: bool) -> list[object]:
    """Gate results; a complete list satisfies every oracle and the whole review wall."""
    found: list[object] = []
    if complete:
        found = [gate(rng, name, passed=True, required=not chance(rng, 0.1)) for name in EVERY_GATE]
        if chance(rng, 0.3):
            rng.shuffle(found)
    for _ in range(rng.choice([0, 0, 1, 3])):
        passed = complete or chance(rng, 0.6)
        name = rng.choice(GATE_NAMES) if chance(rng, 0.8) else text(rng)
        found.insert(rng.randint(0, len(found)), gate(rng, name, passed=passed, required=chance(rng, 0.7)))
    if chance(rng, 0.15):
        found.append(gate(rng, rng.choice(GATE_NAMES), passed=False, required=not complete and chance(rng, 0.5)))
    return found


def proof(rng: random.Random, goal_id: str, *, complete: bool) -> Record:
    """proof.json; `complete`: gates, changed files and the later gate run are there."""
    changed = [file_name(rng) for _ in range(rng.choice([1, 1, 2, 8]))]
    record = Record(
        [
            ("version", 1 if chance(rng, 0.9) else whole_number(rng, 32)),
            ("goal_id", goal_id if chance(rng, 0.95) else text(rng)),
            ("status", rng.choice(STATUSES + GUARDED)),
            ("readiness", text(rng)),
            ("summary", text(rng)),
            ("generated_at", instant(rng)),
            ("artifacts", artifacts(rng)),
            ("task_graph_summary", task_counts(rng)),
        ]
    )
    optional(rng, record, "delivery_metadata", 0.25, lambda: sidecar_list(rng))
    optional(rng, record, "review_artifacts", 0.35, lambda: sidecar_list(rng))
    optional(rng, record, "integration_evidence", 0.2, lambda: any_json(rng))
    optional(rng, record, "oracle_evidence", 0.2, lambda: any_json(rng))
    record.set("changed_files", list(changed) if complete or chance(rng, 0.6) else [])
    record.set(
        "commits", [rng.choice(["aa013faa20fb3fbae99512ac6b6c0699624e2675", text(rng)])] if chance(rng, 0.8) else []
    )
    optional(rng, record, "git", 0.7, lambda: git_evidence(rng))
    record.set("gates", gates(rng, complete=complete))
    defaulted(rng, record, "post_mutation_gates_ran", complete or chance(rng, 0.5))
    record.set("known_gaps", [text(rng) for _ in range(rng.choice([0, 1, 3]))])
    record.set("human_decisions_required", [text(rng)] if chance(rng, 0.2) else [])
    optional(rng, record, "recovery_status", 0.15, lambda: text(rng))
    return vary(rng, record, typed=False)


def task_counts(rng: random.Random) -> Record:
    keys = ("total_tasks", "pending_tasks", "blocked_tasks", "done_tasks")
    return vary(rng, Record((key, whole_number(rng, 32) if chance(rng, 0.1) else 4) for key in keys), typed=False)


def git_evidence(rng: random.Random) -> Record:
    return Record([("branch", text(rng)), ("head", rng.choice(["0" * 40, text(rng)])), ("dirty", chance(rng, 0.5))])


def sidecar_list(rng: random.Random) -> object:
    """Reviews or delivery data to be carried over: a list mostly, else what counts as none."""
    if chance(rng, 0.15):
        return rng.choice([[], Record(), "text", 5, Record([("a", 1)])])
    wall = [
        ("pass", "architect"),
        ("status", "passed"),
        ("path", "artifacts/reviews/goal-review.md"),
        ("evidence", [text(rng)]),
    ]
    return [Record(wall) if chance(rng, 0.5) else any_json(rng) for _ in range(rng.randint(1, 3))]


def spoil(rng: random.Random, record: Record, *, typed: bool) -> None:
    """Make a valid document invalid in one way that a reader of its kind must notice, or might wrongly notice."""
    members = list(record.members)
    key, value = rng.choice(members) if members else ("version", 1)
    match rng.choice(["drop", "drop", "null", "type", "enum", "time", "number", "repeat", "trouble", "inner"]):
        case "drop":
            record.drop(key)
        case "null":
            record.set(key, None)
        case "type":
            record.set(key, rng.choice([5, "5", True, [], Record(), [value], Raw("1.5")]))
        case "enum":
            chosen = rng.choice(["status", "phase", "delivery_policy", "merge_policy"])
            record.set(chosen, rng.choice(["finished", "Ready", "draft_pr", "", 3, Record([("ready", None)])]))
        case "time":
            chosen = rng.choice([name for name, _ in members if name.endswith("_at")] or ["created_at"])
            record.set(chosen, rng.choice(BAD_INSTANTS))
        case "number":
            chosen, bits = rng.choice([("version", 32), ("budget_tokens", 64), ("max_agents", 64)])
            record.set(chosen, bad_number(rng, bits))
        case "repeat":
            record.members.append((key, value))
        case "trouble":
            record.insert(rng.randint(0, len(members)), "zz", raw_only_trouble(rng) if typed else deep(rng))
        case "inner":
            nested = [item for _, item in members if isinstance(item, Record) and item.members]
            nested += [
                each for _, item in members if isinstance(item, list) for each in item if isinstance(each, Record)
            ]
            if nested:
                inner = rng.choice(nested)
                inner.set(inner.members[0][0] if inner.members else "x", rng.choice([None, 1, "x", [], Raw("1.5")]))
