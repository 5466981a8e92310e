"""Section 8, Timeline: one story of events and decisions, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.content import Content

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import SECONDS_PER_DAY, Timestamp
from omk_tui.core.records.event_log import ENVELOPE, SOURCES, Event, Timeline
from omk_tui.core.records.ledger_entries import LedgerEntry
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.last_look import Look
from omk_tui.core.review.pictures import budget_lines, task_lines
from omk_tui.core.review.timeline_story import StoryEntry, story
from omk_tui.core.text.age import age
from omk_tui.core.text.words import joined_lines, plural
from omk_tui.light.dataclass import dataclass
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
    picture_line,
    text_maker,
)
from omk_tui.text import State, count, ours, outside, outside_lines, size
from omk_tui.widgets.columns import Column, Columns

COLUMNS = Columns(
    (
        Column("TIME", 8),
        Column("EVENT", 21),
        Column("WHAT IS SAID"),
        Column("ACTOR", 20, least=84),
    )
)
SHORTEST_SHOWN = 50
"""Milliseconds; what took less has no duration in its row."""
MOST_FOLDED = 50
"""How many of the events that are folded into an entry are listed in its detail."""
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
class StoryRow:
    """One entry of the story as a row; `decided` is the verdict of a decision, empty for anything else."""

    entry: StoryEntry
    decided: str = ""

    def __call__(self, width: int) -> Content:
        time = self.entry.at.text().partition("T")[2][:8]
        text, actor = outside(said_of(self.entry), limit=400), actor_of(self.entry)
        if self.decided:
            kind = ours((f"DECISION {self.decided}", "bold $accent"))
        else:
            name = kind_of(self.entry)
            kind = ours((name, _STYLES.get(name, "")))
        took = self.entry.milliseconds
        if took is not None and took >= SHORTEST_SHOWN:
            text = ours((f"{duration(took)}  ", "$label"), text)
        return COLUMNS.row(((time, "$label"), kind, text, outside(actor, "$label", limit=80)), width)


def kind_of(entry: StoryEntry) -> str:
    """omk's name for what happened."""
    return entry.main.envelope.kind if entry.main is not None else "decision"


def said_of(entry: StoryEntry) -> str:
    """What is said of an entry: of a decision the words of whoever took it, else omk's replay text."""
    if entry.recorded is not None:
        return joined_lines(entry.recorded.text("text"))
    return entry.main.summary if entry.main is not None else ""


def actor_of(entry: StoryEntry) -> str:
    """Who did it, as far as that is recorded."""
    if entry.recorded is not None:
        return entry.recorded.text("who")
    return (entry.main.envelope.actor if entry.main is not None else "") or ""


def duration(milliseconds: int) -> str:
    """`0.3s`, `12s`, `3m`."""
    return f"{milliseconds / 1000:.1f}s" if milliseconds < 10_000 else age(milliseconds / 1000)


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
        maker = text_maker(Content("event log"), data, lambda: _nothing(timeline))
        rows.passing.append(rows.add("no events", marked(State.MISSING, "no event is recorded"), maker))
    _picture_rows(review, timeline, data, rows)
    entries = story(timeline, data.ledger)
    decisions = verdicts(review, timeline)
    day: int | None = None
    look = data.look
    for entry in entries:
        if not _is_wanted(entry, data.only):
            continue
        if look is not None and entry.at <= look.at:
            rows.rest(_look_line(look, review, data))
            look = None
        if day != entry.at.seconds // SECONDS_PER_DAY:
            day = entry.at.seconds // SECONDS_PER_DAY
            rows.rest(ours((f"── {entry.at.text().partition('T')[0]} UTC", "$label")))
        of_event = decisions.get(entry.main.index, "") if entry.main else ""
        decided = (entry.recorded.verdict if entry.recorded else "") or of_event
        kinds = " ".join(event.envelope.kind for event in entry.events)
        search = f"{kinds} {actor_of(entry)} {decided and 'DECISION ' + decided} {said_of(entry)}"
        rows.add(entry.key, StoryRow(entry, decided), _detail(entry, decided, review, data), search=search)
    if timeline.cut or timeline.skipped:
        rows.rest(ours((_cut_words(timeline), "$label")))
    if look is not None and entries:
        rows.rest(_look_line(look, review, data))
    start = next((entry.key for entry in entries if _is_wanted(entry, data.only)), "")
    summary = _summary(timeline, entries, data.look)
    if data.only:
        summary = ours(summary, (f"   only {data.only}; f shows all of it, by and by", "$accent"))
    return rows.view(summary, COLUMNS.header, start=start)


