"""Section 7, Rollback: the plan that a reject would write, exactly; nothing is written by looking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from textual.content import Content

from omk_tui.core.decision.rollback import rollback_plan
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.records.file_names import ROLLBACK_FILE
from omk_tui.core.review.diff import FilePatch
from omk_tui.core.review.file_now import last_patches
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.plan_comparison import PlanComparison
from omk_tui.core.review.undo import UndoStep, undo_steps
from omk_tui.core.text.words import plural
from omk_tui.sections.view import (
    Detail,
    Fact,
    FileDetail,
    Heading,
    Item,
    Rows,
    SectionData,
    SectionView,
    TextDetail,
    block,
    fact,
    facts_of_lines,
    marked,
    text_maker,
)
from omk_tui.text import State, count, ours, outside, size

PLAN_START = "# Rejected Goal Rollback Plan\n"
MOST_PLAN_LINES = 20_000
"""Lines of a plan that are shown; an evidence of nothing but newlines has more."""

_WHERE = ours(("to: ", "$label"), outside(ROLLBACK_FILE))


def build(review: Review, data: SectionData) -> SectionView:
    """The rollback plan of a review."""
    rows = Rows()
    text = data.rollback
    if text is None:
        rows.rest(ours(("planning a reject …", "$label")))
        return rows.view(ours(("planning", "$label")))
    if not text.startswith(PLAN_START):
        return _refused(text, data, rows)
    length = len(text.encode("utf-8", "surrogatepass"))
    target = review.target(ROLLBACK_FILE)
    whole = ours(("the whole plan", "bold"), ("  what reject would write", "$label"))
    rows.add("the whole plan", whole, partial(_text, Content("rollback plan, nothing written"), text, data))
    stored = review.facts.stored
    files = stored.proof.changed_files if stored else ()
    scope = ours("scope  ", plural(len(files), "file"), _sizes(data))
    rows.add("scope", scope, text_maker(Content("scope"), data, partial(_scope, files, data)))
    steps = undo_steps(review)
    if steps:
        words = ours("git commands  ", plural(len(steps), "command"), ("  not part of the file; y copies", "$label"))
        title = Content("ready to type in the project; nothing here is run or written")
        rows.add("git commands", words, text_maker(title, data, partial(_undo, steps, review)))
    for conflict in review.conflicts:
        title = ours("conflict evidence, slice ", outside(conflict.section_id))
        words = ours("conflict evidence  slice ", outside(conflict.section_id), (f"  {_evidence(conflict)}", "$label"))
        rows.add(f"section {conflict.section_id}", words, partial(_section, title, review.goal_id, conflict, data))
    if target.exists:
        _on_disk(data, rows)
    if target.obstacle:
        rows.add(
            "obstacle",
            marked(State.FAILED, "the plan cannot be written"),
            text_maker(Content("obstacle"), data, lambda: (fact("WHY", target.obstacle),)),
            blocks=True,
        )
    effect = ("replaces", "$stale") if target.exists else ("new", "$label")
    return rows.view(ours(_WHERE, f"  {count(length)} bytes  ", effect))


def _on_disk(data: SectionData, rows: Rows) -> None:
    """How an earlier plan differs from what would be written now, and the file as it is."""
    compared, title = data.plan_on_disk, Content("the plan on disk and this one")
    if isinstance(compared, PlanComparison):
        words = marked(State.MET, "the plan on disk says the same") if compared.is_same else _difference(compared)
        rows.add("compared", words, text_maker(title, data, partial(_sides, compared)))
    elif compared is not None:
        words = marked(State.UNREADABLE, "the plan on disk cannot be compared")
        why = fact("WHY", compared)
        rows.add("compared", words, text_maker(title, data, lambda: (why,)))
    title = ours("on disk now: ", outside(ROLLBACK_FILE))
    words = ours("the plan on disk", ("  of an earlier reject; another one would replace it", "$label"))
    rows.add("the plan on disk", words, partial(FileDetail, title, ROLLBACK_FILE, width=data.width))


def _difference(compared: PlanComparison) -> Content:
    lines = f": {plural(compared.before_count, 'line')} of it would go, {count(compared.after_count)} would come"
    order = ": the same lines in another order"
    words = lines if compared.before_count or compared.after_count else order
    return marked(State.STALE, f"the plan on disk differs{words}")


def _sides(compared: PlanComparison) -> Iterator[Item]:
    if compared.reason is None:
        yield Fact("REASON", ours(("the plan on disk has none where a plan has it", "$missing")))
    else:
        yield from facts_of_lines("REASON", compared.reason)
        yield Fact("", ours(("of the earlier reject; yours takes its place", "$label")))
    if compared.is_same:
        yield Fact("ELSE", ours(("every other line is the same", "$met"), ": files, steps and conflict evidence"))
        return
    for words, sign_, style, lines, total in (
        ("only on disk: would go", "-", "$removed", compared.before, compared.before_count),
        ("only in the new plan: would come", "+", "$added", compared.after, compared.after_count),
    ):
        if lines:
            yield Heading(f"{words}, {plural(total, 'line')}")
            yield from (ours((f"{sign_} ", style), outside(line, style)) for line in lines)
        if total > len(lines):
            yield ours((f"… {plural(total - len(lines), 'more line')}", "$label"))


def _refused(why: str, data: SectionData, rows: Rows) -> SectionView:
    def items() -> Iterable[Item]:
        yield fact("WHY", why)
        yield Fact("", ours("so there is no plan; nothing was or would be written"))

    rows.add("refused", marked(State.FAILED, "a reject would be refused"), text_maker(Content("reject"), data, items))
    return rows.view(ours(marked(State.FAILED, "refused: "), outside(why)))


def plan_section(goal_id: str, conflict: Conflict) -> str:
    """The section of the plan for one conflict, exactly."""
    return rollback_plan(goal_id, "", (), (conflict,))[len(rollback_plan(goal_id, "", (), ())) :]


def _evidence(conflict: Conflict) -> str:
    evidence = conflict.evidence
    if evidence is None:
        return "no evidence path"
    if evidence.error is not None:
        return "unreadable"
    return "the decision file" if evidence.text is None else size(len(evidence.text.encode("utf-8", "surrogatepass")))


def _patches(data: SectionData) -> list[FilePatch]:
    return list(last_patches(data.diff).values()) if data.diff else []


def _sizes(data: SectionData) -> Content:
    patches = _patches(data)
    added, removed = sum(patch.added for patch in patches), sum(patch.removed for patch in patches)
    return ours("  ", (f"+{count(added)}", "$added"), " ", (f"-{count(removed)}", "$removed")) if patches else ours("")


def _scope(files: tuple[str, ...], data: SectionData) -> Iterator[Item]:
    if not files:
        yield Fact("FILES", ours("no changed-file evidence recorded"))
    by_path = {patch.path: patch for patch in _patches(data)}
    for number, name in enumerate(files):
        patch = by_path.get(name)
        if patch is None:
            sizes = ours((f"{'no diff':>13}  ", "$label"))
        else:
            sizes = ours(
                (f"+{count(patch.added)}".rjust(6), "$added"), (f"-{count(patch.removed)}".rjust(7), "$removed"), "  "
            )
        yield Fact("FILES" if number == 0 else "", ours(sizes, outside(name)))
    yield Heading("to do after a reject")
    yield ours("[ ] keep the goal's files: they are the record of what was decided")
    yield ours("[ ] revert or replace the changes above in a branch; the row `git commands` has them ready")
    yield ours("[ ] run the gates and the review again before accepting")


def _undo(steps: tuple[UndoStep, ...], review: Review) -> Iterator[Item]:
    if review.facts.head.project_dir:
        yield fact("REPO", review.facts.head.project_dir)
    for step in steps:
        yield ours(
            ("# ", "$label"), outside(step.about, "$label"), ("   loses work", "$missing") if step.destroys else ""
        )
        yield outside(step.command)


def _section(title: Content, goal_id: str, conflict: Conflict, data: SectionData) -> Detail:
    return _text(title, plan_section(goal_id, conflict), data)


def _text(title: Content, text: str, data: SectionData) -> Detail:
    lines = block(text, "omk-tui plan GOAL reject --show rollback prints them all", most=MOST_PLAN_LINES)
    return TextDetail(title, lines if data.raw else tuple(map(_drawn, lines)), data.width)


def _drawn(line: Content) -> Content:
    """A line of the plan with its Markdown shown: the same characters, headings bold, marks dim."""
    plain = line.plain
    if plain.startswith("#"):
        return line.stylize("bold")
    if plain.startswith("- "):
        return line.stylize("$label", 0, 2)
    if plain.startswith("```"):
        return line.stylize("$label")
    if plain.startswith("_(unreadable:"):
        return line.stylize("$failed")
    return line
