"""The person's own editor in a real terminal: the desk steps aside and comes back, and no key goes astray."""

from __future__ import annotations

from pathlib import Path

import pytest

from omk_tui.demo import goal_id, lay_out
from tests.cli.processes import command, surroundings
from tests.terminal.desk import digest
from tests.terminal.tmux import Tmux

pytestmark = pytest.mark.terminal

# It says what it has got, reads a line as an editor reads keys, and waits until the test lets it go.
EDITOR = """#!/bin/sh
for file; do :; done
printf 'EDITING %s in %s\\n' "${file##*/}" "$PWD"
cat "$file"
read -r line
printf '%s\\n' "$line" >> "$file"
printf 'LEAVING\\n'
while [ ! -e "$GO" ]; do :; done
stty raw -echo
"""


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
def test_the_desk_steps_aside_and_comes_back_complete(tmp_path: Path, size: tuple[int, int]) -> None:
    root, project, home = tmp_path / "root", tmp_path / "project", tmp_path / "home"
    project.mkdir()
    home.mkdir()
    lay_out(root, project)
    editor, go = tmp_path / "my editor", tmp_path / "go"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    before = digest(root / "goals")
    environ = surroundings(
        root,
        VISUAL=f"'{editor}'",
        GO=str(go),
        HOME=str(home),
        TMPDIR=str(tmp_path),
        XDG_STATE_HOME=str(tmp_path / "xdg"),
    )
    with Tmux(command(goal_id("ready")), environ, project, size) as tmux:
        tmux.until("9 of 9 met")
        tmux.press("R")
        tmux.until("write the reason first")
        tmux.type("begun here")
        tmux.until("ctrl+s  records")
        tmux.press("C-g")
        text = tmux.until("EDITING reason.txt")
        assert "REJECT" not in text and "begun here" in text
        assert str(home) in text.replace("\n", "")
        tmux.type("A R q ctrl")
        tmux.press("Enter")
        tmux.until("LEAVING")
        tmux.type("qqq")
        tmux.press("Escape", "C-q")
        tmux.until("qqq^[")  # echoed: it has arrived while the editor has the terminal
        go.write_text("")
        text = tmux.until(lambda text: "REJECT" in text and "A R q ctrl" in text)
        assert "EDITING" not in text and "qqq" not in text
        tmux.press("x")
        tmux.until("A R q ctrlx")
        tmux.press("Escape")
        tmux.until(lambda text: "REJECT" not in text)
        tmux.press("q")
        tmux.until(lambda text: "9 of 9 met" not in text)
        tmux.press("q")
        tmux.until(lambda _: tmux.ended)
    assert digest(root / "goals") == before
    assert not list(tmp_path.glob("omk-tui-edit-*"))
    (draft,) = (tmp_path / "xdg/omk-tui/drafts").iterdir()
    assert b"begun here\\nA R q ctrlx" in draft.read_bytes()


# ctrl+c belongs to the editor, which hears it; the desk, which hears it too, goes on.
HEARING = """#!/bin/sh
trap 'printf "heard\\n" > "$2"; exit 0' INT
printf 'EDITING\\n'
while :; do read -r line; done
"""


def test_an_interrupt_is_the_editors(tmp_path: Path) -> None:
    root, project, editor = tmp_path / "root", tmp_path / "project", tmp_path / "vim"
    project.mkdir()
    lay_out(root, project)
    editor.write_text(HEARING)
    editor.chmod(0o755)
    environ = surroundings(root, VISUAL=str(editor), XDG_STATE_HOME=str(tmp_path / "xdg"))
    with Tmux(command(goal_id("ready")), environ, project) as tmux:
        tmux.until("9 of 9 met")
        tmux.press("R")
        tmux.until("write the reason first")
        tmux.press("C-g")
        tmux.until("EDITING")
        tmux.press("C-c")
        tmux.until(lambda text: "REJECT" in text and "heard" in text)
        tmux.type("!")
        tmux.until("heard!")
