"""Hides what no clock and no random source repeats, and checks its form while doing so.

A value is masked only if it has exactly the form and the range that it must have; any other value stays as it is, and
so becomes a visible difference. What the masked values must be to each other (one instant, in order) is checked by
`clock_faults`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.golden.case import Row
from tests.golden.tree import Entry, Tree

TIMESTAMP = re.compile(rb"(?<![0-9A-Za-z])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3}(?:\d{3})?)?)?Z")
UUID = re.compile(
    rb"(?<![0-9A-Za-z-])[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9A-Za-z-])"
)
_JSON_TEXT = rb'"(?:[^"\\]|\\.)*"'
SECONDS = re.compile(
    rb'"recorded_at":"(?P<recorded>[^"]*)"(?P<budget>(?:,"budget_time":' + _JSON_TEXT + rb")?"
    rb'(?:,"total_budget_secs":(?P<total>\d+))?)'
    rb',"elapsed_since_created_secs":(?P<elapsed>\d+)(?:,"remaining_budget_secs":(?P<remaining>\d+))?'
)
SECOND = 1_000_000_000


def nanoseconds(written: str) -> int:
    """The Unix time in nanoseconds of a timestamp in omk's written form (STATE-FORMAT 0.2), second 60 kept as 60."""
    match = re.fullmatch(r"([+-]?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z", written)
    if match is None:
        raise ValueError(f"not a written timestamp: {written!r}")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction = int((match[7] or "").ljust(9, "0"))
    return (((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * SECOND + fraction


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + day_of_year - 719_468


def is_canonical(written: bytes) -> bool:
    """Whether the fraction is as short as omk writes it: 0, 3, 6 or 9 digits, never a longer one than needed."""
    _, dot, fraction = written[:-1].partition(b".")
    return not dot or not fraction.endswith(b"000")


@dataclass(frozen=True)
class Span:
    """The time of one run, Unix nanoseconds, both ends included, and what was on disk before it."""

    started: int
    ended: int
    old_texts: frozenset[bytes]

    def is_new_instant(self, written: bytes) -> bool:
        if written in self.old_texts or not is_canonical(written):
            return False
        return self.started <= nanoseconds(written.decode()) <= self.ended

    def is_new_uuid(self, written: bytes) -> bool:
        return written not in self.old_texts


def span_of_run(before: Tree, rows: Iterable[Row], started: int, ended: int) -> Span:
    """The span of a run on a state that held `before` and `rows`."""
    old: set[bytes] = set()
    texts = [entry.content for entry in before.values()]
    texts += [str(value).encode("utf-8", "surrogateescape") for row in rows for value in row.values()]
    for text in texts:
        old.update(TIMESTAMP.findall(text))
        old.update(UUID.findall(text))
    return Span(started, ended, frozenset(old))


def new_instants(content: bytes, span: Span) -> list[bytes]:
    """The instants of the run that a text names, in the order of the text."""
    return [found for found in TIMESTAMP.findall(content) if span.is_new_instant(found)]


def mask_text(content: bytes, span: Span, created_at: str | None) -> bytes:
    """`content` with `<NOW>`, `<UUID>` and `<SECS>`; `created_at` is the goal's, as it is written after the run."""

    def seconds(match: re.Match[bytes]) -> bytes:
        if created_at is None or not span.is_new_instant(match["recorded"]):
            return match[0]
        elapsed, remaining = checkpoint_seconds(created_at, match["recorded"].decode(), match["total"])
        found = int(match["remaining"]) if match["remaining"] is not None else None
        if int(match["elapsed"]) != elapsed or found not in (None, remaining):
            return match[0]
        text = b'"recorded_at":"' + match["recorded"] + b'"' + match["budget"]
        text += b',"elapsed_since_created_secs":<SECS>'
        return text + (b',"remaining_budget_secs":<SECS>' if match["remaining"] is not None else b"")

    content = SECONDS.sub(seconds, content)
    content = TIMESTAMP.sub(lambda match: b"<NOW>" if span.is_new_instant(match[0]) else match[0], content)
    return UUID.sub(lambda match: b"<UUID>" if span.is_new_uuid(match[0]) else match[0], content)


def checkpoint_seconds(created_at: str, recorded_at: str, total: bytes | None) -> tuple[int, int | None]:
    """Elapsed and remaining seconds of a checkpoint (STATE-FORMAT 8.2)."""
    created, recorded = nanoseconds(created_at), nanoseconds(recorded_at)
    difference = recorded - created
    if re.search(r":60(?:\.\d+)?Z$", created_at) and created_at.split("T")[1] < recorded_at.split("T")[1]:
        difference += SECOND
    elapsed = max(0, difference // SECOND)
    return elapsed, None if total is None else max(0, int(total) - elapsed)


def created_at_of(tree: Tree, name: str) -> str | None:
    """`created_at` of the goal that a file below the state root belongs to; None when it cannot be read."""
    entry = tree.get("/".join([*name.split("/")[:2], "goal.json"]))
    if entry is None or entry.kind != "file":
        return None
    try:
        value = json.loads(entry.content)["created_at"]
        nanoseconds(value)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return str(value)


def mask_row(row: Row, span: Span) -> dict[str, Any]:
    """A row with `<NOW>` for the seconds of the run in its two columns and for instants in its failure."""
    masked: dict[str, Any] = dict(row)
    for column in ("updated_at", "completed_at"):
        value = row.get(column)
        if type(value) is int and span.started // SECOND <= value <= span.ended // SECOND:
            masked[column] = "<NOW>"
    failure = row.get("failure")
    if isinstance(failure, str):
        masked["failure"] = mask_text(failure.encode("utf-8", "surrogateescape"), span, None).decode(
            "utf-8", "surrogateescape"
        )
    return masked


def clock_faults(changed: Mapping[str, Entry], rows: Iterable[Row], span: Span) -> list[str]:
    """What is wrong with the masked values among each other.

    One decision is one instant in goal.json, proof.json, integrator-*.json and the row; the logs come later, in order;
    a uuid is used once. `changed`: the files that the run changed, a log reduced to what was appended.
    """
    faults: list[str] = []
    decided: set[bytes] = set()
    logged: dict[str, list[bytes]] = {}
    for name, entry in changed.items():
        instants = new_instants(entry.content, span)
        base = name.rpartition("/")[2]
        if base in ("goal.json", "proof.json", "integrator-accept.json", "integrator-reject.json"):
            decided.update(instants)
        elif base in ("events.jsonl", "budget-checkpoints.jsonl"):
            logged[base] = instants
    seconds: set[int] = set()
    for row in rows:
        seconds.update(value for column in ("updated_at", "completed_at") if mask_row(row, span).get(column) == "<NOW>"
                       for value in [row[column]])  # fmt: skip
        if isinstance(row.get("failure"), str):
            decided.update(new_instants(str(row["failure"]).encode("utf-8", "surrogateescape"), span))
    if len(decided) > 1:
        faults.append(f"the decision's instant differs between its files: {sorted(decided)}")
    if decided and not seconds <= {nanoseconds(instant.decode()) // SECOND for instant in decided}:
        faults.append(f"the row's seconds {sorted(seconds)} are not those of {sorted(decided)}")
    faults.extend(_log_faults(decided, logged))
    uuids = [uuid for entry in changed.values() for uuid in UUID.findall(entry.content) if span.is_new_uuid(uuid)]
    if len(uuids) != len(set(uuids)):
        faults.append(f"an event uuid was used twice: {uuids}")
    return faults


def _log_faults(decided: set[bytes], logged: Mapping[str, list[bytes]]) -> list[str]:
    events, checkpoints = logged.get("events.jsonl", []), logged.get("budget-checkpoints.jsonl", [])
    if not events and not checkpoints:
        return []
    if len(events) != 3 or len(checkpoints) != 1:
        return [f"the logs hold {len(events)} and {len(checkpoints)} new instants, not 3 and 1"]
    # Textual order of events.jsonl: the first event, the second event, the checkpoint inside the second.
    first, second, inside = events
    if inside != checkpoints[0]:
        return [f"the checkpoint says {checkpoints[0]!r}, its event {inside!r}"]
    order = [nanoseconds(instant.decode()) for instant in (*sorted(decided)[-1:], first, inside, second)]
    return [] if order == sorted(order) else [f"decision, event, checkpoint, event are not in order: {order}"]
