"""The small parts on which every byte rests, at their edges (STATE-FORMAT 0.1 to 0.3, 9.1)."""

from __future__ import annotations

import calendar
import hashlib
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format import timestamp
from omk_tui.core.format.floats import float_text, read_float
from omk_tui.core.format.omk_json import MAX_DEPTH, JsonError, parse, parse_lenient
from omk_tui.core.format.redaction import redact_text
from omk_tui.core.format.timestamp import Timestamp, TimestampError, elapsed_seconds
from omk_tui.core.records.event_log import KINDS, SOURCES
from omk_tui.core.review.goal_review import (
    DiffFile,
    GateLog,
    LedgerTail,
    Part,
    Target,
    changed_parts,
    document_hash,
    part_of,
    snapshot_digest,
)
from omk_tui.core.text.age import age
from omk_tui.core.text.words import lines, name_parts, normalise, trim
from tests.core.documents import GOAL_ID, facts_of, goal_json
from tests.core.reviews import review_of


@pytest.mark.parametrize(
    ("literal", "number"),
    [
        # The digits that fit 64 bits count; the first that does not ends the collection, though later ones would fit.
        ("1.8446744073709551615", 1.8446744073709551),
        ("0.18446744073709551615", 0.1844674407370955),
        ("0.184467440737095516190", 0.18446744073709553),
        ("0.18446744073709551616", 0.18446744073709553), ("32598304633154488709", 3.2598304633154486e19),
        ("1.05000000000000000000", 1.05),
        ("0.00000000000000000000000105", 1.05e-24),
        ("18446744073709551615e-19", 1.8446744073709551), ("1.0000000000000000000E5", 1e5),
        ("1E5", 1e5), ("1.5E+3", 1500.0), ("25E-1", 2.5), ("1e308", 1e308), ("1e-308", 1e-308),
        ("0.1e309", 1e308), ("10e307", 1e308), ("1e0", 1.0), ("1e1", 10.0), ("1e-1", 0.1),
        ("0e400", 0.0), ("1e00000000000000000000002", 100.0), ("1e-400", 0.0), ("1e309", None), ("1.8e308", None),
        ("1e99999999999999999999", None), ("1e-99999999999999999999", 0.0),
    ],
)  # fmt: skip
def test_how_a_number_is_read(literal: str, number: float | None) -> None:
    assert read_float(literal) == number
    assert read_float(f"-{literal}") == (None if number is None else -number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.00001, "0.00001"), (0.000012, "0.000012"), (-0.000012, "-0.000012"), (0.000001, "1e-6"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e+16"), (1.5e-7, "1.5e-7"), (5e-324, "5e-324"), (-0.0, "-0.0"), (float("inf"), "null"),
    ],
)  # fmt: skip
def test_how_a_number_is_spelled(number: float, text: str) -> None:
    assert float_text(number) == text


def test_as_many_levels_as_omk_reads_and_not_one_more() -> None:
    deepest = "[" * (MAX_DEPTH - 1) + "[],[]" + "]" * (MAX_DEPTH - 1)
    for read in (parse, parse_lenient):
        assert read(deepest) is not None
        with pytest.raises(JsonError, match="nested deeper than 127 levels"):
            read(f"[{deepest}]")


@pytest.mark.parametrize("start", [r'"\\"', r'"\""', r'"\\\""', r'"a\\\\"', r'"\\u005b"'])
def test_brackets_within_strings_are_no_levels(start: str) -> None:
    inside = "[" * 200
    assert parse(f'[{start},"{inside}"]') == [parse(start), inside]
    with pytest.raises(JsonError, match="nested deeper"):
        parse(f"[{start},{inside}{']' * 200}]")


def test_every_month_has_its_days() -> None:
    for year in (1600, 1700, 1900, 2000, 2023, 2024, 2026, 2100):
        for month in range(1, 13):
            last = calendar.monthrange(year, month)[1]
            assert Timestamp.parse(f"{year}-{month}-{last}T0:0:0Z").seconds % 86_400 == 0
            with pytest.raises(TimestampError, match=f"there is no day {last + 1} in month {month} of year {year}"):
                Timestamp.parse(f"{year}-{month}-{last + 1}T0:0:0Z")