def _look_line(look: Look, review: Review, data: SectionData) -> Content:
    """The line between what happened since somebody last looked and what happened before."""
    day, time = look.at.text()[:19].split("T")
    elapsed = age(data.now.seconds - look.at.seconds)
    now = "as now" if look.snapshot == review.snapshot else "another than now"
    snapshot = outside(f"  snap {look.snapshot[:6]}, {now}", "$label")
    return ours((f"── you looked here  {day} {time} UTC, {elapsed} ago", "$accent"), snapshot)


def _is_wanted(entry: StoryEntry, only: str) -> bool:
    """Whether an entry is shown: all of them, only the decisions, or only what gates did."""
    if only == "decisions":
        return entry.recorded is not None or bool(entry.main and entry.main.decision)
    return only != "gates" or kind_of(entry) in ("gate_passed", "gate_failed", "command_finished")


def _picture_rows(review: Review, timeline: Timeline, data: SectionData, rows: Rows) -> None:
    """The task graph and the budget, above what happened."""
    graph = review.facts.graph
    if graph is not None and graph.tasks:
        done = sum(task.done for task in graph.tasks)
        words = ours(("task graph  ", "$label"), f"{done} of {plural(len(graph.tasks), 'task')} done")
        tasks = graph.tasks
        rows.add(
            "task graph", words, text_maker(Content("task graph"), data, lambda: map(picture_line, task_lines(tasks)))
        )
    points = timeline.checkpoints
    if points:
        words = ours(("budget  ", "$label"), plural(len(points), "checkpoint"))
        rows.add("budget", words, text_maker(Content("budget"), data, lambda: map(picture_line, budget_lines(points))))


def verdicts(review: Review, timeline: Timeline) -> dict[int, str]:
    """The decisions among the events, by index: `accepted`, `accepted!`, `rejected`, else `recorded`.

    An event does not say which verdict it was. The proof that it wrote may still be there; and a reject stamps the
    goal's failure with the decision's own time, which lies between the event before and the one that tells of it.
    """
    decided_at: dict[int, str] = {}
    stored, goal = review.facts.stored, review.facts.goal
    verdict = review.facts.decision.verdict if review.facts.decision else ""
    before: Event | None = None
    for event in timeline.rows:
        if event.decision:
            decided_at[event.index] = "recorded"
            at = event.envelope.ts
            since = before.envelope.ts if before else None
            if before is None and (timeline.cut or timeline.skipped):
                pass  # what came before it was not read, so nothing proves which verdict it was
            elif stored and verdict and _between(since, stored.proof.generated_at, at):
                decided_at[event.index] = verdict
            elif goal and goal.failure and _between(since, goal.failure.recorded_at, at):
                decided_at[event.index] = "rejected"
        before = event
    return decided_at


def _between(since: Timestamp | None, moment: Timestamp, until: Timestamp) -> bool:
    return moment <= until and (since is None or since < moment)


def _summary(timeline: Timeline, entries: Sequence[StoryEntry], look: Look | None) -> Content:
    rows = f" in {plural(len(entries), 'row')}" if len(entries) != len(timeline.rows) else ""
    parts = [ours(plural(len(timeline.rows), "event"), rows)]
    news = sum(entry.at > look.at for entry in entries) if look is not None else 0
    if news:
        parts.append(ours((f"{plural(news, 'row')} since you looked", "$accent")))
    decisions = sum(entry.recorded is not None or bool(entry.main and entry.main.decision) for entry in entries)
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
    notices = [f"{count(timeline.cut)} older events"] if timeline.cut else []
    if timeline.skipped:
        notices.append(f"the first {size(timeline.skipped)} of the file")
    return f"… {' and '.join(notices)} are not shown"


def _detail(entry: StoryEntry, decided: str, review: Review, data: SectionData) -> Callable[[], Detail]:
    title = outside(f"{entry.key}  {kind_of(entry)}" if entry.main is not None else f"{entry.key} of the ledger")

    def make() -> Detail:
        if data.raw:
            lines = [omk_json.compact(ENVELOPE.write(event.envelope)) for event in entry.events]
            lines += [omk_json.compact(entry.recorded.members)] if entry.recorded is not None else []
            return TextDetail(title, outside_lines("\n".join(lines)), data.width)
        return TextDetail(title, tuple(_facts(entry, decided, review, data)), data.width)

    return make


