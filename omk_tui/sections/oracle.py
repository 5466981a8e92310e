"""Section 2, Oracle: which kind of goal omk takes this one for, why, and which gate names that asks for."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.judgement.oracle import REQUIRED_CHECKS, Oracle, OracleCheck, gates_named
from omk_tui.core.judgement.requirements import gate_stanza
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import ascii_lower, normalise
from omk_tui.sections.decision_notes import next_steps
from omk_tui.sections.gate_words import duration, exit_word, gate_word, gates_of
from omk_tui.sections.view import Fact, Item, Rows, SectionData, SectionView, fact, marked, text_maker
from omk_tui.text import State, ours, outside
from omk_tui.widgets.columns import Column, Columns, TableRow

COLUMNS = Columns(
    (
        Column("CHECK", 14),
        Column("STATE", 12),
        Column("GATE"),
        Column("RESULT", 8, least=60),
        Column("TIME", 7, right=True, least=70),
        Column("EXIT", 5, right=True, least=60),
    )
)


def build(review: Review, data: SectionData) -> SectionView:
    """The oracle of a review."""
    rows = Rows()
    oracle = review.judgement.oracle
    if oracle is None:
        words = ours("the oracle needs goal.json and proof.json; see 1 Checklist")
        rows.add("no oracle", words, text_maker(Content("no oracle"), data, lambda: _unread(review)), blocks=True)
        return rows.view(ours(("[?] the oracle cannot be judged", "$failed")))
    for check in oracle.checks:
        _check_row(check, oracle, review, data, rows)
    rows.rest(Content(""))
    rows.add(
        "kind",
        ours(("kind   ", "$label"), (oracle.kind, "bold"), "  ", _reason(oracle, review)),
        text_maker(ours("kind ", oracle.kind), data, lambda: _kind(oracle, review)),
        search=f"kind {oracle.kind}",
    )
    rows.add(
        "rule",
        ours(("rule   ", "$label"), "a passed gate, one part of whose name is exactly the check's word"),
        text_maker(Content("the rule"), data, _rule),
    )
    others = "  ".join(f"{kind} {'+'.join(checks)}" for kind, checks in REQUIRED_CHECKS.items() if kind != oracle.kind)
    rows.add(
        "other kinds",
        ours(("others ", "$label"), others),
        text_maker(Content("what other kinds would need"), data, lambda: _other_kinds(oracle)),
    )
    passed = sum(check.passed for check in oracle.checks)
    state = State.MET if oracle.passed else State.MISSING
    summary = ours(
        "oracle ", (oracle.kind, "bold"), "  ", marked(state, f"{passed} of {len(oracle.checks)} checks passed")
    )
    return rows.view(summary, COLUMNS.header, start=rows.blockers[0] if rows.blockers else "")


def _check_row(check: OracleCheck, oracle: Oracle, review: Review, data: SectionData, rows: Rows) -> None:
    gates = gates_of(review)
    waived = "" if check.passed else review.facts.waiver("oracle", f"oracle.{check.name}")
    bearing = gates_named(check.name, gates)
    gate = next((gate for gate in bearing if gate.name == check.gate and gate.passed), None) or next(
        iter(bearing), None
    )
    if check.passed:
        state = State.SKIPPED if gate is not None and gate.skipped else State.MET
    else:
        state = State.WAIVED if waived else State.FAILED if bearing else State.MISSING
    if gate is None:
        last = ("", "", "")
        name = ours(("no such gate", "$label"))
    else:
        last = (gate_word(gate), duration(gate.duration_ms), exit_word(gate))
        name = outside(gate.name)
    row = TableRow(COLUMNS, ((check.name, "bold"), marked(state), name, *last))

    def items() -> Iterable[Item]:
        if check.passed:
            yield Fact("WHY", ours("gate ", outside(check.gate or ""), (" passed", "$met"), " and bears the word"))
            if state is State.SKIPPED:
                yield Fact("RISK", ours(("skipped by configuration; omk counts that as passed", "$skipped")))
        elif bearing:
            for gate in bearing:
                yield Fact(
                    "WHY", ours("gate ", outside(gate.name), " bears the word, but ", (gate_word(gate), "$failed"))
                )
        else:
            defined = ", ".join(gate.name for gate in gates) or "none at all"
            yield Fact("WHY", ours(f'no gate name has the word "{check.name}"; the proof has: ', outside(defined)))
        if waived:
            yield Fact("WAIVED", ours("by the base's .omk/desk.toml: ", outside(waived)))
        yield Fact("NAMES", ours(_satisfying(check.name)))
        if check.passed:
            return
        if bearing:
            yield Fact("NEXT", ours("make that gate pass, then"))
            yield from _unlabelled(review.facts.step("verify"))
        else:
            yield from next_steps(f"# add to .omk/gates.toml, then verify\n{gate_stanza([check.name])}")
            yield from _unlabelled(review.facts.step("verify"))

    title = ours(f"{oracle.kind} oracle: ", (check.name, "bold"))
    rows.add(
        f"check {check.name}",
        row,
        text_maker(title, data, items),
        search=f"{check.name} {state.word} {check.gate or ''}",
        blocks=not (check.passed or waived),
    )


def _unlabelled(command: str) -> list[Item]:
    return [fact("", command)]


def _satisfying(check: str) -> str:
    return f"{check}, {check}-tests, my_{check}, {check}.full: parts are cut at whatever is no letter or digit"


def _reason(oracle: Oracle, review: Review) -> Content:
    if not oracle.matched:
        return ours(("the default: the goal's text has no word of another kind", "$label"))
    text = review.facts.goal.normalized_goal if review.facts.goal else ""
    checks_items = [
        ours(f'"{word.strip()}" ', (f"({kind}) in ", "$label"), outside(around(word, text), limit=60))
        for kind, word in oracle.matched
    ]
    return ours(("matched ", "$label"), Content(", ").join(checks_items))


def around(word: str, text: str) -> str:
    """The word of the goal's text in which `word` was found: omk looks for it anywhere, so `port` is in `report`."""
    plain = normalise(text)
    at = ascii_lower(plain).find(word)
    if at < 0:
        return word.strip()
    start = plain.rfind(" ", 0, at) + 1
    end = plain.find(" ", at + len(word.rstrip()))
    return plain[start : end if end >= 0 else len(plain)]


