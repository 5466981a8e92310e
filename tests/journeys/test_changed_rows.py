"""Of a list that has been read, the rows that changed are shown in their places: as if all of it were shown anew."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from omk_tui.app.listing import Listing
from omk_tui.app.shell import Shell
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.judgement.verdict import Verdict
from omk_tui.light.dataclass import replace
from omk_tui.messages.listing import LinesRead, ListRead
from omk_tui.screens.shown_goals import ShownGoals
from omk_tui.screens.state import Goals
from tests.journeys import story

WORDS = ("missing", "acceptable", "accepted", "merged")


def line(number: int, made: int = 0, word: str = "acceptable", text: str = "a goal") -> GoalLine:
    at = Timestamp.from_unix_seconds(made)
    return GoalLine(f"goal-{number}", "ready", "proof", text, at, at, Verdict(cast("Any", word)), 0, None)


LINES = st.builds(line, st.integers(0, 5), st.integers(0, 2), st.sampled_from(WORDS), st.sampled_from("ab"))
STEPS = st.lists(st.one_of(st.lists(LINES, max_size=3), st.frozensets(st.integers(0, 5))), max_size=12)


def nothing(*_: object) -> None:
    """Do nothing."""


@given(STEPS)
def test_rows_and_their_order_are_those_of_a_list_that_is_sorted_anew(
    steps: list[list[GoalLine] | frozenset[int]],
) -> None:
    app: Any = SimpleNamespace(goals=Goals(reading=False), set_timer=nothing, mark_read=nothing, in_thread=nothing)
    listing = Listing(cast("Shell", app))
    listing._watch_list = nothing  # type: ignore[method-assign]
    known: dict[str, GoalLine] = {}
    for step in steps:
        before = app.goals
        if isinstance(step, frozenset):
            ids = frozenset(f"goal-{number}" for number in step) & known.keys()
            known = {goal_id: known[goal_id] for goal_id in ids}
            listing.take_list(ListRead(frozenset(ids), ()))
        else:
            known |= {each.goal_id: each for each in step}
            listing.take_lines(LinesRead(tuple(step)))
            listing._publish()
        now = app.goals
        assert list(now.lines) == sorted(known.values(), key=lambda each: each.sort_key, reverse=True)
        if now is not before and now.base is not None:
            assert now.base is before.lines
            differing = {at for at, each in enumerate(now.lines) if each is not now.base[at]}
            assert differing <= set(now.changed)
            assert [each.goal_id for each in now.base] == [each.goal_id for each in now.lines]


async def test_a_changed_row_is_shown_in_its_place_with_heading_facts_filter_and_fold(tmp_path: Path) -> None:
    async with story.desk(tmp_path) as desk:
        screen, listing = desk.list, desk.app.listing

        def drawn() -> tuple[object, ...]:
            rows = [(row.key, row.search, row.selectable) for row in screen.rows.rows]
            return rows, +screen._shown.verdicts, screen._header.heading, screen._facts.plain

        lit = screen.lit
        assert lit is not None
        other = next(each for each in screen.goals.lines if each.goal_id != lit.goal_id)
        for changed in (
            replace(lit, goal="another text of the lit goal"),
            replace(other, verdict=Verdict("accepted")),
            replace(other, verdict=Verdict("merged")),
            replace(other, verdict=Verdict("merged"), goal="changed while it is folded away"),
            replace(other, verdict=Verdict("missing")),
        ):
            for text in ("", "e"):
                screen.rows.filter(text)
                listing.take_lines(LinesRead((changed if text == "" else replace(changed, goal=f"{changed.goal} e"),)))
                listing._publish()
                await desk.settle()
                shown = drawn()
                screen._show_rows()
                await desk.settle()
                assert shown == drawn()
            screen.rows.filter("")


async def test_a_second_project_brings_a_column_for_projects(tmp_path: Path) -> None:
    async with story.desk(tmp_path, size=(180, 50)) as desk:
        screen = desk.list
        notes = [replace(each, project="/home/ada/notes") for each in screen.goals.lines]
        screen.goals = Goals(tuple(notes), reading=False)
        await desk.settle()
        assert "PROJECT" not in desk.text
        screen.goals = Goals((replace(notes[0], project="/srv/wiki"), *notes[1:]), reading=False)
        await desk.settle()
        titles = next(line for line in desk.text.splitlines() if "VERDICT" in line)
        row = next(line for line in desk.text.splitlines() if " wiki " in line)
        assert notes[0].goal_id[-8:] in row and row[titles.index("PROJECT") :].startswith("wiki ")


def test_a_superseded_goal_gives_way_to_that_of_its_branch_in_its_project() -> None:
    def opened(number: int, word: str, branch: str = "agent/x", project: str = "/p") -> GoalLine:
        return replace(line(number, word=word), branch=branch, project=project)

    shown = ShownGoals()
    elsewhere, other = opened(1, "acceptable", project="/q"), opened(2, "acceptable", branch="agent/y")
    earlier, merged = opened(4, "superseded"), opened(5, "merged", branch="agent/y")
    nameless = [opened(6, "superseded", branch=""), opened(7, "acceptable", branch="")]
    shown.show([elsewhere, other, opened(3, "accepted"), earlier, merged, *nameless], 0.0, None)
    ids = (earlier.goal_id, merged.goal_id, nameless[0].goal_id, other.goal_id, None)
    assert [shown.successor(goal_id) for goal_id in ids] == ["goal-3", None, None, None, None]
    shown.show([elsewhere, other, earlier], 0.0, None)
    assert shown.successor(earlier.goal_id) is None
