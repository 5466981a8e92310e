"""The event log as omk replays it (STATE-FORMAT 10.3, 10.4)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui import demo
from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.records.event_log import ENVELOPE, KINDS, Timeline, read_event, read_timeline, summary_of

GOALS = Path(demo.__file__).parent / "goals"


def line(kind: str = "task_output", number: int = 0, **changes: object) -> bytes:
    """An event line; a change of ... leaves the key out."""
    event: dict[str, object] = {
        "id": f"id-{number}",
        "run_id": "goal-1",
        "ts": f"2026-01-02T03:04:{number % 60:02}Z",
        "schema_version": 1,
        "kind": kind,
        "actor": None,
        "payload": {},
    }
    event |= changes
    kept = {key: value for key, value in event.items() if value is not ...}
    return json.dumps(kept, separators=(",", ":")).encode() + b"\n"


def checkpoint(number: int, label: str) -> bytes:
    return line("budget_checkpoint", number, payload={"label": label})


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (None, ""),
        ({}, ""),
        ([], "[]"),
        ("text", '"text"'),
        (7, "7"),
        (False, "false"),
        ({"other": 1}, '{"other":1}'),
        ({"status": "x", "message": "m"}, "message=m, status=x"),
        ({"worker_id": "w", "source": "s", "action": "a", "name": "n", "gate_id": "g", "task_id": "t"},
         "task_id=t, gate_id=g, name=n, action=a, source=s, worker_id=w"),
        ({"phase": True, "reason": 1.5, "label": 0}, "label=0, reason=1.5, phase=true"),
        ({"reason": None}, '{"reason":null}'),
        ({"reason": None, "name": "n"}, "name=n"),
        ({"name": {"0": {"0": "deep"}, "1": "no"}}, "name=deep"),
        ({"name": {"1": "no"}}, '{"name":{"1":"no"}}'),
        ({"name": ["a", None, 2, {"0": "b"}, [], ["c", True]]}, "name=a,2,b,c,true"),
        ({"name": [None]}, '{"name":[null]}'),
        ({"name": ""}, "name="),
    ],
)  # fmt: skip
def test_the_summary_is_omks(payload: Json, text: str) -> None:
    assert summary_of(payload) == text


def test_the_summary_is_bounded() -> None:
    assert len(summary_of({"message": "x" * 10_000})) == 4096
    assert len(summary_of(["x" * 10_000])) == 4096


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_known(kind: str) -> None:
    event = read_event(line(kind).decode())
    assert event is not None and event.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "[]", "7", "", "{", '{"id":"x"}',
        line("no_such_kind").decode(),
        line(kind=...).decode(),  # type: ignore[arg-type]
        line(ts="yesterday").decode(),
        line(schema_version=-1).decode(),
        line(schema_version=2**32).decode(),
        line(id=...).decode(),
        line(actor=3).decode(),
        line().decode().replace('"kind"', '"id":"again","kind"'),
        line(payload=float("nan")).decode(),
        line().decode().replace('"payload":{}', '"payload":"\\ud800"'),
        line().decode().replace('"payload":{}', '"payload":' + "[" * 200 + "]" * 200),
    ],
)  # fmt: skip
def test_malformed_lines(text: str) -> None:
    assert read_event(text) is None


@pytest.mark.parametrize("actor", [None, "me"])
def test_an_event_is_written_as_omk_writes_it(actor: str | None) -> None:
    written = line(actor=actor, payload={"b": 1, "a": None}).decode().rstrip("\n")
    event = read_event(written)
    assert event is not None and omk_json.compact(ENVELOPE.write(event)) == written


def test_what_may_be_absent_or_odd() -> None:
    for event in (line(actor=...), line(payload=...), line(payload=None), line(unknown={"a": [1]}), line(actor="x")):
        assert read_event(event.decode()) is not None


def test_rows_duplicates_and_malformed_lines_are_counted() -> None:
    twice = line(number=1)
    respelled = twice.replace(b"03:04:01Z", b"03:04:01.000+00:00").replace(b'"payload"', b'"extra":1,"payload"')
    timeline = read_timeline(
        [line(number=0), b"\n", b"  \t\r\n", b"{no json\n", twice, twice, respelled, line("strange"), line(number=2)]
    )
    assert [row.index for row in timeline.rows] == [0, 1, 4], "duplicates are counted, malformed lines are not"
    assert (timeline.duplicates, timeline.malformed, timeline.problem) == (2, 2, "")


def test_a_row_holds_its_summary_and_a_timeline_what_it_was_told() -> None:
    (row,) = read_timeline([line(payload={"message": "done"})]).rows
    assert row.summary == "message=done"
    told = read_timeline([], source="event-log.jsonl", skipped=70)
    assert (told.source, told.skipped) == ("event-log.jsonl", 70)
    assert read_timeline([]) == Timeline()


def test_an_event_that_differs_in_anything_is_no_duplicate() -> None:
    changes: tuple[dict[str, object], ...] = (
        {}, {"id": "y"}, {"run_id": "y"}, {"ts": "2026-01-02T03:04:00.000000001Z"}, {"schema_version": 2},
        {"actor": "y"}, {"payload": {"a": 1}}, {"payload": {"a": 1.0}}, {"payload": ...},
    )  # fmt: skip
    timeline = read_timeline(line(**change) for change in changes)  # type: ignore[arg-type]
    assert len(timeline.rows) == len(changes) and timeline.duplicates == 0


def test_one_byte_that_is_no_utf8_is_a_problem_of_the_whole_file() -> None:
    timeline = read_timeline(
        [line(number=0), line(number=1)[:-3] + b"\xff\n", line(number=2)], source="event-log.jsonl"
    )
    assert timeline.problem == "event-log.jsonl: stream did not contain valid UTF-8"
    assert len(timeline.rows) == 2 and timeline.malformed == 1
    assert read_timeline([b"\xff\n", b"\xfe\n"]).malformed == 2
    assert read_timeline([b"\xff"]).problem == "events.jsonl: stream did not contain valid UTF-8"


def test_a_torn_last_line_is_malformed() -> None:
    assert read_timeline([line(number=0), line(number=1)[:40]]).malformed == 1
    assert len(read_timeline([line(number=0)[:-1]]).rows) == 1


def test_decisions_are_proofs_followed_by_their_checkpoint() -> None:
    timeline = read_timeline(
        [
            line("proof_written", 0), checkpoint(1, "verify_completed"),
            line("proof_written", 2), checkpoint(3, "integration_decision"),
            checkpoint(4, "integration_decision"),
            line("proof_written", 5), line("worker_heartbeat", 6), checkpoint(7, "integration_decision"),
            line("proof_written", 8), line("proof_written", 9), checkpoint(10, "integration_decision"),
            line("proof_written", 11),
        ]
    )  # fmt: skip
    assert [row.index for row in timeline.rows if row.decision] == [2, 5, 9]


def test_only_the_newest_rows_are_kept() -> None:
    timeline = read_timeline((line(number=number) for number in range(50)), most=20, skipped=7)
    assert len(timeline.rows) == 20 and timeline.rows[0].index == 30
    assert (timeline.cut, timeline.skipped) == (30, 7)
    assert read_timeline([line("proof_written", 0), checkpoint(1, "integration_decision")], most=1).cut == 1
    assert read_timeline(line(number=number) for number in range(5_001)).cut == 1


def test_newest_first_by_their_own_time() -> None:
    timeline = read_timeline([line(number=3), line(number=9), line(number=3, id="later line"), line(number=1)])
    assert [row.index for row in timeline.newest_first] == [1, 2, 0, 3]


@pytest.mark.parametrize("path", sorted(GOALS.glob("*/*/events.jsonl")), ids=lambda path: path.parts[-3])
def test_the_logs_of_the_real_omk(path: Path) -> None:
    with path.open("rb") as lines:
        timeline = read_timeline(lines, source="events.jsonl")
    assert len(timeline.rows) == len(path.read_bytes().splitlines())
    assert (timeline.duplicates, timeline.malformed, timeline.problem) == (0, 0, "")
    assert sum(row.decision for row in timeline.rows) == ("rejected-before" in path.parts)


@given(st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode), st.just(line()))))
def test_any_bytes_can_be_read(lines: list[bytes]) -> None:
    timeline = read_timeline(lines)
    assert isinstance(timeline, Timeline)
    assert len(timeline.rows) + timeline.duplicates + timeline.malformed <= len(lines)
