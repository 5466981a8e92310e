"""OmkApp: the decision desk, with the keys that mean the same on every screen."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.screen import ModalScreen

from omk_tui import theme
from omk_tui.app.clipboard import copy
from omk_tui.app.controllers import Controllers, load_code
from omk_tui.app.driver import DeskDriver
from omk_tui.app.leaving import UnawaitedThreads
from omk_tui.app.shell import MONOTONIC_CLOCK, POLL_EVERY, WALL_CLOCK, Clock
from omk_tui.core.opening.gate_progress import LIVE_LOG
from omk_tui.engine import Engine
from omk_tui.keys.commands import Level, Where, bindings
from omk_tui.messages.deciding import CommitKeyNotAlone, DecisionMessage
from omk_tui.messages.desk import (
    Copyable,
    CopyAsked,
    GoalOpened,
    GoalStepAsked,
    NextGoalAsked,
    ReadAgainAsked,
    ReviewLeft,
    Trouble,
)
from omk_tui.messages.editing import EditorMessage
from omk_tui.messages.evidence import EvidenceMessage
from omk_tui.messages.gating import GatingMessage
from omk_tui.messages.listing import FoldersChanged, LinesRead, ListRead, WatchEnded
from omk_tui.messages.opening import OpeningMessage
from omk_tui.messages.reviewing import (
    CodeColoured,
    ColoursAsked,
    FileBeforeRead,
    FileOpened,
    ProjectAsked,
    ProjectSeen,
    ReadingGoesOn,
    ReviewRead,
    SignatureRead,
    UnfoldAsked,
)
from omk_tui.messages.searching import LogSearchAsked, LogsSearched, SearchGoesOn
from omk_tui.output_guard import OutputGuard, guarded
from omk_tui.screens.base import BROAD, LOW, TALL, WIDE, DeskScreen
from omk_tui.screens.goals import GoalsScreen

if TYPE_CHECKING:
    from omk_tui.screens.section_pane import SectionPane

HANG_UP_PATIENCE = 1.0
"""Seconds for which a hang-up waits until what was typed is written."""
LOAD_AFTER = 0.3
"""Seconds after which the screens are loaded that are not on screen yet: the first frame is there."""
SWEEP_EVERY = 30.0
"""Seconds between two readings of the whole list behind the watcher's back, where it is short enough for that."""


