"""The decision that the proof records, as a row with its detail."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.judgement.judge import after_decision
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import joined_lines
from omk_tui.sections.decision_notes import command_fact, ways_to_decide
from omk_tui.sections.view import (
    FACT_COLUMNS,
    Fact,
    Item,
    Rows,
    SectionData,
    fact,
    facts_of_lines,
    listed,
    marked,
    text_maker,
)
from omk_tui.text import State, ours, outside
from omk_tui.widgets.columns import TableRow

_STATES = {"accepted": State.MET, "accepted!": State.MISSING, "rejected": State.STALE}


def decision_row(review: Review, data: SectionData, rows: Rows) -> None:
    """A row for the recorded decision, when the proof holds one."""
    stored = review.facts.stored
    if stored is None or not stored.sidecars.integration_evidence:
        return
    evidence = stored.sidecars.integration_evidence[0]
    stands = review.facts.decision is not None and bool(review.facts.decision.verdict)
    verdict = review.judgement.verdict
    state = _STATES.get(verdict.word, State.NOTE) if stands else State.NOTE
    words = verdict.words if stands else "an older decision: a newer proof was written since"

    def items() -> Iterable[Item]:
        says = verdict.status_words(review.facts.goal.status) if stands and review.facts.goal is not None else ""
        yield Fact("WHY", ours((words, state.style), "; " if says else "", outside(says)))
        for number, step in enumerate(after_decision(review.facts)):
            yield command_fact("" if number else "NEXT", step)
        if review.facts.decision is not None:
            yield fact("WHO", review.facts.decision.who or "not recorded: it was taken with omk itself")
        yield from _evidence(evidence)
        if stands:
            yield from ways_to_decide(review)

    word = verdict.word if stands else "older"
    cells = (" ", marked(state, word), "recorded decision", outside(joined_lines(_member(evidence, "summary"))))
    rows.add(
        "recorded decision",
        TableRow(FACT_COLUMNS, cells),
        text_maker(Content("recorded decision"), data, items),
        search=f"recorded decision {word} {_member(evidence, 'summary')}",
    )


def _evidence(evidence: Json) -> Iterable[Item]:
    """The members of `integration_evidence` (STATE-FORMAT 4.6), or the value as it is."""
    if not isinstance(evidence, dict):
        yield from facts_of_lines("FOUND", omk_json.pretty(evidence))
        return
    yield fact("WHEN", _member(evidence, "decided_at"))
    yield from facts_of_lines("TEXT", _member(evidence, "summary"))
    yield fact("FILE", _member(evidence, "artifact_path"))
    missing = evidence.get("missing_evidence")
    if isinstance(missing, list):
        yield from listed("GAPS", [item for item in missing if isinstance(item, str)])


def _member(evidence: Json, key: str) -> str:
    value = evidence.get(key) if isinstance(evidence, dict) else None
    return value if isinstance(value, str) else ""
