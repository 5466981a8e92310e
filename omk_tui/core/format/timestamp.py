"""Instants with nanoseconds, read and spelled as omk does (STATE-FORMAT 0.2)."""

from __future__ import annotations

from functools import lru_cache

from omk_tui.core.text.words import WHITE_SPACE
from omk_tui.light.dataclass import dataclass
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

NANOS_PER_SECOND = 1_000_000_000
SECONDS_PER_DAY = 86_400
MIN_YEAR, MAX_YEAR = -262_143, 262_142

_W = f"[{WHITE_SPACE}]*+"
_RELAXED = pattern(
    rf"{_W}(?P<year>[0-9]{{1,4}}|[+-][0-9]++){_W}-{_W}(?P<month>[0-9]{{1,2}}){_W}-{_W}(?P<day>[0-9]{{1,2}})[Tt ]"
    rf"{_W}(?P<hour>[0-9]{{1,2}}){_W}:{_W}(?P<minute>[0-9]{{1,2}}){_W}:{_W}(?P<second>[0-9]{{1,2}})"
    rf"(?:\.(?P<fraction>[0-9]++))?{_W}"
    rf"(?:[Zz]|[Uu][Tt][Cc]|(?P<sign>[+\-\u2212])(?P<oh>[0-9]{{2}})[:{WHITE_SPACE}]*+(?P<om>[0-9]{{2}})){_W}"
)
# The spelling of omk and of almost everybody else, within the years that every calendar has.
_COMMON = pattern(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9])"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?Z"
)
_OUTSIDE = "the instant lies outside the years that omk can hold"
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class TimestampError(ValueError):
    """A text that is not an instant omk could read; the message says why."""


@dataclass(frozen=True, order=True, slots=True)
class Timestamp:
    """One instant in UTC.

    `seconds` is Unix time, floored, so it may be negative. `nanos` is 0..1_999_999_999: from 1e9 on it means second
    60 of a minute, and `seconds` then names second 59.
    """

    seconds: int
    nanos: int

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """The instant in `text`, by the relaxed RFC 3339 grammar of STATE-FORMAT 0.2. Raises TimestampError."""
        common = _COMMON.fullmatch(text)
        if common is not None and (midnight := _midnight(common[1])) is not None:
            _, hour, minute, second, fraction = common.groups()
            nanos = int(fraction.ljust(9, "0")) if fraction else 0
            return cls(midnight + int(hour) * 3600 + int(minute) * 60 + int(second), nanos)
        match = _RELAXED.fullmatch(text)
        if match is None:
            raise TimestampError("not a date, time and offset such as 2026-06-11T09:30:42.5Z")
        year = _year(match["year"])
        month, day = int(match["month"]), int(match["day"])
        hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
        if not 1 <= month <= 12 or not 1 <= day <= _days_in_month(year, month):
            raise TimestampError(f"there is no day {day} in month {month} of year {year}")
        if hour > 23 or minute > 59 or second > 60:
            raise TimestampError(f"there is no time {hour:02}:{minute:02}:{second:02}")
        nanos = int((match["fraction"] or "")[:9].ljust(9, "0"))
        if second == 60:
            second, nanos = 59, nanos + NANOS_PER_SECOND
        local = _days_from_civil(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
        seconds = local - _offset_seconds(match)
        if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
            raise TimestampError(_OUTSIDE)
        return cls(seconds, nanos)

    @classmethod
    def from_unix_nanos(cls, nanos: int) -> Timestamp:
        """The instant `nanos` nanoseconds after (or before) the Unix epoch."""
        return cls(*divmod(nanos, NANOS_PER_SECOND))

    @classmethod
    def from_unix_seconds(cls, seconds: int) -> Timestamp:
        """The instant `seconds` whole seconds after (or before) the Unix epoch. Raises TimestampError."""
        if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
            raise TimestampError(_OUTSIDE)
        return cls(seconds, 0)

    def text(self) -> str:
        """The form that omk writes into files: ``2026-06-11T09:30:42.120Z``."""
        date, time = self._date_and_time()
        return f"{date}T{time}Z"

    def human(self) -> str:
        """The form that omk prints for people: ``2026-06-11 09:30:42.120 UTC``."""
        date, time = self._date_and_time()
        return f"{date} {time} UTC"

    def _date_and_time(self) -> tuple[str, str]:
        days, of_day = divmod(self.seconds, SECONDS_PER_DAY)
        year, month, day = _civil_from_days(days)
        leap, nanos = divmod(self.nanos, NANOS_PER_SECOND)
        date = f"{year:04}" if 0 <= year <= 9999 else f"{year:+05}"
        time = f"{of_day // 3600:02}:{of_day // 60 % 60:02}:{of_day % 60 + leap:02}"
        return f"{date}-{month:02}-{day:02}", time + _fraction(nanos)


def elapsed_seconds(earlier: Timestamp, later: Timestamp) -> int:
    """Whole seconds from `earlier` to `later`, truncated; 0 when it is not later (STATE-FORMAT 8.2).

    A second 60 counts as a second of its own when the two times of day enclose it, whatever their dates.
    """
    seconds = later.seconds - earlier.seconds
    start, end = earlier.seconds % SECONDS_PER_DAY, later.seconds % SECONDS_PER_DAY
    if end > start and earlier.nanos >= NANOS_PER_SECOND:
        seconds += 1
    elif end < start and later.nanos >= NANOS_PER_SECOND:
        seconds -= 1
    return max(0, (seconds * NANOS_PER_SECOND + later.nanos - earlier.nanos) // NANOS_PER_SECOND)


def _year(text: str) -> int:
    digits = text.lstrip("+-").lstrip("0") or "0"
    year = int(digits[:7]) * (-1 if text.startswith("-") else 1)  # seven digits are too many already
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise TimestampError(f"the year lies outside {MIN_YEAR}..{MAX_YEAR}")
    return year


def _offset_seconds(match: re.Match[str]) -> int:
    if match["sign"] is None:
        return 0
    hours, minutes = int(match["oh"]), int(match["om"])
    if hours > 23 or minutes > 59:
        raise TimestampError(f"there is no offset of {hours:02}:{minutes:02}")
    seconds = hours * 3600 + minutes * 60
    return seconds if match["sign"] == "+" else -seconds


def _fraction(nanos: int) -> str:
    if nanos == 0:
        return ""
    if nanos % 1_000_000 == 0:
        return f".{nanos // 1_000_000:03}"
    if nanos % 1_000 == 0:
        return f".{nanos // 1_000:06}"
    return f".{nanos:09}"


def _days_in_month(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == 2 else _DAYS_IN_MONTH[month - 1]


@lru_cache(maxsize=4096)
def _midnight(date: str) -> int | None:
    """Unix time at the beginning of a day spelt ``2026-06-11``, in seconds; None where there is no such day."""
    year, month, day = map(int, date.split("-"))
    if not 1 <= month <= 12 or not 1 <= day <= _days_in_month(year, month):
        return None
    return _days_from_civil(year, month, day) * SECONDS_PER_DAY


def _days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, counted in 400-year eras of years from March on."""
    if month <= 2:
        year -= 1
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def _civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day number; the inverse of `_days_from_civil`."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = (shifted_month + 2) % 12 + 1
    return era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted_month + 2) // 5 + 1


_FIRST_SECOND = _days_from_civil(MIN_YEAR, 1, 1) * SECONDS_PER_DAY
_LAST_SECOND = _days_from_civil(MAX_YEAR + 1, 1, 1) * SECONDS_PER_DAY - 1
