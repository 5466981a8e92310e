"""One section of a review: its rows, and beside or below them what the lit row is about."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from omk_tui.core.judgement.evidence_place import EvidencePlace
from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.text.log_matches import Matches
from omk_tui.core.text.search import Search
from omk_tui.core.text.words import plural
from omk_tui.light.dataclass import dataclass
from omk_tui.messages.desk import Said
from omk_tui.messages.searching import FurtherMatchAsked, LogSearchAsked, LogsSearched
from omk_tui.screens.companions import Companion
from omk_tui.sections import Section
from omk_tui.sections.view import LEAST_ROWS, Detail, FileDetail, SectionView, StreamDetail, TextDetail
from omk_tui.text import NOTHING, count, ours, outside
from omk_tui.widgets.diff_view import DiffView
from omk_tui.widgets.fact_sheet import Item, Sheet
from omk_tui.widgets.file_windows import FileWindows, Windows
from omk_tui.widgets.gate_log_windows import GateLogWindows
from omk_tui.widgets.line_list import LineList
from omk_tui.widgets.log_view import LogView
from omk_tui.widgets.panes import TitleRule
from omk_tui.widgets.surface import Surface

LEAST_DETAIL = 5
"""Rows that are left to the detail where a section wants many of its rows seen: its rule, and what to do."""
_NO_FILE = {"Gates": "this gate has no log to open", "Conflicts": "this record names no file to open"}
LEAST_COMPANION = 13
"""Rows that are left to what stands below the rows of a section: nine requirements and some more."""


class SectionPane(Container):
    """Rows above (or left), detail below (or right). Enter shows the detail alone, Esc both again.

    `rows` are the section's rows; `text` is the detail, or the facts above a file; `file` is the file, `stream` the
    diffs of all of them.
    """

    @dataclass
    class FileAsked(Message):
        """A file of the goal is to be opened for the section of this number."""

        section: int
        path: str

    @dataclass
    class EvidenceAsked(Message):
        """Enter on a row that speaks of evidence in another section."""

        key: str
        place: EvidencePlace

    @dataclass
    class Zoomed(Message):
        """The detail is shown alone now, or no longer, or for the first time."""

    def __init__(self, number: int, section: Section) -> None:
        super().__init__(id=f"section-{section.key}", classes="section")
        self.number = number
        self.section = section
        self._drawn = False
        self._waiting: SectionView | None = None
        self._start = ""
        self._view: SectionView | None = None
        self._shown: Detail | None = None
        self._shown_key: str | None = None
        self._followed: str | None = None
        self._matches = Matches()
        self._match_path, self._match = "", 0
        self._rows_needed = LEAST_ROWS
        self._rows_pane = Container(classes="pane rows-pane")
        self._detail_pane = Container(classes="pane detail-pane")
        self._summary = Static(classes="section-summary")
        self._title = TitleRule()
        self._companion_pane = Container(classes="pane companion-pane")
        self._pictures_pane = Container(classes="pane pictures-pane")
        self._companion_title, self._pictures_title = TitleRule(), TitleRule()
        self._companion, self._pictures = Sheet(), Sheet()
        self.rows = LineList(classes="section-rows")
        self.text = Sheet(classes="detail-text")
        self.file = LogView(classes="detail-file")
        self.stream = DiffView(classes="detail-stream")

    def compose(self) -> ComposeResult:
        with self._rows_pane:
            yield self._summary
            yield self.rows
        with self._detail_pane:
            yield self._title
            yield self.text
            yield self.file
            yield self.stream
        with self._companion_pane:
            yield self._companion_title
            yield self._companion
        with self._pictures_pane:
            yield self._pictures_title
            yield self._pictures

    @property
    def detail(self) -> Surface:
        """What of the detail takes the keys: the file or the stream where there is one, else the text."""
        if isinstance(self._shown, StreamDetail):
            return self.stream
        return self.file if isinstance(self._shown, FileDetail) else self.text

    @property
    def items(self) -> tuple[Item, ...]:
        """The facts of the shown detail, or those above its file."""
        return self._shown.items if isinstance(self._shown, (TextDetail, FileDetail)) else ()

    @property
    def path(self) -> str:
        """The file of the goal that is shown; empty where none is, or what a running gate says."""
        return self._shown.path if isinstance(self._shown, FileDetail) and not self._shown.live else ""

    @property
    def file_place(self) -> FilePlace | str:
        """The file that is looked at, and the line of it; a sentence where there is none."""
        shown = self._shown
        if isinstance(shown, StreamDetail):
            return self.stream.file_place
        if isinstance(shown, FileDetail):
            return (
                "the gate still runs: its log can be opened when it has ended"
                if shown.live
                else self.file.place_of(shown.path)
            )
        place = self.text.file_place or (shown.file if isinstance(shown, TextDetail) else None)
        return place or _NO_FILE.get(
            self.section.title, "e opens the files of 5 Diff and 6 Conflicts, the logs of 4 Gates"
        )

    @property
    def line_text(self) -> str:
        """The line under the cursor: of the diffs while those have the focus, else the row's."""
        return self.stream.cursor_text if self._is_in_stream else self.rows.cursor_text

    @property
    def hunk_text(self) -> str:
        """The hunk under the cursor of the diffs, as patch text; empty where there is none."""
        return self.stream.hunk_text if isinstance(self._shown, StreamDetail) else ""

    @property
    def key_at_cursor(self) -> str | None:
        """The key of the row under the cursor, or of what the diffs show at theirs while those have the focus."""
        return self.stream.part_key if self._is_in_stream else self.lit

    @property
    def _is_in_stream(self) -> bool:
        return isinstance(self._shown, StreamDetail) and (self.stream.has_focus or self.zoomed)

    @property
    def zoomed(self) -> bool:
        """Whether the detail is shown alone."""
        return self.has_class("-zoomed")

    def on_mount(self) -> None:
        self._drawn = True
        if self._waiting is not None:
            self.show(self._waiting)
            self.post_message(self.Zoomed())  # only now the screen can know which keys mean something here

    def show(self, view: SectionView) -> None:
        """Show the section as it is now; cursor, scroll and focus stay where they are."""
        if not self._drawn:
            self._waiting = view
            return
        first = self._view is None
        passing = self._view.passing if self._view is not None else ()
        self._view = view
        self._summary.update(ours(" ", view.summary))
        self._summary.display = bool(view.summary)  # where the header says it all, the line is left to the rows
        rows = self.rows
        rows.set_header(view.header)
        rows.set_lines(view.rows, passing=passing)
        # Few rows leave the room to the detail, which is what a person came for.
        frame = bool(view.summary) + (view.header is not None)
        self._rows_needed = max(len(view.rows) + frame, LEAST_ROWS)
        self._rows_pane.styles.max_height = self._rows_needed
        self._share_height()
        if first:
            rows.select(self._start or view.start)
            rows.moved_by_hand = False
        self._show_detail(rows.cursor_key)

    def accompany(self, companion: Companion, pictures: Companion | None) -> None:
        """Show what stands below the rows, and below the detail if anything does; on broad screens both are seen."""
        self._share_height()
        self.set_class(pictures is not None, "-pictures")
        self._companion_title.title = ours(companion.title)
        self._companion.show(companion.items)
        if pictures is not None:
            self._pictures_title.title = ours(pictures.title)
            self._pictures.show(pictures.items)

    def _share_height(self) -> None:
        """Give the rows the height that they need, as far as there is enough left for what stands below them."""
        rows = min(self._rows_needed, max(self.size.height - LEAST_COMPANION, self.size.height // 2))
        self.styles.grid_rows = f"{max(rows, LEAST_ROWS)} 1fr"
        view = self._view
        if view is not None and view.least_rows > LEAST_ROWS:
            wanted = min(view.least_rows, len(view.rows)) + 1 + (view.header is not None)
            least = max(min(wanted, self.size.height - LEAST_DETAIL), self.size.height // 2)
            self._rows_pane.styles.min_height = min(least, wanted)

    def on_resize(self) -> None:
        self._share_height()

    @property
    def lit(self) -> str | None:
        """The key of the row under the cursor."""
        return self.rows.cursor_key if self._drawn else None

    def select(self, key: str) -> None:
        """Light a row, now or as soon as the rows are there."""
        if self._drawn:
            self.rows.select(key)
            if isinstance(self._shown, StreamDetail):  # at once: the next key may mean what is there
                self._show_detail(self.rows.cursor_key)
        else:
            self._start = key

    @on(LineList.Highlighted)
    def _lit(self, event: LineList.Highlighted) -> None:
        event.stop()
        if event.key == self._followed:
            self._followed, self._shown_key = None, event.key
            self._show_note()
        elif event.key == self.rows.cursor_key:
            self._show_detail(event.key)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        place = self._view.places.get(event.key) if self._view is not None else None
        if place is None or not self._detail_pane.region.height:
            self.zoom()
        else:
            self.post_message(self.EvidenceAsked(event.key, place))

    def _show_detail(self, key: str | None) -> None:
        if self._view is None:
            return
        detail = self._view.details.get(key) if key is not None else None
        fresh = key != self._shown_key
        before, self._shown, self._shown_key = self._shown, detail, key
        self._title.title = NOTHING if detail is None else detail.title
        self._show_note()
        self.set_class(isinstance(detail, FileDetail), "-file")
        self.set_class(isinstance(detail, StreamDetail), "-stream")
        if isinstance(detail, StreamDetail):
            self.stream.show(detail.stream, detail.at)
            return
        if isinstance(detail, TextDetail):
            self.text.set_wrap(detail.wrap)
        self.text.show(detail.items if detail is not None else (), home=fresh)
        if fresh and isinstance(detail, FileDetail):
            self.text.refresh(layout=True)  # above a file it takes the lines that it needs, and no more
        if isinstance(detail, FileDetail):
            if isinstance(before, FileDetail) and before.path == detail.path and not fresh:
                self.file.look_again()
            else:
                # A message that is made while the app handles one of its own would not go up to it.
                self.call_later(self._ask_for_file, detail.path)

    def _show_note(self) -> None:
        """Show what stands beside the title of what is shown."""
        notes = self._view.notes if self._view is not None else {}
        self._title.right = notes.get(self._shown_key or "", NOTHING)

    def _ask_for_file(self, path: str) -> None:
        self.post_message(self.FileAsked(self.number, path))

    def show_file(self, path: str, descriptor: int | str) -> bool:
        """Show an opened file (its descriptor), or why it could not be opened; False when it is not wanted any more."""
        detail = self._shown
        if not isinstance(detail, FileDetail) or detail.path != path:
            return False
        if isinstance(descriptor, int):
            at_match = self._match if path == self._match_path and self._matches.search else None
            windows: Windows = FileWindows(descriptor)
            if detail.stdout_size is not None:
                windows = GateLogWindows(windows, detail.stdout_size)
            self.file.show(
                windows,
                at_end=detail.live,  # and who is at the end stays there while it grows
                at_failure=detail.at_failure,
                at_match=at_match,
                prose=detail.prose,
            )
        else:
            self.file.show_trouble(
                ours(("[?] this file cannot be shown", "$failed")), outside(descriptor), ours("ctrl+r reads it again")
            )
        return True

    @on(DiffView.PartReached)
    def _part_reached(self, event: DiffView.PartReached) -> None:
        """The list follows the stream."""
        event.stop()
        if event.key == self.stream.part_key and event.key != self.rows.cursor_key:
            self._followed = event.key
            self.rows.select(event.key)

    @on(DiffView.SidesWanted)
    def _sides_wanted(self, event: DiffView.SidesWanted) -> None:
        """Two sides take the whole width, with the rows above them."""
        event.stop()
        self.set_class(event.wanted, "-sides")

    # Search through all the logs of the section

    def search_logs(self, search: Search) -> LogSearchAsked | None:
        """What to ask for to look for words in every log of the section; None when it has none."""
        logs = dict.fromkeys(self._view.logs.values()) if self._view is not None else {}
        self._matches = Matches()
        if not logs:
            return None
        self.file.mark(search, elsewhere=bool(search))
        self.rows.searched_elsewhere = bool(search)
        return LogSearchAsked(self.number, search, tuple(logs) if search else ())

    def show_matches(self, event: LogsSearched) -> None:
        """Every match is known: go to the first one from the place that is on screen."""
        self._matches = event.matches
        if event.unreadable:
            self.post_message(Said(ours("not searched: ", outside(event.unreadable))))
        self._go_to_match(self._matches.next(self.path, self.file.top_offset - 1, 1))

    @on(FurtherMatchAsked)
    def _further_match(self, event: FurtherMatchAsked) -> None:
        event.stop()
        if isinstance(self.detail, (DiffView, Sheet)):
            self.detail.action_find_again(event.step)
            return
        offset = self._match if self.path == self._match_path else self.file.top_offset
        self._go_to_match(self._matches.next(self.path, offset, event.step))

    def _go_to_match(self, match: tuple[str, int] | None) -> None:
        words = outside(self._matches.search.text)
        if match is None:
            self.post_message(Said(ours("no log of this section contains ", words)))
            return
        path, offset = self._match_path, self._match = match
        if path == self.path:
            self.file.go_to_match(offset)
        elif self._view is not None:
            self.rows.select(next(key for key, log in self._view.logs.items() if log == path))
        number, total, texts = self._matches.number(path, offset), self._matches.total, self._matches.texts
        said = ours(f"{count(number)} of {count(total)} lines in {plural(texts, 'log')} with ", words)
        self.post_message(Said(said))

    # Focus and zoom

    def panes(self) -> list[Widget]:
        """The rows, then the detail, then what stands beside them and is longer than its pane; only those on screen."""
        if not self._drawn:
            return []
        detail: list[Widget] = [self.detail]
        if isinstance(self._shown, FileDetail) and self._shown.items:
            detail.append(self.text)
        beside = [sheet for sheet in (self._companion, self._pictures) if sheet.virtual_size.height > sheet.size.height]
        return [widget for widget in [self.rows, *detail, *beside] if widget.region.height]

    def focus_rows(self) -> None:
        """Give the focus to the rows, or to the detail while it is alone."""
        if self._drawn:
            (self.detail if self.zoomed else self.rows).focus()
        else:
            self.call_after_refresh(self.focus_rows)

    def zoom(self) -> None:
        """Show the detail alone."""
        if self._shown is None:
            self.post_message(Said(ours("there is nothing more to open here")))
            return
        self.add_class("-zoomed")
        self.post_message(self.Zoomed())
        self.call_after_refresh(self.detail.focus)

    def unzoom(self) -> None:
        """Show rows and detail again."""
        self.remove_class("-zoomed")
        self.post_message(self.Zoomed())
        self.call_after_refresh(self.rows.focus)
