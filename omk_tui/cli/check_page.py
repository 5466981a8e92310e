"""What `check` says of one goal: the checklist and everything behind it, and how to decide."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.cli.page import (
    FAILED,
    LABEL,
    MET,
    MISSING,
    NOTE,
    SKIPPED,
    UNREADABLE,
    WAIVED,
    WARNING,
    Page,
    Piece,
    outside,
    outside_lines,
    padded,
)
from omk_tui.cli.verdict_style import verdict_style
from omk_tui.core.decision.objection import objection
from omk_tui.core.judgement.judge import Judgement, after_decision, decide_command, later_work
from omk_tui.core.judgement.oracle import Oracle
from omk_tui.core.judgement.requirements import COUNTED, Requirement
from omk_tui.core.judgement.review_wall import Pass, pass_waiver
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.problem import Problem
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.live_merge import LiveMerge
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import first_few, joined_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.cli.page import Style
    from omk_tui.core.judgement.integrator_warning import Severity
    from omk_tui.core.judgement.requirements import State
    from omk_tui.core.review.live_merge import LiveState

_DEEP, _FACTS = 7, 11
_LIVE_STYLES: dict[LiveState, Style] = {"conflict": "failed", "clean": "met", "gone": "missing", "not_checked": "quiet"}
_STATE_SIGNS: dict[State, Piece] = {
    "met": Piece(MET, "met"),
    "missing": Piece(MISSING, "missing"),
    "failed": Piece(FAILED, "failed"),
    "waived": Piece(WAIVED, "quiet"),
}
"""The sign of a requirement: the one that the desk has for it."""
_WARNING_SIGNS: dict[Severity, Piece] = {
    "failed": Piece(FAILED, "failed"),
    "stale": Piece(WARNING, "warning"),
    "skipped": Piece(SKIPPED, "quiet"),
    "unreadable": Piece(UNREADABLE, "failed"),
    "note": Piece(NOTE, "quiet"),
}
"""The sign of a warning: the one that the desk has for it."""
_MOST_FILES = 8
_SIGNED = 26
"""Where the sentence begins behind a sign and a name."""


def check_page(review: Review, live: Sequence[LiveMerge] = ()) -> Page:
    """The whole document for one goal, also when parts of it could not be read."""
    page = Page()
    _head(page, review)
    _problems(page, review)
    _checklist(page, review.judgement)
    _oracle(page, review.judgement.oracle)
    _wall(page, review)
    _conflicts(page, review, live)
    _lost_evidence(page, review)
    _warnings(page, review.judgement)
    _decide(page, review)
    return page


def _head(page: Page, review: Review) -> None:
    facts, judgement = review.facts, review.judgement
    page.add(outside(review.goal_id, "title"), fit="whole")
    if facts.goal:
        page.add(outside(joined_lines(facts.goal.original_goal), limit=1000), indent=2)
    page.gap()
    verdict = judgement.verdict
    page.fact("verdict", Piece(verdict.words, verdict_style(verdict)), f"  {verdict.meaning}")
    status = outside(verdict.status_words(facts.goal.status)) if facts.goal else Piece("unknown")
    page.fact("status", status, outside(f"  (phase {facts.goal.phase})" if facts.goal else ""))
    page.add("snapshot  ", review.snapshot, fit="whole")
    if review.by_identity:
        several = f"{len(review.by_identity)} large files are" if len(review.by_identity) > 1 else "1 large file is"
        page.fact("", f"{several} part of it by size, times and inode, not by all of the content")
    if facts.interrupted:
        page.fact("decision", outside(facts.interrupted, "failed"))
    page.fact("project", outside(facts.head.text))
    if facts.head.project_dir:
        page.fact("", outside(facts.head.project_dir), f"  ({facts.head.origin})")


def _problems(page: Page, review: Review) -> None:
    if not review.facts.problems:
        return
    page.heading("UNREADABLE")
    for problem in review.facts.problems:
        page.add(Piece(FAILED, "failed"), " ", outside(problem.file), indent=1)
        if problem.field:
            page.fact("field", outside(problem.field), indent=_FACTS)
        page.fact("what", outside(problem.what), indent=_FACTS)
        if problem.found:
            page.fact("found", outside(problem.found), indent=_FACTS)
        page.add(padded("NEXT", LABEL), Piece(remedy(problem, review.facts), "command"), indent=_FACTS, fit="whole")


def remedy(problem: Problem, facts: Facts) -> str:
    """What to do about a file that cannot be used, in one clean line."""
    if problem.missing and problem.file == "proof.json":
        return printable(facts.step("verify"))
    if problem.missing:
        return f"put {printable(problem.file)} back from a backup; without it omk cannot decide the goal either"
    return f"repair {printable(problem.file)}, or put it back from a backup, then check again"


def _checklist(page: Page, judgement: Judgement) -> None:
    requirements = judgement.requirements
    parts = [f"{sum(requirement.met for requirement in requirements)} of {len(requirements)} met"]
    parts += [f"{len(judgement.unwaived)} missing"] if judgement.unwaived else []
    parts += [f"{judgement.waived} waived"] if judgement.waived else []
    page.heading("CHECKLIST", ", ".join(parts) if requirements else "not known")
    if not requirements:
        page.add(f"the {COUNTED} need proof.json, task-graph.json and the goal; see above", indent=_DEEP)
    for number, requirement in enumerate(requirements, 1):
        _requirement(page, number, requirement)


def _requirement(page: Page, number: int, requirement: Requirement) -> None:
    subject = outside(requirement.name if requirement.met else requirement.text)
    page.add(f"{number:2} ", _STATE_SIGNS[requirement.state], " ", f"{requirement.state:<7}  ", subject)
    page.add(outside(requirement.facts, "quiet"), indent=_DEEP)
    _next(page, requirement.next, _DEEP)


def _next(page: Page, text: str, indent: int) -> None:
    for number, line in enumerate(outside_lines(text)):
        page.add("NEXT " if number == 0 else "     ", Piece(line, "command"), indent=indent, fit="whole")


def _oracle(page: Page, oracle: Oracle | None) -> None:
    if oracle is None:
        page.heading("ORACLE", "not known: the goal or its proof cannot be read")
        return
    page.heading("ORACLE", f"{oracle.kind}, {'passed' if oracle.passed else 'blocked'}")
    if oracle.matched:
        words = ", ".join(f'"{word.strip()}" ({kind})' for kind, word in oracle.matched)
        page.add(f"chosen by the goal's words {words}", indent=_DEEP)
    else:
        page.add("no word of the goal chose a kind, so it is the default", indent=_DEEP)
    for check in oracle.checks:
        if check.gate is not None:
            page.add(Piece(MET, "met"), f" {padded(check.name, 13)}  gate ", outside(check.gate), indent=3)
        else:
            page.add(Piece(MISSING, "missing"), f" {padded(check.name, 13)}  no passed gate bears this word", indent=3)
            page.add(
                f"counts: a gate called {check.name}, or with {check.name} between dashes, dots or underscores",
                indent=_DEEP,
            )


def _wall(page: Page, review: Review) -> None:
    wall = review.judgement.wall
    if not wall:
        known = review.facts.stored is not None and review.facts.graph is not None
        page.heading("WALL", "[]" if known else "not known: proof or task graph cannot be read")
        if known:
            page.add("no review has run yet, so omk's wall is empty", indent=_DEEP)
            _next(page, review.facts.step("review"), _DEEP)
        return
    waivers = [pass_waiver(review_pass, review.facts) for review_pass in wall]
    waived = f", {sum(map(bool, waivers))} waived" if any(waivers) else ""
    page.heading("WALL", f"{sum(review_pass.passed for review_pass in wall)} of {len(wall)} passed{waived}")
    for review_pass, waiver in zip(wall, waivers, strict=True):
        _pass(page, review_pass, waiver)


def _pass(page: Page, review_pass: Pass, waived: str) -> None:
    sign = Piece(MET, "met") if review_pass.passed else Piece(WAIVED, "quiet") if waived else Piece(FAILED, "failed")
    page.add(
        sign,
        f" {padded(review_pass.name, 13)}{review_pass.status:9}",
        outside(review_pass.says),
        indent=3,
        hang=_SIGNED,
    )
    if review_pass.stock_words:
        page.fact("note", outside(review_pass.stock_words, "quiet"), indent=_FACTS)
    if waived:
        page.fact("waived", "by the base's .omk/desk.toml: ", outside(waived), indent=_FACTS)
    page.fact("evidence", outside(review_pass.evidence, "quiet"), indent=_FACTS)
    page.fact("risk", outside(review_pass.risk, "quiet"), indent=_FACTS)
    page.fact("file", outside(review_pass.path, "quiet"), indent=_FACTS)
    if not waived:
        page.fact(
            "next", outside(review_pass.recommended_next_step, "" if review_pass.passed else "command"), indent=_FACTS
        )


def _conflicts(page: Page, review: Review, live: Sequence[LiveMerge]) -> None:
    conflicts, unrecorded = review.conflicts, review.facts.unrecorded_conflict
    still_open = sum(conflict.open for conflict in conflicts)
    page.heading("CONFLICTS", f"{still_open} open of {len(conflicts)} recorded" if conflicts else "none recorded")
    if unrecorded:
        page.add(Piece(FAILED, "failed"), " ", outside(unrecorded), indent=3)
    for index, conflict in enumerate(conflicts):
        sign = Piece(FAILED, "failed") if conflict.open else Piece(NOTE, "quiet")
        state = ("open" if conflict.open else "settled") + (
            ", but its evidence says the merge is clean" if conflict.stale else ""
        )
        page.add(sign, " slice ", outside(conflict.section_id, "title"), f"  {state}", indent=3)
        page.fact("task", outside(conflict.task_id), "  status ", outside(conflict.status or "not set"), indent=_FACTS)
        page.fact("reason", outside(conflict.reason or "not recorded"), indent=_FACTS)
        page.fact("evidence", *_evidence(conflict), indent=_FACTS)
        if conflict.merge:
            merge = conflict.merge
            page.fact("merge", outside(merge.source_ref), " into ", outside(merge.target_ref), indent=_FACTS)
            page.fact("files", _first_files(merge.files), indent=_FACTS)
            kind = ": ".join(word for word in (merge.classification, merge.classification_reason) if word)
            page.fact("class", outside(kind or "none"), indent=_FACTS)
        if index < len(live):
            now = live[index]
            page.fact("now", outside(now.text, _LIVE_STYLES[now.state]), indent=_FACTS)
            if now.files:
                page.fact("", _first_files(now.files), indent=_FACTS)


def _first_files(files: Sequence[str]) -> Piece:
    """The first files in conflict, and how many more there are; the document of `--json` names them all."""
    listed = first_few(files, _MOST_FILES, show=lambda name: printable(name, 200))
    return Piece(f"{listed} (check --json names all)" if len(files) > _MOST_FILES else listed or "none named")


def _evidence(conflict: Conflict) -> tuple[Piece, ...]:
    if conflict.evidence_path is None:
        return (Piece("no path is recorded"),)
    path = outside(conflict.evidence_path)
    if conflict.evidence is not None and not conflict.evidence.readable:
        return path, Piece("  unreadable: ", "failed"), outside(conflict.evidence.error or "")
    if conflict.evidence is not None and conflict.evidence.text is not None and conflict.merge is None:
        return path, Piece("  readable, but no merge-conflict record")
    return (path,)


def _lost_evidence(page: Page, review: Review) -> None:
    """Files that stand behind a result and cannot be read; omk never looks."""
    files = [(f"gate {log.gate}", log.path, log.problem) for log in review.gate_logs if log.path]
    files += [(f"run {diff.run}", diff.path, diff.problem) for diff in review.diffs]
    lost = [file for file in files if file[2]]
    if not lost:
        return
    page.heading("EVIDENCE", f"{len(lost)} of {len(files)} gate logs and diffs cannot be read; omk does not look")
    for name, path, problem in lost:
        pieces = (" ", outside(name, limit=200), "  ", outside(path), "  ", outside(problem))
        page.add(Piece(WARNING, "warning"), *pieces, indent=3, hang=_SIGNED)


def _warnings(page: Page, judgement: Judgement) -> None:
    warnings = judgement.warnings
    page.heading("WARNINGS", f"{len(warnings)}; omk's rules would let these pass" if warnings else "none")
    for warning in warnings:
        code = f" {padded(warning.code, 20)}  "
        page.add(_WARNING_SIGNS[warning.severity], code, outside(warning.text, limit=1000), indent=3, hang=_SIGNED)


def _decide(page: Page, review: Review) -> None:
    judgement = review.judgement
    decision = review.facts.decision
    if decision is not None and decision.verdict:
        page.heading("DECIDED", judgement.verdict.words)
        page.add(outside(decision.sentence, limit=2000), indent=_DEEP)
        for line in after_decision(review.facts):
            page.add(outside(line), indent=_DEEP, fit="whole")
        page.heading("DECIDE ANEW", "what is recorded then replaces that decision")
    else:
        page.heading("DECIDE")
    if review.facts.interrupted:
        page.add("no decision can be taken before the interrupted one is settled, see above", indent=_DEEP)
        return
    if judgement.guard:
        page.add("no decision can be taken now: ", outside(judgement.guard), indent=_DEEP)
        return
    if review.facts.goal is None or review.facts.stored is None or review.facts.deliveries is None:
        page.add("no decision can be planned until the files above can be read", indent=_DEEP)
        return
    hindrance = objection(review, "reject")
    if hindrance is not None:
        page.add(Piece("a decision would fail now: ", "failed"), outside(hindrance.why), indent=_DEEP)
        return
    refusal = objection(review, "accept")
    if review.facts.graph is None:
        page.add("an accept needs a valid task graph; a reject does not", indent=_DEEP)
    elif refusal is not None:
        later = later_work(review.facts)
        command = later.command if later is not None else ""
        why = later.reason if later is not None and command else refusal.why
        page.add(Piece("an accept would be refused: ", "failed"), outside(why), indent=_DEEP)
        _next(page, command, _DEEP)
    else:
        if judgement.unwaived:
            page.add("an accept would be recorded as not_ready, and only with --record-not-ready", indent=_DEEP)
        if judgement.conflict_open:
            page.add("a conflict is open, so an accept is recorded only with --despite-conflicts", indent=_DEEP)
        _command(page, decide_command(review.facts, judgement, "accept", review.snapshot))
    _command(page, decide_command(review.facts, judgement, "reject", review.snapshot))
    page.add("bound to the snapshot above; what a reject would write:", indent=_DEEP)
    _command(page, review.facts.call.desk("plan", review.goal_id, "reject --reason TEXT"))


def _command(page: Page, command: str) -> None:
    page.add(outside(command, "command"), indent=_DEEP, fit="whole")
