"""What a command imports: only what it needs. Seen in a process of its own, since imports can be late."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from omk_tui.demo import goal_id
from tests.cli.commands import Desk
from tests.cli.processes import in_terminal, surroundings

READY = goal_id("ready")
_PROBE = """
import sys
from omk_tui.__main__ import main
code = main(sys.argv[2:])
open(sys.argv[1], "w").write(" ".join(sorted(sys.modules)))
sys.exit(code)
"""
COMMANDS: dict[str, tuple[tuple[str, ...], int]] = {
    "the desk": ((), 0),
    "a goal": ((READY,), 0),
    "an unknown goal": (("unknown",), 1),
    "list": (("list",), 0),
    "check": (("check", READY), 0),
    "plan accept": (("plan", READY, "accept", "--summary=x"), 0),
    "plan reject": (("plan", READY, "reject", "--reason=x"), 0),
    "show rollback": (("plan", READY, "reject", "--reason=x", "--show", "rollback"), 0),
    "accept": (("accept", READY, "--summary=x"), 0),
    "reject": (("reject", READY, "--reason=x"), 0),
    "refused": (("accept", goal_id("paused"), "--summary=x"), 4),
    "history": (("history", READY, "--verify"), 0),
    "doctor": (("doctor",), 0),
    "demo": (("demo",), 0),
    "help": (("--help",), 0),
    "help of a command": (("plan", "--help"), 0),
    "version": (("--version",), 0),
    "usage": (("accept",), 2),
}


def families(names: str) -> set[str]:
    """The top-level names among the names of modules."""
    return {name.partition(".")[0] for name in names.split()}


@pytest.mark.parametrize(("words", "code"), COMMANDS.values(), ids=COMMANDS)
def test_in_a_pipe_nothing_heavy_is_imported(desk: Desk, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    report = tmp_path / "modules"
    ended = subprocess.run(
        [sys.executable, "-c", _PROBE, str(report), *words],
        capture_output=True,
        env=surroundings(desk.root),
        cwd=desk.project,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert families(report.read_text()) & {"pydantic", "asyncio", "textual", "rich", "aiofiles", "watchfiles"} == set()


@pytest.mark.parametrize(
    "name",
    [
        *("list", "check", "plan accept", "plan reject", "accept", "reject", "refused", "an unknown goal"),
        *("history", "doctor"),
    ],
)
def test_with_json_nothing_heavy_is_imported_either(desk: Desk, tmp_path: Path, name: str) -> None:
    words, code = COMMANDS[name]
    words = words if name != "an unknown goal" else ("check", "unknown")
    report = tmp_path / "modules"
    ended = subprocess.run(
        [sys.executable, "-c", _PROBE, str(report), *words, "--json"],
        capture_output=True,
        env=surroundings(desk.root),
        cwd=desk.project,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert families(report.read_text()) & {"pydantic", "textual", "rich", "aiofiles", "watchfiles"} == set()


@pytest.mark.parametrize("name", ["list", "check", "plan accept", "show rollback", "accept", "an unknown goal", "help"])
def test_in_a_terminal_there_is_at_most_rich(desk: Desk, tmp_path: Path, name: str) -> None:
    words, code = COMMANDS[name]
    report = tmp_path / "modules"
    ended, arrived = in_terminal(
        [sys.executable, "-c", _PROBE, str(report), *words], surroundings(desk.root), desk.project
    )
    assert ended == code, arrived
    found = families(report.read_text())
    assert found & {"pydantic", "asyncio", "textual", "aiofiles", "watchfiles"} == set()
    assert ("rich" in found) is (name in ("list", "check", "plan accept"))


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["check", "--help"], ["--wrong"], ["list", "--wrong"]])
def test_arguments_are_read_before_anything_else_is_imported(tmp_path: Path, words: list[str]) -> None:
    names = imported(tmp_path, words, surroundings(tmp_path))
    own = {name for name in names if name.startswith("omk_tui.") and name.count(".") == 2}
    assert own <= {
        *("omk_tui.cli.arguments", "omk_tui.cli.command", "omk_tui.cli.command_table", "omk_tui.cli.console"),
        *("omk_tui.cli.exit_code", "omk_tui.core.text", "omk_tui.light.dataclass", "omk_tui.light.pattern"),
    }
    assert names & {"typing", "dataclasses", "inspect", "json", "contextlib", "omk_tui.engine"} == set()


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["check", READY], ["check", READY, "--json"]])
def test_a_look_loads_neither_what_decides_nor_what_it_does_not_meet(
    desk: Desk, tmp_path: Path, words: list[str]
) -> None:
    (desk.root / "omk.db").unlink()
    names = imported(tmp_path, words, {**surroundings(desk.root), "PATH": str(tmp_path)})
    assert names & {"dataclasses", "inspect", "sqlite3", "subprocess", "tempfile", "pathlib", "uuid", "hmac"} == set()
    assert names & {f"omk_tui.engine.deciding.{name}" for name in ("transaction", "recovery", "commit")} == set()
    assert ("hashlib" in names) is (words[0] == "check")
    assert ("typing" in names) is ("--json" in words), "types of documents are the only ones that are looked at"


def imported(tmp_path: Path, words: list[str], environ: dict[str, str]) -> set[str]:
    """The names of the modules that a command has imported at its end."""
    report = tmp_path / "modules"
    subprocess.run(
        [sys.executable, "-c", _PROBE, str(report), *words], capture_output=True, env=environ, cwd=tmp_path, check=False
    )
    return set(report.read_text().split())


_FIRST_FRAME = """
import asyncio, sys
from omk_tui.app import OmkApp
from omk_tui.engine import Engine, StateRoot

async def main():
    app = OmkApp(Engine(StateRoot(sys.argv[1], "", True)))
    loaded = []
    display = app._display
    def shown(*args, **named):
        loaded.append(" ".join(sys.modules))
        display(*args, **named)
    app._display = shown
    async with app.run_test() as pilot:
        await pilot.pause(0.1)
    print(loaded[0])

asyncio.run(main())
"""


def test_the_first_frame_of_the_desk_waits_for_no_screen_but_the_list(desk: Desk) -> None:
    words = [sys.executable, "-c", _FIRST_FRAME, str(desk.root)]
    names = subprocess.run(words, capture_output=True, text=True, check=True, cwd=desk.project).stdout.split()
    screens = {name for name in names if name.startswith("omk_tui.screens.")}
    assert screens == {f"omk_tui.screens.{name}" for name in ("base", "goal_rows", "goals", "shown_goals", "state")}
    assert not any(name.startswith(("omk_tui.sections", "omk_tui.engine.gating", "textual.document")) for name in names)
