"""The pictures in screenshots/, made by the program itself: `make shots`, or `python -m tests.looks.shots [DIR]`.

Clock, root label, size and paths are fixed, so that two runs give the same bytes.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from omk_tui import demo
from omk_tui.app import OmkApp
from omk_tui.engine import Engine, StateRoot
from omk_tui.screens.state import Live
from tests.journeys.story import AT, Clock, Desk

FOLDER = Path(__file__).parents[2] / "screenshots"
SMALL, LARGE = (80, 24), (140, 40)
REASON = "search and store-io both move load(): one of them has to be redone on the other."
SUMMARY = "Read the diff, the gates and the demo; the parser groups by service as asked."

_HOME = "/home/ada"
"""Where the files of the pictures say that they are."""
_REMOTE_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)

Steps = Callable[[Desk], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its file name, the size in cells, and how a person gets there."""

    name: str
    size: tuple[int, int]
    steps: Steps


def section(sample: str, number: int, *more: str) -> Steps:
    """Open a sample, one of its sections, and press what else is needed."""

    async def steps(desk: Desk) -> None:
        review = await desk.open(sample)
        await desk.press(*([] if review.section == number else [str(number)]), *more)

    return steps


async def nothing(desk: Desk) -> None:
    """The first screen, with the goal under the cursor that says most."""
    desk.list.rows.select(demo.goal_id("conflicts"))
    await desk.settle()


async def accept(desk: Desk) -> None:
    """The accept dialog of the goal that is ready."""
    await desk.ask("ready", "A")
    await desk.type(SUMMARY)


async def reject(desk: Desk) -> None:
    """The reject dialog of the conflicting goal, with a reason."""
    await desk.ask("conflicts", "R")
    await desk.type(REASON)


async def rejected(desk: Desk) -> None:
    """What stays on screen after the reject."""
    await reject(desk)
    await desk.press("ctrl+s")


async def not_ready(desk: Desk) -> None:
    """The accept dialog where evidence is missing."""
    await desk.ask("failing-gate", "A")


async def keys(desk: Desk) -> None:
    """The help of the review."""
    await desk.open("conflicts")
    await desk.press("question_mark")


async def light(desk: Desk) -> None:
    """The conflicts in the light theme."""
    desk.app.theme = "omk-light"
    await desk.open("conflicts")
    await desk.press("6")


SHOTS = (
    Shot("goals", SMALL, nothing),
    Shot("goals-wide", LARGE, nothing),
    Shot("review-1-checklist", SMALL, section("failing-gate", 1)),
    Shot("review-2-oracle", SMALL, section("missing-evidence", 2)),
    Shot("review-3-wall", SMALL, section("missing-evidence", 3)),
    Shot("review-4-gates", SMALL, section("failing-gate", 4, "enter")),
    Shot("review-5-diff", LARGE, section("ready", 5, "tab", "S", "right_curly_bracket", "right_curly_bracket")),
    Shot("review-6-conflicts", SMALL, section("conflicts", 6, "j")),
    Shot("review-7-rollback", SMALL, section("conflicts", 7)),
    Shot("review-8-timeline", LARGE, section("rejected-before", 8)),
    Shot("accept", SMALL, accept),
    Shot("accept-not-ready", SMALL, not_ready),
    Shot("reject", LARGE, reject),
    Shot("rejected", SMALL, rejected),
    Shot("help", SMALL, keys),
    Shot("hostile", SMALL, section("hostile", 4)),
    Shot("light", SMALL, light),
)


async def draw(shot: Shot) -> str:
    """The SVG of one picture, from a fresh copy of the samples."""
    async with fixed_desk(shot.size) as desk:
        await shot.steps(desk)
        return _portable(await _at_rest(desk))


def _portable(svg: str) -> str:
    """The picture without fonts from the network, and with blanks that every viewer keeps: columns are made of them."""
    return _REMOTE_FONTS.sub("", svg).replace("<svg ", '<svg xml:space="preserve" ', 1)


async def _at_rest(desk: Desk) -> str:
    """The picture once it no longer changes: a log is still being measured after its first rows have been shown."""
    drawn = ""
    while drawn != (drawn := desk.app.export_screenshot(title="omk-tui")):
        await asyncio.sleep(0.3)
        await desk.settle()
    return drawn


@asynccontextmanager
async def fixed_desk(size: tuple[int, int]) -> AsyncIterator[Desk]:
    """A desk in which nothing differs from run to run: relative paths, clocks that stand, and no wishes of a person."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder), _no_wishes(), _at_home():
        demo.lay_out(Path("samples"), Path("projects"), with_projects=True)
        _move(Path("samples"), os.fsencode(os.getcwd()), os.fsencode(_HOME))
        engine = Engine(StateRoot("samples", "--state-root", exists=True), None, lambda: int(AT) * 10**9)
        clock = Clock()
        app = OmkApp(engine, None, "~/samples", now=lambda: AT, monotonic=clock, watch=False)
        who = patch("omk_tui.engine.deciding.planning.user_at_host", lambda: "ada@desk")
        async with app.run_test(size=size) as pilot:
            desk = Desk(app, pilot, Path("samples"), clock)
            await desk.settle()
            app.live = Live(True, AT)
            with who:
                yield desk


@contextmanager
def _no_wishes() -> Iterator[None]:
    """UTC, colours, and nothing that was looked at or begun before, whatever the environment says."""
    usual = {"TZ": "UTC", "COLORTERM": "truecolor", "XDG_STATE_HOME": os.path.abspath("own-state")}
    wanted = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | usual
    with patch.dict(os.environ, wanted, clear=True):
        time.tzset()
        yield
    time.tzset()


@contextmanager
def _at_home() -> Iterator[None]:
    """A repository that the files name below the home of the pictures is found below the current folder."""
    real, here = os.path.realpath, os.getcwd()

    def moved(path: str, **wishes: bool) -> str:
        return real(here + path.removeprefix(_HOME) if str(path).startswith(f"{_HOME}/") else path, **wishes)

    with patch("os.path.realpath", moved):
        yield


def _move(root: Path, here: bytes, there: bytes) -> None:
    """Let the files of the samples name another place than this run's."""
    for file in (path for path in root.rglob("*") if path.is_file() and path.suffix != ".db"):
        file.write_bytes(file.read_bytes().replace(here, there))


def main(folder: Path) -> None:
    """Write every picture to the folder, and remove pictures that are no longer made."""
    folder.mkdir(exist_ok=True)
    for stale in {path.name for path in folder.glob("*.svg")} - {f"{shot.name}.svg" for shot in SHOTS}:
        (folder / stale).unlink()
    for shot in SHOTS:
        (folder / f"{shot.name}.svg").write_text(asyncio.run(draw(shot)), encoding="utf-8")
        print(shot.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
