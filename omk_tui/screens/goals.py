"""The goals list: which goals need me, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.records.verb import Verb
from omk_tui.core.text.words import plural
from omk_tui.keys.commands import Where, screen_bindings
from omk_tui.keys.footer import Scene
from omk_tui.messages.deciding import DecisionAsked
from omk_tui.messages.desk import Copyable, GoalOpened, ReadAgainAsked
from omk_tui.messages.evidence import BriefAsked
from omk_tui.messages.opening import BranchesAsked
from omk_tui.screens.base import AGES_CHANGE_EVERY, BROAD, TALL, WIDE, DeskScreen, SmallHint
from omk_tui.screens.goal_rows import (
    COLUMNS,
    all_goals,
    full_facts,
    known_facts,
    note_facts,
    note_key,
    note_rows,
    short_facts,
    title,
    what_to_do,
)
from omk_tui.screens.shown_goals import ShownGoals
from omk_tui.screens.state import Goals, Live, Place
from omk_tui.text import ours, outside
from omk_tui.widgets.fact_sheet import Sheet
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.panes import FooterLines, HeaderLine, Heading, TitleRule
from omk_tui.widgets.prompt import Prompt

LEAST_LIST = 8
"""Rows that the list has in any case where a third pane stands below it."""


class GoalsScreen(DeskScreen):
    """Every goal of the state root, one row each (`rows`), the lit one explained below or beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [*DeskScreen.BINDINGS, *screen_bindings(Where.LIST)]
    where = Where.LIST

    goals: reactive[Goals] = reactive(Goals(), repaint=False)
    live: reactive[Live] = reactive(Live(), repaint=False)

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        super().__init__()
        self._place = place
        self._now = now
        self._header = HeaderLine()
        self.rows = LineList(id="goals", header=COLUMNS.header)
        self._title = TitleRule()
        self._facts = Sheet(id="facts")
        self._to_do_title = TitleRule("what to do")
        self._to_do = Sheet(id="to-do")
        self._panes = Container(id="goals-panes")
        self._prompt = Prompt()
        self._awaited: str | None = None
        self._facts_due = False
        self._shown = ShownGoals()

    def compose(self) -> ComposeResult:
        yield self._header
        with self._panes:
            with Container(id="list-pane", classes="pane"):
                yield self.rows
            with Container(id="facts-pane", classes="pane"):
                yield self._title
                yield self._facts
            with Container(id="to-do-pane", classes="pane"):
                yield self._to_do_title
                yield self._to_do
        yield SmallHint()
        yield self._prompt
        yield FooterLines(Where.LIST)

    def on_mount(self) -> None:
        self.set_interval(AGES_CHANGE_EVERY, self._show_rows)
        self._show_rows()
        self.rows.focus()

    @property
    def lit(self) -> GoalLine | None:
        """The goal under the cursor."""
        return self._shown.line_of(self.rows.cursor_key)

    @property
    def _lit_note(self) -> str:
        """The note under the cursor, if it stands on one."""
        keys = {note_key(number): note for number, note in enumerate(self.goals.notes)}
        return keys.get(self.rows.cursor_key or "", "")

    def order(self) -> list[str]:
        """The ids of the goals that are shown, in the order of the rows."""
        return self._shown.in_order(self.rows.rows)

    def select(self, goal_id: str) -> None:
        """Light the row of a goal, now or as soon as it is shown."""
        self._awaited = goal_id
        if self.is_mounted:
            self._light_awaited()

    def _light_awaited(self) -> None:
        if self._awaited is not None and self.rows.select(self._awaited):
            self._awaited = None

    # What is shown

    def watch_goals(self, before: Goals, now: Goals) -> None:
        if self.is_mounted:
            is_same_list = (now.notes, now.reading) == (before.notes, before.reading)
            if is_same_list and now.base is not None and now.base is before.lines:
                self._show_changed([now.lines[at] for at in now.changed])
            else:
                self._show_rows()
        if now.notes and now.notes != before.notes:
            self.say(f"{plural(len(now.notes), 'note')} below the goals (G): where their folder and omk.db disagree")

    def watch_live(self) -> None:
        if self.is_mounted:
            self._show_heading()

    def _show_rows(self) -> None:
        rows = self._shown.show(self.goals.lines, self._now(), self._awaited)
        self.rows.set_header(self._shown.columns.header)
        self.rows.set_empty(self._empty())
        folded = self._shown.folded_count
        words = ours((f"[-] {folded} merged or superseded folded (m)", "$label"))
        fold = [Line("folded", words, selectable=False)] if folded else []
        self.rows.set_lines(
            [*rows, *fold, *note_rows(self.goals.notes)], successor=self._shown.successor(self.rows.cursor_key)
        )
        self.set_scene(Scene.USUAL if rows else Scene.EMPTY)
        if not self.rows.moved_by_hand:
            self.rows.action_first()
            self.rows.moved_by_hand = False
        self._light_awaited()
        self._show_heading()
        self._share_height()
        self._show_facts()

    def _show_changed(self, lines: Sequence[GoalLine]) -> None:
        """Show these lines in the places of those of the same goals, in the same order."""
        line_before, verdicts_before = self.lit, self._shown.verdicts.copy()
        rows = self._shown.change(lines, self._now(), self._awaited)
        if rows is None:
            self._show_rows()
            return
        self.rows.replace_lines(rows)
        self._show_heading()
        if line_before is not self.lit or (self._has_three_panes and verdicts_before != self._shown.verdicts):
            self._show_facts()

    def _show_heading(self) -> None:
        lines = self.goals.lines
        words = (
            f"NEEDS YOU {self._shown.waiting_count} of {len(lines)}"
            if not self.goals.reading
            else f"reading, {len(lines)} so far"
        )
        notes = ours((f"{plural(len(self.goals.notes), 'note')}", "$missing")) if self.goals.notes else Content("")
        subject = ours(("omk-tui", "$accent"), "  ", outside(self._place.label))
        if self.rows.filter_text:
            subject += ours("  / ", outside(self.rows.filter_text), f" ({len(self.order())} shown)")
        self._header.heading = Heading(subject, ours(words), notes, self.live.mark)

    def _empty(self) -> list[Content]:
        if self.goals.reading:
            return [ours("reading the goals ...")]
        return [
            ours("There is no goal here yet."),
            ours(("LOOKED ", "$label"), outside(self._place.path), f"  ({self._place.origin})"),
            ours(("NEXT   ", "$label"), "O opens a branch of this repository as a goal; so does omk-tui open BRANCH"),
            ours(("       ", "$label"), "goals that omk makes appear here by themselves"),
            ours(("       ", "$label"), "omk-tui --state-root DIR looks elsewhere, so does OMK_TUI_STATE_ROOT=DIR"),
            ours(("       ", "$label"), "omk-tui demo shows sample goals"),
        ]

    @on(LineList.Highlighted)
    def _lit_changed(self) -> None:
        if not self._facts_due:
            self._facts_due = True
            self.call_after_refresh(self._show_lit)  # the cursor first: a held key must not wait for a page of facts

    def _show_lit(self) -> None:
        self._facts_due = False
        self._show_facts(home=True)

    def on_resize(self) -> None:
        self._share_height()
        self._show_facts()

    @property
    def _has_three_panes(self) -> bool:
        return self.size.width >= BROAD and self.size.height >= TALL

    def _share_height(self) -> None:
        """Where a third pane stands below the list, give the list the height that its rows need, up to two thirds."""
        room = self._panes.size.height
        needed = len(self.rows.rows) + 2
        self._panes.styles.grid_rows = f"{max(min(needed, room * 2 // 3), LEAST_LIST)} 1fr"

    def _show_facts(self, home: bool = False) -> None:
        line, sheet, rule = self.lit, self._facts, self._title
        if line is None:
            note = self._lit_note
            rule.title = ours("where the goals' folder and omk.db disagree" if note else "")
            sheet.show(note_facts(note) if note else (), home=home)
            self._to_do.show(())
            return
        rule.title = title(line)
        if self._has_three_panes:
            self._to_do.show(what_to_do(line), home=home)
            sheet.show([*known_facts(line, self._now()), *all_goals(self._shown.verdicts)], home=home)
        else:
            sheet.show(full_facts(line, self._now()) if self.size.width >= WIDE else short_facts(line), home=home)

    # Keys

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        if self._shown.line_of(event.key) is not None:
            self.post_message(GoalOpened(event.key))
        else:
            self.say("this is a note, not a goal; it stands in full beside or below the list")

    def action_section(self, number: int) -> None:
        """Open the goal under the cursor at a section."""
        if self.lit is None:
            self.say("there is no goal here to open")
        else:
            self.post_message(GoalOpened(self.lit.goal_id, number))

    def action_goal(self, step: int) -> None:
        """The next (1) or previous (-1) goal."""
        self.rows.action_move(step)

    def action_brief(self) -> None:
        """Show what the agent of the goal under the cursor has to know."""
        if self.lit is None:
            self.say("there is no goal here to make a brief of")
        else:
            self.post_message(BriefAsked(self.lit.goal_id))

    def action_fold(self) -> None:
        """Show the goals that are merged or superseded, or fold them away."""
        self._shown.unfolded = not self._shown.unfolded
        self._show_rows()
        self.say(f"merged and superseded goals are {'shown' if self._shown.unfolded else 'folded'}")

    def action_branches(self) -> None:
        """Show the branches that can be opened as goals."""
        self.post_message(BranchesAsked())

    def action_search(self) -> None:
        """Filter the goals by what is typed."""
        self._prompt.ask("filter", self.rows.filter_text, "words that a goal has, !words that it has not")

    @on(Prompt.Changed)
    @on(Prompt.Kept)
    def _filtered(self, event: Prompt.Changed | Prompt.Kept) -> None:
        self.rows.filter(event.text)
        self._show_heading()
        self._show_facts(home=True)

    @on(Prompt.Cleared)
    def _unfiltered(self) -> None:
        self.rows.filter("")
        self._show_heading()

    def action_back(self) -> None:
        """Clear the filter."""
        if self.rows.filter_text:
            self._unfiltered()
            self.say("the filter is cleared")
        else:
            self.say("no filter to clear; q quits")

    def action_leave(self) -> None:
        """Quit: the list is the lowest level."""
        self.app.call_later(self.app.action_quit)

    def action_blocker(self, step: int) -> None:
        """The next (1) or previous (-1) goal that needs a person."""
        order = self.order()
        waiting = [key for key in order if self._needs_you(key)]
        if not waiting:
            self.say("no goal that is shown needs you")
            return
        here = self.rows.cursor_key
        at = order.index(here) if here in order else -1
        ahead = [key for key in waiting if (order.index(key) - at) * step > 0]
        chosen = (ahead[0] if step > 0 else ahead[-1]) if ahead else waiting[0 if step > 0 else -1]
        if chosen == here:
            self.say("this is the only goal that needs you")
        self.rows.select(chosen)

    def copyables(self) -> list[Copyable]:
        """The lit goal's id, its next command, and its row."""
        line = self.lit
        if line is None:
            return []
        return [
            Copyable("i", "goal id", line.goal_id),
            Copyable("n", "next command", line.next),
            Copyable("g", "goal text", line.goal or ""),
            Copyable("l", "this line", self.rows.cursor_text),
        ]

    def next_waiting(self) -> str | None:
        """The goal after the lit one that needs a person; None when there is none."""
        order = self.order()
        at = order.index(self.rows.cursor_key) if self.rows.cursor_key in order else -1
        ring = [*order[at + 1 :], *order[: max(at, 0)]]
        return next((key for key in ring if self._needs_you(key)), None)

    def _needs_you(self, goal_id: str) -> bool:
        line = self._shown.line_of(goal_id)
        return line is not None and line.verdict.needs_you

    def action_accept(self) -> None:
        """Open the goal, and the dialog on it."""
        self._ask("accept")

    def action_reject(self) -> None:
        """Open the goal, and the dialog on it."""
        self._ask("reject")

    def _ask(self, verb: Verb) -> None:
        line = self.lit
        if line is None:
            self.say(f"there is no goal here to {verb}")
        else:
            self.post_message(DecisionAsked(verb, line.goal_id))

    def action_refresh_facts(self) -> None:
        """Read the whole list again."""
        self.say("reading the goals again")
        self.post_message(ReadAgainAsked())

    def panes(self) -> list[Widget]:
        """List and facts."""
        return [widget for widget in (self.rows, self._facts, self._to_do) if widget.region.height]
