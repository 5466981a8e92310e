"""Section 5, Diff: what the agent runs changed, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice

from textual.content import Content

from omk_tui.core.review.diff import DiffText, FilePatch, RunDiff
from omk_tui.core.review.diff_stream import Part, Stream, stream_lines
from omk_tui.core.review.file_now import without_diff
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import replace
from omk_tui.sections.diff_rows import DiffHeader, FileRow
from omk_tui.sections.view import (
    Detail,
    Fact,
    FileDetail,
    Item,
    Rows,
    SectionData,
    SectionView,
    StreamDetail,
    listed,
    marked,
    text_maker,
)
from omk_tui.text import NOTHING, State, count, ours, outside
from omk_tui.widgets.line import Drawn

_LOOKED = "artifacts/agent-runs/*/mutation.diff"
MOST_PREAMBLE = 200
MOST_UNDIFFED = 2_000
"""Files without a diff that have a row of their own for each run, and of the proof; the others are counted."""
_LISTED = "omk names this file as changed, but had no tracked diff of it"
_HIDDEN = "the proof names this file as changed, and no diff shows it"
_DIFFERS = "the working tree has this file otherwise now than the diff left it"
_GONE = "the working tree does not have this file now"
_TODAY = "shown as the working tree has it now, which is not part of what was recorded"
_POINTER = "a pointer of git-lfs: the file that it stands for is not in the repository, and what changed in it not here"
_SUBMODULE = "a submodule: which commit of another repository is used; what changed in there is not shown here"
_LACKS = "a mutation.diff is plain git diff: what was staged or is new to git is not in it"


def build(review: Review, data: SectionData) -> SectionView:
    """The diffs of a review's agent runs."""
    rows = Rows()
    if data.diff is None and review.diffs:
        rows.rest(ours((f"reading {plural(len(review.diffs), 'diff')} …", "$label")))
        return rows.view(ours(("reading", "$label")))
    diff = data.diff or DiffText()
    if not diff.runs:
        return _empty(review, data, rows)
    parts: list[Part] = []
    title, stream = Content("diff of all files"), cache(lambda: Stream(tuple(parts)))

    patches: list[str] = []

    def add(row: Drawn, part: Part, search: str) -> str:
        key = rows.add(part.key, row, lambda: StreamDetail(title, stream(), key), search=search)
        parts.append(part if part.key == key else replace(part, key=key))
        return key

    stored = review.facts.stored
    undiffed = dict.fromkeys(without_diff(diff, stored.proof.changed_files if stored else ()))
    listed_by_omk = frozenset(name for run in diff.runs for name in run.listed)
    for run in diff.runs:
        if data.raw and not run.problem:
            rows.add(f"run {run.run}", _run_row(run), _file_maker(run, data))
        else:
            add(_run_row(run), _run_part(run, review), f"run {run.run} {run.note}")
        for patch in run.files:
            if data.raw:
                row, maker = _file_row(patch, data), _file_maker(run, data)
                patches.append(rows.add(f"file {patch.path}", row, maker, search=patch.path))
            else:
                search = f"{patch.old_path} {patch.path}"
                patches.append(add(_file_row(patch, data), _file_part(patch, data), search))
        for name in _next_of(run.listed, undiffed):
            add(FileRow(name, "", "", "no diff"), _part_without_diff(name, _LISTED, data), name)
    for name in _next_of(tuple(undiffed), undiffed):
        add(
            FileRow(name, "", "", "no diff"),
            _part_without_diff(name, _LISTED if name in listed_by_omk else _HIDDEN, data),
            name,
        )
    if undiffed:
        words = f"and {plural(len(undiffed), 'more file')} without a diff, named in proof.json or in a mutation.diff"
        rows.rest(ours(("[?] ", "$missing"), (words, "$missing")))
    if banner := _differing(data):
        rows.rest(banner)
    start = next((line.key for line in rows.lines if line.key.startswith("file ")), "")
    is_cut = any(run.cut for run in diff.runs)
    header = _header(diff, has_totals=not is_cut)
    # What is cut has to be read whole: it gets a line of its own.
    note = ours(header.totals, "   ", ("cut: the file is longer than what was read", "$missing")) if is_cut else NOTHING
    return replace(rows.view(note, header, start=start), patches=tuple(patches))


def _header(diff: DiffText, has_totals: bool) -> DiffHeader:
    files = sum(len(run.files) for run in diff.runs)
    added, removed = (sum(counts) for counts in zip(*((run.added, run.removed) for run in diff.runs), strict=True))
    return DiffHeader(files, added, removed, len(diff.runs), has_totals)


