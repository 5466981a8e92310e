"""The person's own editor, one key away: what it gets, and what the desk is like when it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.drivers.linux_driver import LinuxDriver

from omk_tui import demo
from omk_tui.app import OmkApp
from omk_tui.app.driver import DeskDriver
from omk_tui.core.decision.outcome import Recorded
from omk_tui.screens.decision import DecisionDialog
from tests.engine.projects import git
from tests.journeys.story import Desk, desk, desk_on
from tests.opening.conftest import Branches

Editor = Callable[..., Path]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Make the person's editor of a shell script; where it may tell what it saw is in $SAID. No terminal is needed."""
    said = tmp_path / "said"

    def made(script: str, name: str = "vim") -> Path:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nfor file; do :; done\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("VISUAL", str(program))
        monkeypatch.setenv("SAID", str(said))
        return said

    @contextmanager
    def suspended(_: OmkApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(OmkApp, "suspend", suspended)
    return made


async def test_the_text_goes_to_the_editor_and_comes_back(tmp_path: Path, editor: Editor) -> None:
    said = editor(
        'echo "$1 ${file##*/}" > "$SAID"; cat "$file" >> "$SAID"; printf "from \\033[2Jthere\\nall" > "$file"'
    )
    async with desk(tmp_path) as story:
        dialog = await story.ask("ready", "R")
        snapshot = dialog.seen.snapshot
        await story.type("one")
        await story.press("enter")
        await story.type("two")
        await story.press("ctrl+g")
        assert said.read_text() == "+2 reason.txt\none\ntwo\n"
        assert story.app.screen is dialog and dialog.seen.snapshot == snapshot
        assert story.words == "from there\nall"
        assert "what the editor left" in story.said
        assert "Rejection reason: from there" in story.text
        await story.press("ctrl+s")
        assert "only just opened" in story.said, "the first moments begin again"
        story.clock.pass_by(1)
        await story.press("ctrl+s")
        assert isinstance(story.result.outcome, Recorded)


async def test_the_typed_id_and_the_place_in_the_facts_stay(tmp_path: Path, editor: Editor) -> None:
    editor('echo changed > "$file"')
    async with desk(tmp_path) as story:
        dialog = await story.ask("missing-evidence", "A")
        await story.type("so")
        await story.press("pagedown", "tab")
        await story.type("3da4")
        place = dialog._facts.scroll_offset.y
        assert place > 0
        await story.press("ctrl+g")
        assert (story.words, story.typed_id, dialog._facts.scroll_offset.y) == ("changed", "3da4", place)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('echo changed > "$file"; exit 7', "the text is as it was: vim ended with exit code 7"),
        ('rm "$file"', "the text is as it was: "),
        ("exit 0", "the editor left the text as it was"),
    ],
)
async def test_an_editor_that_fails_leaves_the_text_as_it_was(
    tmp_path: Path, editor: Editor, script: str, words: str
) -> None:
    editor(script)
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("mine")
        await story.press("ctrl+g")
        assert story.words == "mine" and words in story.said


