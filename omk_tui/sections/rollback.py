"""Section 7, Rollback: the plan that a reject would write, exactly; nothing is written by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from textual.content import Content

from omk_tui.core.conflict import Conflict
from omk_tui.core.layout import ROLLBACK_FILE
from omk_tui.core.review import Review
from omk_tui.core.rollback import rollback_plan
from omk_tui.sections.view import (
    Detail,
    Fact,
    FileDetail,
    Item,
    Rows,
    SectionData,
    SectionView,
    TextDetail,
    bounded,
    fact,
    marked,
    text_maker,
)
from omk_tui.text import State, count, ours, outside, outside_lines, plural

PLAN_START = "# Rejected Goal Rollback Plan\n"

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
    size = len(text.encode("utf-8", "surrogatepass"))
    target = review.target(ROLLBACK_FILE)
    whole = ours(("the whole plan", "bold"), ("  what reject would write", "$label"))
    rows.add("the whole plan", whole, _text_maker(Content("rollback plan, nothing written"), text, data))
    stored = review.facts.stored
    files = stored.proof.changed_files if stored else ()
    rows.add(
        "scope", ours("scope  ", plural(len(files), "file")), text_maker(Content("scope"), data, lambda: _scope(files))
    )
    for conflict in review.conflicts:
        section = plan_section(review.goal_id, conflict)
        title = ours("conflict evidence, slice ", outside(conflict.section_id))
        words = (f"  {_section_words(conflict, section)}", "$label")
        told = ours("conflict evidence  slice ", outside(conflict.section_id), words)
        rows.add(f"section {conflict.section_id}", told, _text_maker(title, section, data))
    if target.exists:
        told = ours(marked(State.STALE, "an older plan is on disk; reject would replace it"))
        rows.add(
            "the plan on disk",
            told,
            lambda: FileDetail(
                ours("on disk now: ", outside(ROLLBACK_FILE)), ROLLBACK_FILE, tail=False, width=data.width
            ),
        )
    if target.obstacle:
        rows.add(
            "obstacle",
            marked(State.FAILED, "the plan cannot be written"),
            text_maker(Content("obstacle"), data, lambda: (fact("WHY", target.obstacle),)),
            blocks=True,
        )
    effect = ("replaces", "$stale") if target.exists else ("new", "$label")
    return rows.view(ours(_WHERE, f"  {count(size)} bytes  ", effect))


def _refused(why: str, data: SectionData, rows: Rows) -> SectionView:
    def items() -> Iterable[Item]:
        yield fact("WHY", why)
        yield Fact("", ours("so there is no plan; nothing was or would be written"))

    rows.add("refused", marked(State.FAILED, "a reject would be refused"), text_maker(Content("reject"), data, items))
    return rows.view(ours(marked(State.FAILED, "refused: "), outside(why)))


def plan_section(goal_id: str, conflict: Conflict) -> str:
    """The section of the plan for one conflict, exactly."""
    return rollback_plan(goal_id, "", (), (conflict,))[len(rollback_plan(goal_id, "", (), ())) :]


def _section_words(conflict: Conflict, section: str) -> str:
    if conflict.evidence is not None and conflict.evidence.error is not None:
        return "unreadable"
    return plural(section.count("\n"), "line")


def _scope(files: tuple[str, ...]) -> Iterator[Item]:
    if not files:
        yield Fact("FILES", ours("no changed-file evidence recorded"))
    for number, name in enumerate(files):
        yield fact("FILES" if number == 0 else "", name)


def _text_maker(title: Content, text: str, data: SectionData) -> Callable[[], Detail]:
    def make() -> Detail:
        lines = outside_lines(text)
        drawn = lines if data.raw else tuple(map(_drawn, lines))
        return TextDetail(title, bounded(drawn, len(lines), ROLLBACK_FILE), data.width)

    return make


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
