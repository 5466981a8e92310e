"""Properties of every plan: what it writes is judged alike, and nothing but the review decides what that is."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from omk_tui.core.decision.ledger import Signature, with_ledger
from omk_tui.core.decision.plan import AppendLine, ReplaceFile, UpsertRow
from omk_tui.core.format.omk_json import JsonError, TooLong, parse
from omk_tui.core.format.redaction import redact
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.file_names import GOAL_FILE, PROOF_FILE
from omk_tui.core.records.proof import PROOF
from omk_tui.core.records.verb import Verb
from tests.core.documents import GOAL_ID, goal_json, graph_json, proof_json
from tests.core.reviews import VERBS, applied, facts_in, plan_of, review_of, shuffled, texts, written_once

quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**64 - 1)
verbs = st.sampled_from(VERBS)


def some_facts(seed: int) -> Facts:
    """The facts of a generated goal as omk would have left them.

    Without numbers of so many digits that each reading changes them a little (STATE-FORMAT 0.1).
    """
    try:
        facts = written_once(facts_in(*texts(random.Random(seed))))
        again = written_once(facts)
    except (JsonError, TooLong):
        assume(False)  # the raw read of the graph refuses what the typed one skips; a huge proof is not written
        raise
    assume(facts == again)
    return facts


def unsettled(facts: Facts) -> list[tuple[str, str]]:
    """The warnings on which a decision has no bearing."""
    passing = ("dropped_gap", "old_failure", "running")
    return [(one.code, one.text) for one in judge(facts).warnings if one.code not in passing]


@quick
@given(seeds, verbs)
def test_what_a_plan_writes_is_judged_as_what_it_was_made_from(seed: int, verb: Verb) -> None:
    facts = some_facts(seed)
    plan = plan_of(verb, review_of(facts))
    before, after = judge(facts), judge(applied(plan, facts))
    assert after.requirements == before.requirements
    assert after.wall == before.wall
    assert after.oracle == before.oracle
    assert unsettled(applied(plan, facts)) == unsettled(facts)
    assert (after.guard, after.dropped_gaps) == ("", () if verb == "accept" else plan.known_gaps)
    word = {"accept": "accepted!" if before.missing else "accepted", "reject": "rejected"}
    assert str(after.verdict) == word[verb]


@quick
@given(seeds, verbs)
def test_the_written_goal_and_proof_are_the_plans_own_but_for_secrets(seed: int, verb: Verb) -> None:
    facts = some_facts(seed)
    plan = plan_of(verb, review_of(facts))
    after = applied(plan, facts)
    assert after.goal == plan.goal
    assert after.stored is not None
    assert after.stored.proof == PROOF.read(redact(PROOF.write(plan.proof)))
    row = next(step.row for step in plan.steps if isinstance(step, UpsertRow))
    assert (row["status"], row["updated_at"]) == (plan.status, plan.proof.generated_at.seconds)


@quick
@given(seeds, verbs)
def test_a_decision_made_again_at_the_same_moment_writes_the_same_bytes(seed: int, verb: Verb) -> None:
    """From the second time on: the first may move `delivery_metadata` (STATE-FORMAT 5.5)."""
    facts = some_facts(seed)
    for _ in range(2):
        facts = applied(plan_of(verb, review_of(facts)), facts)
    again = plan_of(verb, review_of(facts))
    once_more = plan_of(verb, review_of(applied(again, facts)))
    assert [once_more.written(path) for path in (GOAL_FILE, PROOF_FILE)] == [
        again.written(path) for path in (GOAL_FILE, PROOF_FILE)
    ]


@quick
@given(seeds, verbs)
def test_everything_written_is_what_omk_can_read(seed: int, verb: Verb) -> None:
    plan = plan_of(verb, review_of(some_facts(seed)))
    for step in plan.steps:
        if isinstance(step, ReplaceFile) and step.path.endswith(".json"):
            parse(step.data.decode())
        if isinstance(step, AppendLine):
            *lines, rest = step.data.decode().split("\n")
            assert rest == ""
            assert [isinstance(parse(line), dict) for line in lines] == [True]
    assert {one.path: one.sha256 for one in plan.files}[GOAL_FILE] == hashlib.sha256(
        plan.written(GOAL_FILE) or b""
    ).hexdigest()


@quick
@given(seeds, verbs)
def test_the_order_of_keys_in_typed_records_does_not_matter(seed: int, verb: Verb) -> None:
    rng = random.Random(seed)
    goal, proof, graph = goal_json(budget_tokens=5), proof_json(git=None), graph_json()
    usual = facts_in(*map(json.dumps, (goal, proof, graph)))
    mixed = facts_in(
        json.dumps(shuffled(rng, goal)),
        json.dumps(shuffled(rng, proof, ["gates"])),
        json.dumps(shuffled(rng, graph, ["tasks"])),
    )
    assert plan_of(verb, review_of(mixed)) == plan_of(verb, review_of(usual))


def digest(seed: int) -> str:
    """One hash over every byte that both decisions on a generated goal would write, their rows and ledger lines."""
    whole = hashlib.sha256()
    review = review_of(written_once(facts_in(*texts(random.Random(seed)))))
    for verb in VERBS:
        plan = with_ledger(plan_of(verb, review, "ſtraße ıİ"), review, "text", Signature("me@here", "omk-tui"))
        for step in plan.steps:
            whole.update(step.data if isinstance(step, (ReplaceFile, AppendLine)) else repr(step).encode())
        whole.update(plan.text_output.encode())
    return f"{seed} {whole.hexdigest()}"


SURROUNDINGS = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "4711", "LANG": "de_DE.ISO-8859-1", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
)


def test_neither_hashing_locale_time_zone_nor_umask_changes_a_byte() -> None:
    seed = [number for number in range(1, 40) if can_be_read(number)][:12]
    code = f"from {__name__} import digest\nfor seed in {seed}: print(digest(seed))"
    root = Path(__file__).parents[2]
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
            | surroundings,
            umask=umask,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for surroundings, umask in zip(SURROUNDINGS, (0o022, 0o000, 0o777), strict=True)
    ]
    assert told == ["".join(f"{digest(each)}\n" for each in seed)] * 3


def can_be_read(seed: int) -> bool:
    try:
        facts_in(*texts(random.Random(seed)))
    except JsonError:
        return False
    return True


def test_the_generated_goals_are_of_every_sort() -> None:
    facts = [facts_in(*texts(random.Random(seed))) for seed in range(60) if can_be_read(seed)]
    assert {judge(one).ready for one in facts} == {True, False}
    assert any(one.deliveries for one in facts)
    assert any(judge(one).conflict_open for one in facts)
    assert all(one.goal_id == GOAL_ID for one in facts)
