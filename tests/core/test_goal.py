"""goal.json (STATE-FORMAT 4.1)."""

from __future__ import annotations

import json

import pytest

from omk_tui.core.format.record_table import FieldError
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.goal import (
    GOAL,
    Artifact,
    TerminalCriteria,
    path_components,
    read_goal,
    with_artifact,
    write_goal,
)
from tests.core.documents import CREATED, GOAL_ID, Members, goal_json

AT = Timestamp.parse(CREATED)
FULL = goal_json(
    completed_at="2026-06-11T12:15:20.500000+02:00",
    budget_time="2h",
    budget_tokens=2**64 - 1,
    budget_usd=5,
    max_agents=3,
    cost_tracker_path="/x/cost.jsonl",
    artifacts=[{"kind": "prd", "path": "prd.md", "created_at": CREATED}],
    failure={"reason": "a\tb", "recorded_at": CREATED},
)


def read(members: Members, state_dir: str = "/here") -> str:
    return write_goal(read_goal(json.dumps(members), state_dir))


def test_a_minimal_goal_gets_omks_defaults() -> None:
    keys = ("goal_id", "original_goal", "normalized_goal", "status", "created_at", "updated_at")
    goal = read_goal(json.dumps({key: goal_json()[key] for key in keys}), "/here")
    assert (goal.version, goal.phase, goal.delivery_policy, goal.merge_policy) == (1, "intake", "local", "disabled")
    assert goal.terminal_criteria == TerminalCriteria(True, True, True)
    assert (goal.artifacts, goal.failure, goal.until_ready, goal.state_dir) == ((), None, False, "/here")


def test_every_key_is_written_in_omks_order_with_its_form() -> None:
    text = read(dict(reversed(FULL.items())))
    written = json.loads(text)
    assert list(written) == [field.key for field in GOAL.fields]
    assert written["completed_at"] == "2026-06-11T10:15:20.500Z"
    assert '"budget_usd": 5.0,' in text
    assert '"budget_tokens": 18446744073709551615,' in text
    assert written["created_at"] == CREATED
    assert text.endswith('"state_dir": "/here"\n}')


def test_unknown_keys_are_lost_and_absent_options_are_not_written() -> None:
    written = json.loads(read(goal_json(mood="good", budget_time=None)))
    assert not {"mood", "budget_time", "failure", "completed_at"} & written.keys()


def test_what_is_written_reads_back_the_same() -> None:
    assert read(json.loads(read(FULL))) == read(FULL)


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"status": "done"}, "status"),
        ({"phase": None}, "phase"),
        ({"delivery_policy": "draft_pr"}, "delivery_policy"),
        ({"version": -1}, "version"),
        ({"version": 1.0}, "version"),
        ({"budget_tokens": 2**64}, "budget_tokens"),
        ({"budget_usd": "5"}, "budget_usd"),
        ({"created_at": "2026-06-11"}, "created_at"),
        ({"artifacts": None}, "artifacts"),
        ({"artifacts": [{"kind": "a", "path": "b"}]}, "artifacts[0].created_at"),
        ({"failure": {"reason": "x"}}, "failure.recorded_at"),
        ({"terminal_criteria": {}}, "terminal_criteria.proof_required"),
        ({"until_ready": 1}, "until_ready"),
    ],
)
def test_what_omk_refuses_is_refused_with_the_field_named(members: Members, where: str) -> None:
    with pytest.raises(FieldError) as caught:
        read(goal_json(**members))
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("members", "where"),
    [
        ({"failure": ["reason", CREATED]}, "failure"),
        ({"artifacts": [["a", "b", CREATED]]}, "artifacts[0]"),
    ],
)
def test_exotic_spellings_that_no_program_writes_are_unreadable(members: Members, where: str) -> None:
    """serde takes a record as an array too (end of STATE-FORMAT 0.1)."""
    with pytest.raises(FieldError) as caught:
        read(goal_json(**members))
    assert caught.value.where == where


def test_an_enum_may_be_spelt_as_an_object_with_one_key() -> None:
    assert read(goal_json(status={"ready": None})) == read(goal_json(status="ready"))
    for odd in ({"ready": 1}, {"ready": None, "paused": None}, {}, {"finished": None}):
        with pytest.raises(FieldError):
            read(goal_json(status=odd))


def test_an_artifact_is_added_once_by_kind_and_path() -> None:
    one = Artifact("prd", "a/b.md", AT)
    assert with_artifact((), one) == (one,)
    for spelling in ("a/b.md", "a//b.md", "a/./b.md", "a/b.md/", "a/b.md/."):
        assert with_artifact((one,), Artifact("prd", spelling, AT)) == (one,)
    for other in (Artifact("spec", "a/b.md", AT), Artifact("prd", "./a/b.md", AT), Artifact("prd", "/a/b.md", AT)):
        assert with_artifact((one,), other) == (one, other)


def test_components_keep_the_root_and_a_leading_dot() -> None:
    assert path_components("/a//b/.") == ("/", "a", "b")
    assert path_components("./a/../b") == (".", "a", "..", "b")
    assert path_components("") == ()


def test_the_id_inside_is_kept_whatever_the_directory_is_called() -> None:
    assert read_goal(json.dumps(goal_json()), "/other").goal_id == GOAL_ID
