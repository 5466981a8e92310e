"""What every screen of the desk shares: the footer's last line, panes, and how a key says why it cannot act."""

from __future__ import annotations

from time import monotonic
from typing import Any, ClassVar

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from omk_tui.keys.commands import BROWSING, Where, elsewhere_words
from omk_tui.keys.footer import Scene
from omk_tui.messages.desk import Copyable, CopyAsked, Said
from omk_tui.text import NOTHING, ours, outside
from omk_tui.widgets.panes import FooterLines, rule

WIDE = 120
"""From this many columns two panes stand side by side."""
BROAD = 160
"""From this many columns evidence stands beside its rows, with as much room as it has alone at 80."""
LOW = 16
"""Below this many rows a screen shows one thing at a time."""
TALL = 32
"""From this many rows there is room for facts, text and plan of a decision below each other."""


AGES_CHANGE_EVERY = 30.0
"""Seconds after which the ages on a screen are looked at again."""
READABLE_FOR = 4.0
"""Seconds for which a sentence that nobody asked for stays, whatever keys are pressed."""


class Foot(FooterLines):
    """The foot of a screen that has keys of its own, too few for the table of commands."""

    def __init__(self, keys: str) -> None:
        super().__init__(Where.DIALOG)
        self._keys = keys

    def _lines(self, width: int, screen_height: int) -> list[Content]:
        keys = ours(" ", self._keys)
        return self._with_said([keys] if screen_height < LOW else [ours((rule("", width).plain, "$rule")), keys], width)


class SmallHint(Static):
    """Where the details are when the screen has no room for them; its stylesheet shows it on small screens only."""

    def __init__(self) -> None:
        super().__init__(ours((" Enter: the details; 80x24 has them here", "$label")))


class DeskScreen(Screen[None], inherit_bindings=False):
    """A screen with a footer whose last line says what just happened."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,super+c", "copy", show=False)]
    _readable_until = 0.0
    AUTO_FOCUS = ""
    """Each screen focuses a pane itself; Textual's choice could be the prompt's line that is about to be hidden."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close this screen; a second key that arrives while it closes must not close what lies below."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()

    def say(self, words: Content | str, *, asked: bool = True) -> None:
        """Put our own words (or a content) into the footer's last line; `asked` is false where no key led to them."""
        self._readable_until = 0.0 if asked else monotonic() + READABLE_FOR
        for footer in self.query(FooterLines):
            footer.said = words if isinstance(words, Content) else ours(words)

    def take_first(self, event: events.Event) -> bool:
        """A key, click or paste before anything else sees it; whether it is done with.

        The line for words to look for opens here: the next key, which is already on its way, may be a letter for it.
        """
        self.forget_said()
        search = getattr(self, "action_search", None)
        is_slash = isinstance(event, events.Key) and event.key == "slash"
        if not is_slash or search is None or (self.focused and self.focused.check_consume_key("slash", "/")):
            return False
        search()
        return True

    def forget_said(self) -> None:
        """Take away what was said, as its moment is over; what nobody asked for stays until it can have been read."""
        if monotonic() >= self._readable_until:
            for footer in self.query(FooterLines):
                if footer.said:
                    footer.said = NOTHING

    def on_screen_suspend(self) -> None:
        """Something else is on top now; what was said here does not come back with this screen."""
        self.forget_said()

    def set_scene(self, scene: Scene) -> None:
        """Let the footer offer the keys that mean something in what is shown now."""
        for footer in self.query(FooterLines):
            footer.scene = scene

    def say_outside(self, words: str) -> None:
        """Put words that may come from a file into the footer's last line."""
        self.say(outside(words))

    @on(Said)
    def _said(self, event: Said) -> None:
        event.stop()
        self.say(event.words)

    def action_copy(self) -> None:
        """Copy what is selected with the mouse; without a selection say how to quit."""
        text = self.get_selected_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.say("the selected text was sent to the terminal's clipboard")
        else:
            self.say("q quits (one level at a time)")

    def copyables(self) -> list[Copyable]:
        """What of this screen can be copied now."""
        return []

    def action_elsewhere(self, command_id: str) -> None:
        """Say where a key works that means nothing here."""
        self.say(elsewhere_words(command_id))

    def say_unused(self, event: events.Key) -> None:
        """Say that a key means nothing here."""
        name = event.character if event.is_printable and event.character else event.key
        where = "; ? shows the keys" if getattr(self, "where", Where.DIALOG) in BROWSING else ""
        self.say(ours(outside(name, limit=20), f" does nothing here{where}"))

    def action_copy_menu(self) -> None:
        """Ask what is to be copied."""
        copyables = tuple(each for each in self.copyables() if each.text)
        if copyables:
            self.post_message(CopyAsked(copyables))
        else:
            self.say("there is nothing to copy here")

    def panes(self) -> list[Widget]:
        """The widgets that Tab goes through, in order; only those that are on screen count."""
        return list(self.focus_chain)

    def action_next_pane(self) -> None:
        """Give the focus to the next pane."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        """Give the focus to the pane before."""
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        chain = self.panes()
        if len(chain) < 2:
            self.say("there is only one pane here")
            return
        here = chain.index(self.focused) if self.focused in chain else -1
        self.set_focus(chain[(here + step) % len(chain)])  # at once: the next key may be a letter for it