def _facts(entry: StoryEntry, decided: str, review: Review, data: SectionData) -> Iterable[Item]:
    elapsed = age(data.now.seconds - entry.at.seconds)
    if decided:
        yield Fact("WHAT", ours(("a decision of an integrator", "bold $accent"), f": {decided}"))
    if entry.recorded is not None:
        yield from _recorded(entry.recorded, data.written.get(entry.recorded.number, {}))
    elif decided == "rejected" and review.facts.goal and review.facts.goal.failure:
        yield from facts_of_lines("REASON", review.facts.goal.failure.reason)
    yield Fact("WHEN", ours(entry.at.human(), (f"   {elapsed} ago", "$label")))
    if entry.main is not None:
        yield from _event_facts(entry.main, review)
    if any(event.envelope.kind == "task_claimed" for event in entry.events):
        yield Fact("RISK", ours(("lease_deadline is wrong by decades in omk 0.5.0: ignore it", "$label")))
    if entry.milliseconds is not None:
        yield Fact("TOOK", ours(duration(entry.milliseconds)))
    for label, events in (("BEGAN", entry.began), ("ALSO", entry.quiet)):
        for number, event in enumerate(events[:MOST_FOLDED]):
            words = (f"{event.envelope.ts.text().partition('T')[2][:8]}  ", "$label")
            yield Fact(
                "" if number else label, ours(words, event.envelope.kind, "  ", outside(event.summary, "$label"))
            )
        if len(events) > MOST_FOLDED:
            yield Fact("", ours((f"… {plural(len(events) - MOST_FOLDED, 'more event')}", "$label")))
    if entry.main is not None:
        if entry.main.envelope.payload is not None:
            yield from _payload(entry.main.envelope.payload)
        yield Fact("ID", ours(outside(entry.main.envelope.id, "$label")))


def _recorded(line: LedgerEntry, still: Mapping[str, bool]) -> Iterable[Item]:
    """What the ledger says of a decision: who, why, on which evidence."""
    if line.fault:
        yield Fact("RISK", ours(("[!] ", "$failed"), outside(line.fault)))
    yield fact("WHO", line.text("who") or "not recorded")
    yield from facts_of_lines("WHY", line.text("text"))
    yield fact("STATUS", line.text("status"))
    yield fact("SNAP", line.text("snapshot"))
    yield fact("HEAD", line.text("head") or "not known")
    looked = line.members.get("looked_at")
    if isinstance(looked, list) and looked:
        yield fact("SAW", ", ".join(section for section in looked if isinstance(section, str)))
    for number, (path, digest) in enumerate(line.written.items()):
        words = ours(outside(path), (f"  {digest[:12]}", "$label"))
        if path in still:
            words += ours(("  still this", "$met") if still[path] else ("  other now", "$stale"))
        yield Fact("" if number else "WROTE", words)


def _event_facts(event: Event, review: Review) -> Iterable[Item]:
    envelope = event.envelope
    yield fact("KIND", envelope.kind)
    if envelope.actor or not event.decision:
        yield fact("ACTOR", envelope.actor or "none")
    if event.summary:
        yield from facts_of_lines("SAYS", event.summary)
    if envelope.run_id != review.goal_id:
        yield fact("RUN", envelope.run_id)


def _payload(payload: Json) -> Iterable[Item]:
    """The payload member by member; what is no object as it is."""
    if not isinstance(payload, dict):
        yield from facts_of_lines("DATA", omk_json.pretty(payload))
        return
    for number, (key, value) in enumerate(payload.items()):
        if number == MOST_FACT_LINES:
            yield Fact("", ours((f"… {plural(len(payload) - number, 'more member')}; r shows the line", "$label")))
            return
        text = value if isinstance(value, str) else omk_json.compact(value)
        yield Fact("DATA" if number == 0 else "", ours(outside(key, "$label", limit=120), "  ", outside(text)))


def _problem(timeline: Timeline) -> Iterable[Item]:
    yield fact("WHY", timeline.problem)
    if timeline.rows:
        yield Fact("", ours("omk refuses the whole file for that; the lines below are those that can be read"))


def _nothing(timeline: Timeline) -> Iterable[Item]:
    where = timeline.source or " or ".join(SOURCES)
    yield Fact("WHY", ours("there is no event in ", outside(where)))
    if timeline.malformed:
        yield Fact("", ours(f"{plural(timeline.malformed, 'line')} of it cannot be read as an event"))
