"""The journey that the desk is for, in a terminal of 80x24, as a person sees it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from omk_tui.core.layout import ACCEPT_FILE, REJECT_FILE, ROLLBACK_FILE
from omk_tui.demo import goal_id
from tests.cli.processes import command, surroundings
from tests.terminal.desk import stitched
from tests.terminal.tmux import Tmux

pytestmark = pytest.mark.terminal

CONFLICTS, READY = goal_id("conflicts"), goal_id("ready")
REASON = "both slices edit the store; the quoting is broken"


def demo(place: Path) -> Tmux:
    """`omk-tui demo --into PLACE/kept`, once its list is there."""
    tmux = Tmux(command("demo", "--into", str(place / "kept")), surroundings(place, TMPDIR=str(place)), place)
    tmux.until("NEEDS YOU")
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
    """The rows below the rule with that title, to the next rule or the dialog's last line."""
    first = next(at for at, row in enumerate(rows) if row.startswith(f"── {title}")) + 1
    found = []
    for row in rows[first:]:
        if row.startswith(("──", "  ctrl+s")):
            break
        found.append(row[1:])
    return found


def scrolled(tmux: Tmux, title: str) -> list[str]:
    """Every row of a pane, read page by page with PgDn, without the scroll bar."""
    pages = [pane(tmux.rows, title)]
    while True:
        tmux.press("PageDown", "~")
        tmux.until(f"{REASON}~")  # the letter came after the page was turned
        tmux.press("BSpace")
        tmux.until(lambda text: f"{REASON}~" not in text)
        after = pane(tmux.rows, title)
        if after == pages[-1]:
            return [row.rstrip("▁▂▃▄▅▆▇█ ") for row in stitched(pages)]
        pages.append(after)


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
        text = tmux.until("[6 Confl")
        assert "conflict" in text
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
        tmux.until("records the goal as rejected")
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
        tmux.until("rejected")
        tmux.press("q")
        tmux.until("NEEDS YOU")
        tmux.press("q")
        tmux.until(lambda _: tmux.ended)
        assert f"omk-tui --state-root {root}" in tmux.text.replace("\n", "")
