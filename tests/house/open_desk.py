"""Run by the installed program's Python: lay out the samples in the current directory and open the desk on them.

Prints the screen once a sample goal is on it, and ends with an error if that takes more than 20 seconds.
"""

import asyncio
from pathlib import Path

from omk_tui.app import OmkApp
from omk_tui.demo import lay_out
from omk_tui.engine import Engine, StateRoot

WANTED = "Refactor the note store"


async def open_desk() -> str:
    root, project = Path("root").absolute(), Path("project").absolute()
    project.mkdir()
    lay_out(root, project)
    app = OmkApp(Engine(StateRoot(str(root), "--state-root", exists=True), str(project)))
    async with asyncio.timeout(60), app.run_test(size=(120, 36)) as pilot:
        while WANTED not in (screen := "\n".join(strip.text for strip in app.screen._compositor.render_strips())):
            await pilot.pause(0.05)
        return screen


if __name__ == "__main__":
    print(asyncio.run(open_desk()))
