"""The keys of reading: hunks, files, wrapping, numbers, marks; they mean what is shown, wherever the focus is."""

from __future__ import annotations

from textual.reactive import reactive

from omk_tui.core.review.read_marks import ReadProgress, with_changes
from omk_tui.keys.commands import SECTIONS
from omk_tui.light.dataclass import replace
from omk_tui.messages.editing import FileEditAsked
from omk_tui.messages.marking import MarkAsked
from omk_tui.screens.searching import SearchingScreen
from omk_tui.sections.diff_rows import with_marks
from omk_tui.sections.view import SectionView
from omk_tui.text import cut_left, ours, outside
from omk_tui.widgets.panes import SectionTabs

_DIFF = SECTIONS.index("Diff") + 1
"""The number of the section with the diffs."""
_REST_OF_SENTENCE = 40
"""Cells that a sentence on a mark takes beside the name of the file."""
_LEAST_NAME = 12
"""Cells of a name's end that stand in a sentence in any case."""


class ReadingScreen(SearchingScreen):
    """A screen whose keys of reading go to the detail of its pane; `progress` is what of the diffs is read."""

    progress: reactive[ReadProgress | None] = reactive(None, repaint=False)

    def __init__(self, section: int) -> None:
        super().__init__(section)
        self._views: list[SectionView] = []
        self._tabs = SectionTabs(section)
        self._asked: dict[str, str | None] = {}
        """Marks that were asked for and are not in `progress` yet: keys can be faster than the app's answer."""

    def action_hunk(self, step: int) -> None:
        """The next (1) or previous (-1) hunk."""
        self.in_detail("hunk", "hunks are in 5 Diff and 6 Conflicts", step)

    def action_file(self, step: int) -> None:
        """The next (1) or previous (-1) file."""
        self.in_detail("file", "files follow each other in 5 Diff", step)

    def action_wrap(self) -> None:
        """Wrap long lines, or let them go on to the right."""
        self.in_detail("wrap", "these lines are wrapped always")

    def action_two_sides(self) -> None:
        """Old beside new."""
        self.in_detail("two_sides", "old and new stand side by side in 5 Diff")

    def action_numbers(self) -> None:
        """Show or hide the numbers of lines."""
        self.in_detail("numbers", "lines have numbers in 5 Diff")

    def action_edit(self) -> None:
        """Open the file that is looked at, at its line, in the person's own editor."""
        place = self.pane.file_place
        if isinstance(place, str):
            self.say(place)
        else:
            self.post_message(FileEditAsked(place))

    # Marking files as read

    def mark_views(self) -> None:
        """Let the section of the diffs and its tab say what of them is read."""
        progress = self.progress
        self._views[_DIFF - 1] = with_marks(self._views[_DIFF - 1], progress)
        is_used = progress is not None and progress.is_used
        self._tabs.notes = {_DIFF: f"{progress.count('read')}/{len(progress.files)}"} if progress and is_used else {}

    def watch_progress(self) -> None:
        """Show marks as they are now; nothing else is made anew by that."""
        self._asked = self._unanswered(self.progress)
        if self._views:
            self.mark_views()
            if self.section == _DIFF:
                self.pane.show(self._views[_DIFF - 1])

    def _unanswered(self, progress: ReadProgress | None) -> dict[str, str | None]:
        marks = {} if progress is None else progress.marks
        return {key: digest for key, digest in self._asked.items() if progress and marks.get(key) != digest}

    def action_mark_read(self) -> None:
        """Mark the file under the cursor as read and go on to the next unread one; or take its mark back."""
        progress = self.progress
        if self.section != _DIFF:
            self.say(f"files are marked as read in {_DIFF} {SECTIONS[_DIFF - 1]}")
            return
        if progress is None or not self._views or len(progress.files) != len(self._views[_DIFF - 1].patches):
            self.say("it is not known yet what is marked here; ctrl+r reads the goal again")
            return
        key, view = self.pane.key_at_cursor, self._views[_DIFF - 1]
        if key is None or key not in view.patches:
            self.say("there is no diff of a file here that could be marked as read; j goes on to one")
            return
        at = view.patches.index(key)
        file = progress.files[at]
        name = cut_left(outside(file.path), max(self.size.width - _REST_OF_SENTENCE, _LEAST_NAME))
        if not file.digest:
            self.say(ours("the diff is cut in this file, so it is not marked; r shows the whole diff: ", name))
            return
        seen = replace(progress, marks=with_changes(progress.marks, self._unanswered(progress)))
        is_read = seen.state(file) == "read"
        digest = None if is_read else file.digest
        self._asked[file.key] = digest
        self.post_message(MarkAsked(progress.goal_id, file.key, digest))
        after = replace(seen, marks=with_changes(seen.marks, {file.key: digest}))
        self.say(ours("not read: " if is_read else "read: ", name, "; ", after.words))
        if not is_read and (onward := after.next_unread(at)) >= 0:
            self.pane.select(view.patches[onward])

    def in_detail(self, name: str, otherwise: str, *values: int) -> None:
        """Let the shown detail do something; say `otherwise` where it cannot."""
        action = getattr(self.pane.detail, f"action_{name}", None)
        if action is None:
            self.say(otherwise)
        else:
            action(*values)