def test_every_day_of_four_hundred_years_is_as_in_the_calendar() -> None:
    day = date(1799, 12, 31)
    first = (day - date(1970, 1, 1)).days
    for number in range(first, first + 146_100):
        assert Timestamp(number * 86_400, 0).text()[:10] == day.isoformat()
        day += timedelta(days=1)


FIRST, LAST = -8_334_601_228_800, 8_210_266_876_799


def test_the_calendar_ends_where_omks_does() -> None:
    assert Timestamp.from_unix_seconds(FIRST).text() == "-262143-01-01T00:00:00Z"
    assert Timestamp.from_unix_seconds(LAST).text() == "+262142-12-31T23:59:59Z"
    assert Timestamp.parse("-262143-01-01T00:00:00Z").seconds == FIRST
    assert Timestamp.parse("+262142-12-31T23:59:59Z").seconds == LAST
    for seconds in (FIRST - 1, LAST + 1):
        with pytest.raises(TimestampError, match=r"^the instant lies outside the years that omk can hold$"):
            Timestamp.from_unix_seconds(seconds)
    for outside in ("-262143-01-01T00:00:00+00:01", "+262142-12-31T23:59:59-00:01"):
        with pytest.raises(TimestampError, match="outside the years that omk can hold"):
            Timestamp.parse(outside)


@pytest.mark.parametrize(
    "text",
    ["0000-01-01T00:00:00Z", "9999-12-31T23:00:00Z", "+10000-01-01T01:00:00Z", "-0001-12-31T23:59:59Z",
     "2026-06-11T11:00:00Z", "2026-06-11T10:59:59Z", "2026-06-11T00:01:00Z", "2026-06-11T00:00:59Z"],
)  # fmt: skip
def test_hours_and_years_at_their_edges(text: str) -> None:
    assert Timestamp.parse(text).text() == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("+262143-01-01T00:00:00Z", "the year lies outside -262143..262142"),
        ("-262144-01-01T00:00:00Z", "the year lies outside -262143..262142"),
        ("+2000000-01-01T00:00:00Z", "the year lies outside -262143..262142"),
        ("2026-01-01T24:00:00Z", "there is no time 24:00:00"),
        ("2026-01-01T9:60:1Z", "there is no time 09:60:01"),
        ("2026-01-01T00:00:61Z", "there is no time 00:00:61"),
        ("2026-01-01T00:00:00+24:00", "there is no offset of 24:00"),
        ("2026-01-01T00:00:00-05:60", "there is no offset of 05:60"),
        ("2026-00-01T00:00:00Z", "there is no day 1 in month 0 of year 2026"),
        ("2026-01-00T00:00:00Z", "there is no day 0 in month 1 of year 2026"),
        ("2026-01-01T00:00:00+05X30", "not a date, time and offset such as 2026-06-11T09:30:42.5Z"),
        ("2026X-06-11T00:00:00Z", "not a date, time and offset such as 2026-06-11T09:30:42.5Z"),
        ("now", "not a date, time and offset such as 2026-06-11T09:30:42.5Z"),
    ],
)
def test_why_a_text_is_no_instant(text: str, why: str) -> None:
    with pytest.raises(TimestampError) as caught:
        Timestamp.parse(text)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("nanos", "fraction"),
    [
        (0, ""), (1, ".000000001"), (1_000, ".000001"), (999_000, ".000999"), (1_000_000, ".001"),
        (1_001_000, ".001001"), (120_456_000, ".120456"), (999_999_999, ".999999999"), (500_000_000, ".500"),
        (1_001, ".000001001"),
    ],
)  # fmt: skip
def test_a_fraction_has_three_six_or_nine_digits(nanos: int, fraction: str) -> None:
    assert Timestamp(0, nanos).text() == f"1970-01-01T00:00:00{fraction}Z"
    assert Timestamp(0, nanos).human() == f"1970-01-01 00:00:00{fraction} UTC"
    assert Timestamp.parse(f"1970-01-01T00:00:00{fraction}Z").nanos == nanos


