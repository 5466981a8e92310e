"""The rows of section 5 and the line above them: files with their counts, and which of them a person has read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from textual.content import Content

from omk_tui.core.review.read_marks import ReadProgress
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass, replace
from omk_tui.sections.view import SectionView, marked
from omk_tui.text import NOTHING, State, count, cut_left, ours, outside
from omk_tui.widgets.columns import Column, Columns
from omk_tui.widgets.line import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.review.read_marks import ReadState

_SMALL = 60
"""Columns below which counts give way to marks."""
_BROAD = 100
"""Columns from which on a mark is said in full."""
_COUNTS = (Column("+", 6, right=True), Column("-", 6, right=True))
_PLAIN = Columns((Column("FILE"), *_COUNTS, Column(" WHAT", 14, least=_SMALL)))
_SHORT = {"read": "read", "changed": "changed"}
_FULL = {"read": "read", "changed": "changed since you read it"}
"""What a mark says where there is room."""


def _columns(width: int, is_used: bool) -> Columns:
    """The columns of a table of this width; marks have one as soon as there are any."""
    if not is_used:
        return _PLAIN
    words = max(map(len, _words(width).values()))
    counts = [replace(column, least=_SMALL) for column in _PLAIN.columns[1:]]
    return Columns((_PLAIN.columns[0], *counts, Column("MARK", len(State.MET.sign) + 1 + words)))


def _words(width: int) -> Mapping[str, str]:
    return _FULL if width >= _BROAD else _SHORT


@dataclass(frozen=True)
class FileRow:
    """A file's row: its path, of which the end is kept, counts, what happened to it, and whether it was read.

    `are_marked` says that some of the files are marked, so that every row has room for that.
    """

    path: str
    added: str
    removed: str
    summary: str
    state: ReadState = "unread"
    are_marked: bool = False

    def __call__(self, width: int) -> Content:
        columns = _columns(width, self.are_marked)
        shown = [column for column in columns.columns if width >= column.least]
        room = width - sum(column.width for column in shown) - len(shown) + 1
        path = cut_left(outside(self.path), room)
        cells = (path, (self.added, "$added"), (self.removed, "$removed"), ours(" ", (self.summary, "$label")))
        mark = (read_mark(self.state, _words(width)),) if self.are_marked else ()
        return columns.row((*cells, *mark), width)


def read_mark(state: ReadState, words: Mapping[str, str] = _FULL) -> Content:
    """Whether a file was read, as a sign and words for its state; nothing for one that was not."""
    if state == "unread":
        return NOTHING
    return marked(State.MET if state == "read" else State.STALE, words[state])


@dataclass(frozen=True)
class DiffHeader:
    """The line above the rows: how many files and lines there are, and how far the reading is once it has begun.

    Without `has_totals` only the names of the columns are there: a line of its own has the totals.
    """

    files: int
    added: int
    removed: int
    runs: int
    has_totals: bool
    progress: str = ""

    def __call__(self, width: int) -> Content:
        columns = _columns(width, bool(self.progress))
        titles = [column.title for column in columns.columns]
        room = width - sum(column.width + 1 for column in columns.columns[1:] if width >= column.least)
        words = ours(self.progress or titles[0])
        if self.has_totals:
            whole = ours(self.progress, self._lines) if self.progress else self.totals
            words = words if self.progress and whole.cell_length > room else whole
        return columns.row((words, *titles[1:]), width)

    @property
    def totals(self) -> Content:
        """How many files and lines there are."""
        return ours(plural(self.files, "file"), self._lines)

    @property
    def _lines(self) -> Content:
        runs = f"  in {self.runs} runs" if self.runs > 1 else ""
        return ours("  ", (f"+{count(self.added)}", "$added"), " ", (f"-{count(self.removed)}", "$removed"), runs)


def with_marks(view: SectionView, progress: ReadProgress | None) -> SectionView:
    """The section with the marks of its files; whatever else it shows is the same."""
    header = view.header
    if not isinstance(header, DiffHeader) or progress is None or len(progress.files) != len(view.patches):
        progress = None
    states = {} if progress is None else dict(zip(view.patches, map(progress.state, progress.files), strict=True))
    words = progress.words if progress is not None and progress.is_used else ""
    note_of = cache(_note)
    rows = tuple(_marked_line(line, states, bool(words)) for line in view.rows)
    notes = {key: note_of(states.get(key, "unread"), words) for key in view.details} if words else {}
    if isinstance(header, DiffHeader):
        header = replace(header, progress=words)
    return replace(view, rows=rows, header=header, notes=notes)


def _marked_line(line: Line, states: Mapping[str, ReadState], are_marked: bool) -> Line:
    if not isinstance(line.content, FileRow):
        return line
    state = states.get(line.key, "unread")
    if line.content.state == state and line.content.are_marked == are_marked:
        return line  # nearly every one of thousands
    return replace(line, content=replace(line.content, state=state, are_marked=are_marked))


def _note(state: ReadState, words: str) -> Content:
    return ours(read_mark(state), " ─ ", words) if state != "unread" else ours(words)
