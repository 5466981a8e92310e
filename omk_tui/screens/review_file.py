"""The dialog for a review that stands in a file: which file, which review it is, by whom, and of which commit."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from omk_tui.light.dataclass import dataclass
from omk_tui.screens.base import DeskScreen, Foot
from omk_tui.text import ours, outside
from omk_tui.widgets.panes import TitleRule
from omk_tui.widgets.prompt import TextLine

KINDS = ("review", "security")


@dataclass(frozen=True)
class ReviewFileWords:
    """What was typed: the file, the kind, who gave it (empty: you), the commit (empty: the one in the text)."""

    path: str = ""
    kind: str = KINDS[0]
    by: str = ""
    commit: str = ""

    @property
    def is_security(self) -> bool:
        """Whether it is the security review."""
        return self.kind.strip() == KINDS[1]


_LABELS = (
    ("FILE", "the file that holds the review"),
    ("KIND", "review or security"),
    ("BY", "who gave it; empty: you"),
    ("COMMIT", "what it speaks of; empty: the id in its text"),
)


class ReviewFileDialog(ModalScreen[ReviewFileWords | None], DeskScreen, inherit_bindings=False):
    """Dismissed with what was typed when ctrl+s keeps it, with None otherwise."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DeskScreen.BINDINGS,
        Binding("escape", "back", show=False),
        Binding("ctrl+q", "back", show=False, priority=True),
        Binding("ctrl+s", "keep", show=False),
        Binding("tab", "next_pane", show=False),
        Binding("shift+tab", "previous_pane", show=False),
    ]

    def __init__(self, goal_id: str, head: str, words: ReviewFileWords) -> None:
        super().__init__()
        self._goal_id, self._head = goal_id, head
        values = (words.path, words.kind, words.by, words.commit)
        self._inputs = [
            TextLine(value, placeholder=hint, compact=True, max_length=4096, select_on_focus=False)
            for value, (_, hint) in zip(values, _LABELS, strict=True)
        ]

    def compose(self) -> ComposeResult:
        with Container(id="review-file-box", classes="pane"):
            yield TitleRule("keep a review of the goal")
            yield Static(ours((" GOAL    ", "$label"), outside(self._goal_id)))
            yield Static(ours((" JUDGED  ", "$label"), outside(self._head)))
            for (label, _), line in zip(_LABELS, self._inputs, strict=True):
                with Horizontal():
                    yield Static(ours((f" {label:<8}", "$label")), classes="review-file-label")
                    yield line
        yield Foot("ctrl+s keeps it  Tab next field  Esc keeps nothing")

    def on_mount(self) -> None:
        self._inputs[0].focus()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.say("Enter keeps nothing; ctrl+s does")

    def action_keep(self) -> None:
        """Keep it, if what was typed makes sense."""
        words = ReviewFileWords(*(line.value for line in self._inputs))
        if not words.path.strip():
            self.say("name the file that holds the review")
        elif words.kind.strip() not in KINDS:
            self.say("KIND is review or security")
        else:
            self.dismiss(words)

    def action_back(self) -> None:
        """Keep nothing."""
        self.dismiss(None)

    def panes(self) -> list[Widget]:
        """The four fields."""
        return list(self._inputs)
