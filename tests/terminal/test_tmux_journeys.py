"""The journey that the desk is for, in a terminal of 80x24, as a person sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.records.file_names import ACCEPT_FILE, REJECT_FILE, ROLLBACK_FILE
from omk_tui.demo import goal_id
from tests.cli.processes import command, surroundings
from tests.terminal.desk import digest, stitched
from tests.terminal.tmux import Tmux

pytestmark = pytest.mark.terminal

CONFLICTS, READY = goal_id("conflicts"), goal_id("ready")
REASON = "both slices edit the store; the quoting is broken"


def demo(place: Path) -> Tmux:
    """`omk-tui demo --into PLACE/kept`, past welcome and first goal, once its whole list is there."""
    tmux = Tmux(command("demo", "--into", str(place / "kept")), surroundings(place, TMPDIR=str(place)), place)
    tmux.until("any key begins")
    tmux.press("Space")
    tmux.until("1..8 section")
    tmux.press("Escape")
    tmux.until("NEEDS YOU 7 of 9")
    return tmux


def go_to(tmux: Tmux, ending: str) -> None:
    """Move down the list until the row of a goal is lit."""
    for _ in range(20):
        lit = [row for row in tmux.rows if row.startswith(">")]
        if lit and ending in lit[0]:
            return
        tmux.press("j")
        tmux.until(lambda text, before=lit: [row for row in text.split("\n") if row.startswith(">")] != before)  # type: ignore[misc]
    raise AssertionError(f"no row of {ending} in the list:\n{tmux.text}")


def pane(rows: list[str], title: str) -> list[str]:
    """The rows below the rule with that title, to the next rule or the dialog's last line, without the scroll bar."""
    first = next(at for at, row in enumerate(rows) if row.startswith(f"── {title}")) + 1
    found = []
    for row in rows[first:]:
        if row.startswith(("──", "  ctrl+s")):
            break
        found.append(row[1:].rstrip("▁▂▃▄▅▆▇█ "))
    return found


def scrolled(tmux: Tmux, title: str) -> list[str]:
    """Every row of a pane, read page by page with PgDn."""
    pages = [pane(tmux.rows, title)]
    while True:
        tmux.press("PageDown", "~")
        tmux.until(f"{REASON}~")  # the letter came after the page was turned
        tmux.press("BSpace")
        tmux.until(lambda text: f"{REASON}~" not in text)
        after = pane(tmux.rows, title)
        if after == pages[-1]:
            return stitched(pages)
        pages.append(after)


def scrolled_result(tmux: Tmux) -> str:
    """Everything on the result's screen, read page by page."""
    time.sleep(1.0)  # the goal is read again, for what comes next
    pages = [tmux.text]
    for _ in range(20):
        tmux.press("NPage")
        time.sleep(0.2)
        pages.append(tmux.text)
        if "SEEN" in pages[-1]:
            break
    return "\n".join(pages)


def check_json(root: Path, *words: str) -> dict[str, Any]:
    """What a command says with --json on the kept samples."""
    done = subprocess.run(
        command(*words, "--json"), env=surroundings(root), cwd=root / "project", capture_output=True, check=False
    )
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return document


def commit(tmux: Tmux, wanted: str) -> str:
    """Press ctrl+s, again while the dialog says that it has only just opened, until a text is there."""
    while True:
        tmux.press("C-s")
        text = tmux.until(lambda text: wanted in text or "only just opened" in text)
        if wanted in text:
            return text


