"""Section 3, Wall: the six passes as omk computes them now, and what the proof recorded of them."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.judgement.requirements import gate_stanza
from omk_tui.core.judgement.review_wall import Pass, gates_hold, pass_waiver
from omk_tui.core.review.goal_review import Review
from omk_tui.sections.decision_notes import next_steps
from omk_tui.sections.view import (
    Detail,
    Fact,
    FileDetail,
    Item,
    Rows,
    SectionData,
    SectionView,
    fact,
    marked,
    text_maker,
)
from omk_tui.text import State, ours, outside
from omk_tui.widgets.columns import Column, Columns, TableRow

COLUMNS = Columns((Column("PASS", 12), Column("STATUS", 12), Column("WHAT IS SAID")))

_BY_WHAT = ("  by tasks, gates and file names; nobody read the code", "$label")
_DERIVED = "the wall is derived from task states, gates and file names; nobody has read the code for it"


def build(review: Review, data: SectionData) -> SectionView:
    """The review wall of a review."""
    rows = Rows()
    wall = review.judgement.wall
    if not wall:
        return _empty(review, data, rows)
    recorded = recorded_passes(review)
    for review_pass in wall:
        _pass_row(review_pass, recorded, review, data, rows)
    differences = wall_differences(review)
    state = State.STALE if differences else State.MET
    count = f"{len(recorded)} recorded in proof.json, equal to recomputed: {'no' if differences else 'yes'}"
    rows.add(
        "recorded",
        marked(state, count),
        text_maker(Content("recorded in proof.json"), data, lambda: _recorded(review, differences)),
    )
    for path in dict.fromkeys(review_pass.path for review_pass in wall):
        _file_row(path, data, rows)
    passed, waived = (
        sum(review_pass.passed for review_pass in wall),
        sum(bool(pass_waiver(review_pass, review.facts)) for review_pass in wall),
    )
    state = State.MET if passed == len(wall) else State.WAIVED if passed + waived == len(wall) else State.FAILED
    words = marked(state, f"{passed} of {len(wall)} passed" + (f", {waived} waived" if waived else ""))
    return rows.view(ours("wall  ", words, _BY_WHAT), COLUMNS.header, start=rows.blockers[0] if rows.blockers else "")


def _empty(review: Review, data: SectionData, rows: Rows) -> SectionView:
    """Before any review has run omk's wall has no pass at all (STATE-FORMAT 6.5)."""
    readable = review.facts.stored is not None and review.facts.graph is not None

    def items() -> Iterable[Item]:
        if not readable:
            for problem in review.facts.problems:
                yield fact("WHY", problem.sentence)
            return
        yield Fact(
            "WHY", ours("neither task goal-review nor goal-security-review is done; before that omk has no pass")
        )
        yield from next_steps(review.facts.step("review"))
        if recorded_passes(review):
            yield Fact("RISK", ours(("proof.json records passes all the same; accept does not look at them", "$stale")))

    words = "no review has run yet: the wall is empty" if readable else "the wall cannot be judged"
    state = State.MISSING if readable else State.UNREADABLE
    rows.add("empty wall", marked(state, words), text_maker(Content("review wall"), data, items), blocks=True)
    if readable:
        rows.rest(ours(("    next  ", "$label"), outside(review.facts.step("review"))))
    return rows.view(ours("review wall  ", (words, state.style)))


def _pass_row(
    review_pass: Pass, recorded: dict[str, dict[str, Json]], review: Review, data: SectionData, rows: Rows
) -> None:
    waived = pass_waiver(review_pass, review.facts)
    state = State.MET if review_pass.passed else State.WAIVED if waived else State.FAILED
    cells = ((review_pass.name, "bold"), marked(state, review_pass.status), outside(review_pass.says))

    def items() -> Iterable[Item]:
        yield Fact("STATUS", marked(state, review_pass.status))
        yield fact("SAYS", review_pass.says) if review_pass.passed else Fact("GAP", ours((review_pass.says, "$failed")))
        if review_pass.stock_words:
            yield Fact("", ours((review_pass.stock_words, "$label")))
        if waived:
            yield Fact("WAIVED", ours("by the base's .omk/desk.toml: ", outside(waived)))
        yield fact("EVID", review_pass.evidence)
        yield fact("RISK", review_pass.risk)
        if not waived:
            yield fact("NEXT", review_pass.recommended_next_step)
            for step in next_command(review_pass, review):
                yield fact("", step)
        yield fact("FILE", review_pass.path)
        recorded_pass = recorded.get(review_pass.name)
        if recorded_pass is None:
            yield Fact("RECORD", ours(("proof.json records no such pass", "$label")))
        else:
            for name, was, now in _field_differences(review_pass, recorded_pass):
                words = ours(f"{name} was ", outside(was, "$stale", limit=400), ", is ", outside(now, limit=400))
                yield Fact("RECORD", words)
            if not _field_differences(review_pass, recorded_pass):
                yield Fact("RECORD", ours(("equal to what proof.json records", "$label")))
        yield Fact("", ours((_DERIVED, "$label")))

    search = " ".join(
        (review_pass.name, review_pass.status, review_pass.summary, review_pass.gap, review_pass.evidence)
    )
    rows.add(
        f"pass {review_pass.name}",
        TableRow(COLUMNS, cells),
        text_maker(ours("pass ", (review_pass.name, "bold")), data, items),
        search=search,
        blocks=not (review_pass.passed or waived),
    )


