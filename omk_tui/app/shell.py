"""What the app holds, and what its controllers work with: threads that post messages, and watchers of folders."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, get_current_worker

from omk_tui.core.opening.gate_progress import GatesProgress
from omk_tui.core.text.printable import printable
from omk_tui.engine import Cancelled, Engine
from omk_tui.light.dataclass import replace
from omk_tui.messages.desk import Trouble
from omk_tui.messages.listing import FoldersChanged, WatchEnded
from omk_tui.screens.base import DeskScreen
from omk_tui.screens.goals import GoalsScreen
from omk_tui.screens.state import Goals, Live, Opened, Place, Preview, Waiting
from omk_tui.stylesheets import stylesheets

if TYPE_CHECKING:  # the list is on screen before it is loaded
    from omk_tui.core.review.read_marks import ReadProgress

POLL_EVERY = 2.0
"""Seconds between two looks at the open goal's files."""


class Shell(App[int], inherit_bindings=False):
    """The values that the screens show, each with one writer, and the ways in which new ones come about."""

    goals: reactive[Goals] = reactive(Goals(), repaint=False)
    opened: reactive[Opened] = reactive(Opened(), repaint=False)
    preview: reactive[Preview | None] = reactive(None, repaint=False)
    live: reactive[Live] = reactive(Live(), repaint=False)
    deciding: reactive[bool] = reactive(False, repaint=False)
    running: reactive[GatesProgress | None] = reactive(None, repaint=False)
    waiting: reactive[Waiting | None] = reactive(None, repaint=False)
    progress: reactive[ReadProgress | None] = reactive(None, repaint=False)

    def __init__(
        self,
        engine: Engine,
        root_label: str | None,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        watch: bool,
    ) -> None:
        super().__init__(css_path=list(stylesheets()))
        self.engine = engine.telling(self._pass_on)
        self.now = now
        self.monotonic = monotonic
        self.watches = watch
        self._watchers: dict[str, Worker[None]] = {}
        root = engine.root
        self.place = Place(printable(root_label or root.path), printable(root.path), printable(root.origin))

    async def on_key(self, event: events.Key) -> None:
        """A key that nothing before has taken: what it is bound to, or that it does nothing."""
        event.prevent_default()  # Textual's own answer is the first half of this
        if not await self._check_bindings(event.key) and isinstance(self.screen, DeskScreen):
            self.screen.say_unused(event)

    @property
    def list_screen(self) -> GoalsScreen:
        """The screen at the bottom."""
        screen = self.screen_stack[0]
        assert isinstance(screen, GoalsScreen)
        return screen

    def say(self, words: str, *, asked: bool = True) -> None:
        """Put our own words into the footer of the screen on top; `asked` is false where no key led to them."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say(words, asked=asked)

    def mark_read(self) -> None:
        """What is on screen was true a moment ago."""
        self.live = replace(self.live, read_at=self.now())

    # Threads

    def in_thread(self, group: str, job: Callable[[], Message | None], otherwise: Callable[[str], Message]) -> None:
        """Run `job` in a thread and post its message.

        What nobody foresaw becomes a message too (`otherwise` makes it): a worker never dies in silence.
        """

        def run() -> None:
            worker = get_current_worker()
            try:
                message = job()
            except Cancelled:
                return
            except Exception as error:
                message = otherwise(f"unexpected {type(error).__name__}: {printable(str(error), 400)}")
            if message is not None and not worker.is_cancelled:
                self.post_message(message)

        self.run_worker(run, thread=True, group=group, exit_on_error=False)

    def _pass_on(self, sentence: str) -> None:
        self.post_message(Trouble(sentence))

    @on(Trouble)
    def _tell_trouble(self, event: Trouble) -> None:
        self.say(event.why, asked=False)

    # Watching

    def watch_folders(self, what: str, folders: Sequence[str]) -> None:
        """Watch these folders from now on as `what`, and no longer those that were watched as that."""
        self.stop_watching(what)
        if self.watches and folders:
            job = self._watch_job(folders)
            self._watchers[what] = self.run_worker(job, group="watch", exit_on_error=False)

    def stop_watching(self, what: str) -> None:
        """Watch nothing as `what` any more."""
        if watcher := self._watchers.pop(what, None):
            watcher.cancel()

    async def _watch_job(self, folders: Sequence[str]) -> None:
        from watchfiles import awatch

        try:
            self.live = replace(self.live, watching=True)
            async for changes in awatch(*folders, step=10, debounce=50, recursive=False, watch_filter=None):
                self.post_message(FoldersChanged(tuple({path for _, path in changes})))
        except FileNotFoundError:  # a folder went before it could be watched: that is news, not trouble
            self.post_message(FoldersChanged(tuple(folders)))
        except (OSError, RuntimeError) as error:  # a limit of inotify; one of them is watchfiles' own RuntimeError
            self.post_message(WatchEnded(f"folders cannot be watched ({printable(str(error), 120)})"))


Clock = Callable[[], float]
WALL_CLOCK: Clock = time.time
MONOTONIC_CLOCK: Clock = time.monotonic
