"""One story of a goal from its event log and its ledger: what belongs together is one entry, the newest first.

A task, a run or a command that started and ended is one entry, and so is a gate with the command that ran it.
Heartbeats and checkpoints are part of whatever they came after. A decision has what the ledger says of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from omk_tui.core.format.timestamp import Timestamp, TimestampError
from omk_tui.core.records.event_log import Event, Timeline
from omk_tui.core.records.ledger_entries import LedgerEntry
from omk_tui.light.dataclass import dataclass, replace

_QUIET = frozenset({"worker_heartbeat", "budget_checkpoint"})
# How a kind that ends something finds what began it: the kinds of the beginning, and the payload's key of its name.
_ENDS: dict[str, tuple[tuple[str, ...], str]] = {
    "task_completed": (("task_claimed", "task_started"), "task_id"),
    "task_failed": (("task_claimed", "task_started"), "task_id"),
    "run_completed": (("run_started",), ""),
    "run_failed": (("run_started",), ""),
    "command_finished": (("command_started",), "gate_id"),
    "gate_passed": (("command_started", "command_finished"), "gate_id"),
    "gate_failed": (("command_started", "command_finished"), "gate_id"),
}


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """What belongs together: its main event, and the events before and after it that are folded into it.

    `began` are the folded events that it ended, oldest first; `quiet` the heartbeats and checkpoints that came after.
    `recorded` is the ledger's line on a decision. An entry without `main` is a decision that no event tells of.
    """

    at: Timestamp
    main: Event | None
    began: tuple[Event, ...] = ()
    quiet: tuple[Event, ...] = ()
    recorded: LedgerEntry | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event of the entry, in the order of the file."""
        main = () if self.main is None else (self.main,)
        return tuple(sorted((*self.began, *main, *self.quiet), key=lambda event: event.index))

    @property
    def key(self) -> str:
        """Names the entry among those of its goal, also when the log has grown."""
        if self.main is not None:
            return f"event {self.main.index}"
        return f"decision {self.recorded.number if self.recorded else ''}"

    @property
    def milliseconds(self) -> int | None:
        """How long it took, where its beginning is known or the gate says it."""
        if self.main is None:
            return None
        payload = self.main.envelope.payload
        duration = payload.get("duration_ms") if isinstance(payload, dict) else None
        if isinstance(duration, int) and not isinstance(duration, bool):
            return duration
        starts = [event for event in self.began if event.envelope.kind.endswith(("_started", "_claimed"))]
        if not starts:
            return None
        first = starts[0].envelope.ts
        return max(0, (self.at.seconds - first.seconds) * 1000 + (self.at.nanos - first.nanos) // 1_000_000)


def story(timeline: Timeline, ledger: Iterable[LedgerEntry] = ()) -> tuple[StoryEntry, ...]:
    """The entries of a timeline and a ledger, the newest first."""
    entries = _folded(timeline)
    for line in ledger:
        _add_decision(entries, line)
    return tuple(reversed(entries))


def decided_at(line: LedgerEntry) -> Timestamp | None:
    """When the decision of a ledger's line was taken; None where the line does not say it."""
    try:
        return Timestamp.parse(line.text("decided_at"))
    except TimestampError:
        return None


def _folded(timeline: Timeline) -> list[StoryEntry]:
    """The events as entries, the oldest first."""
    entries: list[StoryEntry | None] = []
    open_ones: dict[tuple[str, str], list[int]] = {}
    for event in reversed(timeline.newest_first):
        kind = event.envelope.kind
        if (
            kind in _QUIET
            and (last := next((n for n in range(len(entries) - 1, -1, -1) if entries[n]), None)) is not None
        ):
            before = entries[last]
            assert before is not None
            entries[last] = replace(before, quiet=(*before.quiet, event))
            continue
        began: list[StoryEntry] = []
        kinds, name = _ENDS.get(kind, ((), ""))
        for place in sorted(
            number for opening in kinds for number in open_ones.pop((opening, _named(event, name)), ())
        ):
            began_entry = entries[place]
            if began_entry is not None:
                began.append(began_entry)
                entries[place] = None
        for key in {key for _, key in _ENDS.values()}:
            open_ones.setdefault((kind, _named(event, key)), []).append(len(entries))
        entries.append(
            StoryEntry(
                event.envelope.ts,
                event,
                began=tuple(earlier for entry in began for earlier in (*entry.began, *_main(entry))),
                quiet=tuple(earlier for entry in began for earlier in entry.quiet),
            )
        )
    return [entry for entry in entries if entry is not None]


def _main(entry: StoryEntry) -> tuple[Event, ...]:
    return () if entry.main is None else (entry.main,)


def _named(event: Event, key: str) -> str:
    """The name that a payload has under a key; empty where the kind needs none."""
    if not key:
        return ""
    payload = event.envelope.payload
    value = payload.get(key) if isinstance(payload, dict) else None
    return value if isinstance(value, str) else f"\0{event.index}"


def _add_decision(entries: list[StoryEntry], line: LedgerEntry) -> None:
    """Give a ledger's line to the event that tells of the same decision, or an entry of its own."""
    at = decided_at(line)
    if at is None:
        return
    place = _first(entries, lambda entry: entry.at >= at)
    for number in range(place, len(entries)):
        entry = entries[number]
        if entry.main is not None and entry.main.decision and entry.recorded is None:
            entries[number] = replace(entry, recorded=line)
            return
        if entry.main is not None and not entry.main.decision:
            break  # something else happened after the decision, so a later one is not it
    entries.insert(place, StoryEntry(at, None, recorded=line))


def _first(entries: list[StoryEntry], holds: Callable[[StoryEntry], bool]) -> int:
    return next((number for number, entry in enumerate(entries) if holds(entry)), len(entries))