def test_a_second_sixty_counts_between_two_times_of_day() -> None:
    leap = Timestamp.parse("2026-01-01T12:00:60Z")
    assert elapsed_seconds(leap, Timestamp.parse("2026-01-02T12:00:59Z")) == 86_399
    assert elapsed_seconds(leap, Timestamp.parse("2026-01-02T13:00:00Z")) == 89_941
    assert elapsed_seconds(Timestamp.parse("2025-12-31T12:00:59Z"), leap) == 86_401
    assert elapsed_seconds(Timestamp.parse("2025-12-31T13:00:00Z"), leap) == 82_859
    assert elapsed_seconds(leap, leap) == 0


def test_now_is_the_unix_epoch_and_nanoseconds_on() -> None:
    moment = datetime(2026, 6, 11, 9, 30, 42, tzinfo=UTC)
    assert Timestamp.from_unix_nanos(int(moment.timestamp()) * 10**9 + 120_000_000).text() == "2026-06-11T09:30:42.120Z"
    assert Timestamp.from_unix_nanos(-1) == Timestamp(-1, 999_999_999)


TWENTY = "aB3" * 7


@pytest.mark.parametrize(
    "secret",
    [
        *(f"gh{letter}_{TWENTY}" for letter in "pousr"), *(f"xox{letter}-0123456789" for letter in "abprs"),
        f"sk_live_{TWENTY}", f"sk_test_{TWENTY}", "AKIA0123456789ABCDEF", f"beARER\u2028{TWENTY}",
    ],
)  # fmt: skip
def test_each_sort_of_secret_by_its_own_name(secret: str) -> None:
    assert redact_text(f"a {secret}.") == "a [REDACTED]."


def test_a_bearer_token_stands_after_blanks_only() -> None:
    for text in (f"BearerX{TWENTY}", f"Bearer[{TWENTY}", f"Bearer]{TWENTY}", f"Bearer\u200b{TWENTY}"):
        assert redact_text(text) == text


@pytest.mark.parametrize(
    "character",
    [
        "\u24b6", "\u24e9", "\U0001f130", "\U0001f149", "\U0001f150", "\U0001f169", "\U0001f170", "\U0001f189",
        "\u200c", "\u200d", "\u017f", "\u212a", "\u00aa", "\u0903", "\u0488", "\u0669", "\u2180", "\u2040", "\ufe4f",
    ],
)  # fmt: skip
def test_characters_that_make_a_word_longer(character: str) -> None:
    assert redact_text(f"{character}ghp_{TWENTY}") == f"{character}ghp_{TWENTY}"


@pytest.mark.parametrize(
    "character",
    [
        "\u24b5", "\u24ea", "\U0001f12f", "\U0001f14a", "\U0001f14f", "\U0001f16a", "\U0001f16f", "\U0001f18a",
        "\u200b", "\u200e", "\u0080", "\u00b2", "\u2014", "\u00ad", "\u0085", "X-", "\x7f",
    ],
)  # fmt: skip
def test_characters_that_end_a_word(character: str) -> None:
    assert redact_text(f"{character}ghp_{TWENTY}") == f"{character}[REDACTED]"
    assert redact_text(f"ghp_{TWENTY}{character[-1]}") == f"[REDACTED]{character[-1]}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []), ("\n", [""]), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a", ""]), ("a\r\nb\r", ["a", "b"]),
        ("a\rb\u2028c\x85d", ["a\rb\u2028c\x85d"]), ("\r\r\n", ["\r"]), ("\na", ["", "a"]),
    ],
)  # fmt: skip
def test_lines(text: str, parts: list[str]) -> None:
    assert lines(text) == parts