class OmkApp(Controllers, inherit_bindings=False):
    """The decision desk.

    `welcome` is shown above everything until a key is pressed. `root_label` stands in the header instead of the root's
    path; `now` gives Unix seconds, `monotonic` the clock behind the dialogs' first moments; `watch=False` leaves out
    watchers and polls, for pictures that must not change.
    """

    TITLE = "omk-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Level.APP), Binding("ctrl+c", "hint_quit", show=False)]
    HORIZONTAL_BREAKPOINTS = [(0, "-small"), (80, "-narrow"), (WIDE, "-wide"), (BROAD, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        engine: Engine,
        goal_id: str | None = None,
        root_label: str | None = None,
        *,
        welcome: Sequence[str] = (),
        now: Clock = WALL_CLOCK,
        monotonic: Clock = MONOTONIC_CLOCK,
        watch: bool = True,
    ) -> None:
        super().__init__(engine, root_label, now, monotonic, watch)
        self._first_goal = goal_id
        self._welcome = tuple(welcome)
        self._guard = OutputGuard()
        self._last_input: events.Event | None = None
        for each in theme.themes(self.console.color_system):
            self.register_theme(each)
        self.theme = theme.DEFAULT

    # What Textual asks for

    def get_driver_class(self) -> type[Driver]:
        """Our driver in the place of Textual's usual one; one that the environment names stays."""
        usual = super().get_driver_class()
        return DeskDriver if usual is LinuxDriver else usual

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the guard behind them."""
        return guarded(super().get_line_filters(), self._guard)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colour words, so that every stylesheet parses in any theme."""
        return theme.theme_variable_defaults()

    def get_default_screen(self) -> GoalsScreen:
        """The list is what everything else stands on."""
        return GoalsScreen(self.place, self.now)

    def on_mount(self) -> None:
        asyncio.get_running_loop().set_default_executor(UnawaitedThreads(thread_name_prefix="omk-tui"))
        self.list_screen.data_bind(OmkApp.goals, OmkApp.live)
        self.call_after_refresh(self.listing.read)
        self.set_timer(LOAD_AFTER, partial(self.in_thread, "code", load_code, Trouble))
        if self._first_goal is not None:
            self.reviewing.open_goal(self._first_goal)
        if self._welcome:
            from omk_tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self._welcome))
        if not self.is_headless:
            self.set_interval(POLL_EVERY, self._leave_if_terminal_is_gone)
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self._leave_as_told, number)
            if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._end_by_hang_up)
        if self.watches:
            self.set_interval(POLL_EVERY, self._poll)
            self.set_interval(SWEEP_EVERY, self.listing.sweep)

    def _poll(self) -> None:
        self.reviewing.poll()

    def _leave_if_terminal_is_gone(self) -> None:
        """End as by the hang-up that was ignored: nobody sees or types any more, and Textual would read on for ever."""
        if not self.deciding and not os.isatty(0):
            self._end_by_hang_up()

    def _end_by_hang_up(self) -> None:
        """End at once, nothing closed and nothing decided; only what was typed is written before."""
        self.decisions.drafts.write_within(HANG_UP_PATIENCE)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGHUP)

    def _leave_as_told(self, number: int) -> None:
        """End on a signal with the terminal as it was, as soon as no decision is being recorded and no gate runs."""
        self.gating.end()
        if self.deciding or self.gating.running:
            self.set_timer(0.1, partial(self._leave_as_told, number))
        else:
            self.exit(128 + number)

    def _fatal_error(self) -> None:
        """End, and print nothing: Textual would print the values of local variables, texts from outside among them."""
        self._close_messages_no_wait()

    @property
    def fatal_error(self) -> Exception | None:
        """The error that ended the app, if one did."""
        return self._exception

    async def on_event(self, event: events.Event) -> None:
        """What was said belongs to the moment before the next key, click or paste."""
        is_input = isinstance(event, events.Key | events.MouseDown | events.Paste)
        if is_input and event is not self._last_input:  # one that nobody took comes by here a second time
            self._last_input = event
            if isinstance(self.screen, DeskScreen) and self.screen.take_first(event):
                return
        await super().on_event(event)

    # What is said goes to the controller whose work it is

    @on(LinesRead)
    def _lines_read(self, event: LinesRead) -> None:
        self.listing.take_lines(event)

    @on(ListRead)
    def _list_read(self, event: ListRead) -> None:
        self.listing.take_list(event)

    @on(GoalOpened)
    def _goal_opened(self, event: GoalOpened) -> None:
        self.reviewing.open_goal(event.goal_id, event.section)

    @on(GoalStepAsked)
    def _goal_step_asked(self, event: GoalStepAsked) -> None:
        self.reviewing.step(event)

    @on(ReviewLeft)
    def _review_left(self) -> None:
        self.reviewing.leave()

    @on(ReadAgainAsked)
    def _read_again_asked(self) -> None:
        self.reviewing.read_again()

    @on(ReadingGoesOn)
    def _reading_goes_on(self, event: ReadingGoesOn) -> None:
        self.reviewing.show_progress(event)

    @on(ReviewRead)
    def _review_read(self, event: ReviewRead) -> None:
        self.reviewing.take_review(event)

    def on_section_pane_file_asked(self, event: SectionPane.FileAsked) -> None:
        """By its name, as the screens with sections are not loaded yet."""
        if event.path.startswith(LIVE_LOG):
            self.gating.open_log(event)
        else:
            self.reviewing.open_file(event)

    @on(FileOpened)
    def _file_opened(self, event: FileOpened) -> None:
        self.reviewing.show_file(event)

    @on(SignatureRead)
    def _signature_read(self, event: SignatureRead) -> None:
        self.reviewing.compare_signature(event)

    @on(WatchEnded)
    def _watch_ended(self, event: WatchEnded) -> None:
        self.reviewing.watch_ended(event)

    @on(FoldersChanged)
    def _folders_changed(self, event: FoldersChanged) -> None:
        self.reviewing.folders_changed(event)

    @on(LogSearchAsked)
    @on(LogsSearched)
    @on(SearchGoesOn)
    def _search_goes_on(self, event: LogSearchAsked | LogsSearched | SearchGoesOn) -> None:
        self.searching.take(event)

    @on(OpeningMessage)
    def _opening_goes_on(self, event: OpeningMessage) -> None:
        self.opening.take(event)

    @on(GatingMessage)
    def _gating_goes_on(self, event: GatingMessage) -> None:
        self.gating.take(event)

    @on(EvidenceMessage)
    def _evidence_goes_on(self, event: EvidenceMessage) -> None:
        self.evidence.take(event)

    @on(ProjectAsked)
    def _project_asked(self) -> None:
        self.reviewing.look_at_project()

    @on(ProjectSeen)
    def _project_seen(self, event: ProjectSeen) -> None:
        self.reviewing.show_project(event)

    @on(UnfoldAsked)
    def _unfold_asked(self, event: UnfoldAsked) -> None:
        self.reviewing.unfold(event)

    @on(FileBeforeRead)
    def _file_before_read(self, event: FileBeforeRead) -> None:
        self.reviewing.show_file_before(event)

    @on(ColoursAsked)
    def _colours_asked(self, event: ColoursAsked) -> None:
        self.reviewing.colour(event)

    @on(CodeColoured)
    def _code_coloured(self, event: CodeColoured) -> None:
        self.reviewing.show_colours(event)

    def on_unmount(self) -> None:
        self.reviewing.close()

    @on(NextGoalAsked)
    def _next_goal_asked(self) -> None:
        self.reviewing.open_next()

    @on(CopyAsked)
    def _copy_asked(self, event: CopyAsked) -> None:
        if len(event.copyables) == 1:
            self._copy(event.copyables[0])
        elif not isinstance(self.screen, ModalScreen):
            from omk_tui.screens.copy_menu import CopyMenu

            self.push_screen(CopyMenu(event.copyables), self._copy)

    def _copy(self, chosen: Copyable | None) -> None:
        if chosen is not None:
            told = copy(chosen.text, self._to_terminal, os.environ)
            self.call_later(self.say, f"{chosen.what}: {told}")

    def _to_terminal(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    @on(DecisionMessage)
    def _decision_goes_on(self, event: DecisionMessage) -> None:
        self.decisions.take(event)

    @on(EditorMessage)
    def _editing_goes_on(self, event: EditorMessage) -> None:
        self.editing.take(event)

    @on(CommitKeyNotAlone)
    def _commit_key_not_alone(self) -> None:
        self.say("nothing is recorded: press ctrl+s again, by itself")

    def watch_opened(self) -> None:
        """A dialog may have been asked for before its goal was read; one that waits belongs to its goal."""
        if "decisions" in vars(self):  # else nobody has asked for a dialog yet
            self.decisions.goal_read()
        if "gating" in vars(self):
            self.gating.goal_read()

    # Keys that mean the same everywhere

    def action_suspend_process(self) -> None:
        """Go back to the shell, which can bring the desk back; nobody could where the desk is all that runs."""
        if self.deciding:
            self.say("wait: the decision is being recorded")
        elif os.getsid(0) == os.getpid():
            self.say("there is no shell here to come back from; q quits")
        else:
            super().action_suspend_process()

    def action_help(self) -> None:
        """Show the keys."""
        from omk_tui.screens.help import HelpScreen
        from omk_tui.screens.review import ReviewScreen

        screen = self.screen
        section = screen.section if isinstance(screen, ReviewScreen) else 0
        self.push_screen(HelpScreen(getattr(screen, "where", Where.LIST), section))

    def action_palette(self) -> None:
        """Every command by name."""
        from omk_tui.screens.palette import PaletteScreen

        if self.deciding:
            self.say("wait: the decision is being recorded")
        elif not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(getattr(self.screen, "where", None)), self._run_chosen)

    def _run_chosen(self, action: str | None) -> None:
        if action is not None:
            self.call_later(self._run_on_top, action)

    async def _run_on_top(self, action: str) -> None:
        await self.screen.run_action(action)

    def action_use_theme(self, name: str) -> None:
        """Use one of our themes."""
        self.theme = name

    def action_hint_quit(self) -> None:
        """ctrl+c where nothing is selected."""
        typing = isinstance(self.screen, ModalScreen)
        self.say("Esc goes back; ctrl+c copies what is selected" if typing else "q quits (one level at a time)")

    async def action_quit(self) -> None:
        """Textual's own name for it."""
        self.action_leave_app()

    def action_leave_app(self) -> None:
        """Close what lies on top first; wait while a decision is recorded; else leave."""
        if self.deciding:
            self.say("wait: the decision is being recorded; its result will stand here")
        elif isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)
        elif self.gating.running:
            self.gating.ask_to_leave()
        elif not self.decisions.close_waiting_first():
            self.exit(0)
