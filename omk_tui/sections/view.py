"""What a section of a review is: rows to walk through, a detail for each, and the rows that block a decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from textual.content import Content

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.evidence_place import EvidencePlace
from omk_tui.core.opening.gate_progress import GatesProgress
from omk_tui.core.records.event_log import Timeline
from omk_tui.core.records.ledger_entries import LedgerEntry
from omk_tui.core.review.diff import DiffText
from omk_tui.core.review.diff_stream import Stream
from omk_tui.core.review.file_now import FileNow
from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.last_look import Look
from omk_tui.core.review.live_merge import LiveMerge
from omk_tui.core.review.plan_comparison import PlanComparison
from omk_tui.core.review.reading import Reading
from omk_tui.core.text.words import plural
from omk_tui.keys.commands import SECTIONS
from omk_tui.light.dataclass import dataclass, field
from omk_tui.text import State, ours, outside, outside_lines, sign
from omk_tui.widgets.columns import Column, Columns
from omk_tui.widgets.fact_sheet import MOST_FACT_LINES, Heading, Item, facts_of_lines, sheet_lines
from omk_tui.widgets.line import Drawn, Line
from omk_tui.widgets.panes import Fact

__all__ = ["MOST_FACT_LINES", "Fact", "Heading", "Item", "facts_of_lines"]

FACT_COLUMNS = Columns((Column("", 1), Column("", 15), Column("", 36), Column("", least=60)))
"""Number, state, name and short facts: the rows of the checklist."""

_BARS = re.compile("█+|·{3,}")
LEAST_ROWS = 4
"""The height that a section's rows take at least."""
MOST_LINES = 4_000
"""The most lines that a detail is made of; what is longer is shown as a file."""


@dataclass(frozen=True, slots=True)
class SectionData:
    """What a section shows besides the Review.

    `width` is how many cells a line of a detail may take; `raw` asks for files as they are instead of what was
    understood of them. `merges` are those of the conflicts as tried now, `files` those of the diffs in the project by
    path; None while they are not known. `look` is the last look at the goal before this one. `only` narrows the
    timeline: to `decisions` or to `gates`. `running` are the gates that run on the goal now; None where none does. The
    rest is as in a Reading; `timeline` and `diff` are None where only the review is shown.
    """

    now: Timestamp
    width: int = 78
    timeline: Timeline | None = None
    ledger: tuple[LedgerEntry, ...] = ()
    diff: DiffText | None = None
    rollback: str | None = None
    plan_on_disk: PlanComparison | str | None = None
    raw: bool = False
    merges: tuple[LiveMerge, ...] | None = None
    files: Mapping[str, FileNow] | None = None
    look: Look | None = None
    written: Mapping[int, Mapping[str, bool]] = field(default_factory=dict)
    only: str = ""
    running: GatesProgress | None = None

    @classmethod
    def of(cls, reading: Reading, now: Timestamp, width: int = 78, *, raw: bool = False) -> SectionData:
        """What was read beside the review, to be shown at this moment."""
        return cls(
            now,
            width,
            reading.timeline,
            reading.ledger,
            reading.diff,
            reading.rollback,
            reading.plan_on_disk,
            raw,
            written=reading.written,
        )


@dataclass(frozen=True, slots=True)
class TextDetail:
    """A text beside a row: facts with labels, thin rules, and lines.

    `items` can be laid out for any width (`sheet.Sheet`); `lines` has them laid out for `width` cells. Where `wrap` is
    false, long lines should go on to the right instead of being wrapped. `file` is the one that all of it is about,
    where no heading is about another.
    """

    title: Content
    items: tuple[Item, ...]
    width: int = 78
    wrap: bool = True
    file: FilePlace | None = None

    @property
    def lines(self) -> tuple[Content, ...]:
        """The items as display lines."""
        return tuple(sheet_lines(self.items, self.width))


@dataclass(frozen=True, slots=True)
class FileDetail:
    """A file below the goal directory, to be read in windows; `items` are facts to show above it.

    `at_failure` asks to begin at the line that tells what failed. `stdout_size` is there for the log of a gate: how
    many bytes its standard output should have. `prose` is a text with Markdown, no log: its lines are wrapped, its
    headings stand out. `live` is the output of a gate that runs: no file of the goal yet.
    """

    title: Content
    path: str
    at_failure: bool = False
    items: tuple[Item, ...] = ()
    width: int = 78
    prose: bool = False
    live: bool = False
    stdout_size: int | None = None

    @property
    def facts(self) -> tuple[Content, ...]:
        """The items as display lines."""
        return tuple(sheet_lines(self.items, self.width))


@dataclass(frozen=True, slots=True)
class StreamDetail:
    """A stream of diffs, the same one for every row of the section; it is shown at the part with the key `at`."""

    title: Content
    stream: Stream
    at: str


Detail = TextDetail | FileDetail | StreamDetail