def _run_row(run: RunDiff) -> Content:
    return ours(("run ", "$label"), outside(run.run).stylize("bold"), "  ", _run_words(run))


def _run_part(run: RunDiff, review: Review) -> Part:
    """What is to be known of a run before its files."""
    problem = (f"unreadable: {run.problem}",) if run.problem else ()
    note = (run.note,) if run.note else ()
    cut = ("the file is longer than what was read; r shows all of it",) if run.cut else ()
    intake = review.facts.intake
    origin = f"git diff of {intake.merge_base[:12]} and {intake.head[:12]}" if intake is not None else _LACKS
    facts = (run.path, *problem, *note, *cut, *run.preamble[:MOST_PREAMBLE], origin)
    return Part(f"run {run.run}", "run", f"run {run.run}", facts)


def _run_words(run: RunDiff) -> Content:
    if run.problem:
        return marked(State.UNREADABLE, "unreadable")
    if run.note:
        return outside(run.note, "$missing")
    if not run.files:
        words = "no diff in it" if run.preamble else "an empty file"
        return ours((words, "$missing"))
    return ours(plural(len(run.files), "file"), f"  +{count(run.added)} -{count(run.removed)}")


def _file_row(patch: FilePatch, data: SectionData) -> FileRow:
    counts = ("-", "-") if patch.change == "binary" else (count(patch.added), count(patch.removed))
    now = data.files.get(patch.path) if data.files else None
    return FileRow(patch.path, *counts, "differs now" if now and now.state in ("differs", "gone") else patch.summary)


def _file_part(patch: FilePatch, data: SectionData) -> Part:
    renamed = (f"from {patch.old_path}",) if patch.old_path != patch.path else ()
    stray = any(line.kind == "stray" for line in patch.lines)
    now = data.files.get(patch.path) if data.files else None
    today = {"differs": (_DIFFERS,), "gone": (_GONE,)}.get(now.state, ()) if now else ()
    stands_for = patch.stands_for
    link = (_link_words(patch),) if stands_for == "symlink" else ()
    elsewhere = {"lfs": (_POINTER,), "submodule": (_SUBMODULE,)}.get(stands_for, link)
    facts = (*today, *renamed, *elsewhere, *(("? marks lines outside the hunks' own counts",) if stray else ()))
    return Part(f"file {patch.path}", "file", patch.path, facts, stream_lines(patch), patch)


def _link_words(patch: FilePatch) -> str:
    """That the lines are no text of a file but where a symlink points."""
    before, after = patch.link_targets
    if before and after:
        return f"a symlink: its target was {before}, and is {after}"
    if after:
        return f"a symlink, new target {after}"
    return f"a symlink, its target was {before}" if before else "a symlink, whose target is the same"


def _file_maker(run: RunDiff, data: SectionData) -> Callable[[], Detail]:
    return lambda: FileDetail(outside(run.path), run.path, width=data.width)


def _next_of(names: Iterable[str], undiffed: dict[str, None]) -> list[str]:
    """Those of the names that are still without a row, at most MOST_UNDIFFED; they are taken out of `undiffed`."""
    taken = list(islice((name for name in dict.fromkeys(names) if name in undiffed), MOST_UNDIFFED))
    for name in taken:
        del undiffed[name]
    return taken


def _part_without_diff(name: str, why: str, data: SectionData) -> Part:
    now = data.files.get(name) if data.files else None
    if now is None or now.patch is None:
        gone = (_GONE,) if now and now.state == "gone" else ()
        return Part(f"file {name}", "file", name, (why, *gone, _LACKS))
    return Part(f"file {name}", "file", name, (why, _TODAY), now.patch.lines, now.patch)


def _differing(data: SectionData) -> Content | None:
    """Which files of the diff the working tree has otherwise now."""
    names = [path for path, now in (data.files or {}).items() if now.state in ("differs", "gone") and not now.patch]
    if not names:
        return None
    words = f"{plural(len(names), 'file differs', 'files differ')} from the working tree now: "
    return ours(("[~] ", "$stale"), (words, "$stale"), outside(", ".join(names), "$stale", limit=300))


def _empty(review: Review, data: SectionData, rows: Rows) -> SectionView:
    stored = review.facts.stored
    changed = stored.proof.changed_files if stored else ()

    def items() -> Iterable[Item]:
        yield Fact("WHY", ours(f"no agent run left a diff; looked at {_LOOKED}"))
        if changed:
            yield from listed("FILES", changed)

    summary = "no agent run left a diff"
    rows.passing.append(rows.add("no diff", marked(State.MISSING, summary), text_maker(Content("diff"), data, items)))
    return rows.view(marked(State.MISSING, summary))
