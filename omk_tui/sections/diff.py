"""Section 5, Diff: what the agent runs changed, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.content import Content

from omk_tui.core.review.diff import DiffText, FilePatch, RunDiff
from omk_tui.core.review.goal_review import Review
from omk_tui.sections.patch import is_plumbing, patch_lines
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
    listed,
    marked,
    text_maker,
)
from omk_tui.text import State, count, cut_left, ours, outside, plural
from omk_tui.widgets.columns import Column, Columns

COLUMNS = Columns(
    (
        Column("FILE"),
        Column("+", 7, right=True),
        Column("-", 7, right=True),
        Column(" WHAT", 14, least=60),
    )
)
_LOOKED = "artifacts/agent-runs/*/mutation.diff"
_LACKS = "a mutation.diff is plain git diff: what was staged or is new to git is not in it"


@dataclass(frozen=True)
class FileRow:
    """A file's row: its path, of which the end is kept, counts, and what happened to it."""

    path: str
    added: str
    removed: str
    what: str
    style: str = ""

    def __call__(self, width: int) -> Content:
        shown = [column for column in COLUMNS.columns if width >= column.least]
        room = width - sum(column.width for column in shown) - len(shown) + 1
        path = cut_left(outside(self.path, self.style), room)
        cells = (path, (self.added, "$added"), (self.removed, "$removed"), ours(" ", (self.what, "$label")))
        return COLUMNS.row(cells, width)


def build(review: Review, data: SectionData) -> SectionView:
    """The diffs of a review's agent runs."""
    rows = Rows()
    if data.diff is None and review.diffs:
        rows.rest(ours((f"reading {plural(len(review.diffs), 'diff')} …", "$label")))
        return rows.view(ours(("reading", "$label")))
    diff = data.diff or DiffText()
    if not diff.runs:
        return _empty(review, data, rows)
    for run in diff.runs:
        _run_row(run, data, rows)
        for patch in run.files:
            _file_row(run, patch, data, rows)
        for name in run.listed:
            _listed_row(name, data, rows)
    _unshown_row(review, diff, data, rows)
    start = next((line.key for line in rows.lines if line.key.startswith("file ")), "")
    return rows.view(_summary(diff), COLUMNS.header, start=start)


def _summary(diff: DiffText) -> Content:
    files = sum(len(run.files) for run in diff.runs)
    added, removed = (sum(counts) for counts in zip(*((run.added, run.removed) for run in diff.runs), strict=True))
    summary = ours(plural(files, "file"), "  ", (f"+{count(added)}", "$added"), " ", (f"-{count(removed)}", "$removed"))
    if len(diff.runs) > 1:
        summary = ours(summary, f"  in {len(diff.runs)} runs")
    if any(run.cut for run in diff.runs):
        summary = ours(summary, "   ", ("cut: the file is longer than what was read", "$missing"))
    return summary


def _run_row(run: RunDiff, data: SectionData, rows: Rows) -> None:
    summary = _run_words(run)

    def items() -> Iterable[Item]:
        yield fact("RUN", run.run)
        yield fact("FILE", run.path)
        if run.problem:
            yield fact("WHY", run.problem)
        if run.note:
            yield fact("SAYS", run.note)
        if run.cut:
            yield Fact("RISK", ours(("the file is longer than what was read; r shows all of it", "$missing")))
        yield from listed("FILES", [*(patch.path for patch in run.files), *run.listed])
        for line in run.preamble[:200]:
            yield outside(line, "$stale")
        yield Fact("", ours((_LACKS, "$label")))

    row = ours(("run ", "$label"), (outside(run.run).stylize("bold")), "  ", summary)
    detail = _file_maker(run, data) if data.raw and not run.problem else text_maker(outside(run.path), data, items)
    rows.add(f"run {run.run}", row, detail, search=f"run {run.run} {run.note}")


