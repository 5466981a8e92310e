"""Instants: the relaxed reading, the written forms, and the time between two of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format.timestamp import Timestamp, TimestampError, elapsed_seconds
from tests.core.vectors import rows

FIRST = Timestamp.parse("-262143-01-01T00:00:00Z").seconds
LAST = Timestamp.parse("+262142-12-31T23:59:59Z").seconds

instants = st.builds(Timestamp, st.integers(FIRST, LAST), st.integers(0, 999_999_999))
fractions = st.sampled_from([0, 1, 120_000_000, 500_000_000, 123_456_000, 48_213_377, 999_999_999])


@pytest.mark.parametrize(("read", "written", "third"), rows("timestamps.tsv"))
def test_vectors(read: str, written: str, third: str) -> None:
    text = json.loads(read)
    if written == "ERROR":
        with pytest.raises(TimestampError):
            Timestamp.parse(text)
    else:
        instant = Timestamp.parse(text)
        assert json.dumps(instant.text()) == written
        assert instant.human() == third


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\u20032026\u3000-\u0085 06-11 09:30:42 +\u0031\u0032 : :\n34\t", "2026-06-10T20:56:42Z"),
        ("2026-06-11T09:30:42-23:59", "2026-06-12T09:29:42Z"),
        ("2026-06-11T09:30:42\u22120100", "2026-06-11T10:30:42Z"),
        ("2026-06-11T23:59:60+01:00", "2026-06-11T22:59:60Z"),
        ("2026-06-11T12:00:60.999999999Z", "2026-06-11T12:00:60.999999999Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
        ("7-01-01T00:00:00Z", "0007-01-01T00:00:00Z"),
        ("+000000000000000000002026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("-0-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("-262143-01-01T00:00:00Z", "-262143-01-01T00:00:00Z"),
        ("+262142-12-31T23:59:59.5Z", "+262142-12-31T23:59:59.500Z"),
    ],
)
def test_accepted(text: str, written: str) -> None:
    assert Timestamp.parse(text).text() == written


@pytest.mark.parametrize(
    "text",
    [
        "12026-06-11T09:30:42Z",
        "+262143-01-01T00:00:00Z",
        "-262144-12-31T00:00:00Z",
        "+" + "9" * 5000 + "-01-01T00:00:00Z",
        "-262143-01-01T00:00:00+00:01",
        "+262142-12-31T23:59:59-00:01",
        "1900-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-06-00T00:00:00Z",
        "2026-06-11  T09:30:42Z",
        "2026-06-11T09:60:42Z",
        "2026-06-11T09:30:42 .5Z",
        "2026-06-11T09:30:42. 5Z",
        "2026-06-11T09:30:42+1:00",
        "2026-06-11T09:30:42+ 01:00",
        "2026-06-11T09:30:42+01:60",
        "2026-06-11T09:30:42GMT",
        "2026-06-11T09:30:42ZZ",
        "2026-06-11T\u0660\u0669:30:42Z",
        "\x1c2026-06-11T09:30:42Z",
        "2026-06-11T09:30:42\ud800Z",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(TimestampError) as caught:
        Timestamp.parse(text)
    assert str(caught.value).isprintable()


def test_a_long_run_of_digits_or_blanks_is_refused_quickly() -> None:
    for hostile in (" " * 200_000, "2026-06-11T09:30:42." + "1" * 200_000, "2026-06-11T09:30:42+01" + " " * 200_000):
        with pytest.raises(TimestampError):
            Timestamp.parse(hostile + "x")


def test_unix_time_is_floored() -> None:
    assert Timestamp.from_unix_nanos(-1) == Timestamp(-1, 999_999_999)
    assert Timestamp.from_unix_nanos(1_500_000_000) == Timestamp(1, 500_000_000)
    assert Timestamp.from_unix_seconds(0).text() == "1970-01-01T00:00:00Z"


@given(instants)
def test_what_is_written_reads_back(instant: Timestamp) -> None:
    assert Timestamp.parse(instant.text()) == instant
    assert Timestamp.parse(instant.human()) == instant


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_calendar_is_that_of_datetime(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    seconds = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    text = f"{whole:%m-%dT%H:%M:%SZ}"
    assert Timestamp(seconds, 0).text() == f"{whole.year:04}-{text}"
    assert Timestamp.parse(f"{whole.year:04}-{text}").seconds == seconds


@given(instants, instants)
def test_order_is_that_of_time(one: Timestamp, other: Timestamp) -> None:
    as_nanos = [instant.seconds * 10**9 + instant.nanos for instant in (one, other)]
    assert (one < other) == (as_nanos[0] < as_nanos[1])
    assert elapsed_seconds(one, other) == max(0, (as_nanos[1] - as_nanos[0]) // 10**9)


@pytest.mark.parametrize(
    ("earlier", "later", "seconds"),
    [
        ("2026-06-11T09:30:42.9Z", "2026-06-11T09:30:44.8Z", 1),
        ("2026-06-11T09:30:42.9Z", "2026-06-11T09:30:44.9Z", 2),
        ("2026-06-11T09:30:44Z", "2026-06-11T09:30:42Z", 0),
        ("2026-06-11T09:30:60Z", "2026-06-11T09:31:01Z", 1 + 1),
        ("2026-06-11T09:30:60Z", "2026-06-12T08:00:00Z", 22 * 3600 + 29 * 60),
        ("2026-06-11T09:30:60Z", "2026-06-12T10:00:00Z", 24 * 3600 + 29 * 60 + 1),
        ("2026-06-11T09:30:50Z", "2026-06-11T09:30:60Z", 10),
        ("2026-06-11T09:30:60Z", "2026-06-11T09:30:60.9Z", 0),
    ],
)
def test_elapsed_seconds(earlier: str, later: str, seconds: int) -> None:
    assert elapsed_seconds(Timestamp.parse(earlier), Timestamp.parse(later)) == seconds