def _kind(oracle: Oracle, review: Review) -> Iterable[Item]:
    text = review.facts.goal.normalized_goal if review.facts.goal else ""
    yield Fact("KIND", ours((oracle.kind, "bold"), " asks for: ", ", ".join(check.name for check in oracle.checks)))
    yield Fact("WHY", _reason(oracle, review))
    for kind, word in oracle.matched:
        yield Fact("", ours(f'{kind}: "{word.strip()}" was found in ', outside(around(word, text))))
    if oracle.kind == "mixed":
        yield Fact("", ours(("words of several kinds make the goal mixed", "$label")))
    yield fact("GOAL", text)
    yield Fact(
        "RISK", ours(("omk looks for the letters anywhere in the text: port is in report and support", "$label"))
    )


def _rule() -> Iterable[Item]:
    yield Fact("RULE", ours("a check is met by the first gate of the proof that passed and bears its word"))
    yield Fact("", ours("a gate's name is cut at whatever is no ASCII letter or digit; one part must equal the word"))
    yield Fact("", ours("a gate that was skipped by configuration counts as passed"))


def _other_kinds(oracle: Oracle) -> Iterable[Item]:
    for kind, checks in REQUIRED_CHECKS.items():
        mark = ("  (this goal)", "$accent") if kind == oracle.kind else ""
        yield Content.assemble(f"{kind:<12} {', '.join(checks)}", mark)


def _unread(review: Review) -> Iterable[Item]:
    for problem in review.facts.problems:
        yield fact("WHY", problem.sentence)
