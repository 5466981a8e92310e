"""The keys of reading: hunks, files, wrapping, numbers; the shown detail understands them, wherever the focus is."""

from __future__ import annotations

from omk_tui.editor_messages import FileEditAsked
from omk_tui.screens.searching import SearchingScreen


class ReadingScreen(SearchingScreen):
    """A screen whose keys of reading go to the detail of its pane."""

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

    def in_detail(self, name: str, otherwise: str, *values: int) -> None:
        """Let the shown detail do something; say `otherwise` where it cannot."""
        action = getattr(self.pane.detail, f"action_{name}", None)
        if action is None:
            self.say(otherwise)
        else:
            action(*values)
