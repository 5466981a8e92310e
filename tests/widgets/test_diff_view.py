"""DiffView: one stream, hunk and file keys, folds, wrapping, two sides, and one search over all files."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import on
from textual.pilot import Pilot
from textual.strip import Strip

from omk_tui.core.review.diff import DiffLine, read_diff
from omk_tui.core.review.diff_stream import Part, Stream, stream_lines
from omk_tui.core.text.search import Search
from omk_tui.messages.desk import Said
from omk_tui.messages.reviewing import ColoursAsked, UnfoldAsked
from omk_tui.text import wrap_points
from omk_tui.widgets.diff_layout import DiffLayout
from omk_tui.widgets.diff_lines import line_height, plain_text
from omk_tui.widgets.diff_view import DiffView
from tests.pilots import screen_lines, screen_text, settled
from tests.widgets.bench import Bench

FILES = ("one.py", "two.py", "three.py")


def diff_of(name: str, hunks: int = 2) -> str:
    text = f"diff --git a/{name} b/{name}\nindex abc1234..def5678 100644\n--- a/{name}\n+++ b/{name}\n"
    for number in range(hunks):
        at = 11 + 20 * number
        text += f"@@ -{at},3 +{at},3 @@ def f{number}\n same\n-old_{name} = {'x' * 150}\n+new_{name} = 2\n last\n"
    return text


def stream(*names: str, hunks: int = 2) -> Stream:
    patches = read_diff("r", "p", "".join(diff_of(name, hunks) for name in names)).files
    parts = [Part(f"file {patch.path}", "file", patch.path, (), stream_lines(patch), patch) for patch in patches]
    return Stream((Part("run r", "run", "run r", ("r/mutation.diff",)), *parts))


class Desk(Bench):
    """Notes what the stream says and asks for."""

    def __init__(self, view: DiffView) -> None:
        super().__init__(view)
        self.asked: list[object] = []
        self.words: list[str] = []

    @on(Said)
    def _note_words(self, event: Said) -> None:
        self.words.append(event.words.plain)

    @on(DiffView.PartReached)
    @on(UnfoldAsked)
    @on(ColoursAsked)
    def _note(self, event: object) -> None:
        self.asked.append(event)


@asynccontextmanager
async def shown(what: Stream, size: tuple[int, int] = (80, 12)) -> AsyncIterator[tuple[DiffView, Desk, Pilot[None]]]:
    view = DiffView()
    app = Desk(view)
    async with app.run_test(size=size) as pilot:
        view.focus()
        await settled(pilot)
        view.show(what, what.parts[1].key)
        await settled(pilot)
        yield view, app, pilot


async def test_hunks_follow_each_other_over_all_files() -> None:
    async with shown(stream(*FILES)) as (view, app, pilot):
        seen = []
        for _ in range(7):
            view.action_hunk(1)
            await settled(pilot)
            seen.append((view.part_key, view.cursor_text))
            assert any(line.startswith(">") and "@@" in line for line in screen_lines(app))
        assert [key for key, _ in seen] == [f"file {name}" for name in FILES for _ in (1, 2)] + ["file three.py"]
        assert app.words[-1] == "this is the last hunk" and "hunk 2 of 2 in three.py" in app.words
        for _ in range(6):
            view.action_hunk(-1)
        assert view.part_key == "file one.py" and app.words
        reached = [event.key for event in app.asked if isinstance(event, DiffView.PartReached)]
        assert reached[:2] == ["file two.py", "file three.py"]


async def test_files_follow_each_other_and_the_heading_is_on_top() -> None:
    async with shown(stream(*FILES)) as (view, app, pilot):
        view.action_file(1)
        await settled(pilot)
        assert view.part_key == "file two.py" and screen_lines(app)[0].startswith(">── two.py")
        view.action_hunk(1)
        view.action_file(-1)
        assert view.part_key == "file two.py" and "two.py" in view.cursor_text, "first to the heading of this file"
        view.action_file(-1)
        assert view.part_key == "file one.py"


async def test_a_list_that_asks_is_not_told_and_the_place_is_kept_when_the_diff_is_read_again() -> None:
    async with shown(stream(*FILES)) as (view, app, pilot):
        view.show(view.stream, "file three.py")
        await settled(pilot)
        assert not [event for event in app.asked if isinstance(event, DiffView.PartReached)]
        view.action_hunk(1)
        text = view.cursor_text
        view.show(stream("zero.py", *FILES), "file three.py")
        assert view.cursor_text == text and view.part_key == "file three.py"


async def test_wrapping_shows_the_whole_line() -> None:
    async with shown(stream("one.py"), (60, 30)) as (view, app, pilot):
        assert screen_text(app).count("x") < 130
        view.action_wrap()
        await settled(pilot)
        assert screen_text(app).count("x") >= 300
        view.action_last()
        await settled(pilot)
        assert view.part_key == "file one.py"


async def test_old_and_new_stand_side_by_side_where_there_is_room() -> None:
    async with shown(stream("one.py"), (130, 20)) as (view, app, pilot):
        view.action_hunk(1)
        view.action_two_sides()
        await settled(pilot)
        row = next(line for line in screen_lines(app) if "-old_one" in line)
        assert re.search(r"12 -old_one.* │ +12 \+new_one", row)
        assert "@@" in view.cursor_text, "the cursor stays on its line"
        await pilot.resize_terminal(80, 20)
        await settled(pilot)
        assert "│" not in screen_text(app)
    async with shown(stream("one.py"), (80, 20)) as (view, app, _):
        view.action_two_sides()
        assert not view.two_sides
        await settled(_)
        assert "side by side needs 120 columns" in app.words[-1]


async def test_each_side_has_the_numbers_of_its_own_file() -> None:
    (patch,) = read_diff("r", "p", "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,3 @@\n first\n+second\n third\n").files
    part = Part("file x.py", "file", "x.py", (), stream_lines(patch), patch)
    async with shown(Stream((part, part)), (130, 20)) as (view, app, pilot):
        view.action_two_sides()
        await settled(pilot)
        assert re.search(r" 2  third .* │ +3  third", screen_text(app))


async def test_numbers_come_and_go() -> None:
    async with shown(stream("one.py")) as (view, app, pilot):
        assert any(line.startswith("  11  11  same") for line in screen_lines(app))
        view.action_numbers()
        await settled(pilot)
        assert not any(line.startswith("  11") for line in screen_lines(app))


async def test_one_search_finds_in_every_file_and_counts() -> None:
    async with shown(stream(*FILES)) as (view, app, pilot):
        view.find(Search("new_"))
        await settled(pilot)
        assert app.words[-1] == "match 1 of 6, 3 files: new_"
        keys = []
        for _ in range(6):
            view.action_find_again(1)
            keys.append(view.part_key)
        await settled(pilot)
        assert keys == ["file one.py", *["file two.py"] * 2, *["file three.py"] * 2, "file one.py"]
        view.find(Search("/new_t\\w+/"))
        await settled(pilot)
        assert app.words[-1] == "match 1 of 4, 2 files: new_t\\w+"
        view.find(Search("nowhere"))
        await settled(pilot)
        assert "no line of any file contains nowhere" in app.words[-1]


async def test_a_search_turns_to_what_is_far_to_the_right() -> None:
    text = "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+" + "y" * 200 + "needle\n"
    patch = read_diff("r", "p", text).files[0]
    parts = (Part("run r", "run", "r"), Part("file x", "file", "x", (), stream_lines(patch), patch))
    async with shown(Stream(parts)) as (view, app, pilot):
        view.find(Search("needle"))
        await settled(pilot)
        assert "needle" in screen_text(app)


async def test_a_fold_asks_for_the_file_and_shows_it() -> None:
    async with shown(stream("one.py")) as (view, app, pilot):
        view.action_move(1)
        assert "10 unchanged lines" in view.cursor_text
        view.action_choose()
        await settled(pilot)
        asked = next(event for event in app.asked if isinstance(event, UnfoldAsked))
        old = [f"line {number}" for number in range(1, 60)]
        for at in (11, 31):
            old[at - 1 : at + 2] = ["same", f"old_one.py = {'x' * 150}", "last"]
        view.show_unfolded(asked.part, asked.at, "another file\n")
        await settled(pilot)
        assert "not the one that the diff was made from" in app.words[-1]
        view.show_unfolded(asked.part, asked.at, "\n".join(old) + "\n")
        await settled(pilot)
        assert "10 unchanged lines unfolded" in app.words[-1] and "line 10" in screen_text(app)


async def test_code_on_screen_is_coloured_once_it_is_known() -> None:
    async with shown(stream("one.py"), (80, 30)) as (view, app, pilot):
        view.action_hunk(1)
        await settled(pilot)
        asked = [event for event in app.asked if isinstance(event, ColoursAsked)]
        assert [event.file_name for event in asked] == ["one.py"] * len(asked) and asked
        assert asked[0].codes[1] == "same\nnew_one.py = 2\nlast"
        view.show_colours(asked[0], [[], [[(0, 4, "keyword")]]])
        await settled(pilot)
        assert len([event for event in app.asked if isinstance(event, ColoursAsked)]) == len(asked)


@pytest.mark.parametrize("key", ["pagedown", "right_square_bracket", "right_curly_bracket"])
async def test_what_a_key_brings_again_is_painted_before_it_is_pressed(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(stream(*(f"f{number}.py" for number in range(9)), hunks=9), (160, 24)) as (view, app, pilot):
        view.action_two_sides()
        await pilot.press(key)
        for _ in range(4):
            await pilot.pause(0.1)
            while app.asked:
                if isinstance(event := app.asked.pop(), ColoursAsked):
                    view.show_colours(event, [[[(0, 3, "keyword")]] * len(side) for side in event.lines])
        painted: list[int] = []
        paint = DiffView._paint_row

        def note(view: DiffView, row: int, *rest: int) -> Strip:
            painted.append(row)
            return paint(view, row, *rest)

        with monkeypatch.context() as patch:
            patch.setattr(DiffView, "_paint_row", note)
            await pilot.press(key)
            await settled(pilot)
        on_screen = range(view.scroll_offset.y, view.scroll_offset.y + view.view.height)
        assert {row for row in painted if row in on_screen} <= {view._cursor}, "the cursor's row alone"
        before = app.screen._compositor.render_strips(app.size)
        view._repaint()
        await settled(pilot)
        assert [list(strip) for strip in app.screen._compositor.render_strips(app.size)] == [*map(list, before)]


@pytest.mark.parametrize("wrap", [False, True])
async def test_twenty_thousand_lines_are_walked_and_every_row_can_be_drawn(wrap: bool) -> None:
    async with shown(stream(*(f"f{number}.py" for number in range(60)), hunks=60), (80, 24)) as (view, app, pilot):
        if wrap:
            view.action_wrap()
        before = time.perf_counter()
        view.action_last()
        await settled(pilot)
        view.find(Search("nowhere"))
        view.action_first()
        await settled(pilot)
        assert time.perf_counter() - before < 5
        assert view.virtual_size.height > 20_000
        assert "run r" in screen_text(app)


async def test_an_empty_stream_takes_every_key() -> None:
    view = DiffView()
    app = Desk(view)
    async with app.run_test(size=(80, 12)) as pilot:
        for name in ("hunk", "file", "move", "page", "half_page", "find_again", "sideways"):
            for step in (1, -1):
                getattr(view, f"action_{name}")(step)
        for name in ("choose", "wrap", "numbers", "two_sides", "first", "last"):
            getattr(view, f"action_{name}")()
        view.find(Search("x"))
        await settled(pilot)
        assert view.part_key == "" and view.cursor_text == "" and view.hunk_text == ""


@pytest.mark.parametrize("width", [80, 140])
async def test_the_hunk_under_the_cursor_is_patch_text_that_is_clean(width: int) -> None:
    evil = "diff --git a/e b/e\n--- a/e\n+++ b/e\n@@ -1,2 +1,2 @@\n same\n-old\x1b[2J\n+\tnew\u202e\n"
    (patch,) = read_diff("r", "p", evil).files
    what = stream("one.py")
    what = Stream((*what.parts, Part("file e", "file", "e", (), stream_lines(patch), patch)))
    async with shown(what, (width, 12)) as (view, _, pilot):
        view.action_two_sides()
        await settled(pilot)
        assert view.hunk_text == "", "a heading of a file is in no hunk"
        for _ in range(3):
            view.action_hunk(1)
        for _ in range(2):
            assert view.hunk_text == "@@ -1,2 +1,2 @@\n same\n-old␛[2J\n+       new⟨U+202E⟩"
            view.action_move(1)


async def test_the_last_line_has_a_place_when_old_and_new_come_to_stand_beside_each_other() -> None:
    async with shown(stream(*FILES, hunks=9), (140, 12)) as (view, _, pilot):
        for keys in (("G",), ("G", "w"), ("G", "k", "w")):
            await pilot.press(*keys)
            view.action_two_sides()
            await settled(pilot)
            await pilot.press("G")
            view.action_two_sides()
            await settled(pilot)
            assert view.part_key


@pytest.mark.parametrize("two_sides", [False, True])
def test_headings_of_hunks_are_known_with_and_without_two_sides(two_sides: bool) -> None:
    layout = DiffLayout(stream(*FILES, hunks=5).parts, two_sides)
    for number, part in enumerate(layout.parts):
        rows = layout.hunk_rows(number)
        assert rows == [layout.row_of_line(number, line) for line in part.hunks]


@given(st.text(st.sampled_from("ab \t\r\x00\x1b\u202e\u4e2d\u0301"), max_size=30), st.integers(8, 30))
def test_a_plain_line_takes_the_rows_that_wrapping_it_takes(text: str, room: int) -> None:
    line = DiffLine("added", f"+{text}")
    plain = plain_text(line)
    assert line_height(line, room) == len(wrap_points(plain, room))


async def test_what_is_never_shown_of_a_long_line_is_searched_and_a_cut_line_says_so() -> None:
    text = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n same\r\n-end\n+end\r\n+" + "x" * 5_000 + "END\n"
    patch = read_diff("r", "p", text).files[0]
    part = Part("file f", "file", "f", (), stream_lines(patch), patch)
    async with shown(Stream((Part("run r", "run", "run r"), part))) as (view, app, pilot):
        for typed in ("END", "/x+END$/"):
            view.find(Search(typed))
            await settled(pilot)
            assert re.fullmatch(r"match 1 of 1, 1 file: not shown, at character [\d,]+: …x*(END)?", app.words[-1])
        await settled(pilot)
        row = next(line for line in screen_lines(app) if "xxx" in line)
        assert re.search(r"x› …\(\+\d+ chars\)", row)  # also while its end is out of sight
        assert [line.rstrip(" ▁▅█")[-4:] for line in screen_lines(app) if "end" in line] == ["-end", "end␍"]
        view.find(Search("absent"))
        await settled(pilot)
        assert app.words[-1] == "no line of any file contains absent"
