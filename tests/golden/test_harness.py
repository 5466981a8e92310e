"""The harness judges rightly: a faithful playback of a recording is identical, and any single fault shows."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.golden.case import CASES, Case, MalformedCase, Places, Row, case_paths, load_case, read_case
from tests.golden.deciders import Result
from tests.golden.layout import lay_out, write_database
from tests.golden.mask import SECOND, nanoseconds
from tests.golden.observe import LEDGER, Observation, run
from tests.golden.playback import Playback, written
from tests.golden.rules import compare_rows, omk_differences, product_differences, refusal_exits, untouched

GOAL = "goals/goal-20261122-201913-828-f992f324"
DECIDED = [path.stem for path in case_paths() if '"exit": 0' in path.read_text(encoding="utf-8")]

Spoil = Callable[[Places], None]
"""Spoils one thing after a faithful playback."""


def case(name: str) -> Case:
    return load_case(CASES / f"{name}.json")


def observed(name: str, tmp_path: Path, spoil: Spoil | None = None, **result: Any) -> tuple[Case, Observation]:
    recorded = case(name)
    playback = Playback(recorded)

    def decide(argv: tuple[str, ...], places: Places) -> Result:
        faithful = playback(argv, places)
        if spoil is not None:
            spoil(places)
        return replace(faithful, **result)

    return recorded, run(decide, recorded.argv, lay_out(recorded, tmp_path))


def spoilt(name: str, tmp_path: Path, spoil: Spoil | None = None, **result: Any) -> str:
    recorded, seen = observed(name, tmp_path, spoil, **result)
    return "\n".join(omk_differences(recorded, seen))


def rewrite(name: str, pattern: bytes, replacement: bytes, count: int = 1) -> Spoil:
    def spoil(places: Places) -> None:
        path = places.root / GOAL / name
        content, done = re.subn(pattern, replacement, path.read_bytes(), count=count)
        assert done, f"{pattern!r} is not in {name}"
        path.write_bytes(content)

    return spoil


def set_column(column: str, value: object) -> Spoil:
    def spoil(places: Places) -> None:
        connection = sqlite3.connect(places.root / "omk.db")
        with connection:
            connection.execute(f"UPDATE goals SET {column} = ?", (value,))
        connection.close()

    return spoil


@pytest.mark.parametrize("name", DECIDED)
def test_a_faithful_playback_of_a_decision_is_identical(name: str, tmp_path: Path) -> None:
    assert spoilt(name, tmp_path) == ""


@pytest.mark.parametrize(
    ("spoil", "shown"),
    [
        (rewrite("goal.json", rb'"phase": "proof"', b'"phase": "prooF"'), "goal.json differs"),
        (rewrite("proof.json", rb"\}$", b"}\n"), "proof.json differs"),
        (rewrite("events.jsonl", rb"\n$", b""), "events.jsonl differs"),
        (rewrite("task-graph.json", rb"goal-review", b"goal-reviev"), "task-graph.json differs"),
        (lambda places: (places.root / GOAL / "goal.json").chmod(0o644), "goal.json has mode 0644, expected 0600"),
        (lambda places: (places.root / GOAL).chmod(0o755), f"{GOAL}/ has mode 0755, expected 0700"),
        (lambda places: places.root.chmod(0o700), "./ has mode 0700"),
        (lambda places: (places.root / GOAL / "goal.json.lock").touch(), "goal.json.lock should not be there"),
        (lambda places: (places.root / "journal").mkdir(), "journal/ should not be there"),
        (lambda places: (places.root / GOAL / "proof.json").unlink(), "proof.json is missing"),
        (lambda places: (places.project / "a.txt").write_text("three\n"), "beside the state root: project/a.txt"),
        (lambda places: (places.root.parent / "left").touch(), "beside the state root: left should not be there"),
        (set_column("status", "not_ready"), "status: 'not_ready', expected 'ready'"),
        (set_column("controller_pid", 7), "controller_pid: 7, expected None"),
        (set_column("goal_text", b"blob"), "goal_text"),
        (set_column("updated_at", 1), "updated_at: 1, expected '<NOW>'"),
        (set_column("goal_id", "other"), "should not be there"),
        (lambda places: (places.root / "omk.db").unlink(), "no database that can be read"),
    ],
)
def test_one_fault_on_disk_is_one_difference(spoil: Spoil, shown: str, tmp_path: Path) -> None:
    assert shown in spoilt("accept-ready", tmp_path, spoil)


def test_a_link_in_place_of_a_file_is_a_difference(tmp_path: Path) -> None:
    def spoil(places: Places) -> None:
        path = places.root / GOAL / "goal.json"
        path.rename(path.with_name("elsewhere"))
        path.symlink_to("elsewhere")

    assert "goal.json is a link, expected a file" in spoilt("accept-ready", tmp_path, spoil)


def test_the_user_version_is_compared(tmp_path: Path) -> None:
    def spoil(places: Places) -> None:
        connection = sqlite3.connect(places.root / "omk.db")
        connection.execute("PRAGMA user_version = 3")
        connection.close()

    assert "user_version 3, expected 2" in spoilt("accept-ready", tmp_path, spoil)


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        ({"exit": 3}, "exit 3, expected 0"),
        ({"stdout": b"Acceptance: ready\n"}, "stdout differs"),
    ],
)
def test_exit_code_and_output_are_compared(result: dict[str, Any], shown: str, tmp_path: Path) -> None:
    assert shown in spoilt("accept-ready", tmp_path, **result)


NOW = rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z"


@pytest.mark.parametrize(
    ("spoil", "shown"),
    [
        (rewrite("goal.json", rb'"updated_at": "' + NOW, b'"updated_at": "1999-01-01T00:00:00Z'), "1999-01-01"),
        (rewrite("goal.json", rb'"updated_at": "' + NOW, b'"updated_at": "9999-01-01T00:00:00Z'), "9999-01-01"),
        (rewrite("goal.json", rb'("updated_at": "[^"]*)Z"', rb'\1+00:00"'), "+00:00"),
        (rewrite("goal.json", rb'("updated_at": "[^".]*)\.\d+Z', rb"\1Z"), "goal.json differs"),
        (rewrite("events.jsonl", rb"-4(?=[0-9a-f]{3}-[0-9a-f]{4}-\w{12}\",\"run_id[^\n]*\n[^\n]*\n$)", b"-1"), "-1"),
        (rewrite("budget-checkpoints.jsonl", rb'secs":\d+(?=,"used_tokens[^\n]*\n$)', b'secs":3'), 'secs":3'),
    ],
)
def test_a_masked_value_of_wrong_form_is_a_difference(spoil: Spoil, shown: str, tmp_path: Path) -> None:
    assert shown in spoilt("accept-ready", tmp_path, spoil)


def shift(name: str, before: bytes, nanos: int) -> Spoil:
    """Move the first instant after `before` by some nanoseconds."""

    def spoil(places: Places) -> None:
        path = places.root / GOAL / name
        found = list(re.finditer(re.escape(before) + b'"?(' + NOW + b")", path.read_bytes()))[-1]
        content = path.read_bytes()
        moved = written(nanoseconds(found[1].decode()) + nanos).encode()
        path.write_bytes(content[: found.start(1)] + moved + content[found.end(1) :])

    return spoil


def test_the_decision_is_one_instant(tmp_path: Path) -> None:
    shown = spoilt("accept-ready", tmp_path, shift("goal.json", b'"updated_at": ', 5_000))
    assert "instant differs between its files" in shown


def test_the_logs_are_in_order(tmp_path: Path) -> None:
    assert "not in order" in spoilt("accept-ready", tmp_path, shift("events.jsonl", b'"ts":', -150_000))


def test_the_checkpoint_and_its_event_say_the_same(tmp_path: Path) -> None:
    shown = spoilt("accept-ready", tmp_path, shift("budget-checkpoints.jsonl", b'"recorded_at":', 7_000))
    assert "the checkpoint says" in shown


def test_a_uuid_used_twice_is_a_difference(tmp_path: Path) -> None:
    same = str(uuid.uuid4()).encode()

    def spoil(places: Places) -> None:
        path = places.root / GOAL / "events.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        lines[-2:] = [re.sub(rb'^\{"id":"[^"]*"', b'{"id":"' + same + b'"', line) for line in lines[-2:]]
        path.write_bytes(b"".join(lines))

    assert "used twice" in spoilt("accept-ready", tmp_path, spoil)


def test_a_uuid_that_was_there_before_is_no_new_one(tmp_path: Path) -> None:
    def spoil(places: Places) -> None:
        path = places.root / GOAL / "events.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        lines[-1] = re.sub(rb'^\{"id":"[^"]*"', lines[0][:44].split(b",")[0], lines[-1])
        path.write_bytes(b"".join(lines))

    assert "events.jsonl differs" in spoilt("accept-ready", tmp_path, spoil)


def test_the_product_may_keep_its_ledger_and_nothing_else(tmp_path: Path) -> None:
    recorded, seen = observed("accept-ready", tmp_path, lambda places: (places.root / GOAL / LEDGER).touch())
    assert product_differences(recorded, seen) == []


@pytest.mark.parametrize("code", [1, 4])
def test_a_refusal_writes_nothing(code: int, tmp_path: Path) -> None:
    recorded = case("deliberate-reject-graph-missing")
    seen = run(refusing(code), recorded.argv, lay_out(recorded, tmp_path))
    assert product_differences(recorded, seen) == []


def test_half_a_decision_is_no_refusal(tmp_path: Path) -> None:
    recorded, seen = observed("deliberate-reject-graph-missing", tmp_path)
    assert "goal.json differs" in "\n".join(product_differences(recorded, seen))
    assert omk_differences(recorded, seen) == []


def refusing(code: int, stderr: bytes = b"") -> Callable[[tuple[str, ...], Places], Result]:
    return lambda argv, places: Result(code, b"", stderr, 0, 1)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("guard-paused-reject", 4, 1),
        ("guard-blocked_on_human-accept", 4, 3),
        ("guard-cancelled-accept", 4, 1),
        ("unknown-id-accept", 1, 4),
        ("goal-truncated-accept", 1, 2),
        ("blank-text-accept", 2, 4),
        ("deliberate-goal-id-dotdot", 2, 0),
        ("accept-ready", 0, 4),
    ],
)
def test_exit_codes_of_refusals(name: str, right: int, wrong: int, tmp_path: Path) -> None:
    recorded = case(name)
    places = lay_out(recorded, tmp_path)
    if right:
        assert product_differences(recorded, run(refusing(right), recorded.argv, places)) == []
    assert product_differences(recorded, run(refusing(wrong), recorded.argv, places)) != []


def test_a_goal_named_like_a_guard_is_not_a_guard() -> None:
    assert refusal_exits("Error: Goal 'is cancelled' not found.\n\nList existing goals:") == (1,)
    assert refusal_exits("Error: Goal 'a' is cancelled") == (4,)


@pytest.mark.parametrize(("rows", "identical"), [([], True), ([{"goal_id": "g", "created_at": 1}], False)])
def test_an_empty_database_may_appear_but_no_row(rows: list[Row], identical: bool, tmp_path: Path) -> None:
    recorded = case("latest-no-goals-accept")
    needed = dict.fromkeys(("status", "phase", "goal_text", "project_dir"), "x") | {"updated_at": 1}

    def makes_a_database(argv: tuple[str, ...], places: Places) -> Result:
        write_database(places.root / "omk.db", [row | needed for row in rows], 2)
        return Result(1, b"", b"", 0, 1)

    seen = run(makes_a_database, recorded.argv, lay_out(recorded, tmp_path))
    assert (product_differences(recorded, seen) == []) is identical


def test_latest_names_both(tmp_path: Path) -> None:
    recorded = case("latest-skips-draft-pr")
    places = lay_out(recorded, tmp_path)
    both = b"goal-20260102-030405-678-feedbeef goal-20261122-201913-828-f992f324"
    assert product_differences(recorded, run(refusing(4, both), recorded.argv, places)) == []
    assert product_differences(recorded, run(refusing(4, both[:33]), recorded.argv, places)) != []


def test_a_torn_line_is_ended_first(tmp_path: Path) -> None:
    recorded, glued = observed("events-torn", tmp_path / "glued")
    assert omk_differences(recorded, glued) == []
    assert "events.jsonl differs" in "\n".join(product_differences(recorded, glued))

    def end_lines(places: Places) -> None:
        rewrite("events.jsonl", rb'^\{"id":"torn', b'{"id":"torn\n')(places)
        rewrite("budget-checkpoints.jsonl", rb"torn", b"torn\n")(places)

    recorded, ended = observed("events-torn", tmp_path / "ended", end_lines)
    assert product_differences(recorded, ended) == []
    assert omk_differences(recorded, ended) != []


PLAN = "artifacts/integration/rollback-rejected-slice.md"


@pytest.mark.parametrize(("fence", "identical"), [(b"````", True), (b"```", False), (b"`````", False)])
def test_the_fence_is_longer_than_any_run_inside(fence: bytes, identical: bool, tmp_path: Path) -> None:
    refence = rewrite(PLAN, rb"```\n(before\n```\nafter\n)```\n", fence + rb"\n\1" + fence + b"\n")
    recorded, seen = observed("deliberate-fence-three", tmp_path, refence)
    assert (product_differences(recorded, seen) == []) is identical


@pytest.mark.parametrize(
    ("block", "identical"),
    [
        (b"_(unreadable: outside the goal directory)_\n\n", True),
        (b"```\nOUTSIDE-MARKER-17\n```\n\n", False),
        (b"_(unreadable: OUTSIDE-MARKER-17)_\n\n", False),
        (b"", False),
    ],
)
def test_what_lies_outside_is_not_read(block: bytes, identical: bool, tmp_path: Path) -> None:
    replace_block = rewrite(PLAN, rb"```\nOUTSIDE-MARKER-17\n```\n\n", block)
    recorded, seen = observed("deliberate-outside-dotdot", tmp_path, replace_block)
    assert (product_differences(recorded, seen) == []) is identical


def test_deep_nesting_is_decided_or_refused(tmp_path: Path) -> None:
    recorded, decided = observed("goal-ignored-deep-accept", tmp_path / "decided")
    assert product_differences(recorded, decided) == []
    refused = run(refusing(1), recorded.argv, lay_out(recorded, tmp_path / "refused"))
    assert product_differences(recorded, refused) == []
    four = run(refusing(4), recorded.argv, lay_out(recorded, tmp_path / "four"))
    assert product_differences(recorded, four) != []


def test_whole_numbers_and_fractions_are_different_in_a_row() -> None:
    assert compare_rows([{"goal_id": "a", "n": 1}], [{"goal_id": "a", "n": 1.0}]) != []


def test_nothing_printed_is_part_of_untouched(tmp_path: Path) -> None:
    recorded = case("guard-paused-reject")
    seen = run(lambda argv, places: Result(4, b"said", b"", 0, 1), recorded.argv, lay_out(recorded, tmp_path))
    assert untouched(seen) == ["stdout: b'said', expected nothing"]


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"deliberate": "seed-17"},
        {"files": {"a": {"mode": "0600", "texts": []}}},
        {"files": {"a": {"text": "x", "base64": "eA=="}}},
        {"files": {"a/": {"text": "x"}}},
        {"project": {"git": {"brunch": "main"}}},
    ],
)
def test_a_misspelt_case_is_refused(change: dict[str, object]) -> None:
    raw = dict(case("accept-ready").source) | change
    with pytest.raises(MalformedCase):
        read_case(raw)


def test_written_times_of_every_age() -> None:
    assert nanoseconds("1970-01-01T00:00:00Z") == 0
    assert nanoseconds("2000-03-01T00:00:00.5Z") == 951_868_800 * SECOND + 500_000_000
    assert nanoseconds("1969-12-31T23:59:59.999999999Z") == -1
    assert nanoseconds("-0001-12-31T00:00:00Z") == -62_167_305_600 * SECOND
    assert nanoseconds("+10000-01-01T00:00:00Z") == 253_402_300_800 * SECOND
