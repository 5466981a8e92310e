"""Branches and gates from the desk: `O` lists and opens, `x` asks and runs, and then the logs are there."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from omk_tui.app import OmkApp
from omk_tui.engine import Engine, StateRoot
from omk_tui.screens.branches import BranchesScreen
from omk_tui.screens.brief import BriefScreen
from omk_tui.screens.gate_dialog import EndGatesDialog, GateDialog
from omk_tui.screens.review import ReviewScreen
from tests.engine.projects import git
from tests.journeys.story import Clock, Desk
from tests.opening.conftest import Branches


@pytest.fixture
def branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branches:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    (tmp_path / "home").mkdir()
    return Branches(tmp_path)


@asynccontextmanager
async def desk_on(branches: Branches) -> AsyncIterator[Desk]:
    clock = Clock()
    engine = Engine(StateRoot(str(branches.root), "the test's own", exists=True), str(branches.project))
    app = OmkApp(engine, watch=False)
    async with app.run_test(size=(100, 30)) as pilot:
        story = Desk(app, pilot, branches.root, clock)
        await story.settle()
        yield story


async def test_a_branch_is_opened_and_its_gates_run(branches: Branches) -> None:
    async with desk_on(branches) as story:
        assert "O opens a branch" in story.text
        await story.press("O")
        assert isinstance(story.app.screen, BranchesScreen)
        await story.until(lambda: "[x] clean" in story.text)
        assert "agent/mul" in story.text and "a@b" in story.text
        await story.press("enter")
        await story.until(lambda: isinstance(story.app.screen, ReviewScreen) and "of 9 missing" in story.text)
        await story.press("4", "x")
        await story.until(lambda: isinstance(story.app.screen, GateDialog))
        assert "python3 -m unittest discover -s tests" in story.text
        await story.press("escape")
        assert "nothing runs" in story.said
        branches.on("agent/mul", "later.txt", "x\n")
        await story.press("x")
        await story.until(lambda: isinstance(story.app.screen, GateDialog))
        assert "the branch moved: agent/mul was judged at" in story.text
        assert "the commit's own; m takes that of merging it into refs/heads/main" in story.text
        await story.press("m")
        assert "that of merging it into refs/heads/main, " in story.text
        await story.press("m", "m", "enter")
        await story.until(lambda: "2 of 2 gates passed" in story.text, 60)
        await story.until(lambda: "Ran 1 test" in story.text or "gate bench: pass" in story.text)
        (notes,) = branches.root.glob("goals/*/artifacts/intake/gates.json")
        assert [gate["merged"] for gate in json.loads(notes.read_text())["gates"]] == [True, True]


async def test_several_are_marked_and_those_on_the_desk_are_left_out(branches: Branches) -> None:
    for name in ("agent/one", "agent/two"):
        git(branches.project, "branch", name, "main")
        branches.on(name, f"{name.replace('/', '-')}.txt", "x\n")
    branches.open("agent/mul")
    async with desk_on(branches) as story:
        await story.press("O")
        await story.until(lambda: "2 branches ahead" in story.text and story.text.count("[x] clean") == 2)
        assert "agent/mul" not in story.text
        await story.press("space", "space", "enter")
        await story.until(lambda: len(story.list.goals.lines) == 3)
        await story.press("O")
        await story.until(lambda: "no branch is ahead" in story.text)
        await story.press("escape")
        assert story.app.screen is story.list


async def test_a_branch_that_has_gone_on_is_offered_again(branches: Branches) -> None:
    branches.open("agent/mul")
    branches.on("agent/mul", "more.txt", "x\n")
    async with desk_on(branches) as story:
        await story.press("O")
        await story.until(lambda: "has gone on" in story.text)


async def test_a_dialog_whose_branch_goes_on_says_what_to_do_instead(branches: Branches) -> None:
    branches.open("agent/mul")
    async with desk_on(branches) as story:
        await story.press("enter", "A")
        await story.until(lambda: "accept" in story.text and "required" in story.text)
        await story.type("good")
        branches.on("agent/mul", "more.txt", "x\n")
        await story.press("ctrl+r")
        await story.until(lambda: "CHANGED" in story.text)
        assert "takes the new" not in story.text and "omk-tui open agent/mul" in " ".join(story.text.split())
        assert "F7 selects it" in " ".join(story.text.split()) and "off: the facts changed, and allow no" in story.text
        await story.press("ctrl+r")
        assert story.said.startswith("ctrl+r cannot help: the branch")
        assert story.text.rstrip().endswith("then decide that goal")  # not cut: it takes the rows of the keys


async def test_a_branch_that_moves_in_another_work_tree_is_noticed_in_review_list_and_dialog(
    branches: Branches, tmp_path: Path
) -> None:
    goal_id = branches.open("agent/mul")
    tree = tmp_path / "tree"
    git(branches.project, "worktree", "add", "-q", str(tree), "agent/mul")
    async with desk_on(branches) as story:
        await story.press("enter")
        await story.until(lambda: "[x] same" in story.text and "agent/mul is at" in story.text)
        await story.press("A")
        (tree / "more.txt").write_text("x\n")
        git(tree, "add", "-A")
        git(tree, "commit", "-q", "-m", "More")
        story.app.reviewing.poll()
        await story.until(lambda: "CHANGED" in story.text)
        await story.press("escape")
        assert "the branch moved: agent/mul was judged" in story.text and "[x] same" not in story.text
        (line,) = story.list.goals.lines
        assert line.goal_id == goal_id and "the branch moved" in line.head


async def test_the_cursor_follows_a_goal_whose_branch_was_opened_again(branches: Branches) -> None:
    git(branches.project, "branch", "agent/one", "main")
    branches.on("agent/one", "one.txt", "x\n")
    other, earlier = branches.open("agent/one"), branches.open("agent/mul")
    async with desk_on(branches) as story:
        story.list.rows.select(earlier)
        branches.on("agent/mul", "more.txt", "x\n")
        later = branches.open("agent/mul")
        story.app.listing.read()
        await story.until(lambda: "1 merged or superseded folded (m)" in story.text)
        assert set(story.list.order()) == {other, later}
        assert story.list.rows.cursor_key == later
        assert f"{later} has taken the place of {earlier}" in story.said


async def test_outside_a_repository_the_screen_says_so(branches: Branches, tmp_path: Path) -> None:
    branches.project = tmp_path / "home"
    async with desk_on(branches) as story:
        await story.press("O")
        await story.until(lambda: "is in no" in story.text)


async def test_what_is_merged_folds_away_and_comes_back(branches: Branches) -> None:
    branches.open("agent/mul")
    git(branches.project, "merge", "-q", "--no-ff", "-m", "merge", "agent/mul")
    async with desk_on(branches) as story:
        assert "1 merged or superseded folded (m)" in story.text and "Add multiplication" not in story.text
        await story.press("m")
        assert "merged" in story.text and "Add multiplication" in story.text
        await story.press("m")
        assert "Add multiplication" not in story.text


SLOW = """\
[[gates]]
name = "quick"
command = "true"

