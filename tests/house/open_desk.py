"""Run by the installed program's Python: lay out the samples in the current directory and open the desk on them.

Prints the screen once the sample goals are on it, and ends with an error if that takes more than a minute.
"""

import asyncio
from pathlib import Path

from omk_tui.app import OmkApp
from omk_tui.demo import lay_out
from omk_tui.engine import Engine, StateRoot

WANTED = ("Refactor the note", "Build a harmless")


async def open_desk() -> str:
    root, project = Path("root").absolute(), Path("project").absolute()
    project.mkdir()
    lay_out(root, project)
    app = OmkApp(Engine(StateRoot(str(root), "--state-root", exists=True), str(project)))
    async with asyncio.timeout(60), app.run_test(size=(120, 36)) as pilot:
        screen = ""
        while not all(goal in screen for goal in WANTED):
            await pilot.pause(0.05)
            screen = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        return screen


if __name__ == "__main__":
    print(asyncio.run(open_desk()))
