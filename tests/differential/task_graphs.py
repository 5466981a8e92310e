"""task-graph.json: valid, invalid in each way of STATE-FORMAT 5.4, with delivery and conflict records of every kind."""

from __future__ import annotations

import random

from tests.differential.documents import chance, defaulted, optional, vary
from tests.differential.json_text import Raw, Record
from tests.differential.values import any_json, float_literal, instant, text, whole_number, words

NAMED = ("goal-intake", "goal-plan", "goal-local-verify", "goal-agent-execute", "goal-review", "goal-security-review")

TYPED_KEYS = ("slice_id", "owner", "read_scope", "write_scope", "dependencies", "branch", "worktree_name",
              "worktree_path", "gates",
              "review_needs", "pr_url", "commit_sha", "verification_summary", "status", "conflict_evidence_path",
              "conflict_blocking_reason", "slice_lease_id")  # fmt: skip
LIST_KEYS = frozenset({"read_scope", "write_scope", "dependencies", "gates", "review_needs"})
EXTRA_KEYS = ("review_feedback", "merge_conflict_artifact", "merge_conflict_clean", "conflict_classification",
              "pr_link", "task_id",
              "token", "z", "")  # fmt: skip
CONFLICT_KEYS = frozenset({"conflict_evidence_path", "conflict_blocking_reason"})


def task(rng: random.Random, name: str, status: str, dependencies: list[str]) -> Record:
    """One valid task."""
    record = Record([("id", name), ("title", words(rng)), ("description", words(rng)), ("status", status)])
    optional(rng, record, "owner_role", 0.6, lambda: rng.choice(["executor", text(rng)]))
    optional(rng, record, "completed_at", 0.3, lambda: instant(rng))
    defaulted(rng, record, "evidence", evidence(rng))
    defaulted(rng, record, "retry_count", whole_number(rng, 32) if chance(rng, 0.1) else 0)
    defaulted(rng, record, "max_retries", 3)
    optional(rng, record, "lease_expires_at", 0.2, lambda: instant(rng))
    record.set("dependencies", list(dependencies))
    record.set("read_set", [text(rng)] if chance(rng, 0.2) else [])
    record.set("write_set", [text(rng)] if chance(rng, 0.2) else [])
    record.set("risk", rng.choice(["low", "medium", "high", ""]))
    record.set("acceptance", [rng.choice(["works", "", text(rng)])])
    return vary(rng, record, typed=True)


def evidence(rng: random.Random) -> list[object]:
    if not chance(rng, 0.2):
        return []
    return [Record([("kind", "log"), ("path", text(rng)), ("summary", text(rng))])]


def graph(rng: random.Random, goal_id: str, *, complete: bool) -> Record:
    """A valid graph; `complete`: the five named kinds of task are done."""
    names = [name for name in NAMED if name.startswith(("goal-local", "goal-review", "goal-sec")) or chance(rng, 0.5)]
    if "goal-agent-execute" not in names or chance(rng, 0.2):
        names[1:1] = [f"goal-agent-implement-{number}" for number in range(1, rng.randint(2, 4))]
    if not complete and chance(rng, 0.4):
        names.remove(rng.choice(names))
    names += [rng.choice(["goal-agent-cleanup-x", "слайс-ä", "T 1", text(rng) or "t"])] if chance(rng, 0.4) else []
    names = list(dict.fromkeys(name for name in names if name.strip())) or ["t"]
    tasks: list[object] = []
    for index, name in enumerate(names):
        needed = complete and (name in NAMED or name.startswith("goal-agent-implement"))
        status = "done" if needed or chance(rng, 0.7) else rng.choice(["pending", "blocked"])
        before = [other for other in names[:index] if chance(rng, 0.3)]
        tasks.append(task(rng, name, status, before))
    if chance(rng, 0.2):
        rng.shuffle(tasks)
    record = Record(
        [
            ("version", 1 if chance(rng, 0.9) else max(1, whole_number(rng, 32))),
            ("goal_id", goal_id if chance(rng, 0.9) else "another"),
            ("generated_at", instant(rng)),
            ("tasks", tasks),
        ]
    )
    return vary(rng, record, typed=True)