def _run_words(run: RunDiff) -> Content:
    if run.problem:
        return marked(State.UNREADABLE, "unreadable")
    if run.note:
        return outside(run.note, "$missing")
    if not run.files:
        words = "no diff in it" if run.preamble else "an empty file"
        return ours((words, "$missing"))
    return ours(plural(len(run.files), "file"), f"  +{count(run.added)} -{count(run.removed)}")


def _file_row(run: RunDiff, patch: FilePatch, data: SectionData, rows: Rows) -> None:
    counts = ("-", "-") if patch.change == "binary" else (count(patch.added), count(patch.removed))
    what = "" if patch.change == "changed" else patch.change
    if patch.change in ("renamed", "copied") and patch.old_path != patch.path:
        search = f"{patch.old_path} {patch.path}"
    else:
        search = patch.path
    row = FileRow(patch.path, *counts, what)
    rows.add(f"file {patch.path}", row, _patch_maker(run, patch, data), search=search)


def _patch_maker(run: RunDiff, patch: FilePatch, data: SectionData) -> Callable[[], Detail]:
    if data.raw:
        return _file_maker(run, data)
    title = ours(
        outside(patch.path), "  ", (f"+{count(patch.added)}", "$added"), " ", (f"-{count(patch.removed)}", "$removed")
    )

    def make() -> Detail:
        items: list[Item] = []
        if patch.old_path != patch.path:
            items.append(fact("FROM", patch.old_path))
        if any(line.kind == "stray" for line in patch.lines):
            summary = "? marks lines outside the hunks' own counts"
            items.append(Fact("RISK", ours((summary, "$stale"))))
        shown = tuple(line for line in patch.lines if not is_plumbing(line))
        items += bounded(patch_lines(shown, data.width), len(shown), "r shows the file itself")
        return TextDetail(title, tuple(items), data.width, wrap=False)

    return make


def _file_maker(run: RunDiff, data: SectionData) -> Callable[[], Detail]:
    return lambda: FileDetail(outside(run.path), run.path, width=data.width)


def _listed_row(name: str, data: SectionData, rows: Rows) -> None:
    def items() -> Iterable[Item]:
        yield Fact("WHY", ours("omk names this file as changed, but had no tracked diff of it"))
        yield fact("FILE", name)

    rows.add(f"file {name}", FileRow(name, "", "", "no diff"), text_maker(outside(name), data, items), search=name)


def _unshown_row(review: Review, diff: DiffText, data: SectionData, rows: Rows) -> None:
    """Files that the proof names as changed, and no diff shows."""
    stored = review.facts.stored
    shown = {path for run in diff.runs for patch in run.files for path in (patch.path, patch.old_path)}
    shown |= {name for run in diff.runs for name in run.listed}
    hidden = [name for name in (stored.proof.changed_files if stored else ()) if name not in shown]
    if not hidden:
        return

    def items() -> Iterable[Item]:
        yield Fact("WHY", ours("the proof names these as changed, and no diff above shows them:"))
        yield from listed("FILES", hidden)
        yield Fact("", ours((_LACKS, "$label")))

    words = ours(
        marked(State.NOTE, f"{plural(len(hidden), 'changed file')} without a diff"),
        "  ",
        outside(", ".join(hidden), "$label", limit=200),
    )
    rows.add(
        "files without a diff",
        words,
        text_maker(Content("changed, but in no diff"), data, items),
        search=" ".join(hidden),
    )


def _empty(review: Review, data: SectionData, rows: Rows) -> SectionView:
    stored = review.facts.stored
    changed = stored.proof.changed_files if stored else ()

    def items() -> Iterable[Item]:
        yield Fact("WHY", ours(f"no agent run left a diff; looked at {_LOOKED}"))
        if changed:
            yield from listed("FILES", changed)

    summary = "no agent run left a diff"
    rows.add("no diff", marked(State.MISSING, summary), text_maker(Content("diff"), data, items))
    return rows.view(marked(State.MISSING, summary))
