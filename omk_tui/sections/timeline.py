"""Section 8, Timeline: the goal's events, the newest first, decisions marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.content import Content

from omk_tui.core import omk_json
from omk_tui.core.age import age
from omk_tui.core.omk_json import Json
from omk_tui.core.review import Review
from omk_tui.core.timeline import ENVELOPE, SOURCES, Event, Timeline
from omk_tui.core.timestamp import SECONDS_PER_DAY, Timestamp
from omk_tui.sections.view import (
    MOST_FACT_LINES,
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
from omk_tui.text import State, count, ours, outside, outside_lines, plural, size
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
    decisions = verdicts(review, timeline)
    day: int | None = None
    for event in newest:
        if day != event.envelope.ts.seconds // SECONDS_PER_DAY:
            day = event.envelope.ts.seconds // SECONDS_PER_DAY
            rows.rest(ours((f"── {event.envelope.ts.text().partition('T')[0]} UTC", "$label")))
        decided = decisions.get(event.index, "")
        key = f"event {event.index}"
        search = (
            f"{event.envelope.kind} {event.envelope.actor or ''} {decided and 'DECISION ' + decided} {event.summary}"
        )
        rows.add(key, EventRow(event, decided), _detail(event, decided, review, data), search=search)
    if timeline.cut or timeline.skipped:
        rows.rest(ours((_cut_words(timeline), "$label")))
    return rows.view(_summary(timeline), COLUMNS.header)


def verdicts(review: Review, timeline: Timeline) -> dict[int, str]:
    """The decisions among the events, by index: `accepted`, `accepted!`, `rejected`, else `recorded`.

    An event does not say which verdict it was. The proof that it wrote may still be there; and a reject stamps the
    goal's failure with the decision's own time, which lies between the event before and the one that tells of it.
    """
    found: dict[int, str] = {}
    stored, goal = review.facts.stored, review.facts.goal
    verdict = review.facts.decision.verdict if review.facts.decision else ""
    before: Event | None = None
    for event in timeline.rows:
        if event.decision:
            found[event.index] = "recorded"
            at = event.envelope.ts
            since = before.envelope.ts if before else None
            if before is None and (timeline.cut or timeline.skipped):
                pass  # what came before it was not read, so nothing proves which verdict it was
            elif stored and verdict and _between(since, stored.proof.generated_at, at):
                found[event.index] = verdict
            elif goal and goal.failure and _between(since, goal.failure.recorded_at, at):
                found[event.index] = "rejected"
        before = event
    return found


def _between(since: Timestamp | None, moment: Timestamp, until: Timestamp) -> bool:
    return moment <= until and (since is None or since < moment)


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
        failure = review.facts.goal.failure if review.facts.goal else None
        if decided == "rejected" and failure is not None:
            yield from facts_of_lines("REASON", failure.reason)
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
        yield from _payload(envelope.payload)
    yield Fact("ID", ours(outside(envelope.id, "$label")))


def _payload(payload: Json) -> Iterable[Item]:
    """The payload member by member; what is no object as it is."""
    if not isinstance(payload, dict):
        yield from facts_of_lines("DATA", omk_json.pretty(payload))
        return
    for number, (key, value) in enumerate(payload.items()):
        if number == MOST_FACT_LINES:
            yield Fact("", ours((f"… {plural(len(payload) - number, 'more member')}; r shows the line", "$label")))
            return
        said = value if isinstance(value, str) else omk_json.compact(value)
        yield Fact("DATA" if number == 0 else "", ours(outside(key, "$label", limit=120), "  ", outside(said)))


def _problem(timeline: Timeline) -> Iterable[Item]:
    yield fact("WHY", timeline.problem)
    if timeline.rows:
        yield Fact("", ours("omk refuses the whole file for that; the lines below are those that can be read"))


def _nothing(timeline: Timeline) -> Iterable[Item]:
    where = timeline.source or " or ".join(SOURCES)
    yield Fact("WHY", ours("there is no event in ", outside(where)))
    if timeline.malformed:
        yield Fact("", ours(f"{plural(timeline.malformed, 'line')} of it cannot be read as an event"))