def break_rules(rng: random.Random, record: Record) -> None:
    """Make a valid graph break one of the rules of 5.4, each with the same chance."""
    tasks = record.get("tasks")
    if not isinstance(tasks, list) or not tasks:
        return
    victim = rng.choice([each for each in tasks if isinstance(each, Record)])
    match rng.randint(0, 11):
        case 0:
            record.set("version", 0)
        case 1:
            record.set("goal_id", rng.choice(["", " \u2003\n"]))
        case 2:
            record.set("tasks", [])
        case 3:
            victim.set("id", rng.choice(["", " ", "\u00a0"]))
        case 4:
            tasks.append(task(rng, str(victim.get("id")), "done", []))
        case 5:
            victim.set(rng.choice(["title", "description"]), rng.choice(["", " \t", "\u001c", "\u200b"]))
        case 6:
            victim.set("acceptance", [])
        case 7:
            victim.set("dependencies", [victim.get("id")])
        case 8:
            victim.set("dependencies", [rng.choice(["missing", " " + str(victim.get("id")), ""])])
        case 9:
            names = [each.get("id") for each in tasks if isinstance(each, Record)]
            for each, after in zip(tasks, names[1:] + names[:1], strict=True):
                if isinstance(each, Record):
                    each.set("dependencies", [after])
        case 10:
            victim.set("status", rng.choice(["Done", "in_progress", None]))
        case 11:
            victim.drop(rng.choice(["risk", "read_set", "acceptance", "dependencies", "title"]))


def delivery(rng: random.Random, paths: list[str]) -> object:
    """A delivery object: typed members of right and wrong type between extras, in any order (swap-remove, 4.2)."""
    if chance(rng, 0.06):
        return rng.choice([None, Record(), [], "x", 5, [Record([("slice_id", "a")])]])
    record = Record()
    keys = [key for key in TYPED_KEYS if key not in CONFLICT_KEYS and chance(rng, 0.4)]
    keys += [key for key in EXTRA_KEYS if chance(rng, 0.2)]
    for key in keys:
        record.set(key, delivery_value(rng, key))
    if paths and chance(rng, 0.7):
        record.set("conflict_evidence_path", rng.choice(paths) if chance(rng, 0.93) else wrong_type(rng))
    if chance(rng, 0.35):
        record.set("conflict_blocking_reason", text(rng) if chance(rng, 0.9) else wrong_type(rng))
    if chance(rng, 0.6):
        rng.shuffle(record.members)
    if chance(rng, 0.05) and record.members:
        record.members.append((record.members[0][0], any_json(rng, 1)))
    return record


def delivery_value(rng: random.Random, key: str) -> object:
    if chance(rng, 0.12):
        return wrong_type(rng)
    if key in LIST_KEYS:
        return [text(rng) for _ in range(rng.choice([0, 1, 2]))]
    if key in TYPED_KEYS:
        if key == "slice_id":
            return rng.choice(["slice-a", "slice-b", "", "Slice-a", "ä", text(rng)])
        return rng.choice(["planned", "merged", text(rng)])
    return any_json(rng, 2)


def wrong_type(rng: random.Random) -> object:
    return rng.choice([None, 5, True, Raw(float_literal(rng)), ["a", 1], [None], Record([("a", "b")]), [["x"]]])


def deliver(rng: random.Random, record: Record, paths: list[str]) -> None:
    """Give some tasks a delivery object. `paths`: conflict evidence to point at; equal section ids are likely."""
    tasks = record.get("tasks")
    if isinstance(tasks, list):
        for each in tasks:
            if isinstance(each, Record) and "delivery" not in each and chance(rng, 0.5):
                each.insert(rng.randint(0, len(each.members)), "delivery", delivery(rng, paths))
