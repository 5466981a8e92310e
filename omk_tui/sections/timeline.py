"""Section 8, Timeline: the goal's events, the newest first, decisions marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.content import Content

from omk_tui.core import omk_json
from omk_tui.core.judgement import recorded_decision
from omk_tui.core.review import Review
from omk_tui.core.timeline import ENVELOPE, SOURCES, Event, Timeline
from omk_tui.sections.view import (
    Detail,
    Fact,
    Item,
    Rows,
    SectionData,
    SectionView,
    TextDetail,
    fact,
    facts_of_lines,
    marked,
    text_maker,
)
from omk_tui.text import State, age, count, ours, outside, outside_lines, plural, size
from omk_tui.widgets.columns import Column, Columns

COLUMNS = Columns(
    (
        Column("TIME", 8),
        Column("EVENT", 21),
        Column("WHAT IS SAID"),
        Column("ACTOR", 20, least=84),
    )
)
_STYLES = {
    "gate_failed": "$failed",
    "task_failed": "$failed",
    "worker_dead": "$failed",
    "worker_stalled": "$missing",
    "goal_budget_exhausted": "$missing",
    "gate_passed": "$met",
    "worker_heartbeat": "$label",
    "command_finished": "$label",
}
_DECISIONS = {"accepted": "accepted", "accepted!": "accepted!", "rejected": "rejected"}


@dataclass(frozen=True)
class EventRow:
    """One event as a row; `decided` is the verdict of a decision, empty for other events."""

    event: Event
    decided: str = ""

    def __call__(self, width: int) -> Content:
        envelope = self.event.envelope
        time = envelope.ts.text().partition("T")[2][:8]
        if self.decided:
            kind = ours((f"DECISION {self.decided}", "bold $accent"))
        else:
            kind = ours((envelope.kind, _STYLES.get(envelope.kind, "")))
        said = outside(self.event.summary, limit=400)
        return COLUMNS.row(((time, "$label"), kind, said, outside(envelope.actor or "", "$label", limit=80)), width)


def build(review: Review, data: SectionData) -> SectionView:
    """The timeline of a review."""
    rows = Rows()
    timeline = data.timeline
    if timeline is None:
        rows.rest(ours(("reading the event log …", "$label")))
        return rows.view(ours(("reading", "$label")))
    if timeline.problem:
        rows.add(
            "problem",
            marked(State.UNREADABLE, "omk cannot replay this log"),
            text_maker(Content("event log"), data, lambda: _problem(timeline)),
        )
    if not timeline.rows and not timeline.problem:
        rows.add(
            "no events",
            marked(State.MISSING, "no event is recorded"),
            text_maker(Content("event log"), data, lambda: _nothing(timeline)),
        )
    newest = timeline.newest_first
    verdicts = _verdicts(review, newest)
    day = ""
    for event in newest:
        date = event.envelope.ts.text().partition("T")[0]
        if date != day:
            day = date
            rows.rest(ours((f"── {date} UTC ", "$label")))
        decided = verdicts.get(event.index, "")
        key = f"event {event.index}"
        search = (
            f"{event.envelope.kind} {event.envelope.actor or ''} {decided and 'DECISION ' + decided} {event.summary}"
        )
        rows.add(key, EventRow(event, decided), _detail(event, decided, review, data), search=search)
    if timeline.cut or timeline.skipped:
        rows.rest(ours((_cut_words(timeline), "$label")))
    return rows.view(_summary(timeline), COLUMNS.header)


def _verdicts(review: Review, newest: tuple[Event, ...]) -> dict[int, str]:
    """The decisions among the events; only the newest can be named, by the proof that it wrote."""
    found = {event.index: "recorded" for event in newest if event.decision}
    stored = review.facts.stored
    if found and stored is not None:
        latest = max(found)
        written = next(event for event in newest if event.index == latest)
        named = _DECISIONS.get(recorded_decision(stored), "")
        if named and written.envelope.ts >= stored.proof.generated_at:
            found[latest] = named
    return found


def _summary(timeline: Timeline) -> Content:
    parts = [ours(plural(len(timeline.rows), "event"))]
    decisions = sum(event.decision for event in timeline.rows)
    if decisions:
        parts.append(ours((plural(decisions, "decision"), "$accent")))
    if timeline.duplicates:
        parts.append(ours((f"{plural(timeline.duplicates, 'duplicate')} collapsed", "$label")))
    if timeline.malformed:
        parts.append(ours((f"{plural(timeline.malformed, 'malformed line')} skipped", "$missing")))
    if timeline.cut or timeline.skipped:
        parts.append(ours(("older ones left out", "$missing")))
    if timeline.problem:
        parts.append(ours(("[?] omk cannot replay it", "$failed")))
    return Content("   ").join(parts)


def _cut_words(timeline: Timeline) -> str:
    told = [f"{count(timeline.cut)} older events"] if timeline.cut else []
    if timeline.skipped:
        told.append(f"the first {size(timeline.skipped)} of the file")
    return f"… {' and '.join(told)} are not shown"


def _detail(event: Event, decided: str, review: Review, data: SectionData) -> Callable[[], Detail]:
    title = ours(f"event {event.index}  ", event.envelope.kind)

    def make() -> Detail:
        if data.raw:
            line = omk_json.compact(ENVELOPE.write(event.envelope))
            return TextDetail(title, outside_lines(line), data.width)
        return TextDetail(title, tuple(_facts(event, decided, review, data)), data.width)

    return make


def _facts(event: Event, decided: str, review: Review, data: SectionData) -> Iterable[Item]:
    envelope = event.envelope
    if decided:
        yield Fact("WHAT", ours(("a decision of an integrator", "bold $accent"), f": {decided}"))
    elapsed = age(data.now.seconds - envelope.ts.seconds)
    yield Fact("WHEN", ours(envelope.ts.human(), (f"   {elapsed} ago", "$label")))
    yield fact("KIND", envelope.kind)
    yield fact("ACTOR", envelope.actor or "none")
    if event.summary:
        yield from facts_of_lines("SAYS", event.summary)
    if envelope.run_id != review.goal_id:
        yield fact("RUN", envelope.run_id)
    if envelope.kind == "task_claimed":
        told = "lease_deadline is wrong by decades in omk 0.5.0: ignore it"
        yield Fact("RISK", ours((told, "$label")))
    if envelope.payload is not None:
        yield from facts_of_lines("DATA", omk_json.pretty(envelope.payload))
    yield Fact("ID", ours(outside(envelope.id, "$label")))


def _problem(timeline: Timeline) -> Iterable[Item]:
    yield fact("WHY", timeline.problem)
    if timeline.rows:
        yield Fact("", ours("omk refuses the whole file for that; the lines below are those that can be read"))


def _nothing(timeline: Timeline) -> Iterable[Item]:
    where = timeline.source or " or ".join(SOURCES)
    yield Fact("WHY", ours("there is no event in ", outside(where)))
    if timeline.malformed:
        yield Fact("", ours(f"{plural(timeline.malformed, 'line')} of it cannot be read as an event"))