async def test_without_an_editor_it_says_what_to_set(
    tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor("exit 0")
    monkeypatch.delenv("EDITOR", raising=False)
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        monkeypatch.setenv("VISUAL", "no-such-editor")
        await story.press("ctrl+g")
        assert "VISUAL names no-such-editor, which is no program on PATH" in story.said
        monkeypatch.delenv("VISUAL")
        await story.press("ctrl+g")
        assert "set VISUAL or EDITOR" in story.said
        await story.press("escape", "5", "e")
        assert "set VISUAL or EDITOR" in story.said


async def test_a_terminal_that_cannot_be_lent_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/bin/true")
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.type("mine")
        await story.press("ctrl+g")
        assert "cannot be lent to an editor" in story.said and story.words == "mine"


async def test_the_desk_comes_back_whatever_happens(
    tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> str:
        raise RuntimeError("nobody [/] thought of this")

    editor("exit 0")
    monkeypatch.setattr("omk_tui.app.editing.edited_text", explode)
    async with desk(tmp_path, (120, 40)) as story:
        await story.ask("ready", "R")
        await story.type("mine")
        await story.press("ctrl+g")
        assert "unexpected RuntimeError: nobody [/] thought of this" in story.said and story.words == "mine"


def test_what_is_typed_while_the_desk_steps_aside_is_not_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    driver = object.__new__(DeskDriver)
    for name in ("suspend_application_mode", "resume_application_mode"):
        monkeypatch.setattr(LinuxDriver, name, lambda self: self.process_message(events.Key("x", "x")))
    monkeypatch.setattr(LinuxDriver, "process_message", lambda _, message: heard.append(type(message).__name__))
    driver.process_message(events.Key("a", "a"))
    driver.suspend_application_mode()
    driver.process_message(events.Paste("b"))
    driver.process_message(events.AppFocus())
    driver.resume_application_mode()
    assert heard == ["Key", "AppFocus", "Key"]


async def test_the_draft_follows_what_the_editor_left(tmp_path: Path, editor: Editor) -> None:
    editor('echo "from there" > "$file"')
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.press("ctrl+g", "escape", "R")
        assert story.words == "from there" and "reason (draft of " in story.text


# Files


@contextmanager
def samples(folder: Path) -> Iterator[tuple[Path, Path]]:
    root, projects = folder / "root", folder / "projects"
    demo.lay_out(root, projects, with_projects=True)
    yield root, projects


async def open_section(story: Desk, name: str, section: str) -> None:
    await story.open(name)
    await story.press(section)


async def test_e_opens_the_file_of_the_diff_at_the_line_under_the_cursor(tmp_path: Path, editor: Editor) -> None:
    said = editor('{ pwd; for word; do echo "$word"; done; } > "$SAID"')
    with samples(tmp_path) as (root, projects):
        async with desk_on(root, projects / "failing-gate", (120, 40)) as story:
            await open_section(story, "failing-gate", "5")
            await story.press("enter", "right_square_bracket", "j", "j")
            place = story.review.pane.stream.file_place
            assert not isinstance(place, str) and place.line is not None and place.line > 1
            await story.press("e")
            folder, line, path = said.read_text().splitlines()
            assert folder == str(Path.home())
            assert (line, path) == (f"+{place.line}", str(projects / "failing-gate" / place.path))
            assert f"{place.path} was open in vim" in story.said
            said.unlink()
            (projects / "failing-gate" / place.path).unlink()
            await story.press("e")
            assert "it is not there" in story.said and not said.exists()
            await story.press("g", "g", "k", "home", "e")
            assert "this is no file" in story.said and not said.exists()


async def test_e_opens_a_copy_of_a_log_at_what_failed(tmp_path: Path, editor: Editor) -> None:
    said = editor('cat "$file" > "$SAID.log"; echo "$1 ${file##*/}" > "$SAID"; echo forged > "$file"')
    async with desk(tmp_path, (120, 40)) as story:
        before = story.files()
        await open_section(story, "failing-gate", "4")
        await story.until(lambda: story.review.pane.file.file is not None and story.review.pane.file.file.complete)
        place = story.review.pane.file_place
        assert not isinstance(place, str) and place.below == "goal"
        await story.press("e")
        log = (story.folder("failing-gate") / place.path).read_text()
        assert Path(f"{said}.log").read_text() == log
        line, name = said.read_text().split()
        assert name == place.path.rsplit("/")[-1]
        assert any(word in log.splitlines()[int(line.removeprefix("+")) - 1] for word in ("Error", "FAIL", "assert"))
        assert "what is recorded stays as it is" in story.said
        assert story.files() == before


async def test_e_opens_the_file_in_conflict_where_it_conflicts(tmp_path: Path, editor: Editor) -> None:
    said = editor('for word; do echo "$word"; done > "$SAID"')
    with samples(tmp_path) as (root, projects):
        async with desk_on(root, projects / "conflicts", (120, 40)) as story:
            await open_section(story, "conflicts", "6")
            merges = story.app.opened.merges
            review = story.app.opened.review
            assert merges is not None and review is not None
            number = next(number for number, merge in enumerate(merges) if merge.hunks)
            story.review.pane.select(f"slice {review.conflicts[number].section_id}")
            await story.settle()
            await story.press("e")
            hunk = merges[number].hunks[0]
            assert said.read_text().splitlines() == [f"+{hunk.line}", str(projects / "conflicts" / hunk.path)]


async def test_of_an_opened_goal_e_opens_the_branchs_own_file(
    tmp_path: Path, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = editor('for word; do echo "$word"; done > "$SAID"')
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    branches = Branches(tmp_path)
    goal_id = branches.open()
    async with desk_on(branches.root, branches.project, (120, 40), goal_id) as story:
        await story.press("5", "e")
        assert "branch agent/mul is checked out nowhere; e opens" in story.said and not said.exists()
        git(branches.project, "worktree", "add", "../agent-mul", "agent/mul")
        await story.press("e")
        assert said.read_text().splitlines()[-1] == str(tmp_path / "agent-mul/src/calc.py")
        assert story.said == "src/calc.py was open in vim"
        (tmp_path / "agent-mul/src/calc.py").write_text("# more\n")
        git(tmp_path / "agent-mul", "commit", "-q", "-a", "-m", "More")
        await story.press("ctrl+r")
        await story.press("e")
        assert story.said == "src/calc.py was open in vim; the branch has moved since it was judged"


async def test_e_says_where_it_works(tmp_path: Path, editor: Editor) -> None:
    said = editor(': > "$SAID"')
    async with desk(tmp_path) as story:
        await story.press("e")
        assert "e works in an opened goal" in story.said
        await story.open("ready")
        await story.press("e")
        assert "e opens the files of 5 Diff" in story.said
        await story.press("6", "e")
        assert "names no file" in story.said
        await story.press("5", "e")
        assert "has no .git" in story.said
        assert not said.exists() and not isinstance(story.app.screen, DecisionDialog)


async def test_the_text_is_a_draft_before_the_editor_starts(tmp_path: Path, editor: Editor) -> None:
    said = editor('cat "$XDG_STATE_HOME"/omk-tui/drafts/* > "$SAID"')
    async with desk(tmp_path) as story:
        await story.ask("ready", "R")
        await story.pilot.press("n", "o", "ctrl+g")
        await story.settle()
        assert '"text":"no"' in said.read_text()
