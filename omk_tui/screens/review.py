"""The review of one goal: eight sections over one snapshot, and the keys that walk through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.opening.gate_progress import GatesProgress
from omk_tui.core.review.reading import Reading
from omk_tui.keys.commands import Where, screen_bindings
from omk_tui.keys.footer import Scene
from omk_tui.light.dataclass import replace
from omk_tui.messages.deciding import DecisionAsked, EvidenceLookAsked
from omk_tui.messages.desk import Copyable, GoalStepAsked, ReadAgainAsked, ReviewLeft, SectionAsked
from omk_tui.messages.evidence import BriefAsked, ReviewFileAsked
from omk_tui.messages.gating import GatesAsked
from omk_tui.messages.reviewing import CodeColoured, FileBeforeRead, ProjectAsked
from omk_tui.screens.base import AGES_CHANGE_EVERY, DeskScreen, SmallHint
from omk_tui.screens.companions import below_detail, below_rows
from omk_tui.screens.copy_menu import commands_of, text_of
from omk_tui.screens.reading import ReadingScreen
from omk_tui.screens.review_words import review_heading, waiting_words
from omk_tui.screens.section_pane import SectionPane
from omk_tui.screens.state import Goals, Live, Opened, Waiting
from omk_tui.sections import SECTIONS
from omk_tui.sections.view import SectionData
from omk_tui.text import State, ours, outside
from omk_tui.widgets.panes import FooterLines, HeaderLine


class ReviewScreen(ReadingScreen):
    """Everything read of one goal; it follows the files, and never moves the cursor by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [*DeskScreen.BINDINGS, *screen_bindings(Where.REVIEW)]
    where = Where.REVIEW

    opened: reactive[Opened] = reactive(Opened(), repaint=False)
    goals: reactive[Goals] = reactive(Goals(), repaint=False)
    live: reactive[Live] = reactive(Live(), repaint=False)
    running: reactive[GatesProgress | None] = reactive(None, repaint=False)
    waiting: reactive[Waiting | None] = reactive(None, repaint=False)

    def __init__(self, goal_id: str, section: int, now: Callable[[], float]) -> None:
        super().__init__(section)
        self.goal_id = goal_id
        self._now = now
        self._raw = False
        self._only = ""
        self._data: SectionData | None = None
        self._looked_at: list[str] = []
        self._came_from: tuple[int, str] | None = None
        self._looked_at_snapshot = ""
        self._header = HeaderLine()
        self._waits = Static(id="review-waits")
        self._note = Static(id="review-note")
        self._sections = Container(id="sections")

    def compose(self) -> ComposeResult:
        yield self._header
        yield self._tabs
        yield self._waits
        yield self._note
        yield self._sections
        yield SmallHint()
        yield self.prompt
        yield FooterLines(Where.REVIEW)

    def on_mount(self) -> None:
        self._show_section(self.section)
        self._show()
        self.set_interval(AGES_CHANGE_EVERY, self._show)

    def show_file(self, section: int, path: str, descriptor: int | str) -> bool:
        """Show an opened file in a section, or why it could not be opened; False when it is not wanted any more."""
        pane = self._panes.get(section)
        return pane is not None and pane.is_attached and pane.show_file(path, descriptor)

    # What is shown

    def watch_opened(self) -> None:
        if self.is_mounted and self.opened.goal_id == self.goal_id:
            self._show()

    def watch_live(self) -> None:
        if not self.is_mounted:
            return
        if self.opened.reading is None:
            self._show()
        else:
            self._show_heading()

    def watch_waiting(self) -> None:
        if self.is_mounted:
            self._show_waiting()

    def on_screen_resume(self) -> None:
        """What is on top again is looked at again."""
        self._note_looked_at()

    def _show_waiting(self) -> None:
        self._waits.display = self.waiting is not None
        if self.waiting is not None:
            self._waits.update(waiting_words(self.waiting, self.opened.review))

    def _show(self) -> None:
        reading, note = self.opened.reading, self._note
        note.display = not isinstance(reading, Reading)
        self._sections.display = isinstance(reading, Reading)
        if isinstance(reading, Reading):
            self._build(reading)
        elif isinstance(reading, Failed):
            note.update(ours("\n ", ("[?] ", "$failed"), outside(reading.why), "\n\n     q goes back to the list"))
        else:
            read = self.live.size
            note.update(ours(("\n reading ...", "$label"), f" {read >> 20} MiB so far; q goes back" if read else ""))
        self._show_heading()
        self._show_waiting()

    def _build(self, reading: Reading) -> None:
        """Make every section anew from what was read; what is equal paints nothing."""
        now = Timestamp.from_unix_seconds(int(self._now()))
        opened, data = self.opened, SectionData.of(reading, now, raw=self._raw)
        data = replace(data, merges=opened.merges, files=opened.files, look=opened.look, only=self._only)
        data = self._data = replace(data, running=self._running_here)
        self._views = [section.build(reading.review, data) for section in SECTIONS]
        self.mark_views()
        self._tabs.marks = {number: State.FAILED for number, view in enumerate(self._views, 1) if view.blockers}
        self.pane.show(self._views[self.section - 1])
        self._accompany()
        self._show_scene()
        self._note_looked_at()

    @property
    def _running_here(self) -> GatesProgress | None:
        return self.running if self.running is not None and self.running.goal_id == self.goal_id else None

    def watch_running(self) -> None:
        """Show what the gates that run have said since; only their section is made anew by that."""
        review, data = self.opened.review, self._data
        if not self.is_mounted or review is None or data is None or data.running == self._running_here:
            return
        data = self._data = replace(data, running=self._running_here)
        number = next(number for number, section in enumerate(SECTIONS) if section.title == "Gates")
        self._views[number] = SECTIONS[number].build(review, data)
        if self.section == number + 1:
            self.pane.show(self._views[number])

    def _show_heading(self) -> None:
        line = self.goals.find(self.goal_id)
        self._header.heading = review_heading(self.goal_id, self.opened.review, line, self.live)

    def _accompany(self) -> None:
        """Fill what stands beside the section on a screen that is broad and tall enough for it."""
        reading = self.opened.reading
        if self._views and isinstance(reading, Reading) and self.has_class("-broad") and self.has_class("-tall"):
            left = below_rows(self.section, self._views, self.goals, self.goal_id, self._now())
            self.pane.accompany(left, below_detail(self.section, reading))

    def on_resize(self) -> None:
        self.call_after_refresh(self._accompany)

    def watch_goals(self) -> None:
        if self.is_mounted:
            self._accompany()

    # Sections

    @on(SectionAsked)
    def _asked_for_section(self, event: SectionAsked) -> None:
        self.action_section(event.number)

    def action_section(self, number: int) -> None:
        """Go to a section."""
        self._came_from = None
        if number == self.section and not self.pane.zoomed:
            self.say(f"{number} {SECTIONS[number - 1].title} is on screen already")
        self._show_section(number)

    def _show_section(self, number: int) -> None:
        self.section = number
        self._tabs.current = number
        if number not in self._panes:
            self._panes[number] = SectionPane(number, SECTIONS[number - 1])
            self._sections.mount(self._panes[number])
        for pane in self._panes.values():
            pane.display = pane.number == number
        if self._views:
            self.pane.show(self._views[number - 1])
        self._accompany()
        self.pane.focus_rows()
        self._show_scene()
        self._note_looked_at()

    def sections_seen(self, snapshot: str) -> tuple[str, ...]:
        """The sections that were on screen with the facts of a snapshot, in the order in which they first were."""
        return tuple(self._looked_at) if snapshot == self._looked_at_snapshot else ()

    def _note_looked_at(self) -> None:
        review = self.opened.review
        if review is None or not self.is_current:
            return
        if review.snapshot != self._looked_at_snapshot:
            self._looked_at_snapshot, self._looked_at = review.snapshot, []
        key = SECTIONS[self.section - 1].title.lower()
        if key not in self._looked_at:
            self._looked_at.append(key)

    def action_blocker(self, step: int) -> None:
        """The next (1) or previous (-1) row that stands in the way of an accept, in whatever section it is."""
        places = [
            (number, index, row.key)
            for number, view in enumerate(self._views, 1)
            for index, row in enumerate(view.rows)
            if row.key in view.blockers
        ]
        if not places:
            self.say("nothing blocks an accept here" if self._views else "the goal is still being read")
            return
        keys = [row.key for row in self._views[self.section - 1].rows]
        lit = self.pane.lit
        here = (self.section, keys.index(lit) if lit in keys else -1)
        ahead = [place for place in places if (place[:2] > here if step > 0 else place[:2] < here)]
        number, _, key = (ahead[0 if step > 0 else -1]) if ahead else places[0 if step > 0 else -1]
        if number != self.section:
            self._show_section(number)
        self.pane.select(key)
        here_only = [place[2] for place in places if place[0] == number]
        around = "" if ahead else ", from the other end"
        self.say(f"{SECTIONS[number - 1].title}: blocker {here_only.index(key) + 1} of {len(here_only)}{around}")

    def show_file_before(self, event: FileBeforeRead) -> None:
        """Unfold what was asked for, or say why it stays folded."""
        if isinstance(event.text, Failed):
            self.say_outside(f"it stays folded: {event.text.why}")
        else:
            self.pane.stream.show_unfolded(event.asked.part, event.asked.at, event.text)

    def show_colours(self, event: CodeColoured) -> None:
        """Colour code that was asked about."""
        for pane in self._panes.values():
            pane.stream.show_colours(event.asked, event.spans)

    @on(SectionPane.EvidenceAsked)
    def _evidence_asked(self, event: SectionPane.EvidenceAsked) -> None:
        """Go to the evidence that a row speaks of; Esc comes back to the row."""
        number = [section.title.lower() for section in SECTIONS].index(event.place.section) + 1
        if number == self.section:
            self.pane.zoom()
            return
        self._came_from = (self.section, event.key)
        self._show_section(number)
        view = self._views[number - 1]
        if view.blockers:
            self.pane.select(view.blockers[0])
        self.say(f"{event.place.words}; Esc goes back to the {SECTIONS[self._came_from[0] - 1].title.lower()}")

    def action_raw(self) -> None:
        """Files as they are, or what was understood of them."""
        reading = self.opened.reading
        if not isinstance(reading, Reading):
            self.say("the goal is still being read")
            return
        self._raw = not self._raw
        self._build(reading)
        self.say("raw: files as they are" if self._raw else "parsed: what was understood of the files")

    @on(SectionPane.Zoomed)
    def _zoomed(self) -> None:
        self._show_scene()

    def _show_scene(self) -> None:
        self.set_class(self.pane.zoomed, "-zoomed")
        review = self.opened.review
        usual, alone = Scene.USUAL, Scene.ZOOMED
        if review is not None and review.facts.intake is not None:
            usual = Scene.OPENED
        if self.pane.detail is self.pane.stream:
            usual, alone = Scene.DIFF, Scene.DIFF_ALONE
        elif SECTIONS[self.section - 1].title == "Conflicts" and review is not None and review.conflicts:
            usual, alone = Scene.CONFLICTS, Scene.CONFLICT_ALONE
        elif SECTIONS[self.section - 1].title == "Gates" and usual is Scene.OPENED:
            usual = Scene.GATES
        self.set_scene(alone if self.pane.zoomed else usual)

    def action_follow(self) -> None:
        """Keep the end of a growing log on screen; in the timeline show only decisions, only gates, or all of it."""
        reading = self.opened.reading
        if SECTIONS[self.section - 1].title != "Timeline" or not isinstance(reading, Reading):
            self.in_detail("follow", "logs are followed in 4 Gates, the timeline is narrowed in 8 Timeline")
            return
        self._only = {"": "decisions", "decisions": "gates"}.get(self._only, "")
        self._build(reading)
        self.say(f"only {self._only} are shown" if self._only else "all of it is shown")

    def action_again(self) -> None:
        """In the gates of an opened goal run them; anywhere else try the merges of the slices again."""
        review = self.opened.review
        if review is None:
            self.say("the goal is still being read")
            return
        if SECTIONS[self.section - 1].title == "Gates" and review.facts.intake is not None:
            self.post_message(GatesAsked())
            return
        self.say("looking at the project again; merges are tried in a scratch repository, nothing is touched")
        self.post_message(ProjectAsked())

    # Evidence that people bring, and what they take

    def action_review_file(self) -> None:
        """Keep a review of the goal that stands in a file."""
        self.post_message(ReviewFileAsked())

    def action_brief(self) -> None:
        """Show what the agent has to know."""
        self.post_message(BriefAsked(self.goal_id))

    # Copying

    def copyables(self) -> list[Copyable]:
        """The goal's id and folder, the next command, the line, and the text that is shown."""
        review, pane = self.opened.review, self.pane
        folder = review.facts.goal_dir if review is not None else ""
        return [
            Copyable("i", "goal id", self.goal_id),
            Copyable("p", "path", f"{folder}/{pane.path}" if pane.path and folder else folder),
            Copyable("n", "next command", commands_of(pane.items)),
            Copyable("l", "this line", pane.line_text),
            Copyable("h", "the hunk", pane.hunk_text),
            Copyable("a", "all of it", text_of(pane.items)),
        ]

    # Other goals, decisions, leaving

    def action_goal(self, step: int) -> None:
        """The next (1) or previous (-1) goal in the list's order."""
        self.post_message(GoalStepAsked(step))

    def action_accept(self) -> None:
        """Ask for the dialog."""
        self.post_message(DecisionAsked("accept", self.goal_id))

    def action_reject(self) -> None:
        """Ask for the dialog."""
        self.post_message(DecisionAsked("reject", self.goal_id))

    def action_refresh_facts(self) -> None:
        """Read the goal again."""
        self.say("reading the goal again")
        self.post_message(ReadAgainAsked())

    def action_back(self) -> None:
        """From the item back to the section, from the section back to the list."""
        if self.end_search():
            self.say("the search has ended; nothing is marked any more")
        elif self.pane.zoomed:
            self.pane.unzoom()
        elif self._came_from is not None:
            (section, key), self._came_from = self._came_from, None
            self._show_section(section)
            self.pane.select(key)
        elif self.waiting is not None:
            self.post_message(EvidenceLookAsked())
        else:
            self.post_message(ReviewLeft())

    def action_evidence(self) -> None:
        """Go back to the dialog that waits."""
        if self.waiting is None:
            self.say("no dialog waits; A or R opens one")
        else:
            self.post_message(EvidenceLookAsked())

    def action_leave(self) -> None:
        """One level back."""
        self.action_back()

    def panes(self) -> list[Widget]:
        """The rows of the section, then its detail."""
        return self.pane.panes()