[[gates]]
name = "slow"
command = "python3"
args = ["-u", "-c", '''
import time
for n in range(1500):
    print(f"test {n} passed \\x1b[2J {'gh' 'p_' + 'a' * 30}")
    time.sleep(0.02)
''']
"""


async def test_the_output_of_a_gate_grows_on_screen_and_quitting_asks(branches: Branches) -> None:
    branches.write(".omk/gates.toml", SLOW)
    branches.commit("Slow gates")
    goal_id = branches.open("agent/mul")
    async with desk_on(branches) as story:
        await story.press("enter", "4", "x")
        await story.until(lambda: isinstance(story.app.screen, GateDialog))
        await story.press("enter")
        await story.until(lambda: "gate 2 of 2 is running: slow" in story.text)
        await story.press("j")
        await story.until(lambda: last_test(story) >= 9)
        assert "[i] running" in story.text and "[REDACTED]" in story.text and "ghp_" not in story.text
        await story.press("f")
        await story.until(lambda: last_test(story) >= 29)
        proof = branches.folder(goal_id) / "proof.json"
        assert [gate["name"] for gate in json.loads(proof.read_text())["gates"]] == ["quick"]
        assert "test 9" not in proof.read_text() and not list(branches.folder(goal_id).rglob("*slow*"))
        await story.press("escape", "escape")
        assert story.app.screen is story.list, "Esc leaves them running"
        await story.press("q")
        assert isinstance(story.app.screen, EndGatesDialog) and "of at most 60 s" in story.text
        await story.press("enter", "escape")
        assert story.app.gating.running and story.app.return_code is None
        await story.press("enter", "4", "x")
        assert isinstance(story.app.screen, EndGatesDialog)
        await story.press("e")
        await story.until(lambda: not story.app.gating.running)
        await story.until(lambda: "ended early, nothing is recorded" in story.text)
        assert [gate["name"] for gate in json.loads(proof.read_text())["gates"]] == ["quick"]
        await story.press("x")
        await story.until(lambda: isinstance(story.app.screen, GateDialog))
        await story.press("enter")
        await story.until(lambda: story.app.running is not None and story.app.running.running is not None)
        await story.press("ctrl+q", "e")
        await story.until(lambda: not story.app.gating.running)
    assert story.app.return_code == 0


def last_test(story: Desk) -> int:
    """The number of the last test in the log that is on screen."""
    return max(map(int, re.findall(r"test (\d+) passed", story.text)), default=-1)


async def test_a_review_is_kept_and_a_brief_is_read_and_copied(branches: Branches, tmp_path: Path) -> None:
    goal_id = branches.open("agent/mul")
    head = git(branches.project, "rev-parse", "agent/mul")
    (tmp_path / "review.md").write_text(f"I read {head[:12]}: mul is fine, \x1b[2Jadd is not.\n")
    async with desk_on(branches) as story:
        await story.press("enter", "V")
        assert head in story.text
        await story.press("ctrl+s")
        assert "name the file" in story.said
        story.app.screen.query(Input).first().value = str(tmp_path / "absent.md")
        await story.press("enter")
        assert "ctrl+s does" in story.said
        await story.press("ctrl+s")
        await story.until(lambda: "no review is kept: No such file" in story.said)
        await story.press("V")
        assert story.app.screen.query(Input).first().value.endswith("absent.md"), "what was typed is kept"
        story.app.screen.query(Input).first().value = str(tmp_path / "review.md")
        await story.press("tab", "tab")
        await story.type("Ada")
        await story.press("ctrl+s")
        await story.until(lambda: f"the review by Ada of {head[:12]} is kept" in story.said)
        assert branches.states(goal_id)[3] == "met"
        await story.press("E")
        assert isinstance(story.app.screen, BriefScreen) and "What is missing" in story.text
        await story.press("y")
        await story.until(lambda: "brief: " in story.said and "characters" in story.said)
        await story.press("escape", "R")
        await story.type("not asked for")
        story.clock.pass_by(1.0)
        await story.press("ctrl+s")
        await story.until(lambda: "E brief for the agent" in story.text)
        await story.press("E")
        await story.until(lambda: "It was rejected" in story.text and "not asked for" in story.text)
        await story.press("escape")
        assert "REJECTED" in story.text