def test_blanks_are_omks() -> None:
    assert trim("\u2003 \u0085a b\u3000\n") == "a b"
    assert trim("\x1ca\x1f") == "\x1ca\x1f"
    assert trim("\u200bXaX\ufeff") == "\u200bXaX\ufeff"
    assert trim(" XaX ") == "XaX" == normalise(" XaX ")
    assert normalise(" X\t\u2003a  b\nX ") == "X a b X"
    assert normalise(" \n") == ""
    assert name_parts("A-b_C3.é9") == ["a", "b", "c3", "9"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"), (59, "59s"), (60, "1m"), (3_599, "59m"), (3_600, "1h"), (13 * 86_400 + 86_399, "13d"),
        (14 * 86_400, "2w"), (728 * 86_400 - 1, "103w"), (728 * 86_400, "1y"), (730.5 * 86_400 - 1, "1y"),
        (730.5 * 86_400, "2y"),
    ],
)  # fmt: skip
def test_an_age_changes_its_unit_in_time(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_the_digest_covers_names_and_contents_and_their_order() -> None:
    parts = (part_of("goal.json", b"a"), part_of("caf\udce9", b""))
    assert part_of("goal.json", b"a") == Part("goal.json", hashlib.sha256(b"a").hexdigest())
    assert document_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    bound = b"".join(
        str(len(name)).encode() + b":" + name + part.sha256.encode()
        for name, part in zip((b"goal.json", b"caf\xe9"), parts, strict=True)
    )
    assert snapshot_digest(parts) == hashlib.sha256(b"omk-tui-snapshot/2\n" + bound).hexdigest()
    assert len({snapshot_digest(some) for some in (parts, parts[::-1], parts[:1], ())}) == 4


def test_what_changed_between_two_readings() -> None:
    before = [Part("a", "1"), Part("b", "1"), Part("gone", "1")]
    after = [Part("new", "1"), Part("b", "2"), Part("a", "1")]
    assert changed_parts(before, after) == ("new", "b", "gone")
    assert changed_parts(before, before) == ()


def test_what_is_not_said_of_a_place_a_log_and_a_ledger() -> None:
    assert LedgerTail() == LedgerTail(exists=False, torn=False, previous=None, problem="")
    assert Target("p", exists=True) == Target("p", exists=True, torn=False, obstacle="", outside=False)
    assert GateLog("g", "p") == GateLog("g", "p", size=0, problem="")
    assert DiffFile("r", "p") == DiffFile("r", "p", size=0, problem="")


def test_a_review_is_of_the_goal_of_its_folder() -> None:
    review = review_of(facts_of(goal=goal_json("another")))
    assert review.goal_id == GOAL_ID
    assert review.target("events.jsonl") == Target("events.jsonl", exists=False)


EVENT_KINDS = [
    "run_started", "run_completed", "run_failed", "worker_started", "worker_heartbeat", "worker_stalled",
    "worker_dead", "worker_recovered", "task_proposed", "task_accepted", "task_rejected", "task_graph_mutated",
    "task_claimed", "task_started", "task_output", "task_completed", "task_failed", "file_changed",
    "command_started", "command_finished", "gate_passed", "gate_failed", "retry_scheduled", "proof_written",
    "manual_interrupt", "goal_paused", "goal_resumed", "goal_budget_exhausted", "goal_budget_extended",
    "budget_checkpoint", "hook_triggered", "hook_resolved", "approval_requested", "approval_decided",
    "slice.lease.claimed", "slice.lease.released", "slice.lease.expired", "slice.lease.skipped",
]  # fmt: skip


def test_every_kind_of_event_of_omk() -> None:
    assert SOURCES == ("events.jsonl", "event-log.jsonl")
    assert sorted(KINDS) == sorted(EVENT_KINDS)


@given(
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,12})?[Zz]", fullmatch=True)
    | st.from_regex(re.compile(timestamp._RELAXED.pattern), fullmatch=True)
)
def test_the_common_spelling_is_read_as_the_grammar_has_it(text: str) -> None:
    def read() -> Timestamp | str:
        try:
            return Timestamp.parse(text)
        except TimestampError as error:
            return str(error)

    quick = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timestamp, "_COMMON", re.compile("(?!)"))
        assert read() == quick
