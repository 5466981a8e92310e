"""The search in a review: in the detail or the rows that have the focus, in all diffs, in every log of the gates."""

from __future__ import annotations

from textual import on
from textual.widget import Widget

from omk_tui.core.text.search import BadPattern, Search
from omk_tui.messages.searching import LogsSearched, SearchGoesOn
from omk_tui.screens.base import DeskScreen
from omk_tui.screens.section_pane import SectionPane
from omk_tui.text import search_words, size
from omk_tui.widgets.diff_view import DiffView
from omk_tui.widgets.document import Document
from omk_tui.widgets.line_list import LineList
from omk_tui.widgets.log_view import LogView
from omk_tui.widgets.prompt import Prompt


class SearchingScreen(DeskScreen):
    """A screen that shows one `section` at a time, in its `pane`, and searches in it; it has to yield its `prompt`."""

    def __init__(self, section: int) -> None:
        super().__init__()
        self.prompt = Prompt()
        self.section = section
        self._panes: dict[int, SectionPane] = {}
        self._searched: Widget | None = None
        self._searching = False

    @property
    def pane(self) -> SectionPane:
        """The section on screen."""
        return self._panes[self.section]

    def action_search(self) -> None:
        """Search in what has the focus; in all diffs where those are shown."""
        self._searched = self.pane.stream if self.pane.detail is self.pane.stream else self.focused
        self.prompt.ask("search")

    @on(Prompt.Kept)
    def _search(self, event: Prompt.Kept) -> None:
        try:
            search = Search(event.text)
        except BadPattern as error:
            self.say_outside(str(error))
        else:
            self._look_for(search)

    @on(Prompt.Cleared)
    def _search_ended(self) -> None:
        self._look_for(Search())

    def end_search(self) -> bool:
        """End a search that is under way; False when there is none."""
        if not self._searching:
            return False
        self._look_for(Search())
        return True

    def show_matches(self, event: LogsSearched) -> None:
        """Show where a search through logs led to."""
        self._searching = False
        if event.section in self._panes:
            self._panes[event.section].show_matches(event)

    def show_search_progress(self, event: SearchGoesOn) -> None:
        """Say how far a search through logs is, unless it was ended while this was on its way."""
        if self._searching:
            self.say(f"searching, {size(event.size)} so far; Esc ends it")

    def _look_for(self, search: Search) -> None:
        self._searching = False
        in_logs = self.pane.search_logs(search)
        if in_logs is not None:
            self._searching = bool(search)
            self.post_message(in_logs)
            return
        searched = self._searched if self._searched is not None else self.pane.rows
        in_rows = searched is self.pane.rows
        in_text = in_rows and bool(search) and self._is_in_no_row(search)
        self.pane.rows.searched_elsewhere = in_text or (bool(search) and searched is self.pane.stream)
        if in_rows:
            self.pane.text.find(search if in_text else Search())
        if in_text:
            return
        if isinstance(searched, (DiffView, Document, LogView)):
            searched.find(search)
        elif isinstance(searched, LineList):
            searched.find(search.words)
        else:
            self.say("nothing can be searched here; Tab goes to another pane")

    def _is_in_no_row(self, search: Search) -> bool:
        """Whether a text is shown below the rows, and none of these has what is searched for."""
        pane, words = self.pane, search_words(search.words)
        return pane.detail is pane.text and not any(line.selectable and line.contains(words) for line in pane.rows.rows)
