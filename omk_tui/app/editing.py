"""The person's own editor: the desk steps aside for it, and comes back as it was."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from textual.app import SuspendNotSupported

from omk_tui.app.drafts import Drafts
from omk_tui.app.shell import Shell
from omk_tui.core.decision.outcome import Failed
from omk_tui.core.review.file_place import FilePlace
from omk_tui.core.text.editor_call import copy_name
from omk_tui.core.text.printable import printable
from omk_tui.engine.files.editor import Editor, edited_text, find_editor, open_copy
from omk_tui.engine.git.goal_work_tree import work_file
from omk_tui.messages.editing import EditFileReady, EditorMessage, FileEditAsked, TextEditAsked
from omk_tui.screens.decision import DecisionDialog
from omk_tui.screens.review import ReviewScreen

T = TypeVar("T")

DRAFT_PATIENCE = 0.5
"""Seconds for which the editor waits until the text is written as a draft."""


class Editing:
    """Texts and files in the editor that VISUAL or EDITOR names."""

    def __init__(self, app: Shell, drafts: Drafts) -> None:
        self._app, self._drafts = app, drafts

    def take(self, event: EditorMessage) -> None:
        """Whatever is asked for or told of the editor."""
        match event:
            case TextEditAsked():
                self.edit_text(event)
            case FileEditAsked():
                self.ask_for_file(event.place)
            case EditFileReady():
                self.open_file(event)

    def edit_text(self, event: TextEditAsked) -> None:
        """Hand the text of the dialog to the editor, and take back what it left."""
        dialog, editor = self._app.screen, self._editor()
        if editor is None or not isinstance(dialog, DecisionDialog):
            return
        self._drafts.take(dialog.seen.goal_id, dialog.verb, event.text)
        written = self._drafts.write_within(DRAFT_PATIENCE)
        dialog.take_edited(self._beside(partial(edited_text, editor, event.name, event.text, event.line), Failed))
        if written is not None:
            self._drafts.tell(written)

    # Files

    def ask_for_file(self, place: FilePlace) -> None:
        """Look for a file in a thread."""
        review = self._app.opened.review
        if review is None:
            self._app.say("the goal is still being read")
            return
        if self._editor() is None:
            return
        goal_id, ready = review.goal_id, partial(EditFileReady, review.goal_id, place)

        def look() -> EditFileReady:
            if place.below == "project":
                path = work_file(review, place.path)
                return ready(None, path.why) if isinstance(path, Failed) else ready(path)
            file = self._app.engine.open_file(goal_id, place.path)
            return ready(None, file) if isinstance(file, str) else ready(file)

        self._app.in_thread("edit", look, partial(ready, None))

    def open_file(self, event: EditFileReady) -> None:
        """Open the file that was asked for in the editor, if its goal is still what is looked at."""
        file, place, editor = event.file, event.place, self._editor()
        is_wanted = event.goal_id == self._app.opened.goal_id and isinstance(self._app.screen, ReviewScreen)
        if isinstance(file, io.FileIO):
            with file:
                if editor is not None and is_wanted:
                    name = copy_name(place.path)
                    why = self._beside(partial(open_copy, editor, file, name, place.line), str)
                    self._tell(why, f"a copy of {name} was open in {editor.name}; what is recorded stays as it is")
        elif file is None:
            self._app.say(printable(event.why, 400))
        elif editor is not None and is_wanted:
            why = self._beside(partial(editor.open, file, place.line), str)
            self._tell(why, f"{place.path} was open in {editor.name}{self._moved_on()}")

    def _moved_on(self) -> str:
        """Whether the work tree of the branch has another commit than the one that is judged, in a clause."""
        review = self._app.opened.review
        check = review.facts.branch if review is not None else None
        return "; the branch has moved since it was judged" if check is not None and check.state == "moved" else ""

    def _tell(self, why: str, done: str) -> None:
        self._app.say(printable(why or done, 400))

    # The editor

    def _editor(self) -> Editor | None:
        editor = find_editor(os.environ)
        if isinstance(editor, str):
            self._app.say(editor)
            return None
        return editor

    def _beside(self, work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
        """Do what needs the terminal for itself, while the desk is suspended; it comes back whatever happens."""
        result = otherwise("there is no terminal here")
        try:
            with self._app.suspend():
                try:
                    result = work()
                except Exception as error:  # out of here it would leave the desk suspended for ever
                    result = otherwise(f"unexpected {type(error).__name__}: {printable(str(error), 400)}")
        except SuspendNotSupported:
            return otherwise("this terminal cannot be lent to an editor")
        return result