def test_a_conflict_is_read_and_rejected_and_the_files_are_the_plan_that_was_on_screen(tmp_path: Path) -> None:
    with demo(tmp_path) as tmux:
        root = tmp_path / "kept"
        goal = root / "goals" / CONFLICTS
        go_to(tmux, CONFLICTS[-8:])
        tmux.press("Enter")
        tmux.until("[1 Check")
        tmux.press("6")
        tmux.until(lambda text: "[6 Confl" in text and "store-io" in text)
        planned = subprocess.run(
            command("plan", CONFLICTS, "reject", "--reason", REASON, "--show", "rollback"),
            env=surroundings(root),
            cwd=root / "project",
            capture_output=True,
            check=True,
        ).stdout
        tmux.press("R")
        tmux.until("write the reason first")
        tmux.type(REASON)
        tmux.until("ctrl+s  records")
        tmux.until(f"Rejection reason: {REASON}")
        shown = scrolled(tmux, "rollback plan, live")
        assert not (goal / REJECT_FILE).exists()
        commit(tmux, "rejected and recorded")
        written = (goal / ROLLBACK_FILE).read_bytes()
        assert written == planned
        assert "".join("".join(shown).split()) == "".join(written.decode().split())
        assert json.loads((goal / REJECT_FILE).read_bytes())["summary"] == REASON
        document = json.loads((goal / "goal.json").read_bytes())
        assert (document["status"], document["failure"]["reason"]) == ("not_ready", REASON)
        tmux.press("Escape")
        assert "rejected" in tmux.until("1..8 section").split("\n")[0]
        tmux.press("q")
        tmux.until("NEEDS YOU")
        tmux.press("q")
        tmux.until(lambda _: tmux.ended)
        assert f"omk-tui --state-root {root}" in tmux.text.replace("\n", "")


def test_a_ready_goal_is_accepted(tmp_path: Path) -> None:
    with demo(tmp_path) as tmux:
        root = tmp_path / "kept"
        goal = root / "goals" / READY
        go_to(tmux, READY[-8:])
        tmux.press("Enter")
        tmux.until("9 of 9 met")
        tmux.press("A")
        assert f"{READY[-8:]}: [" not in tmux.until("write the summary first")
        tmux.type("reviewed gates, oracle and wall")
        planned = check_json(root, "plan", READY, "accept", "--summary", "reviewed gates, oracle and wall")
        tmux.until("ctrl+s  records")
        assert "the goal becomes ready" in tmux.text
        commit(tmux, "accepted and recorded")
        assert f"omk goal proof {READY}" in scrolled_result(tmux)
        assert json.loads((goal / "goal.json").read_bytes())["status"] == "ready"
        assert json.loads((goal / ACCEPT_FILE).read_bytes())["summary"] == "reviewed gates, oracle and wall"
        for file in planned["files"]:
            assert (goal / file["path"]).exists()
            assert file["path"] in scrolled_result(tmux)
        assert check_json(root, "check", READY)["verdict"] == "accepted"


def test_with_a_conflict_open_an_accept_asks_for_the_end_of_the_id(tmp_path: Path) -> None:
    with demo(tmp_path) as tmux:
        goal = tmp_path / "kept" / "goals" / CONFLICTS
        before = digest(goal)
        go_to(tmux, CONFLICTS[-8:])
        tmux.press("A")
        tmux.until("write the summary first")
        tmux.type("merged by hand")
        tmux.until(f"type {CONFLICTS[-8:]}")
        tmux.press("C-s", "Enter", "C-s")
        tmux.until("merged by hand")
        tmux.press("Tab")
        tmux.until(lambda text: f" {CONFLICTS[-8:]}: [" in text.split("\n")[tmux.cursor_row])
        tmux.type(CONFLICTS[-8:-1] + "0")
        tmux.until(f"{CONFLICTS[-8:]}: [{CONFLICTS[-8:-1]}0 ")
        tmux.press("C-s", "Enter")
        tmux.until("Enter records nothing")
        assert digest(goal) == before
        tmux.press("BSpace")
        tmux.until(lambda text: f"{CONFLICTS[-8:-1]}0" not in text)
        tmux.type(CONFLICTS[-1])
        tmux.until("ctrl+s  records")
        assert digest(goal) == before
        commit(tmux, "accepted and recorded")
        assert json.loads((goal / ACCEPT_FILE).read_bytes())["summary"].startswith("merged by hand")


@pytest.mark.parametrize("ending", ["close", "kill"])
def test_a_window_that_is_closed_over_a_written_dialog_decides_nothing(tmp_path: Path, ending: str) -> None:
    with demo(tmp_path) as tmux:
        goals = tmp_path / "kept" / "goals"
        before = digest(goals)
        go_to(tmux, READY[-8:])
        tmux.press("a", "C-j")  # ctrl+j, as a pasted newline, opens a goal and no more
        tmux.paste("A\nR\ny\ns\n" * 500)
        tmux.press("A")
        tmux.until("write the summary first")
        tmux.paste("accept\n" * 300)
        tmux.until("ctrl+s  records")
        if ending == "close":
            tmux.close_window()
        else:
            os.kill(tmux.process, signal.SIGKILL)
        assert digest(goals) == before