class Details(Mapping[str, Detail]):
    """The details by row key, each made when it is asked for the first time."""

    def __init__(self, makers: Mapping[str, Callable[[], Detail]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, Detail] = {}

    def __getitem__(self, key: str) -> Detail:
        if key not in self._made:
            self._made[key] = self._makers[key]()
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of one review, ready to be shown.

    `summary` is the section in one line. `header` stands above the rows and never scrolls. `blockers` are the keys of
    rows that keep an accept from making the goal ready, or that it should not pass over. `start` is the row to light
    when the section is opened for the first time; empty for the first row. `places` are where Enter goes from a row,
    by its key: to the evidence that it speaks of. `logs` are the files that a search looks through, by the row's key.
    `least_rows` of the screen are the rows' in any case. `passing` are the keys of rows that come and go unsaid.
    `patches` are the keys of the files that can be marked as read, in the order of the diffs; `notes` stand at the
    right of the detail's title, by the row's key.
    """

    rows: tuple[Line, ...]
    summary: Content
    details: Mapping[str, Detail]
    header: Drawn | None = None
    blockers: tuple[str, ...] = ()
    start: str = ""
    places: Mapping[str, EvidencePlace] = field(default_factory=dict)
    least_rows: int = LEAST_ROWS
    logs: Mapping[str, str] = field(default_factory=dict)
    passing: Sequence[str] = ()
    patches: Sequence[str] = ()
    notes: Mapping[str, Content] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the eight sections: the key that opens it, its title, and what it says about a review."""

    key: str
    title: str
    build: Callable[[Review, SectionData], SectionView]


@dataclass(slots=True)
class Rows:
    """Rows in the making: keys are kept apart, details and blockers are collected."""

    lines: list[Line] = field(default_factory=list)
    makers: dict[str, Callable[[], Detail]] = field(default_factory=dict)
    blockers: list[str] = field(default_factory=list)
    places: dict[str, EvidencePlace] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    passing: list[str] = field(default_factory=list)
    namesakes: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        key: str,
        content: Drawn,
        detail: Callable[[], Detail],
        *,
        search: str = "",
        blocks: bool = False,
        place: EvidencePlace | None = None,
    ) -> str:
        """A row with a detail; the key that it really got is returned (a second one of a name is `name (2)`)."""
        row_key, number = key, self.namesakes.get(key, 1)
        while row_key in self.makers:
            number += 1
            row_key = f"{key} ({number})"
        self.namesakes[key] = number
        self.lines.append(Line(row_key, content, search=search))
        self.makers[row_key] = detail
        if blocks:
            self.blockers.append(row_key)
        if place is not None:
            self.places[row_key] = place
        return row_key

    def rest(self, content: Content) -> None:
        """A line between rows, on which the cursor cannot stand."""
        self.lines.append(Line(f"line {len(self.lines)}", content, selectable=False))

    def view(
        self, summary: Content, header: Drawn | None = None, start: str = "", least_rows: int = LEAST_ROWS
    ) -> SectionView:
        """The section with these rows."""
        details = Details(self.makers)
        return SectionView(
            tuple(self.lines),
            summary,
            details,
            header,
            tuple(self.blockers),
            start,
            self.places,
            least_rows,
            self.logs,
            self.passing,
        )


def fact(label: str, words: str | Content) -> Fact:
    """A labelled fact; a `str` is taken as text from outside."""
    return Fact(label, words if isinstance(words, Content) else outside(words))


def listed(label: str, names: Sequence[str], most: int = 200, others: str = "") -> list[Item]:
    """Names from outside, one a line, the label beside the first; what is too many is counted.

    `others` says where those are named.
    """
    items: list[Item] = [fact(label if number == 0 else "", name) for number, name in enumerate(names[:most])]
    if len(names) > most:
        more = f"and {len(names) - most:,} more{', ' if others else ''}{others}"
        items.append(Fact("", ours((more, "$label"))))
    return items


def elsewhere(place: EvidencePlace) -> Fact:
    """Where in the review more of it is to be seen."""
    number = [section.lower() for section in SECTIONS].index(place.section) + 1
    return Fact("MORE", ours("Enter or ", (str(number), "bold $accent"), f" for {place.words}"))


def marked(state: State, words: str = "") -> Content:
    """A sign and its word in the state's colour; `words` instead of the state's own word."""
    return ours(sign(state), " ", (words or state.word, state.style))


def bounded(lines: Iterable[Content], total: int, where: str, most: int = MOST_LINES) -> tuple[Content, ...]:
    """The first `most` lines; when there are more (`total`), a last one says `where` the others are."""
    row_key = list(islice(lines, most))
    if total > most:
        row_key.append(ours((f"… {plural(total - most, 'more line')}: {where}", "$label")))
    return tuple(row_key)


def block(text: str, where: str, most: int = MOST_LINES) -> tuple[Content, ...]:
    """The lines of a text from outside, at most `most`; only those are cleaned."""
    total = text.count("\n") + (not text.endswith("\n") and text != "")
    return bounded(outside_lines("\n".join(text.split("\n", most)[:most])), total, where, most)


def picture_line(line: str) -> Content:
    """A line of a picture made of text, its bars in a weaker colour than the words."""
    content = outside(line)
    for match in _BARS.finditer(content.plain):
        content = content.stylize("$accent" if match[0][0] == "█" else "$label", *match.span())
    return content


def text_maker(title: Content, data: SectionData, items: Callable[[], Iterable[Item]]) -> Callable[[], Detail]:
    """A maker of a wrapped text."""
    return lambda: TextDetail(title, tuple(items()), data.width)
