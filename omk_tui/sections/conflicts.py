"""Section 6, Conflicts: every slice with a conflict record, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.content import Content

from omk_tui.core.records.conflict import EMBED_LIMIT, Conflict
from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.live_merge import ConflictHunk, LiveMerge
from omk_tui.core.text.words import plural
from omk_tui.sections.view import (
    Detail,
    Fact,
    Heading,
    Item,
    Rows,
    SectionData,
    SectionView,
    TextDetail,
    block,
    fact,
    facts_of_lines,
    listed,
    marked,
    text_maker,
)
from omk_tui.text import State, ours, outside
from omk_tui.widgets.columns import Column, Columns, TableRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.review.live_merge import LiveState

COLUMNS = Columns(
    (
        Column("SLICE"),
        Column("VERDICT", 14),
        Column("STATUS", 9, least=66),
        Column("FILES", 5, right=True, least=50),
        Column(" EVIDENCE", 12, least=40),
        Column("NOW", 11, least=72),
        Column("SOURCE -> TARGET", least=110),
    )
)

_LIVE_WORDS: dict[LiveState, tuple[str, str]] = {
    "conflict": ("conflicts", "$failed"),
    "clean": ("clean now", "$met"),
    "gone": ("refs gone", "$missing"),
    "not_checked": ("not checked", "$label"),
}
"""What the merge comes to now, in a word with its colour."""
NOT_STOPPED = "omk's own accept would NOT stop on these; here it takes --despite-conflicts, or the end of the id"
_WHOLE = "the rollback plan, section 7, embeds them all"
_MOST_FILES = 8
"""Files in conflict that are named among the facts."""
_GONE = ("No such file or directory", "Not a directory")
_CUT = f"\n...(truncated at {EMBED_LIMIT} bytes)"


def build(review: Review, data: SectionData) -> SectionView:
    """The conflicts of a review, in the order of the rollback plan."""
    rows = Rows()
    if not review.conflicts:
        return _empty(review, data, rows)
    for index, conflict in enumerate(review.conflicts):
        _row(conflict, data.merges[index] if data.merges else None, data, rows)
    open_ones = sum(conflict.open for conflict in review.conflicts)
    if open_ones:
        rows.rest(Content(""))
        rows.rest(ours(("[!] ", "$failed"), (NOT_STOPPED, "$failed")))
    words = f"{open_ones} of {plural(len(review.conflicts), 'conflict record')} open"
    state = State.FAILED if open_ones else State.MET
    return rows.view(marked(state, words), COLUMNS.header, start=rows.blockers[0] if rows.blockers else "")


def _empty(review: Review, data: SectionData, rows: Rows) -> SectionView:
    readable = review.facts.deliveries is not None
    summary = "no slice has a conflict record" if readable else "task-graph.json cannot be read"
    if review.facts.unrecorded_conflict:
        return _with_the_base(review.facts.unrecorded_conflict, data, rows)

    def items() -> Iterable[Item]:
        if readable:
            yield Fact("WHY", ours("no delivery in task-graph.json has a conflict path or a blocking reason"))
            yield Fact("RISK", ours(("nobody may have looked: omk 0.5.0 has no command that checks slices", "$label")))
        for problem in review.facts.problems:
            yield fact("WHY", problem.sentence)

    state = State.MET if readable else State.UNREADABLE
    rows.passing.append(rows.add("no conflicts", marked(state, summary), text_maker(Content("conflicts"), data, items)))
    return rows.view(marked(state, summary))


def _with_the_base(why: str, data: SectionData, rows: Rows) -> SectionView:
    """A branch that merged cleanly when it was opened, and conflicts with its base as that is today."""
    summary = marked(State.FAILED, "in conflict with the base as it is today; no record says so")
    steps = "let the agent bring its branch up to date with the base, then open it again"
    items = (fact("WHY", why), Fact("NEXT", ours(steps)))
    rows.add("the base", summary, text_maker(Content("the base has moved"), data, lambda: items), blocks=True)
    return rows.view(summary, start=rows.blockers[0])


def verdict(conflict: Conflict) -> tuple[State, str]:
    """What the record comes to: settled, clean now (the record is stale), unsafe, safe, or just open."""
    if not conflict.open:
        return State.MET, "settled"
    if conflict.stale:
        return State.STALE, "CLEAN NOW"
    name = conflict.merge.classification if conflict.merge else ""
    return State.FAILED, {"Unsafe": "UNSAFE", "Safe": "SAFE"}.get(name, "open")


def evidence_word(conflict: Conflict) -> tuple[State, str]:
    """What there is behind the record.

    `json ok`, `stale` (it says that the merge is clean), `text`, `binary`, `truncated`, `missing`, `unreadable`,
    `none`, or `decision` for the file of the decision itself.
    """
    evidence = conflict.evidence
    if evidence is None:
        return State.NOTE, "none"
    if evidence.error is not None:
        gone = evidence.error.startswith(_GONE)
        return (State.MISSING, "missing") if gone else (State.UNREADABLE, "unreadable")
    if evidence.text is None:
        return State.NOTE, "decision"
    if evidence.text.endswith(_CUT):
        return State.UNREADABLE, "truncated"
    if "\0" in evidence.text or "\ufffd" in evidence.text:
        return State.UNREADABLE, "binary"
    if conflict.stale:
        return State.STALE, "stale"
    return (State.MET, "json ok") if conflict.merge else (State.NOTE, "text")


def _row(conflict: Conflict, live: LiveMerge | None, data: SectionData, rows: Rows) -> None:
    state, word = verdict(conflict)
    merge = conflict.merge
    evidence_state, evidence = evidence_word(conflict)
    refs = ours(outside(merge.source_ref), (" -> ", "$label"), outside(merge.target_ref)) if merge else Content("-")
    cells = (
        outside(conflict.section_id).stylize("bold"),
        marked(state, word),
        outside(conflict.status or "-"),
        str(len(merge.files)) if merge else "-",
        ours(" ", (evidence, evidence_state.style)),
        _LIVE_WORDS[live.state] if live is not None else ("trying", "$label"),
        refs,
    )
    title = ours("slice ", outside(conflict.section_id), ("  task ", "$label"), outside(conflict.task_id))
    search = f"{conflict.section_id} {conflict.task_id} {word} {evidence} {conflict.reason or ''}"
    rows.add(
        f"slice {conflict.section_id}",
        TableRow(COLUMNS, cells),
        _detail(title, conflict, live, data),
        search=search,
        blocks=conflict.open,
    )


def _detail(title: Content, conflict: Conflict, live: LiveMerge | None, data: SectionData) -> Callable[[], Detail]:
    file = _file(conflict, live)
    if data.raw and conflict.evidence is not None and conflict.evidence.text is not None:
        text = conflict.evidence.text

        def raw() -> Detail:
            hunks = tuple(_marked_hunks(live)) if live is not None else ()
            return TextDetail(title, (*block(text, _WHOLE), *hunks), data.width, wrap=False, file=file)

        return raw
    return lambda: TextDetail(title, tuple(_facts(conflict, live)), data.width, file=file)


def _file(conflict: Conflict, live: LiveMerge | None) -> FilePlace | None:
    """The first file in conflict, by the merge that was tried now or by the record."""
    names = live.files if live is not None and live.files else conflict.merge.files if conflict.merge else ()
    return FilePlace("project", names[0]) if names else None


def _facts(conflict: Conflict, live: LiveMerge | None) -> Iterable[Item]:
    state, word = verdict(conflict)
    merge = conflict.merge
    yield Fact(
        "STATE", ours(marked(state, word), ("   delivery status ", "$label"), outside(conflict.status or "not set"))
    )
    if live is not None:
        yield from _live_facts(conflict, live)
    if merge and merge.classification:
        yield Fact(
            "CLASS",
            ours(
                outside(merge.classification),
                ": " if merge.classification_reason else "",
                outside(merge.classification_reason),
            ),
        )
    if conflict.reason is not None:
        yield from facts_of_lines("BLOCK", conflict.reason or "(an empty reason)")
    if merge:
        yield from _first_files("FILES", merge.files or ("none is named",))
        yield fact("FROM", merge.source_ref or "-")
        yield fact("TO", merge.target_ref or "-")
        yield fact("CHECK", merge.command_line or "-")
    yield fact("FILE", conflict.evidence_path if conflict.evidence_path is not None else "no evidence path is recorded")
    yield from _about_evidence(conflict)
    yield fact("TASK", conflict.task_id)
    yield Heading("effect on the decision")
    summary = NOT_STOPPED if conflict.open else "accept would not stop on this, and need not: it is settled"
    yield Fact("", ours((_meaning(conflict), "$label")))
    yield Fact("ACCEPT", ours((summary, "$failed" if conflict.open else "")))
    yield Fact("REJECT", ours("the rollback plan has a section for this slice (7 Rollback)"))
    yield from _all_files(merge.files if merge else (), live.files if live is not None else ())


def _first_files(label: str, files: Sequence[str]) -> Iterable[Item]:
    """The first files in conflict; `_all_files` names all, below everything else."""
    return listed(label, files, most=_MOST_FILES, others="see below")


def _all_files(recorded: Sequence[str], live: Sequence[str]) -> Iterable[Item]:
    """Every file in conflict, by the record and as the merge comes to now, where there are too many for a fact."""
    if len(recorded) > _MOST_FILES:
        yield Heading(f"the {len(recorded)} files of the record")
        yield from listed("", recorded)
    if len(live) > _MOST_FILES and tuple(live) != tuple(recorded):
        yield Heading(f"the {len(live)} files in conflict now")
        yield from listed("", live)


def _live_facts(conflict: Conflict, live: LiveMerge) -> Iterable[Item]:
    """What the merge comes to now, beside what the record says of it."""
    stale = "   the record is stale" if live.state == "clean" and conflict.open else ""
    yield Fact("NOW", ours((outside(live.text).plain, _LIVE_WORDS[live.state][1]), (stale, "$stale")))
    if live.files:
        is_known = conflict.merge is not None and tuple(live.files) == tuple(conflict.merge.files)
        if is_known and len(live.files) > _MOST_FILES:
            yield Fact("", ours(("in the files of the record, see below", "$label")))
        else:
            yield from _first_files("", live.files)
    for number, hunk in enumerate(live.hunks, 1):
        yield Heading(_hunk_title(hunk, number, live), FilePlace("project", hunk.path, hunk.line))
        for label, style, lines in (
            ("BASE", "$label", hunk.base),
            ("OURS", "$accent", hunk.ours),
            ("THEIRS", "$stale", hunk.theirs),
        ):
            for at, line in enumerate(lines or ("(no line)",)):
                yield Fact(label if at == 0 else "", _code(line, style))
    yield from _without_hunks(live)
    if live.hunks:
        yield Heading("the record")


def _code(line: str, style: str) -> Content:
    """One line of a file."""
    return outside(line.expandtabs(8), style)


def _marked_hunks(live: LiveMerge) -> Iterable[Item]:
    """The conflicts as git writes them into a file; `[` `]` go from one to the next."""
    for number, hunk in enumerate(live.hunks, 1):
        yield Heading(_hunk_title(hunk, number, live), FilePlace("project", hunk.path, hunk.line))
        for mark, style, lines in (
            ("<<<<<<< ours", "$accent", hunk.ours),
            ("||||||| base", "$label", hunk.base),
            ("=======", "$stale", hunk.theirs),
        ):
            yield ours((mark, "$label"))
            yield from (_code(line, style) for line in lines)
        yield ours((">>>>>>> theirs", "$label"))
    yield from _without_hunks(live)


def _without_hunks(live: LiveMerge) -> Iterable[Item]:
    """Which files in conflict no lines are shown of."""
    shown = {hunk.path for hunk in live.hunks}
    others = [path for path in live.files if path not in shown]
    if live.hunks and others:
        yield Heading(f"{plural(len(others), 'more file')} in conflict, without lines here")
        yield Fact("WHY", ours("binary, on one side only, or behind the first twenty files"))
        yield from _first_files("FILES", others)


def _hunk_title(hunk: ConflictHunk, number: int, live: LiveMerge) -> str:
    return outside(f"{hunk.path}: conflict {number} of {len(live.hunks)}, line {hunk.line}").plain


def _meaning(conflict: Conflict) -> str:
    if not conflict.open:
        return "the slice was delivered or merged, or a later check was clean; omk never clears the old fields"
    if conflict.stale:
        return "the evidence says that the merge is clean: the record is stale, but omk still counts it"
    return "the slice could not be merged, and nothing on record says that it can be now"


def _about_evidence(conflict: Conflict) -> Iterable[Item]:
    evidence = conflict.evidence
    if evidence is None:
        return
    state, word = evidence_word(conflict)
    if evidence.error is not None:
        yield Fact("", ours(marked(state, word), ": ", outside(evidence.error)))
        return
    if evidence.text is None:
        yield Fact("", ours("this is the file of the decision itself; a reject would embed what it has just written"))
        return
    summary = {
        "truncated": f"longer than the {EMBED_LIMIT:,} bytes that a reject embeds",
        "binary": "not text: a reject would embed replacement characters",
        "stale": "it says clean_merge true",
        "text": "no merge-conflict record, shown as it is",
        "json ok": "r shows the file as it is",
    }[word]
    yield Fact("", ours(marked(state, word), ": ", summary))
    if conflict.merge is None:
        yield Heading("what a reject would embed")
        yield from block(evidence.text, _WHOLE)
