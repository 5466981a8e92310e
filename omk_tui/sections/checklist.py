"""Section 1, Checklist: omk's nine requirements, and whatever omk's rules would let pass."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.judgement.integrator_warning import IntegratorWarning
from omk_tui.core.judgement.known_gaps import is_mere_note
from omk_tui.core.judgement.requirements import COUNTED, Requirement
from omk_tui.core.records.problem import Problem
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import joined_lines, plural
from omk_tui.sections.decision_notes import next_steps, status_steps, ways_to_decide
from omk_tui.sections.decision_row import decision_row
from omk_tui.sections.view import (
    FACT_COLUMNS,
    Fact,
    Item,
    Rows,
    SectionData,
    SectionView,
    elsewhere,
    fact,
    listed,
    marked,
    text_maker,
)
from omk_tui.text import State, ours, outside
from omk_tui.widgets.columns import Column, Columns, TableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.judgement.integrator_warning import Severity

MOST_AT_ONCE = 12
"""Rows that are on screen from 24 rows on: the requirements, the decision, and the first warnings."""
_WARNING_STATES: dict[Severity, State] = {
    "failed": State.FAILED,
    "stale": State.STALE,
    "skipped": State.SKIPPED,
    "unreadable": State.UNREADABLE,
    "note": State.NOTE,
}
_REQUIREMENT_STATES = {"met": State.MET, "missing": State.MISSING, "failed": State.FAILED, "waived": State.WAIVED}
_HEAD_STATES = {"same": State.MET, "moved": State.STALE}


def build(review: Review, data: SectionData) -> SectionView:
    """The checklist of a review."""
    rows = Rows()
    _status_row(review, data, rows)
    decided = review.facts.decision is not None and bool(review.facts.decision.verdict)
    if decided:
        decision_row(review, data, rows)
    for problem in review.facts.problems:
        _problem_row(problem, review, data, rows)
    for number, requirement in enumerate(review.judgement.requirements, 1):
        _requirement_row(number, requirement, review, data, rows)
    if not review.judgement.requirements:
        rows.rest(ours((f"the {COUNTED} cannot be judged while these files cannot be read", "$label")))
    for warning in review.judgement.warnings:
        if warning.code != "dropped_gap":  # all gaps are one row, below
            _warning_row(warning, review, data, rows)
    _head_row(review, data, rows)
    _gaps_row(review, data, rows)
    if not decided:
        decision_row(review, data, rows)
    return rows.view(summary(review), start=rows.blockers[0] if rows.blockers else "", least_rows=MOST_AT_ONCE)


def summary(review: Review) -> Content:
    """The checklist in one line: how much is missing, and how many warnings there are."""
    judgement = review.judgement
    parts: list[Content] = []
    if judgement.guard:
        parts.append(ours(("[!] the status forbids a decision", "$failed")))
    if review.facts.problems:
        parts.append(ours((f"[?] {plural(len(review.facts.problems), 'file')} unreadable", "$failed")))
    if judgement.requirements:
        gaps, waived, all_of = len(judgement.unwaived), judgement.waived, len(judgement.requirements)
        if gaps:
            parts.append(ours((f"[!] BLOCKS ACCEPT: {gaps} of {all_of} missing", "$failed")))
        else:
            parts.append(ours((f"[x] {all_of - waived} of {all_of} met", "$met")))
        if waived:
            parts.append(marked(State.WAIVED, f"{waived} waived"))
    open_ones = sum(warning.code == "open_conflict" for warning in judgement.warnings)
    others = judgement.news - (0 if judgement.verdict.says == "open_conflict" else open_ones)
    if open_ones:
        parts.append(ours((f"[!] {plural(open_ones, 'conflict')} open", "$failed")))
    if others:
        parts.append(ours((f"[~] {plural(others, 'warning')} omk lets pass", "$stale")))
    return Content("   ").join(parts)


def _status_row(review: Review, data: SectionData, rows: Rows) -> None:
    guard = review.judgement.guard
    if not guard:
        return

    def items() -> Iterable[Item]:
        yield fact("WHY", guard)
        yield from status_steps(review)
        yield from ways_to_decide(review)

    goal = review.facts.goal
    name = outside(f"status {goal.status if goal else ''}")
    cells = (" ", marked(State.FAILED, "refused"), name, "accept and reject refused")
    rows.add("status", TableRow(FACT_COLUMNS, cells), text_maker(name, data, items), search=guard, blocks=True)


def _problem_row(problem: Problem, review: Review, data: SectionData, rows: Rows) -> None:
    def items() -> Iterable[Item]:
        yield fact("WHY", problem.sentence)
        yield fact("FILE", f"{review.facts.goal_dir}/{problem.file}")
        yield Fact("NEXT", ours("repair the file, or let omk write it again"))
        yield from ways_to_decide(review)

    state = State.MISSING if problem.missing else State.UNREADABLE
    sentence = outside(problem.what if not problem.field else f"{problem.field}: {problem.what}")
    cells = (" ", marked(state), outside(problem.file), sentence)
    title = outside(problem.file)
    rows.add(
        problem.file,
        TableRow(FACT_COLUMNS, cells),
        text_maker(title, data, items),
        search=problem.sentence,
        blocks=True,
    )


def _requirement_row(number: int, requirement: Requirement, review: Review, data: SectionData, rows: Rows) -> None:
    state, name = _REQUIREMENT_STATES[requirement.state], requirement.name

    def items() -> Iterable[Item]:
        yield Fact("WHY", ours((requirement.sentence, state.style), ": ", outside(requirement.facts)))
        if requirement.next:
            yield from next_steps(requirement.next)
        elif requirement.waived:
            yield Fact("NEXT", ours(("this one is waived: nothing has to be done for it", "$label")))
        elif review.facts.decision is not None and review.facts.decision.verdict:
            yield Fact("NEXT", ours("decided already; the first row says what comes after"))
        elif review.judgement.ready:
            yield Fact("NEXT", ours("nothing is missing; read 5 Diff and 6 Conflicts, then decide"))
        else:
            yield Fact("NEXT", ours(("this one is met; b goes to the next that is not", "$label")))
        if requirement.place is not None:
            yield elsewhere(requirement.place)
        yield from ways_to_decide(review)

    cells = (str(number), marked(state), (name, "" if requirement.met else "bold"), requirement.short_facts)
    title = ours(f"{number} ", outside(name))
    search = f"{number} {state.word} {requirement.text} {requirement.facts}"
    rows.add(
        f"requirement {number}",
        TableRow(FACT_COLUMNS, cells),
        text_maker(title, data, items),
        search=search,
        blocks=not (requirement.met or requirement.waived),
        place=requirement.place,
    )


def _warning_row(warning: IntegratorWarning, review: Review, data: SectionData, rows: Rows) -> None:
    state = _WARNING_STATES[warning.severity]

    def items() -> Iterable[Item]:
        yield fact("WHY", warning.text)
        if warning.code != "interrupted":
            yield Fact("", ours(("omk 0.5.0 would not stop an accept for this", "$label")))
        if warning.place is not None:
            yield elsewhere(warning.place)
        yield from ways_to_decide(review)

    words = Columns((Column("", 1), Column("", 26), Column("")))
    row = TableRow(words, (" ", marked(state, warning.code), outside(warning.text)))
    rows.add(
        f"{warning.code}: {warning.text[:60]}",
        row,
        text_maker(Content(warning.code), data, items),
        search=f"warning {warning.code} {warning.text}",
        blocks=warning.blocks,
        place=warning.place,
    )


def _head_row(review: Review, data: SectionData, rows: Rows) -> None:
    head = review.facts.head
    state = _HEAD_STATES.get(head.state, State.SKIPPED)

    def items() -> Iterable[Item]:
        yield fact("WHY", head.text)
        yield fact("EVID", head.evidence or "the proof names no commit")
        yield fact("HEAD", head.project or "not known")
        if head.project_dir:
            yield Fact("REPO", ours(outside(head.project_dir), (f"  {head.origin}", "$label")))
        if review.git:
            tree = "with changes" if review.git.dirty else "clean"
            yield Fact("", ours("branch ", outside(review.git.branch), f", working tree {tree}"))
        yield Fact("", ours(("a decision records branch, HEAD and tree of the project as they are then", "$label")))
        if head.state == "moved":
            yield from next_steps(review.facts.step("verify"))

    word = {"same": "same", "moved": "stale"}.get(head.state, "not checked")
    cells = (" ", marked(state, word), "evidence commit and project HEAD", outside(head.text))
    rows.add(
        "evidence and HEAD",
        TableRow(FACT_COLUMNS, cells),
        text_maker(Content("evidence and HEAD"), data, items),
        search=f"{word} HEAD {head.text}",
    )


def _gaps_row(review: Review, data: SectionData, rows: Rows) -> None:
    stored = review.facts.stored
    if stored is None:
        return
    gaps, dropped = stored.proof.known_gaps, review.judgement.dropped_gaps

    def items() -> Iterable[Item]:
        if not gaps:
            yield Fact("WHY", ours("the proof records no known gap"))
        yield from listed("GAPS", [joined_lines(gap) for gap in gaps])
        if dropped and not is_mere_note(dropped):
            yield Fact("RISK", ours((f"accept replaces the known gaps; {len(dropped)} would be dropped:", "$missing")))
            yield from listed("", [joined_lines(gap) for gap in dropped])

    news = review.judgement.gap_news
    words = plural(len(gaps), "gap") + (
        f", accept drops {len(dropped)}" if dropped and not is_mere_note(dropped) else ""
    )
    words += f", {len(news)} that no requirement speaks of" if news else ""
    cells = (" ", marked(State.STALE, "news") if news else marked(State.NOTE), "known gaps in the proof", words)
    rows.add(
        "known gaps",
        TableRow(FACT_COLUMNS, cells),
        text_maker(Content("known gaps"), data, items),
        search="known gaps " + " ".join(gaps),
    )
