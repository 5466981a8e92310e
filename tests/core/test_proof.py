"""proof.json and its side-cars (STATE-FORMAT 4.3, 5.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import FieldError
from omk_tui.core.records.proof import PROOF, read_proof, write_proof
from tests.core.documents import Members, gate, proof_json

NEW: Any = {"task_id": "t", "token": "kept as it is"}
OLD = {"task_id": "old", "token": "secret"}
SIDECARS = ("delivery_metadata", "review_artifacts", "integration_evidence", "oracle_evidence")


def rewritten(members: Members, *deliveries: Any) -> tuple[list[str], dict[str, Any]]:
    """The keys in order and the members of a proof that was read and written."""
    text = write_proof(read_proof(json.dumps(members)), deliveries)
    pairs: list[tuple[str, Any]] = json.loads(text, object_pairs_hook=list)
    return [key for key, _ in pairs], json.loads(text)


def test_the_keys_are_in_omks_order() -> None:
    full = proof_json(
        git={"branch": "b", "head": "h", "dirty": True}, recovery_status="r", review_artifacts=[1],
        delivery_metadata=[OLD], integration_evidence={}, oracle_evidence={},
    )  # fmt: skip
    keys, _ = rewritten(dict(reversed(full.items())))
    typed = [field.key for field in PROOF.fields]
    at = typed.index("task_graph_summary") + 1
    assert keys == [*typed[:at], *SIDECARS, *typed[at:]]


@pytest.mark.parametrize(
    ("loaded", "deliveries", "place", "value"),
    [
        (True, True, "inside", [NEW]),
        (False, True, "last", [NEW]),
        (True, False, "inside", [{"task_id": "old", "token": "[REDACTED]"}]),
        (False, False, "absent", None),
    ],
)
def test_where_delivery_metadata_stands_and_whose_it_is(
    loaded: bool, deliveries: bool, place: str, value: object
) -> None:
    members = proof_json(**({"delivery_metadata": [OLD]} if loaded else {}))
    keys, document = rewritten(members, *([NEW] if deliveries else []))
    assert document.get("delivery_metadata") == value
    found = keys.index("delivery_metadata") if "delivery_metadata" in keys else None
    assert found == {"inside": keys.index("task_graph_summary") + 1, "last": len(keys) - 1, "absent": None}[place]


@pytest.mark.parametrize("value", [[], {}, "x", 5, None])
@pytest.mark.parametrize("key", SIDECARS[:2])
def test_a_list_that_is_empty_or_none_is_dropped(key: str, value: object) -> None:
    keys, _ = rewritten(proof_json(**{key: value}))
    assert key not in keys


@pytest.mark.parametrize("value", [[], {}, "x", 5, None])
@pytest.mark.parametrize("key", SIDECARS[2:])
def test_evidence_is_kept_whatever_it_is(key: str, value: object) -> None:
    _, document = rewritten(proof_json(**{key: value}))
    assert (key in document, document[key]) == (True, value)


def test_a_repeated_key_counts_once_and_the_last_value_does() -> None:
    text = json.dumps(proof_json())
    stored = read_proof(text[:-1] + ', "status": "ready", "status": "paused"}')
    assert stored.proof.status == "paused"


def test_everything_but_fresh_deliveries_is_scrubbed() -> None:
    key = "ghp_" + "a" * 36
    _, document = rewritten(proof_json(summary=f"used {key}", integration_evidence={"api_key": "x"}), {"note": key})
    assert document["summary"] == "used [REDACTED]"
    assert document["integration_evidence"] == {"api_key": "[REDACTED]"}
    assert document["delivery_metadata"] == [{"note": key}]


def test_gate_defaults_and_forms() -> None:
    short = {key: gate("g")[key] for key in ("name", "passed", "stdout", "stderr", "duration_ms", "required")}
    _, document = rewritten(proof_json(gates=[short | {"exit_code": None, "extra": 1}]))
    assert document["gates"] == [short | {"command_line": "", "timed_out": False, "timeout_secs": 0}]


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"generated_at": None}, "generated_at"),
        ({"commits": "x"}, "commits"),
        ({"changed_files": ["a", 1]}, "changed_files[1]"),
        ({"git": {"branch": "b", "head": "h"}}, "git.dirty"),
        ({"gates": [gate("a"), gate("b", exit_code=2**31)]}, "gates[1].exit_code"),
        ({"gates": [gate("a", duration_ms=1.5)]}, "gates[0].duration_ms"),
        ({"task_graph_summary": {"total_tasks": 1}}, "task_graph_summary.pending_tasks"),
        ({"known_gaps": None}, "known_gaps"),
    ],
)
def test_what_omk_refuses_is_refused_with_the_field_named(members: Members, where: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_proof(json.dumps(proof_json(**members)))
    assert caught.value.where == where


@pytest.mark.parametrize("text", ["", "{", "nul", '{"a": "\\ud800"}', '{"a": 1e999}', "[" * 128 + "]" * 128])
def test_the_raw_read_looks_at_every_value(text: str) -> None:
    with pytest.raises(JsonError):
        read_proof(text)


def test_a_skipped_gate_is_known_by_its_command() -> None:
    stored = read_proof(json.dumps(proof_json(gates=[gate("a", command_line="<skipped by config>"), gate("b")])))
    assert [one.skipped for one in stored.proof.gates] == [True, False]