def next_command(review_pass: Pass, review: Review) -> tuple[str, ...]:
    """The lines to type for a blocked pass; omk's own sentence names only `latest`."""
    stored = review.facts.stored
    if review_pass.passed or stored is None:
        return ()
    changed = bool(stored.proof.changed_files)
    verify = review.facts.step("verify")
    if review_pass.name == "performance":
        return (*gate_stanza(["bench"]).split("\n"), verify)
    if review_pass.name == "test" or (
        review_pass.name == "anti-slop" and changed and not gates_hold(stored.proof.gates)
    ):
        return (verify,)
    if review_pass.name in ("code", "anti-slop") and not changed:
        return (review.facts.step("execute"),)
    return (review.facts.step("review"),)


def _file_row(path: str, data: SectionData, rows: Rows) -> None:
    def detail() -> Detail:
        return FileDetail(outside(path), path, width=data.width, prose=True)

    rows.add(path, ours(("file ", "$label"), outside(path)), detail)


def recorded_passes(review: Review) -> dict[str, dict[str, Json]]:
    """What proof.json records, by pass name; of two of one name the last (STATE-FORMAT 4.3)."""
    stored = review.facts.stored
    pass_records: dict[str, dict[str, Json]] = {}
    for value in stored.sidecars.review_artifacts if stored else ():
        if isinstance(value, dict):
            name = value.get("pass")
            pass_records[name if isinstance(name, str) else omk_json.compact(name)] = value
    return pass_records


def wall_differences(review: Review) -> tuple[str, ...]:
    """How the recorded wall differs from the one recomputed now, one clause each; outside text as it is."""
    wall = review.judgement.wall
    recorded = recorded_passes(review)
    pass_records: list[str] = []
    for review_pass in wall:
        recorded_pass = recorded.get(review_pass.name)
        if recorded_pass is None:
            pass_records.append(f"{review_pass.name}: not recorded, now {review_pass.status}")
            continue
        names = [name for name, _, _ in _field_differences(review_pass, recorded_pass)]
        if names and names[0] == "status":
            pass_records.append(
                f"{review_pass.name}: recorded {_shown(recorded_pass.get('status'))}, now {review_pass.status}"
            )
        elif names:
            pass_records.append(f"{review_pass.name}: recorded with another {', '.join(names)}")
    known = {review_pass.name for review_pass in wall}
    pass_records += [f"{name}: recorded, but omk has no such pass" for name in recorded if name not in known]
    return tuple(pass_records)


def _field_differences(review_pass: Pass, recorded_pass: dict[str, Json]) -> list[tuple[str, str, str]]:
    """Field, recorded and recomputed text, for each that differs; the status first."""
    return [
        (name, _shown(recorded_pass.get(name)), _shown(now))
        for name, now in review_pass.members.items()
        if recorded_pass.get(name) != now
    ]


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value) or "none"
    return value if isinstance(value, str) else "nothing" if value is None else omk_json.compact(value)


def _recorded(review: Review, differences: tuple[str, ...]) -> Iterable[Item]:
    if differences:
        yield Fact("WHY", ours("proof.json keeps the wall of the last review; accept computes it anew:"))
        for difference in differences:
            yield fact("", difference)
        yield from next_steps(review.facts.step("review"))
    else:
        yield Fact("WHY", ours("each recorded pass is what omk computes from the evidence now"))
    yield Fact("", ours((_DERIVED, "$label")))
